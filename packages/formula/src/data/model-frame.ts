/**
 * What a formula and a table become: the one value that the mixed-model engine reads.
 *
 * Nothing here is dense where the design is sparse: a column is stored as what it is
 * (a constant, a dense vector, or the rows where it is not zero), and the random-effects
 * matrix Z is never formed; each term keeps its grouping factor and its few design columns.
 */
import type { FrameSchema } from "../schema/frame-schema";
import type { Formula } from "../syntax/ast";

/** One column of a model matrix with `nrows` rows. */
export type ModelColumn =
  /** Every row has the same value (the intercept: 1). */
  | { readonly kind: "constant"; readonly value: number }
  /** One value per row. */
  | { readonly kind: "dense"; readonly values: Float64Array }
  /** The rows that are not zero, strictly increasing, and their values. */
  | { readonly kind: "sparse"; readonly rows: Int32Array; readonly values: Float64Array };

/** A model matrix by columns, named and ordered as R's `model.matrix` does. */
export interface ModelMatrix {
  readonly nrows: number;
  /** Column names, R's spelling: `(Intercept)`, `Machine` + level, `a:b`. */
  readonly names: readonly string[];
  readonly columns: readonly ModelColumn[];
  /** For each column the position of its term: 0 is the intercept, j is `termLabels[j - 1]`. */
  readonly assign: Int32Array;
  /** Term labels without the intercept, R's spelling and order. */
  readonly termLabels: readonly string[];
  /** For each factor in the matrix, the name of the contrasts that coded it. */
  readonly contrasts: Readonly<Record<string, string>>;
}

/** A grouping factor: for each row the 0-based position of its level. No unused levels. */
export interface GroupingFactor {
  /** lme4's spelling, `g`, `a:b`. */
  readonly name: string;
  readonly levels: readonly string[];
  /** Length nrows, 0 ≤ code < levels.length. */
  readonly codes: Int32Array;
}

/** One random-effects term `(design | group)` after `/`, `||` and the like are expanded. */
export interface RandomTerm {
  /** The term as written after expansion, `Days | Subject`. */
  readonly label: string;
  readonly group: GroupingFactor;
  /** The k columns of the term's own model matrix, `(Intercept)`, `Days`, … */
  readonly design: ModelMatrix;
  /**
   * Covariance structure of the k effects: `us` (lme4's unstructured k×k), `diag`, `homdiag`, `cs`, `homcs`,
   * `ar1`, `hetar1`, or a name of the user's.
   */
  readonly structure: string;
}

/** A table seen through a formula: rows with missing values taken out, matrices by columns. */
export interface ModelFrame {
  readonly formula: Formula;
  /** Rows kept. */
  readonly nobs: number;
  /** Rows of the table given. */
  readonly nrowsTable: number;
  /** Positions in the table of the kept rows, increasing; null when every row was kept. */
  readonly rows: Int32Array | null;
  /** How many missing values each variable had, for variables that had any. */
  readonly missing: Readonly<Record<string, number>>;
  /** null for a one-sided formula. */
  readonly response: { readonly name: string; readonly values: Float64Array } | null;
  readonly fixed: ModelMatrix;
  /** In the formula's order, expanded. */
  readonly random: readonly RandomTerm[];
  /** Prior weights, one per row, > 0 or = 0; null when none were given. */
  readonly weights: Float64Array | null;
  /** Sum of all offsets; null when none were given. */
  readonly offset: Float64Array | null;
  /** What was asked for rows with missing values; "exclude" means results are padded to the table's rows. */
  readonly naAction: "omit" | "exclude" | "fail";
  /** What was learned from this table, for `applyFrame` on new rows. */
  readonly schema: FrameSchema;
}
