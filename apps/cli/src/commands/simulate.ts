import type { Command } from "commander";
import { type CommandContext, printJson } from "../context";
import { CliError } from "../errors";
import { csvText } from "../io/csv-text";
import { checkWritable, writeFileAtomic } from "../io/write-atomic";
import { addSourceOptions, modelOf, type SourceOptions } from "../options/model-source";
import { parseCount, parseSeed } from "../options/parse";
import { plainJson } from "../report/plain-json";

interface SimulateCommandOptions extends SourceOptions {
  readonly nsim: number;
  readonly seed: number;
  readonly random: string;
  readonly out?: string;
}

/** Numbers that responses may take in memory. */
const MOST_NUMBERS = 1e8;

/** `lmm simulate FORMULA DATA` or `lmm simulate MODEL`: new responses from the fit. */
export function registerSimulate(program: Command, context: CommandContext): void {
  const command = program
    .command("simulate")
    .description("new responses drawn from the fitted model, as CSV");
  addSourceOptions(command)
    .option("--nsim <number>", "responses", parseCount("--nsim"), 1)
    .option("--seed <number>", "of the random numbers", parseSeed("--seed"), 0)
    .option(
      "--random <terms>",
      "random effects that stay as predicted: none, all, or grouping factors A,B",
      "none",
    )
    .option("--out <file>", "write the CSV there")
    .addHelpText(
      "after",
      '\nExample:\n  $ lmm simulate "Yield ~ 1 + (1 | Batch)" dataset:Dyestuff --nsim 3 --seed 1\n',
    )
    .action((first: string, data: string | undefined, options: SimulateCommandOptions) =>
      runSimulate(first, data, options, context),
    );
}

async function runSimulate(
  first: string,
  data: string | undefined,
  options: SimulateCommandOptions,
  context: CommandContext,
): Promise<void> {
  const { io } = context;
  const { nsim, seed, random, out } = options;
  if (out !== undefined) checkWritable(out, io);
  const model = await modelOf(first, data, options, context);
  if (nsim * model.nobs > MOST_NUMBERS) {
    const most = Math.floor(MOST_NUMBERS / model.nobs);
    throw new CliError(
      "invalid-option",
      `too many responses: --nsim ${nsim}`,
      `at most ${most} of this model fit in memory`,
    );
  }
  const { simulate } = await import("@lmmkit/lmm");
  const reForm =
    random === "all" || random === "none" ? random : random.split(",").map((name) => name.trim());
  const result = simulate(model, { nsim, seed, reForm });
  if (options.json === true) {
    printJson(context, plainJson({ formula: model.formula, method: model.method, ...result }));
    return;
  }
  const row = Float64Array.from(
    { length: model.nobs },
    (_, i) => (result.rows === null ? i : result.rows[i]) + 1,
  );
  const columns = [["row", row] as const, ...result.responses.map((y, i) => [`sim_${i + 1}`, y] as const)];
  const text = csvText(columns, model.nobs);
  if (out === undefined) io.stdout(text);
  else {
    writeFileAtomic(out, text, io);
    if (options.quiet !== true) io.stderr(`wrote ${out} (${model.nobs} rows)\n`);
  }
}
