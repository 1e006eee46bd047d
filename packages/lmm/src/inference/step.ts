import type { LinearMixedModel } from "../model/linear-mixed-model";
import { drop1, type TermChanges, type TermTest } from "./drop-terms";
import { type Ranova, ranova } from "./ranova";
import { fitLike, randomReductions, withoutFixedTerm, withRandomTerms } from "./submodels";

/** What `step` is told. */
export interface StepOptions {
  /** How fixed terms are tested; default `satterthwaite`. */
  readonly test?: TermTest;
  /** Random effects with larger p-values go; default 0.1. */
  readonly alphaRandom?: number;
  /** Fixed terms with larger p-values go; default 0.05. */
  readonly alphaFixed?: number;
  /** False: the random effects stay as they are. */
  readonly reduceRandom?: boolean;
  /** False: the fixed effects stay as they are. */
  readonly reduceFixed?: boolean;
  /** Labels of fixed terms that stay. */
  readonly keep?: readonly string[];
  /** Which p-value decides about random effects; default `naive`, as lmerTest's. */
  readonly pValue?: "naive" | "boundary";
}

/** One step of the elimination: what was tested, and what went. */
export type EliminationStep =
  | {
      readonly kind: "random";
      readonly table: Ranova;
      /** What went; null when nothing did, which ends this part. */
      readonly removed: string | null;
    }
  | { readonly kind: "fixed"; readonly table: TermChanges; readonly removed: string | null };

/** Backward elimination. */
export interface Elimination {
  /** In the order in which they were made. */
  readonly steps: readonly EliminationStep[];
  readonly formula: string;
  /** The model that is left, fitted as the first one was. */
  readonly model: LinearMixedModel;
  readonly diagnostics: readonly string[];
}

/**
 * Backward elimination: first the random effects, then the fixed terms, one at a time, the least significant first,
 * refitting after each.
 *
 * Each step tests all single-term deletions of the model at hand (`ranova`, then `drop1`, marginality respected) and
 * takes the one with the largest p-value away if that is above its level. The last random term stays: without it
 * there is no mixed model. p-values after a selection are not what they seem; the trace says what was done.
 *
 * Source: the order and levels of lmerTest's `step` (Kuznetsova, Brockhoff & Christensen 2017, J. Stat. Soft. 82).
 */
export function step(model: LinearMixedModel, options: StepOptions = {}): Elimination {
  const { alphaRandom = 0.1, alphaFixed = 0.05, test = "satterthwaite", keep = [] } = options;
  const steps: EliminationStep[] = [];
  const diagnostics: string[] = [];
  let current = model;
  while (options.reduceRandom !== false) {
    const table = ranova(current);
    const p = table.rows.map((row) =>
      options.pValue === "boundary" ? (row.boundary?.pValue ?? row.pValue) : row.pValue,
    );
    const at = largest(p, alphaRandom);
    if (at < 0) {
      steps.push({ kind: "random", table, removed: null });
      break;
    }
    const { term, random } = randomReductions(current.frame)[at];
    if (random.length === 0) {
      diagnostics.push(`last random effects: ${term} stays, though its p-value is ${p[at].toPrecision(2)}`);
      steps.push({ kind: "random", table, removed: null });
      break;
    }
    steps.push({ kind: "random", table, removed: term });
    current = fitLike(current, withRandomTerms(current.frame, random));
  }
  while (options.reduceFixed !== false) {
    const table = drop1(current, { test });
    const p = table.rows.map(({ term, pValue }) => (keep.includes(term) ? 0 : pValue));
    const at = largest(p, alphaFixed);
    const removed = at < 0 ? null : table.rows[at].term;
    steps.push({ kind: "fixed", table, removed });
    if (removed === null) break;
    current = fitLike(current, withoutFixedTerm(current, removed));
  }
  for (const { table } of steps) for (const line of table.diagnostics) diagnostics.push(line);
  return { steps, formula: current.formula, model: current, diagnostics: [...new Set(diagnostics)] };
}

/** Position of the largest p-value above a level, −1 when there is none; what cannot be tested goes first. */
function largest(p: readonly number[], level: number): number {
  const untested = p.findIndex(Number.isNaN);
  if (untested >= 0) return untested;
  let at = -1;
  p.forEach((value, i) => {
    if (value > level && (at < 0 || value > p[at])) at = i;
  });
  return at;
}
