import { stored } from "./data/cake";
import { type Dataset, defineDataset, type FactorColumn } from "./dataset";
import { cakeInfo } from "./info/cake";

/** Columns of cake. */
export type CakeColumns = {
  /** Replicate within the recipe, 1 to 15. */
  readonly replicate: FactorColumn;
  /** Recipe, A to C. */
  readonly recipe: FactorColumn;
  /** Baking temperature as an ordered factor, 175 < … < 225 (degrees Fahrenheit). */
  readonly temperature: FactorColumn;
  /** Angle at which the cake broke (deg). */
  readonly angle: Float64Array;
  /** Baking temperature as a number (degF). */
  readonly temp: Float64Array;
};

/** Breakage angle of chocolate cakes: 270 rows, from the R package lme4. */
export const cake: Dataset<CakeColumns, "cake"> = /* @__PURE__ */ defineDataset(cakeInfo, stored);
