/**
 * Which system `solve` solves, named as CHOLMOD names them, for P A P' = L D L' (D is the identity for
 * L L'): "A" solves A x = b, "LDLt" L D L' x = b, "LD" L D x = b, "DLt" D L' x = b, "L" L x = b, "Lt" L' x = b,
 * "D" D x = b; "P" gives P b and "Pt" gives P' b.
 */
export type SolveSystem = "A" | "LDLt" | "LD" | "DLt" | "L" | "Lt" | "D" | "P" | "Pt";

/** What is done for a system, in this order. */
export interface SolvePlan {
  readonly permute: boolean;
  readonly lower: boolean;
  readonly diagonal: boolean;
  readonly upper: boolean;
  readonly unpermute: boolean;
}

function plan(...steps: (keyof SolvePlan)[]): SolvePlan {
  const has = (step: keyof SolvePlan) => steps.includes(step);
  return {
    permute: has("permute"),
    lower: has("lower"),
    diagonal: has("diagonal"),
    upper: has("upper"),
    unpermute: has("unpermute"),
  };
}

/** The plan of each system. */
export const solvePlans: Readonly<Record<SolveSystem, SolvePlan>> = {
  A: plan("permute", "lower", "diagonal", "upper", "unpermute"),
  LDLt: plan("lower", "diagonal", "upper"),
  LD: plan("lower", "diagonal"),
  DLt: plan("diagonal", "upper"),
  L: plan("lower"),
  Lt: plan("upper"),
  D: plan("diagonal"),
  P: plan("permute"),
  Pt: plan("unpermute"),
};
