/** What the rows used say of one column of the fixed effects, as marginal means need it. */
export type GridVariable =
  | { readonly name: string; readonly kind: "factor"; readonly levels: readonly string[] }
  | {
      readonly name: string;
      readonly kind: "numeric" | "logical";
      readonly mean: number;
      readonly min: number;
      readonly max: number;
      /** The distinct values, increasing; null when there are more than 50. */
      readonly values: readonly number[] | null;
      /** Whether the values stand for levels: at most two of them, a logical, or inside `factor()`. */
      readonly discrete: boolean;
    };

/**
 * The columns that the fixed effects read, summed up over the rows used: all that marginal means and slopes need
 * of the data. Plain JSON.
 */
export interface GridSchema {
  /** In the order of their first appearance in the formula. */
  readonly variables: readonly GridVariable[];
  /** The observed combinations of factor levels and discrete values; null when there are more than 20,000. */
  readonly cells: {
    /** Per cell the positions of the levels of each factor or discrete variable, one after the other. */
    readonly codes: readonly number[];
    /** Rows of each cell, without those of weight 0. */
    readonly counts: readonly number[];
  } | null;
  /** Mean of the offset that was given beside the formula; null when there was none. */
  readonly offset: number | null;
}
