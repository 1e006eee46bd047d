/** R's tolerance: a column whose part outside the columns before it is shorter than this share of it depends on them. */
export const TOLERANCE = 1e-7;

/** Below this share the Gram matrix has too few digits left to decide, and the columns themselves are asked. */
export const CERTAIN = 1e-4;
