import type { DatasetInfo } from "../dataset";

/** What is known of InstEval, without its values. */
export const instEvalInfo: DatasetInfo<"InstEval"> = {
  name: "InstEval",
  title: "Lecture evaluations by students at ETH Zurich",
  description:
    "Each row is one student's rating of one lecture at ETH Zurich, held in one of the past semesters; student, lecturer and department are anonymous codes. Students and lecturers are partially crossed, 73,421 ratings in all: the standard medium-sized test of mixed-model software. The survey was made to find the best-liked lecturers.",
  source: "R package lme4 1.1.31 (Debian r-cran-lme4), GPL (>= 2)",
  citation:
    "Data of the R package lme4, documented there as InstEval: University Lecture/Instructor Evaluations by Students at ETH",
  nrows: 73421,
  columns: [
    { name: "s", kind: "factor", description: "student, 2,972 levels" },
    { name: "d", kind: "factor", description: "lecturer, 1,128 levels" },
    { name: "studage", kind: "ordered", description: "semester the student is in, 2 < 4 < 6 < 8" },
    {
      name: "lectage",
      kind: "ordered",
      description: "how many semesters ago the lecture was held, 1 < … < 6",
    },
    {
      name: "service",
      kind: "factor",
      description: "1 for a lecture held for another department than the lecturer's own, else 0",
    },
    { name: "dept", kind: "factor", description: "department of the lecture, 14 levels" },
    { name: "y", kind: "integer", description: "rating, 1 (poor) to 5 (very good)" },
  ],
  example: "y ~ service + (1 | s) + (1 | d) + (1 | dept:service)",
};
