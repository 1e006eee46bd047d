import type { DatasetInfo } from "./dataset";
import { arabidopsisInfo } from "./info/arabidopsis";
import { cakeInfo } from "./info/cake";
import { cbppInfo } from "./info/cbpp";
import { dyestuffInfo } from "./info/dyestuff";
import { dyestuff2Info } from "./info/dyestuff2";
import { grouseticksInfo } from "./info/grouseticks";
import { instEvalInfo } from "./info/inst-eval";
import { pastesInfo } from "./info/pastes";
import { penicillinInfo } from "./info/penicillin";
import { sleepstudyInfo } from "./info/sleepstudy";
import { verbAggInfo } from "./info/verb-agg";

/** The names of the bundled data sets, R's spelling. */
export type DatasetName = (typeof infos)[number]["name"];

const infos = [
  arabidopsisInfo,
  cakeInfo,
  cbppInfo,
  dyestuffInfo,
  dyestuff2Info,
  grouseticksInfo,
  instEvalInfo,
  pastesInfo,
  penicillinInfo,
  sleepstudyInfo,
  verbAggInfo,
] as const;

/** Everything about the bundled data sets but their values, in alphabetical order: a few kB of text. */
export const datasets: readonly DatasetInfo<DatasetName>[] = infos;
