import type { DatasetInfo } from "../dataset";

/** What is known of grouseticks, without its values. */
export const grouseticksInfo: DatasetInfo<"grouseticks"> = {
  name: "grouseticks",
  title: "Ticks on red grouse chicks",
  description:
    "The number of ticks on the head of each of 403 red grouse chicks, caught in broods at 63 places over three years. Chicks are nested in broods, broods in places. Meant for a Poisson model.",
  source: "R package lme4 1.1.31 (Debian r-cran-lme4), GPL (>= 2)",
  citation:
    "D. A. Elston, R. Moss, T. Boulinier, C. Arrowsmith and X. Lambin, Analysis of aggregation, a worked example: numbers of ticks on red grouse chicks, Parasitology 122, 563-569, 2001, doi:10.1017/S0031182001007740",
  nrows: 403,
  columns: [
    { name: "INDEX", kind: "factor", description: "chick, one level per row" },
    { name: "TICKS", kind: "integer", description: "ticks on the chick's head" },
    { name: "BROOD", kind: "factor", description: "brood, 118 levels" },
    { name: "HEIGHT", kind: "integer", description: "height above sea level", unit: "m" },
    { name: "YEAR", kind: "factor", description: "year of the century: 95, 96 or 97" },
    { name: "LOCATION", kind: "factor", description: "place, 63 levels" },
    { name: "cHEIGHT", kind: "number", description: "HEIGHT less its mean", unit: "m" },
  ],
  example: "log1p(TICKS) ~ YEAR + cHEIGHT + (1 | BROOD) + (1 | LOCATION)",
};
