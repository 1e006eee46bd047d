import type { ContrastSpec } from "../schema/contrasts";
import type { UserFunction } from "./functions/registry";

/** A column's name or an expression over columns, or one number per row of the table. */
export type RowNumbers = string | ArrayLike<number>;

export interface ModelFrameOptions {
  /** Contrasts by variable, as the formula spells it; others get `defaultContrasts`. */
  readonly contrasts?: Readonly<Record<string, ContrastSpec>>;
  /** For factors without and with an order; R's `treatment` and `poly`. */
  readonly defaultContrasts?: { readonly unordered?: ContrastSpec; readonly ordered?: ContrastSpec };
  /** Rows with missing values: left out, left out but remembered for padding, or an error. */
  readonly naAction?: "omit" | "exclude" | "fail";
  /** Prior weights, ≥ 0. */
  readonly weights?: RowNumbers | null;
  /** Added to the offsets of the formula. */
  readonly offset?: RowNumbers | null;
  /** Rows to use: a condition (`"age > 3"`), or booleans or 0/1, one per row. */
  readonly subset?: string | ArrayLike<number | boolean> | null;
  /** `(f || g)` with a factor f: a true diagonal, or lme4's independent blocks. */
  readonly doubleBar?: "diagonal" | "lme4";
  /** Covariance structures beside the known ones, by name: `toep(0 + time | g)`. Only the names are read here. */
  readonly structures?: Readonly<Record<string, object>>;
  /** The user's functions by name; `{ cube: (x) => x ** 3 }` is applied to every row. */
  readonly functions?: Readonly<Record<string, UserFunction>>;
}

export interface ApplyFrameOptions {
  /**
   * Which random-effects terms are built: all (default), none, or some by position. The table need not have the
   * columns of the others.
   */
  readonly random?: boolean | readonly number[];
  /** Rows with missing values: left out, or an error. */
  readonly naAction?: "omit" | "exclude" | "fail";
  /** Levels of a fixed-effects factor that were not there before: an error, zero in every column, or missing. */
  readonly newLevels?: "error" | "zero" | "missing";
  /**
   * Levels of a grouping factor that were not there before: an error, code −1 for all, or for each a code of its
   * own after the fitted levels.
   */
  readonly newGroups?: "error" | "allow" | "number";
  /** Whether to evaluate the response too; by default the table needs none. */
  readonly response?: boolean;
  readonly weights?: RowNumbers | null;
  /** By default the expression that was given when the frame was made; null for none. */
  readonly offset?: RowNumbers | null;
  readonly functions?: Readonly<Record<string, UserFunction>>;
}
