import type { DatasetInfo } from "../dataset";

/** What is known of Dyestuff2, without its values. */
export const dyestuff2Info: DatasetInfo<"Dyestuff2"> = {
  name: "Dyestuff2",
  title: "Constructed yields whose batches do not differ",
  description:
    "Numbers made up in the layout of Dyestuff for the case where the mean square between batches is smaller than the mean square within them; the estimated batch variance is zero, so the fit is singular.",
  source: "R package lme4 1.1.31 (Debian r-cran-lme4), GPL (>= 2)",
  citation:
    "G. E. P. Box and G. C. Tiao, Bayesian Inference in Statistical Analysis, Addison-Wesley, 1973, section 5.1.2",
  nrows: 30,
  columns: [
    { name: "Batch", kind: "factor", description: "batch, A to F" },
    { name: "Yield", kind: "number", description: "constructed response" },
  ],
  example: "Yield ~ 1 + (1 | Batch)",
};
