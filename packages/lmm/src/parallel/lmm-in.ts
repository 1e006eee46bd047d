import { type Formula, type ModelFrame, modelFrame } from "@lmmkit/formula";
import { LmmError, type LmmErrorCode } from "../errors";
import { fitFrame } from "../fit/fit-frame";
import type { LmmOptions, LmmTable } from "../fit/lmm";
import type { FitOptions } from "../fit/options";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import type { Task, WorkerPool } from "./task";

/** What `lmmIn` may be told: as `lmm`, but for functions, which cannot be sent to a worker. */
export type LmmInOptions = Omit<LmmOptions, "onEvaluation" | "onRho">;

/** One fit. */
export interface FitSetup {
  readonly frame: ModelFrame;
  readonly options: FitOptions;
}

/** Fits a frame; a single job. */
export const fitTask: Task<FitSetup, LinearMixedModel> = {
  name: "fit",
  prepare:
    ({ frame, options }) =>
    () =>
      fitFrame(frame, options),
};

/**
 * `lmm` in a worker of a pool, while the caller's thread (a page) goes on: the same model, bit for bit.
 *
 * The formula is read here, so that errors in it are those of `lmm`. A signal ends the fit at once, in the middle of
 * an evaluation too, by ending the worker.
 *
 * @throws (rejects) FormulaError and LmmError as `lmm`, LmmError `aborted`, and what the pool rejects with
 */
export async function lmmIn(
  pool: WorkerPool,
  formula: string | Formula,
  table: LmmTable,
  options: LmmInOptions = {},
): Promise<LinearMixedModel> {
  const frame = modelFrame(formula, table, options);
  const { method, start, optimizer, structures, signal } = options;
  const setup = { frame, options: { method, start, optimizer, structures } };
  const [outcome] = await pool.run(fitTask, setup, 1, { signal });
  if (outcome.status === "ok") return outcome.value;
  const { name, code, message } = outcome.error;
  if (name === "LmmError") throw new LmmError(code as LmmErrorCode, message, null, "");
  throw new Error(`${name}: ${message}`);
}
