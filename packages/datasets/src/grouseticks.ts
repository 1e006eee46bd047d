import { stored } from "./data/grouseticks";
import { type Dataset, defineDataset, type FactorColumn } from "./dataset";
import { grouseticksInfo } from "./info/grouseticks";

/** Columns of grouseticks. */
export type GrouseticksColumns = {
  /** Chick, one level per row. */
  readonly INDEX: FactorColumn;
  /** Ticks on the chick's head. */
  readonly TICKS: Float64Array;
  /** Brood, 118 levels. */
  readonly BROOD: FactorColumn;
  /** Height above sea level (m). */
  readonly HEIGHT: Float64Array;
  /** Year of the century: 95, 96 or 97. */
  readonly YEAR: FactorColumn;
  /** Place, 63 levels. */
  readonly LOCATION: FactorColumn;
  /** HEIGHT less its mean (m). */
  readonly cHEIGHT: Float64Array;
};

/** Ticks on red grouse chicks: 403 rows, from the R package lme4. */
export const grouseticks: Dataset<GrouseticksColumns, "grouseticks"> = /* @__PURE__ */ defineDataset(
  grouseticksInfo,
  stored,
);
