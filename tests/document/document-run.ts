import { expect } from "vitest";

/** The settings of the document's run of bobyqa on the classroom model. */
export const settings = { npt: 5, rhobeg: 0.2, rhoend: 2e-7 } as const;

/**
 * Expects the end of the document's run, in 34 ± 5 evaluations.
 *
 * The document prints the criterion to three decimals and θ to six, the last of which its own trace
 * shows to be uncertain (0.335979 and 0.335980).
 */
export function expectDocument(criterion: number, theta: ArrayLike<number>, evaluations: number): void {
  expect(criterion.toFixed(3)).toBe("11391.532");
  expect(Math.abs(theta[0] - 0.33598)).toBeLessThan(1.5e-6);
  expect(Math.abs(theta[1] - 0.314536)).toBeLessThan(1.5e-6);
  expect(evaluations).toBeGreaterThanOrEqual(29);
  expect(evaluations).toBeLessThanOrEqual(39);
}
