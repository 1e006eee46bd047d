import type { DatasetInfo } from "../dataset";

/** What is known of sleepstudy, without its values. */
export const sleepstudyInfo: DatasetInfo<"sleepstudy"> = {
  name: "sleepstudy",
  title: "Reaction times in a sleep deprivation study",
  description:
    "The average reaction time of 18 subjects on each of the first ten days of a sleep restriction study: the group allowed three hours in bed a night. Days 0 and 1 were for adaptation and training, day 2 was the baseline, and the restriction began after it.",
  source: "R package lme4 1.1.31 (Debian r-cran-lme4), GPL (>= 2)",
  citation:
    "G. Belenky, N. J. Wesensten, D. R. Thorne, M. L. Thomas, H. C. Sing, D. P. Redmond, M. B. Russo and T. J. Balkin, Patterns of performance degradation and restoration during sleep restriction and subsequent recovery: a sleep dose-response study, Journal of Sleep Research 12, 1-12, 2003",
  nrows: 180,
  columns: [
    { name: "Reaction", kind: "number", description: "average reaction time on the day", unit: "ms" },
    { name: "Days", kind: "integer", description: "day of the study, 0 to 9", unit: "d" },
    { name: "Subject", kind: "factor", description: "number of the subject" },
  ],
  example: "Reaction ~ Days + (Days | Subject)",
};
