/** Why a run of {@link nelderMead} ended. */
export type NelderMeadStatus =
  | "converged"
  | "ftol-reached"
  | "target-reached"
  | "unbounded"
  | "max-evaluations"
  | "stopped"
  | "aborted"
  | "no-finite-value";

/** The sentence that goes with each status; `result.message` is one of these. */
export const NELDER_MEAD_MESSAGES: Readonly<Record<NelderMeadStatus, string>> = {
  converged: "The simplex has shrunk below xtolAbs or xtolRel.",
  "ftol-reached": "The values at the corners of the simplex agree to ftolAbs or ftolRel.",
  "target-reached": "The objective reached fTarget.",
  unbounded: "The objective returned -Infinity, so it has no least value.",
  "max-evaluations": "The limit maxEvaluations was reached before the simplex was small.",
  stopped: "A callback returned false.",
  aborted: "The AbortSignal was aborted.",
  "no-finite-value": "The objective was NaN or infinite at every corner of the first simplex.",
};
