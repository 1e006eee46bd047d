import { type LinearMixedModel, lmm } from "@lmmkit/lmm";
import type { DataFiles } from "../../../tests/support/data-files";
import type { Lme4Fit, Lme4Session, ModelCall } from "../support/lme4-session";
import { median } from "../support/statistics";
import type { Table } from "../support/table-files";

/** A model to be fitted by both. */
export interface Case extends ModelCall {
  readonly id: string;
  readonly table: Table;
  readonly files: DataFiles;
  /** The lowest criterion that the reference knows; null for simulated models. */
  readonly reference: number | null;
}

/** What both made of a case. */
export interface Comparison {
  readonly id: string;
  readonly formula: string;
  readonly parameters: number;
  readonly nobs: number;
  readonly q: number;
  readonly criterion: number;
  readonly reference: number | null;
  readonly evaluations: number;
  readonly converged: boolean;
  readonly warnings: readonly string[];
  /** Medians of several warm fits. */
  readonly seconds: number;
  readonly samples: number;
  /** Of the last fit: table to cross-products, and the search. */
  readonly phases: { readonly design: number; readonly fit: number };
  readonly lme4: (Lme4Fit & { readonly samples: number }) | null;
}

/** Rounds of interleaved fits, fewer where lme4 is slow. */
function rounds(seconds: number): number {
  if (seconds < 2) return 7;
  return seconds < 10 ? 5 : 2;
}

/**
 * Fits a model by both, in turn: each warmed up, then rounds of one fit by lme4 and a few by us, so that
 * whatever else the machine does falls on both alike.
 *
 * @param session null where R is absent: only ours is timed
 */
export async function compare(session: Lme4Session | null, item: Case): Promise<Comparison> {
  const fit = fitterOf(item);
  const warm = warmUp(fit);
  let theirs: Lme4Fit | null = null;
  const lme4Seconds: number[] = [];
  const ourSeconds: number[] = [];
  if (session !== null) {
    await session.load(item.files);
    theirs = await session.fit(item);
  }
  const count = rounds(Math.max(theirs?.seconds ?? 0, warm));
  const each = Math.max(1, Math.min(5, Math.round(0.05 / warm)));
  let model = fit();
  for (let round = 0; round < count; round++) {
    if (session !== null) lme4Seconds.push((await session.fit(item)).seconds);
    for (let i = 0; i < each; i++) {
      const started = performance.now();
      model = fit();
      ourSeconds.push((performance.now() - started) / 1000);
    }
  }
  return {
    id: item.id,
    formula: item.formula,
    parameters: model.theta.length,
    nobs: model.nobs,
    q: model.design.q,
    criterion: model.criterion,
    reference: item.reference,
    evaluations: model.optimizer.evaluations,
    converged: model.converged,
    warnings: model.warnings,
    seconds: median(ourSeconds),
    samples: ourSeconds.length,
    phases: { design: model.seconds.design, fit: model.seconds.fit },
    lme4: theirs === null ? null : { ...theirs, seconds: median(lme4Seconds), samples: lme4Seconds.length },
  };
}

/** The call that is timed: from typed columns and a formula to the fitted model. */
export function fitterOf({ formula, reml, contrasts, weights, offset, table }: Case): () => LinearMixedModel {
  const options = { method: reml ? "REML" : "ML", contrasts, weights, offset } as const;
  return () => lmm(formula, table, options);
}

/** Fits until the compiler has seen enough: 3,000 fits or two seconds. Seconds of the last one. */
function warmUp(fit: () => unknown): number {
  const begun = performance.now();
  let last = 0;
  for (let i = 0; i < 3000 && performance.now() - begun < 2000; i++) {
    const started = performance.now();
    fit();
    last = (performance.now() - started) / 1000;
  }
  return last;
}
