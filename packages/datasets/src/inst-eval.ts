import { stored } from "./data/inst-eval";
import { type Dataset, defineDataset, type FactorColumn } from "./dataset";
import { instEvalInfo } from "./info/inst-eval";

/** Columns of InstEval. */
export type InstEvalColumns = {
  /** Student, 2,972 levels. */
  readonly s: FactorColumn;
  /** Lecturer, 1,128 levels. */
  readonly d: FactorColumn;
  /** Semester the student is in, 2 < 4 < 6 < 8. */
  readonly studage: FactorColumn;
  /** How many semesters ago the lecture was held, 1 < … < 6. */
  readonly lectage: FactorColumn;
  /** 1 for a lecture held for another department than the lecturer's own, else 0. */
  readonly service: FactorColumn;
  /** Department of the lecture, 14 levels. */
  readonly dept: FactorColumn;
  /** Rating, 1 (poor) to 5 (very good). */
  readonly y: Float64Array;
};

/** Lecture evaluations by students at ETH Zurich: 73,421 rows, from the R package lme4. */
export const InstEval: Dataset<InstEvalColumns, "InstEval"> = /* @__PURE__ */ defineDataset(
  instEvalInfo,
  stored,
);
