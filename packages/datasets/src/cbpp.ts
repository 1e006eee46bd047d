import { stored } from "./data/cbpp";
import { type Dataset, defineDataset, type FactorColumn } from "./dataset";
import { cbppInfo } from "./info/cbpp";

/** Columns of cbpp. */
export type CbppColumns = {
  /** Herd, 1 to 15. */
  readonly herd: FactorColumn;
  /** New cases in the herd during the quarter. */
  readonly incidence: Float64Array;
  /** Animals in the herd at the beginning of the quarter. */
  readonly size: Float64Array;
  /** Quarter, 1 to 4. */
  readonly period: FactorColumn;
};

/** Contagious bovine pleuropneumonia in Ethiopian herds: 56 rows, from the R package lme4. */
export const cbpp: Dataset<CbppColumns, "cbpp"> = /* @__PURE__ */ defineDataset(cbppInfo, stored);
