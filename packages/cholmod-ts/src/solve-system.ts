/**
 * Which system `solve` solves, named as CHOLMOD names them, for P A P' = L D L' (D is the identity for
 * L L'): "A" solves A x = b, "LDLt" L D L' x = b, "LD" L D x = b, "DLt" D L' x = b, "L" L x = b, "Lt" L' x = b,
 * "D" D x = b; "P" gives P b and "Pt" gives P' b.
 */
export type SolveSystem = "A" | "LDLt" | "LD" | "DLt" | "L" | "Lt" | "D" | "P" | "Pt";

/** One step of a solution. */
export type SolveStep = "permute" | "lower" | "diagonal" | "upper" | "unpermute";

/** What is done for each system, one step after the other. */
export const solveSteps: Readonly<Record<SolveSystem, readonly SolveStep[]>> = {
  A: ["permute", "lower", "diagonal", "upper", "unpermute"],
  LDLt: ["lower", "diagonal", "upper"],
  LD: ["lower", "diagonal"],
  DLt: ["diagonal", "upper"],
  L: ["lower"],
  Lt: ["upper"],
  D: ["diagonal"],
  P: ["permute"],
  Pt: ["unpermute"],
};
