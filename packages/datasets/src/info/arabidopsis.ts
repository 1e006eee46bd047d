import type { DatasetInfo } from "../dataset";

/** What is known of Arabidopsis, without its values. */
export const arabidopsisInfo: DatasetInfo<"Arabidopsis"> = {
  name: "Arabidopsis",
  title: "Fruit set of Arabidopsis under clipping and fertilization",
  description:
    "Plants of 24 genotypes of Arabidopsis thaliana from nine European populations were grown with few or many nutrients, with or without removal of the apical meristem (as a browsing animal would), and their fruits counted at the end.",
  source: "R package lme4 1.1.31 (Debian r-cran-lme4), GPL (>= 2)",
  citation:
    "J. A. Banta, M. H. H. Stevens and M. Pigliucci, A comprehensive test of the 'limiting resources' framework applied to plant tolerance to apical meristem damage, Oikos 119, 359-369, 2010, doi:10.1111/j.1600-0706.2009.17726.x",
  nrows: 625,
  columns: [
    { name: "reg", kind: "factor", description: "region: NL (Netherlands), SP (Spain) or SW (Sweden)" },
    { name: "popu", kind: "factor", description: "population within a region, written n.R" },
    { name: "gen", kind: "integer", description: "genotype, one of 24 numbers that are names" },
    { name: "rack", kind: "integer", description: "greenhouse rack, 1 or 2" },
    { name: "nutrient", kind: "integer", description: "nutrients: 1 (least) or 8 (added)" },
    { name: "amd", kind: "factor", description: "apical meristem damage: clipped or unclipped" },
    {
      name: "status",
      kind: "factor",
      description: "how the seed germinated: Normal, Petri.Plate or Transplant",
    },
    { name: "total.fruits", kind: "integer", description: "number of fruits of the plant" },
  ],
  example: "log1p(total.fruits) ~ nutrient * amd + rack + status + (1 | popu) + (1 | gen)",
};
