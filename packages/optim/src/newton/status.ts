/** Why a run of {@link trustRegionNewton} ended. */
export type NewtonStatus =
  | "converged"
  | "target-reached"
  | "unbounded"
  | "max-evaluations"
  | "stopped"
  | "aborted"
  | "no-progress"
  | "no-finite-value";

/** The sentence that goes with each status; `result.message` is one of these. */
export const NEWTON_MESSAGES: Readonly<Record<NewtonStatus, string>> = {
  converged: "The quadratic model predicts no further decrease that would count.",
  "target-reached": "The objective reached fTarget.",
  unbounded: "The objective returned -Infinity, so it has no least value.",
  "max-evaluations": "The limit maxEvaluations was reached before the predicted decrease was small.",
  stopped: "A callback returned false.",
  aborted: "The AbortSignal was aborted.",
  "no-progress":
    "The model predicts a decrease, but no step, however short, gives one: the derivatives are wrong or the objective is at the level of its rounding errors.",
  "no-finite-value": "The objective or its derivatives were not finite at the start.",
};
