import { stored } from "./data/penicillin";
import { type Dataset, defineDataset, type FactorColumn } from "./dataset";
import { penicillinInfo } from "./info/penicillin";

/** Columns of Penicillin. */
export type PenicillinColumns = {
  /** Diameter of the zone where growth is inhibited (mm). */
  readonly diameter: Float64Array;
  /** Assay plate, a to x. */
  readonly plate: FactorColumn;
  /** Penicillin sample, A to F. */
  readonly sample: FactorColumn;
};

/** Variation in penicillin testing: 144 rows, from the R package lme4. */
export const Penicillin: Dataset<PenicillinColumns, "Penicillin"> = /* @__PURE__ */ defineDataset(
  penicillinInfo,
  stored,
);
