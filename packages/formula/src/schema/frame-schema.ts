import type { ContrastSpec } from "./contrasts";
import type { GridSchema } from "./grid-schema";

/** What kind a column of the table was, and the levels of a factor (unused ones too). */
export type ColumnSchema =
  | { readonly kind: "numeric" | "logical" }
  | { readonly kind: "factor"; readonly levels: readonly string[]; readonly ordered: boolean };

/** The levels that a factor had on the rows used, and what coded them. */
export interface FactorSchema {
  readonly levels: readonly string[];
  readonly contrasts: ContrastSpec;
}

/** The levels of a grouping factor, and what they are made of. */
export interface GroupSchema {
  /** The factors that interact, by their text, each with its levels. */
  readonly factors: readonly { readonly text: string; readonly levels: readonly string[] }[];
  readonly levels: readonly string[];
  /** For an interaction, per level the codes of its factors, one after the other; empty for one factor. */
  readonly members: readonly number[];
}

/**
 * What a model frame learned from its table: all that it takes to build the same designs on new rows.
 * Plain JSON.
 */
export interface FrameSchema {
  readonly version: 1;
  /** The formula's text. */
  readonly formula: string;
  /** What `.` stood for. */
  readonly dotNames: readonly string[];
  readonly doubleBar: "diagonal" | "lme4";
  /** Names of the user's covariance structures; left out when there were none. */
  readonly structures?: readonly string[];
  /** The columns that the formula reads, the response's among them. */
  readonly columns: Readonly<Record<string, ColumnSchema>>;
  /** What calls such as `poly` learned, by their text. */
  readonly states: Readonly<Record<string, unknown>>;
  /** The factors of fixed-effects and random-effects designs, by their text. */
  readonly factors: Readonly<Record<string, FactorSchema>>;
  /** An offset that was given beside the formula as an expression; null when there was none of that kind. */
  readonly offset: string | null;
  /** The grouping factors, by name. */
  readonly groups: Readonly<Record<string, GroupSchema>>;
  /** The columns of the fixed effects summed up; absent in schemas made before there was one. */
  readonly grid?: GridSchema;
}
