import { stored } from "./data/verb-agg";
import { type Dataset, defineDataset, type FactorColumn } from "./dataset";
import { verbAggInfo } from "./info/verb-agg";

/** Columns of VerbAgg. */
export type VerbAggColumns = {
  /** Trait anger score on the State-Trait Anger Expression Inventory. */
  readonly Anger: Float64Array;
  /** F or M. */
  readonly Gender: FactorColumn;
  /** Item of the questionnaire, 24 levels. */
  readonly item: FactorColumn;
  /** Answer, no < perhaps < yes. */
  readonly resp: FactorColumn;
  /** Person, 1 to 316. */
  readonly id: FactorColumn;
  /** Kind of behaviour: curse, scold or shout. */
  readonly btype: FactorColumn;
  /** Who is to blame: other or self. */
  readonly situ: FactorColumn;
  /** Whether the item asks about wanting or doing. */
  readonly mode: FactorColumn;
  /** The answer in two classes: N for no, Y for perhaps or yes. */
  readonly r2: FactorColumn;
};

/** Answers to a questionnaire on verbal aggression: 7,584 rows, from the R package lme4. */
export const VerbAgg: Dataset<VerbAggColumns, "VerbAgg"> = /* @__PURE__ */ defineDataset(verbAggInfo, stored);
