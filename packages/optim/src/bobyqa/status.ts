/** Why a run of {@link bobyqa} ended. */
export type BobyqaStatus =
  | "converged"
  | "ftol-reached"
  | "target-reached"
  | "unbounded"
  | "max-evaluations"
  | "stopped"
  | "aborted"
  | "rounding-errors"
  | "no-model-decrease"
  | "no-finite-value";

/** The sentence that goes with each status; `result.message` is one of these. */
export const BOBYQA_MESSAGES: Readonly<Record<BobyqaStatus, string>> = {
  converged: "The trust-region radius reached rhoend.",
  "ftol-reached": "An improving step changed the objective by less than ftolAbs or ftolRel.",
  "target-reached": "The objective reached fTarget.",
  unbounded: "The objective fell to -1e100 or below, so it has no least value that could be found.",
  "max-evaluations": "The limit maxEvaluations was reached before the radius reached rhoend.",
  stopped: "A callback returned false.",
  aborted: "The AbortSignal was aborted.",
  "rounding-errors":
    "Rounding errors damaged the interpolation model beyond repair; x is the best point found.",
  "no-model-decrease":
    "A trust-region step no longer reduces the quadratic model, usually because the objective is at the level of its rounding errors.",
  "no-finite-value": "The objective was NaN, infinite or from 1e100 on at every point that was tried.",
};
