import { pathToFileURL } from "node:url";
import { modelFrame } from "@lmmkit/formula";
import { bootstrap, bootstrapIn, type LinearMixedModel, lmm, refitter } from "@lmmkit/lmm";
import { nodeWorkers } from "@lmmkit/lmm/node";
import { bundleWorker } from "../bits/ten-models";
import { Draws } from "../support/draws";
import type { Lme4Session } from "../support/lme4-session";
import { median } from "../support/statistics";
import type { Case } from "./compare";

/** Refits of sleepstudy to simulated responses, beside lme4's, and the parametric bootstrap. */
export interface Refits {
  readonly seconds: number;
  readonly lme4Seconds: number | null;
  /** The largest difference from the criterion of a fit made from scratch. (lme4's own refit ends elsewhere.) */
  readonly worstGap: number;
  readonly bootstrap: {
    readonly samples: number;
    /** In one thread. */
    readonly seconds: number;
    /** In two, started and warm. */
    readonly sharedSeconds: number;
    readonly unconverged: number;
    readonly failed: number;
  };
}

/** @param item sleepstudy with a random slope */
export async function measureRefits(
  session: Lme4Session | null,
  item: Case,
  samples: number,
): Promise<Refits> {
  const method = item.reml ? "REML" : "ML";
  const frame = modelFrame(item.formula, item.table);
  const { model, refit } = refitter(frame, { method });
  const draws = new Draws(2026);
  const responses = Array.from({ length: 31 }, () => simulate(model, frame.random[0].group.codes, draws));
  for (let i = 0; i < 10; i++) for (const response of responses) refit(response);
  let lme4Seconds: number | null = null;
  if (session !== null) {
    await session.load(item.files);
    await session.fit(item);
    lme4Seconds = median(await session.refit(responses.map((response) => Array.from(response))));
  }
  const criteria: number[] = [];
  const times = responses.map((response) => {
    const started = performance.now();
    criteria.push(refit(response).criterion);
    return (performance.now() - started) / 1000;
  });
  const scratch = responses.map(
    (response) => lmm(item.formula, { ...item.table, [model.responseName]: response }, { method }).criterion,
  );
  const begun = performance.now();
  const alone = bootstrap(model, { nsim: samples, seed: 2026 });
  const seconds = (performance.now() - begun) / 1000;
  const pool = nodeWorkers({ size: 2, script: pathToFileURL(await bundleWorker()) });
  // Once before, to start the threads and warm their compilers.
  await bootstrapIn(pool, model, { nsim: samples, seed: 2025 });
  const started = performance.now();
  const shared = await bootstrapIn(pool, model, { nsim: samples, seed: 2026 });
  const sharedSeconds = (performance.now() - started) / 1000;
  pool.close();
  if (JSON.stringify(shared) !== JSON.stringify(alone))
    throw new Error("two threads gave other samples than one");
  return {
    seconds: median(times),
    lme4Seconds,
    worstGap: Math.max(...criteria.map((value, i) => Math.abs(value - scratch[i]))),
    bootstrap: {
      samples,
      seconds,
      sharedSeconds,
      unconverged: alone.notConverged.length,
      failed: alone.failures.length,
    },
  };
}

/** A response drawn from a fitted model with one term (1, Days) on one factor. */
function simulate(model: LinearMixedModel, codes: Int32Array, draws: Draws): Float64Array {
  const [{ template, modes, columns, levels }] = model.terms;
  const k = columns.length;
  const slopes = slopeValues(model);
  const difference = levels.map((_, l) => {
    const u = Array.from({ length: k }, () => model.sigma * draws.normal());
    return Array.from({ length: k }, (_, a) => {
      let drawn = 0;
      for (let c = 0; c <= a; c++) drawn += template[c * k + a] * u[c];
      return drawn - modes[a * levels.length + l];
    });
  });
  return model.fitted.map((value, r) => {
    const [intercept, slope] = difference[codes[r]];
    return value + intercept + slope * slopes[r] + model.sigma * draws.normal();
  });
}

/** Days 0 … 9, as each subject of sleepstudy has them in turn. */
function slopeValues(model: LinearMixedModel): Float64Array {
  return Float64Array.from({ length: model.nobs }, (_, r) => r % 10);
}
