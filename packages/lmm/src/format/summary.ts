import type { LinearMixedModel } from "../model/linear-mixed-model";

/** How the summary is laid out. */
export interface FormatSummaryOptions {
  /** Significant digits, as R's `digits`; default 4. */
  readonly digits?: number;
  /** Print the correlation of fixed effects; default: when there are 2 to 20 of them. */
  readonly correlation?: boolean;
}

/** The fit as text, laid out as R prints `summary(merMod)`; lines end with "\n", the last one too. */
export declare function formatSummary(model: LinearMixedModel, options?: FormatSummaryOptions): string;
