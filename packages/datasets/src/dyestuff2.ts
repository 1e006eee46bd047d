import { stored } from "./data/dyestuff2";
import { type Dataset, defineDataset, type FactorColumn } from "./dataset";
import { dyestuff2Info } from "./info/dyestuff2";

/** Columns of Dyestuff2. */
export type Dyestuff2Columns = {
  /** Batch, A to F. */
  readonly Batch: FactorColumn;
  /** Constructed response. */
  readonly Yield: Float64Array;
};

/** Constructed yields whose batches do not differ: 30 rows, from the R package lme4. */
export const Dyestuff2: Dataset<Dyestuff2Columns, "Dyestuff2"> = /* @__PURE__ */ defineDataset(
  dyestuff2Info,
  stored,
);
