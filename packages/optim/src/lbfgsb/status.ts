/** Why a run of {@link lbfgsb} ended. */
export type LbfgsbStatus =
  | "converged"
  | "ftol-reached"
  | "target-reached"
  | "unbounded"
  | "max-evaluations"
  | "stopped"
  | "aborted"
  | "no-progress"
  | "no-finite-value";

/** The sentence that goes with each status; `result.message` is one of these. */
export const LBFGSB_MESSAGES: Readonly<Record<LbfgsbStatus, string>> = {
  converged: "The projected gradient is below gradientTol.",
  "ftol-reached": "A step changed the objective by less than ftolRel.",
  "target-reached": "The objective reached fTarget.",
  unbounded: "The objective returned -Infinity, so it has no least value.",
  "max-evaluations": "The limit maxEvaluations was reached before the projected gradient was small.",
  stopped: "A callback returned false.",
  aborted: "The AbortSignal was aborted.",
  "no-progress":
    "No step along the search direction, nor along the steepest descent, lowers the objective: the gradient is wrong, so large that its square overflows, or the objective is at the level of its rounding errors.",
  "no-finite-value": "The objective or its gradient was not finite at the start.",
};
