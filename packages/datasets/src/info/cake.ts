import type { DatasetInfo } from "../dataset";

/** What is known of cake, without its values. */
export const cakeInfo: DatasetInfo<"cake"> = {
  name: "cake",
  title: "Breakage angle of chocolate cakes",
  description:
    "Chocolate cakes of three recipes were baked at six temperatures, and the angle at which a slice broke was measured. A split-plot design: each replicate of a recipe is one batch of mixture (the whole plot, 15 per recipe), divided among the six temperatures. Replicate 1 of recipe A and replicate 1 of recipe B are different mixtures; the numbering seems to follow time.",
  source: "R package lme4 1.1.31 (Debian r-cran-lme4), GPL (>= 2)",
  citation:
    "F. E. Cook, Chocolate cake, I. Optimum baking temperature, Master's thesis, Iowa State College, 1938; as reported in W. G. Cochran and G. M. Cox, Experimental Designs, 2nd ed., Wiley, 1957, p. 300",
  nrows: 270,
  columns: [
    { name: "replicate", kind: "factor", description: "replicate within the recipe, 1 to 15" },
    { name: "recipe", kind: "factor", description: "recipe, A to C" },
    {
      name: "temperature",
      kind: "ordered",
      description: "baking temperature as an ordered factor, 175 < … < 225 (degrees Fahrenheit)",
    },
    { name: "angle", kind: "integer", description: "angle at which the cake broke", unit: "deg" },
    { name: "temp", kind: "integer", description: "baking temperature as a number", unit: "degF" },
  ],
  example: "angle ~ recipe * temperature + (1 | recipe:replicate)",
};
