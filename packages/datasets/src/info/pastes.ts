import type { DatasetInfo } from "../dataset";

/** What is known of Pastes, without its values. */
export const pastesInfo: DatasetInfo<"Pastes"> = {
  name: "Pastes",
  title: "Strength of a chemical paste by batch and cask",
  description:
    "A chemical paste is delivered in casks. Three casks were taken at random from each of ten delivery batches, and the strength of each cask's sample was assayed twice. Casks are nested in batches: cask a of one batch has nothing to do with cask a of another, and sample names the 30 casks without ambiguity.",
  source: "R package lme4 1.1.31 (Debian r-cran-lme4), GPL (>= 2)",
  citation:
    "O. L. Davies and P. L. Goldsmith (eds), Statistical Methods in Research and Production, 4th ed., Oliver and Boyd, 1972, section 6.5",
  nrows: 60,
  columns: [
    { name: "strength", kind: "number", description: "strength of the paste" },
    { name: "batch", kind: "factor", description: "delivery batch, A to J" },
    { name: "cask", kind: "factor", description: "cask within the batch, a to c" },
    { name: "sample", kind: "factor", description: "batch and cask together, A:a to J:c" },
  ],
  example: "strength ~ 1 + (1 | batch/cask)",
};
