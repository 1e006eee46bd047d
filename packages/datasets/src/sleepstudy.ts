import { stored } from "./data/sleepstudy";
import { type Dataset, defineDataset, type FactorColumn } from "./dataset";
import { sleepstudyInfo } from "./info/sleepstudy";

/** Columns of sleepstudy. */
export type SleepstudyColumns = {
  /** Average reaction time on the day (ms). */
  readonly Reaction: Float64Array;
  /** Day of the study, 0 to 9 (d). */
  readonly Days: Float64Array;
  /** Number of the subject. */
  readonly Subject: FactorColumn;
};

/** Reaction times in a sleep deprivation study: 180 rows, from the R package lme4. */
export const sleepstudy: Dataset<SleepstudyColumns, "sleepstudy"> = /* @__PURE__ */ defineDataset(
  sleepstudyInfo,
  stored,
);
