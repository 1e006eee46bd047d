/** How replicates are drawn, for the commands that draw some. */
import type { Bootstrap, BootstrapType, LinearMixedModel } from "@lmmkit/lmm";
import type { Command } from "commander";
import type { CommandContext } from "../context";
import { CliError } from "../errors";
import { progressLine } from "../report/progress";
import { parseChoice, parseCount, parseSeed, parseWorkers } from "./parse";

/** Options of the bootstrap. */
export interface BootstrapCommandOptions {
  readonly nsim?: number;
  readonly seed?: number;
  readonly type?: BootstrapType;
  readonly workers?: number;
  readonly quiet?: boolean;
}

/** Numbers that replicates may take in memory. */
const MOST_NUMBERS = 1e8;

/** Declares them. */
export function addBootstrapOptions(command: Command): Command {
  return command
    .option("--nsim <number>", "bootstrap replicates (default: 1000)", parseCount("--nsim"))
    .option("--seed <number>", "of the random numbers (default: 0)", parseSeed("--seed"))
    .option(
      "--type <type>",
      "parametric (normal numbers, default) or semiparametric (residuals and effects resampled)",
      parseChoice("--type", ["parametric", "semiparametric"] as const),
    )
    .option("--workers <number>", "threads; changes no digit of the result (default: 1)", parseWorkers);
}

/** Draws the replicates, on threads if asked for, and shows how far it is. */
export async function drawReplicates(
  model: LinearMixedModel,
  { nsim = 1000, seed = 0, type = "parametric", workers = 1, quiet }: BootstrapCommandOptions,
  { io }: CommandContext,
): Promise<Bootstrap> {
  const numbers = nsim * (model.theta.length + model.beta.length + 1);
  if (numbers > MOST_NUMBERS) {
    throw new CliError(
      "invalid-option",
      `too many replicates: --nsim ${nsim}`,
      `at most ${Math.floor((nsim * MOST_NUMBERS) / numbers)} of this model fit in memory`,
      nsim,
    );
  }
  const { bootstrap, bootstrapIn } = await import("@lmmkit/lmm");
  const line = progressLine(quiet === true, io);
  const onProgress = (done: number, total: number) => line.show(() => `${done} of ${total} refits`);
  const options = { nsim, seed, type, onProgress };
  const pool = workers > 1 ? await io.workers(workers) : null;
  try {
    return pool === null ? bootstrap(model, options) : await bootstrapIn(pool, model, options);
  } finally {
    line.finish();
    pool?.close();
  }
}
