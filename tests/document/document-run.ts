import { expect } from "vitest";

/** The settings of the document's run of bobyqa on the classroom model. */
export const settings = { npt: 5, rhobeg: 0.2, rhoend: 2e-7 } as const;

/**
 * Expects the end of the document's run, in 34 ± 3 evaluations.
 *
 * The document prints the criterion to three decimals and θ to six, the last of which its own trace
 * shows to be uncertain (0.335979 and 0.335980).
 */
export function expectDocument(criterion: number, theta: ArrayLike<number>, evaluations: number): void {
  expect(criterion.toFixed(3)).toBe("11391.532");
  expect(Math.abs(theta[0] - 0.33598)).toBeLessThan(1.5e-6);
  expect(Math.abs(theta[1] - 0.314536)).toBeLessThan(1.5e-6);
  expect(evaluations).toBeGreaterThanOrEqual(31);
  expect(evaluations).toBeLessThanOrEqual(37);
}

/** One line of bobyqa's trace: a radius, where the search stood when it reached it. */
export interface TraceLine {
  readonly rho: number;
  readonly evaluations: number;
  readonly criterion: number;
  readonly theta: readonly number[];
}

/** The trace that the document prints: radius, evaluations, criterion, θ. */
export const documentTrace: readonly TraceLine[] = [
  { rho: 2e-2, evaluations: 11, criterion: 11396.1, theta: [0.465012, 0.298249] },
  { rho: 2e-3, evaluations: 17, criterion: 11391.5, theta: [0.34094, 0.31497] },
  { rho: 2e-4, evaluations: 19, criterion: 11391.5, theta: [0.336337, 0.313884] },
  { rho: 2e-5, evaluations: 23, criterion: 11391.5, theta: [0.336012, 0.31447] },
  { rho: 2e-6, evaluations: 26, criterion: 11391.5, theta: [0.335979, 0.314536] },
  { rho: 2e-7, evaluations: 29, criterion: 11391.5, theta: [0.335979, 0.314536] },
];
