import type { DatasetInfo } from "../dataset";

/** What is known of VerbAgg, without its values. */
export const verbAggInfo: DatasetInfo<"VerbAgg"> = {
  name: "VerbAgg",
  title: "Answers to a questionnaire on verbal aggression",
  description:
    "316 persons say of each of 24 situations and reactions whether they would react so: whether they would want to, or do, curse, scold or shout when somebody else, or they themselves, are to blame. Used throughout the book cited to show item response models.",
  source: "R package lme4 1.1.31 (Debian r-cran-lme4), GPL (>= 2)",
  citation: "P. De Boeck and M. Wilson, Explanatory Item Response Models, Springer, 2004",
  nrows: 7584,
  columns: [
    {
      name: "Anger",
      kind: "integer",
      description: "trait anger score on the State-Trait Anger Expression Inventory",
    },
    { name: "Gender", kind: "factor", description: "F or M" },
    { name: "item", kind: "factor", description: "item of the questionnaire, 24 levels" },
    { name: "resp", kind: "ordered", description: "answer, no < perhaps < yes" },
    { name: "id", kind: "factor", description: "person, 1 to 316" },
    { name: "btype", kind: "factor", description: "kind of behaviour: curse, scold or shout" },
    { name: "situ", kind: "factor", description: "who is to blame: other or self" },
    { name: "mode", kind: "factor", description: "whether the item asks about wanting or doing" },
    { name: "r2", kind: "factor", description: "the answer in two classes: N for no, Y for perhaps or yes" },
  ],
  example: "as.numeric(resp) ~ Anger + Gender + btype + situ + mode + (1 | id) + (1 | item)",
};
