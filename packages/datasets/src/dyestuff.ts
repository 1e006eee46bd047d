import { stored } from "./data/dyestuff";
import { type Dataset, defineDataset, type FactorColumn } from "./dataset";
import { dyestuffInfo } from "./info/dyestuff";

/** Columns of Dyestuff. */
export type DyestuffColumns = {
  /** Batch of the intermediate product that the preparation was made from, A to F. */
  readonly Batch: FactorColumn;
  /** Yield of the preparation as grams of standard colour (g). */
  readonly Yield: Float64Array;
};

/** Yield of dyestuff by batch: 30 rows, from the R package lme4. */
export const Dyestuff: Dataset<DyestuffColumns, "Dyestuff"> = /* @__PURE__ */ defineDataset(
  dyestuffInfo,
  stored,
);
