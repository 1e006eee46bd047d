import type { ProfileKind } from "./profile-parameters";

/** The profile of one parameter; plain data, ready for ζ and density plots. */
export interface ProfiledParameter {
  readonly kind: ProfileKind;
  /** `sd_Days|Subject`, `cor_Days.(Intercept)|Subject`, `sigma`, or the fixed effect's name. */
  readonly name: string;
  /** Name of the term as in `varCorr`; null for σ and fixed effects. */
  readonly term: string | null;
  /** The column, or the two that are correlated. */
  readonly columns: readonly string[];
  /** The maximum likelihood estimate; NaN for a correlation with a standard deviation of zero. */
  readonly estimate: number;
  /** Values of the parameter, increasing, the estimate among them. */
  readonly values: readonly number[];
  /** ζ at each: the signed root of what −2 log-likelihood rises above its minimum. */
  readonly zeta: readonly number[];
  /** dζ/dψ at each. */
  readonly slopes: readonly number[];
  /**
   * All parameters of the model at each of the values, by name: where the likelihood is largest with this one held.
   * What profile pairs plots are drawn from.
   */
  readonly traces: Readonly<Record<string, readonly number[]>>;
  /** Limits of the interval at `level`: exact roots of ζ, or the ends of what the parameter can be. */
  readonly lower: number;
  readonly upper: number;
  /** Ends where ζ does not come as far as the level asks: the limit is that of the parameter's range. */
  readonly atBoundary: { readonly lower: boolean; readonly upper: boolean };
}
