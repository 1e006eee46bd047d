/** What the page asks of its worker. */
export type Request =
  /** Load a data set and send its first rows. */
  | { readonly kind: "open"; readonly dataset: string }
  /** Fit a formula to a data set, or compute intervals for the parameters of that fit. */
  | {
      readonly kind: "fit" | "intervals";
      readonly dataset: string;
      readonly formula: string;
      readonly method: "REML" | "ML";
    };

/** The first rows of a data set, as text. */
export interface Preview {
  readonly dataset: string;
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What the page shows of a fit. */
export interface FitOutcome {
  readonly summary: string;
  readonly criterion: number;
  readonly evaluations: number;
  readonly converged: boolean;
  readonly singular: boolean;
  readonly warnings: readonly string[];
  /** Wall time of the fit in the worker, in seconds, without loading the data. */
  readonly seconds: number;
}

/** What the worker sends back. */
export type Response =
  | { readonly kind: "opened"; readonly preview: Preview }
  | { readonly kind: "progress"; readonly evaluations: number; readonly criterion: number }
  | { readonly kind: "fitted"; readonly outcome: FitOutcome }
  /** The table of the intervals, or the reason why there is none. */
  | { readonly kind: "intervals"; readonly text: string }
  /** `text` is ready to be shown in a fixed-width font; for a formula error it underlines the place. */
  | {
      readonly kind: "failed";
      readonly text: string;
      readonly span: { readonly start: number; readonly end: number } | null;
    };
