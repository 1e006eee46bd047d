import { cake } from "@lmmkit/datasets/cake";
import { Dyestuff2 } from "@lmmkit/datasets/Dyestuff2";
import { Pastes } from "@lmmkit/datasets/Pastes";
import { Penicillin } from "@lmmkit/datasets/Penicillin";
import { sleepstudy } from "@lmmkit/datasets/sleepstudy";
import type { LmmOptions, LmmTable } from "@lmmkit/lmm";

/** A model that is small and unusual in one way. */
export interface EdgeModel {
  readonly formula: string;
  readonly table: LmmTable;
  readonly options?: LmmOptions;
}

const { Reaction, Days, Subject } = sleepstudy.table;
const withGaps = { Reaction: Reaction.map((y, i) => (i % 17 === 3 ? Number.NaN : y)), Days, Subject };
const numbers = (value: (row: number) => number) => Float64Array.from(Days, (_, row) => value(row));

/** One fit of each kind that functions of a fit trip over. */
export const edgeModels: Readonly<Record<string, EdgeModel>> = {
  "random slopes": { formula: "Reaction ~ Days + (Days | Subject)", table: sleepstudy.table },
  "maximum likelihood": {
    formula: "Reaction ~ Days + (Days | Subject)",
    table: sleepstudy.table,
    options: { method: "ML" },
  },
  "two terms on one factor": { formula: "Reaction ~ Days + (Days || Subject)", table: sleepstudy.table },
  "crossed factors": { formula: "diameter ~ 1 + (1 | plate) + (1 | sample)", table: Penicillin.table },
  "nested factors": { formula: "strength ~ 1 + (1 | batch/cask)", table: Pastes.table },
  "factors and an interaction": {
    formula: "angle ~ recipe * temperature + (1 | recipe:replicate)",
    table: cake.table,
  },
  "a singular fit": { formula: "Yield ~ 1 + (1 | Batch)", table: Dyestuff2.table },
  "a rank-deficient X": {
    formula: "Reaction ~ Days + twice + (1 | Subject)",
    table: { ...sleepstudy.table, twice: Days.map((day) => 2 * day + 1) },
  },
  weights: {
    formula: "Reaction ~ Days + (1 | Subject)",
    table: sleepstudy.table,
    options: { weights: numbers((row) => 1 + (row % 4)) },
  },
  "an offset": {
    formula: "Reaction ~ Days + offset(extra) + (1 | Subject)",
    table: { ...sleepstudy.table, extra: numbers((row) => row / 10) },
  },
  "missing rows": { formula: "Reaction ~ Days + (Days | Subject)", table: withGaps },
  "a basis": { formula: "Reaction ~ poly(Days, 2) + (1 | Subject)", table: sleepstudy.table },
  "a single fixed effect": { formula: "Reaction ~ 1 + (1 | Subject)", table: sleepstudy.table },
};
