import type { DatasetInfo } from "../dataset";

/** What is known of Dyestuff, without its values. */
export const dyestuffInfo: DatasetInfo<"Dyestuff"> = {
  name: "Dyestuff",
  title: "Yield of dyestuff by batch",
  description:
    "Six batches of an intermediate product (H-acid) were taken from works manufacture, and from each of them five preparations of the dyestuff Naphthalene Black 12B were made in the laboratory. The question is how much of the variation in yield comes from the batches. Balanced, one random factor: the smallest mixed model there is.",
  source: "R package lme4 1.1.31 (Debian r-cran-lme4), GPL (>= 2)",
  citation:
    "O. L. Davies and P. L. Goldsmith (eds), Statistical Methods in Research and Production, 4th ed., Oliver and Boyd, 1972, section 6.4",
  nrows: 30,
  columns: [
    {
      name: "Batch",
      kind: "factor",
      description: "batch of the intermediate product that the preparation was made from, A to F",
    },
    {
      name: "Yield",
      kind: "integer",
      description: "yield of the preparation as grams of standard colour",
      unit: "g",
    },
  ],
  example: "Yield ~ 1 + (1 | Batch)",
};
