import type { Design } from "./design";

/** Bounds of θ, one number per parameter. */
export interface ThetaBounds {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** The bounds that the structures of all terms set. */
export function thetaBounds(design: Design): ThetaBounds {
  const upper = new Float64Array(design.lower.length);
  for (const { template, thetaStart } of design.terms) upper.set(template.upper, thetaStart);
  return { lower: design.lower, upper };
}

/** Whether searches of a design must keep any bound at all. */
export function hasHardBounds(design: Design): boolean {
  return design.terms.some(({ template: { mirrored, lower, upper } }) =>
    mirrored.some((free, i) => !free && (Number.isFinite(lower[i]) || Number.isFinite(upper[i]))),
  );
}

/**
 * The bounds that searches must keep: those beyond which covariance matrices are not a mirror image of those
 * within. The criterion is even in every column of an unstructured T, so a fit of such terms has none.
 */
export function hardBounds(design: Design): ThetaBounds {
  const { lower, upper } = thetaBounds(design);
  const hard = { lower: lower.slice(), upper };
  for (const { template, thetaStart } of design.terms) {
    for (let i = 0; i < template.count; i++) {
      if (!template.mirrored[i]) continue;
      hard.lower[thetaStart + i] = Number.NEGATIVE_INFINITY;
      hard.upper[thetaStart + i] = Number.POSITIVE_INFINITY;
    }
  }
  return hard;
}
