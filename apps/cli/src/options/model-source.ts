/** FORMULA and DATA, or one saved fit: where the commands that ask something of a fit take it from. */
import type { LinearMixedModel, Method } from "@lmmkit/lmm";
import type { Command } from "commander";
import type { CommandContext } from "../context";
import { CliError } from "../errors";
import { readFileText } from "../io/read-bytes";
import { label } from "../report/label";
import { addDataOptions, DATA_HELP, frameOptions, type ModelOptions, readModelData } from "./model-options";

/** How the fit that a command works on comes about. */
export interface SourceOptions extends ModelOptions {
  readonly ml?: boolean;
}

/** Options that say how to fit, and say nothing of a fit that is there already. */
const OF_A_NEW_FIT = ["schema", "factor", "ordered", "contrasts", "weights", "offset", "ml"] as const;

/** Declares FORMULA and DATA or MODEL, and the options about them. */
export function addSourceOptions(command: Command): Command {
  command
    .argument("<formula-or-model>", "the model's formula, or alone: a fit saved by lmm fit --save")
    .argument("[data]", DATA_HELP);
  return addDataOptions(command).option("--ml", "maximum likelihood (default: REML)");
}

/**
 * The fit a command works on: fitted now, or read from the file that `lmm fit --save` wrote. Its warnings go to
 * standard error.
 *
 * @param first the formula, or the path of a saved fit when there is no `data`
 */
export async function modelOf(
  first: string,
  data: string | undefined,
  options: SourceOptions,
  context: CommandContext,
): Promise<LinearMixedModel> {
  const model =
    data === undefined
      ? await savedModel(first, options, context)
      : await fitted(first, data, options, context);
  if (options.quiet !== true) {
    for (const warning of model.warnings) context.io.stderr(`${label("warning", context.io)} ${warning}\n`);
  }
  return model;
}

async function fitted(
  formula: string,
  data: string,
  options: SourceOptions,
  context: CommandContext,
): Promise<LinearMixedModel> {
  if (formula.endsWith(".json") && !formula.includes("~")) {
    throw new CliError(
      "excess-argument",
      `needless data: ${JSON.stringify(data)} after ${JSON.stringify(formula)}`,
      "a saved fit stands alone; rows to predict go to --newdata",
      data,
    );
  }
  const { table } = await readModelData(formula, data, options, context);
  const { lmm } = await import("@lmmkit/lmm");
  const method: Method = options.ml === true ? "ML" : "REML";
  return lmm(formula, table.columns, { ...frameOptions(options), method });
}

/**
 * Reads a fit that `lmm fit --save` wrote.
 *
 * @throws CliError for a missing file, a formula without data, and options that only a new fit can follow
 */
export async function savedModel(
  path: string,
  options: SourceOptions,
  { io }: CommandContext,
): Promise<LinearMixedModel> {
  if (path.includes("~")) {
    throw new CliError(
      "missing-argument",
      `missing data: ${JSON.stringify(path)} is a formula and nothing follows it`,
      "name the data after the formula",
    );
  }
  const given = OF_A_NEW_FIT.find((name) => options[name] !== undefined);
  if (given !== undefined) {
    throw new CliError(
      "usage",
      `needless option: --${given} with a saved fit`,
      "it was settled when the fit was saved",
    );
  }
  const text = readFileText(path, "saved fit", io);
  const { loadModel, SavedModelError } = await import("@lmmkit/lmm");
  try {
    return loadModel(text);
  } catch (error) {
    if (!(error instanceof SavedModelError)) throw error;
    const foreign = error.code === "invalid-json" || error.code === "unknown-format";
    throw new CliError(
      foreign ? "not-a-saved-fit" : "broken-saved-fit",
      foreign ? `no saved fit: ${JSON.stringify(path)}` : `${JSON.stringify(path)}: ${error.message}`,
      foreign ? "give a formula and the data, or a fit that lmm fit --save wrote" : "",
      path,
    );
  }
}
