import { stored } from "./data/arabidopsis";
import { type Dataset, defineDataset, type FactorColumn } from "./dataset";
import { arabidopsisInfo } from "./info/arabidopsis";

/** Columns of Arabidopsis. */
export type ArabidopsisColumns = {
  /** Region: NL (Netherlands), SP (Spain) or SW (Sweden). */
  readonly reg: FactorColumn;
  /** Population within a region, written n.R. */
  readonly popu: FactorColumn;
  /** Genotype, one of 24 numbers that are names. */
  readonly gen: Float64Array;
  /** Greenhouse rack, 1 or 2. */
  readonly rack: Float64Array;
  /** Nutrients: 1 (least) or 8 (added). */
  readonly nutrient: Float64Array;
  /** Apical meristem damage: clipped or unclipped. */
  readonly amd: FactorColumn;
  /** How the seed germinated: Normal, Petri.Plate or Transplant. */
  readonly status: FactorColumn;
  /** Number of fruits of the plant. */
  readonly "total.fruits": Float64Array;
};

/** Fruit set of Arabidopsis under clipping and fertilization: 625 rows, from the R package lme4. */
export const Arabidopsis: Dataset<ArabidopsisColumns, "Arabidopsis"> = /* @__PURE__ */ defineDataset(
  arabidopsisInfo,
  stored,
);
