import { stored } from "./data/pastes";
import { type Dataset, defineDataset, type FactorColumn } from "./dataset";
import { pastesInfo } from "./info/pastes";

/** Columns of Pastes. */
export type PastesColumns = {
  /** Strength of the paste. */
  readonly strength: Float64Array;
  /** Delivery batch, A to J. */
  readonly batch: FactorColumn;
  /** Cask within the batch, a to c. */
  readonly cask: FactorColumn;
  /** Batch and cask together, A:a to J:c. */
  readonly sample: FactorColumn;
};

/** Strength of a chemical paste by batch and cask: 60 rows, from the R package lme4. */
export const Pastes: Dataset<PastesColumns, "Pastes"> = /* @__PURE__ */ defineDataset(pastesInfo, stored);
