import type { DatasetInfo } from "../dataset";

/** What is known of cbpp, without its values. */
export const cbppInfo: DatasetInfo<"cbpp"> = {
  name: "cbpp",
  title: "Contagious bovine pleuropneumonia in Ethiopian herds",
  description:
    "New cases of contagious bovine pleuropneumonia in 15 herds of zebu cattle in the Boji district of Ethiopia, followed for a year with blood samples (tested by a competitive ELISA) every quarter; some herds lack some quarters. Meant for a binomial model of incidence out of size.",
  source: "R package lme4 1.1.31 (Debian r-cran-lme4), GPL (>= 2)",
  citation:
    "M. Lesnoff, G. Laval, P. Bonnet, S. Abdicho, A. Workalemahu, D. Kifle, A. Peyraud, R. Lancelot and F. Thiaucourt, Within-herd spread of contagious bovine pleuropneumonia in Ethiopian highlands, Preventive Veterinary Medicine 64, 27-40, 2004",
  nrows: 56,
  columns: [
    { name: "herd", kind: "factor", description: "herd, 1 to 15" },
    { name: "incidence", kind: "integer", description: "new cases in the herd during the quarter" },
    { name: "size", kind: "integer", description: "animals in the herd at the beginning of the quarter" },
    { name: "period", kind: "factor", description: "quarter, 1 to 4" },
  ],
  example: "incidence / size ~ period + (1 | herd)",
};
