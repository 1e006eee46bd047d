import type { DatasetInfo } from "../dataset";

/** What is known of Penicillin, without its values. */
export const penicillinInfo: DatasetInfo<"Penicillin"> = {
  name: "Penicillin",
  title: "Variation in penicillin testing",
  description:
    "Six samples of penicillin were compared by the B. subtilis plate method: on each of 24 plates of inoculated agar every sample fills one small cylinder, and the penicillin that diffuses out of it leaves a circle free of growth, whose diameter is measured. Plates and samples are completely crossed, one observation each.",
  source: "R package lme4 1.1.31 (Debian r-cran-lme4), GPL (>= 2)",
  citation:
    "O. L. Davies and P. L. Goldsmith (eds), Statistical Methods in Research and Production, 4th ed., Oliver and Boyd, 1972, section 6.6",
  nrows: 144,
  columns: [
    {
      name: "diameter",
      kind: "integer",
      description: "diameter of the zone where growth is inhibited",
      unit: "mm",
    },
    { name: "plate", kind: "factor", description: "assay plate, a to x" },
    { name: "sample", kind: "factor", description: "penicillin sample, A to F" },
  ],
  example: "diameter ~ 1 + (1 | plate) + (1 | sample)",
};
