/** The object that `lmm fit --json` prints, as far as the tests read it. */
export interface JsonFit {
  readonly formula: string;
  readonly method: "ML" | "REML";
  readonly nobs: number;
  readonly groups: Readonly<Record<string, number>>;
  readonly criterion: number;
  readonly logLik: number;
  readonly df: number;
  readonly AIC: number;
  readonly BIC: number;
  readonly sigma: number;
  readonly theta: readonly number[];
  readonly thetaNames: readonly string[];
  readonly converged: boolean;
  readonly singular: boolean;
  readonly fixed: readonly { term: string; estimate: number; stdError: number; tValue: number }[];
  readonly vcov: readonly (readonly number[])[];
  readonly random: readonly {
    group: string;
    terms: readonly string[];
    stdDev: readonly number[];
    corr: readonly (readonly number[])[];
  }[];
  readonly optimizer: { readonly name: string; readonly evaluations: number };
  readonly dropped: readonly string[];
  readonly warnings: readonly string[];
}
