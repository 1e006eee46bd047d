import type { Bootstrap } from "@lmmkit/lmm";
import type { Command } from "commander";
import { type CommandContext, printJson } from "../context";
import { csvText } from "../io/csv-text";
import { checkWritable, writeFileAtomic } from "../io/write-atomic";
import {
  addBootstrapOptions,
  type BootstrapCommandOptions,
  drawReplicates,
} from "../options/bootstrap-options";
import { addSourceOptions, modelOf, type SourceOptions } from "../options/model-source";
import { plainJson } from "../report/plain-json";
import { formatTable } from "../report/text-table";

interface BootstrapFileOptions extends SourceOptions, BootstrapCommandOptions {
  readonly out?: string;
}

const EXAMPLES = `
Examples:
  $ lmm bootstrap "Reaction ~ Days + (Days | Subject)" dataset:sleepstudy --nsim 500 --seed 1
  $ lmm bootstrap model.json --nsim 10000 --workers 2 --out replicates.csv
`;

/** `lmm bootstrap FORMULA DATA` or `lmm bootstrap MODEL`: refits to simulated responses. */
export function registerBootstrap(program: Command, context: CommandContext): void {
  const command = program
    .command("bootstrap")
    .description("bias and standard errors of all parameters from refits to simulated responses");
  addBootstrapOptions(addSourceOptions(command))
    .option("--out <file>", "write the replicates as CSV, one line each")
    .addHelpText("after", EXAMPLES)
    .action((first: string, data: string | undefined, options: BootstrapFileOptions) =>
      runBootstrap(first, data, options, context),
    );
}

async function runBootstrap(
  first: string,
  data: string | undefined,
  options: BootstrapFileOptions,
  context: CommandContext,
): Promise<void> {
  const { io } = context;
  if (options.out !== undefined) checkWritable(options.out, io);
  const model = await modelOf(first, data, options, context);
  const result = await drawReplicates(model, options, context);
  if (options.out !== undefined) {
    const columns = result.names.map((name, j) => [name, result.replicates[j]] as const);
    writeFileAtomic(options.out, csvText(columns, result.nsim), io);
  }
  if (options.json === true) {
    // With a file the replicates are there.
    const without = options.out === undefined ? [] : ["replicates"];
    printJson(context, plainJson({ formula: model.formula, method: model.method, ...result }, without));
    return;
  }
  io.stdout(bootstrapText(result));
  if (options.out !== undefined && options.quiet !== true) {
    io.stderr(`wrote ${options.out} (${result.nsim} replicates)\n`);
  }
}

/** Estimate, bias and standard error of each parameter; what went wrong. */
function bootstrapText({
  names,
  observed,
  replicates,
  nsim,
  type,
  seed,
  failures,
  singular,
}: Bootstrap): string {
  const number = (value: number) => (Number.isFinite(value) ? value.toPrecision(5) : "-");
  const rows = names.map((name, j) => {
    const { mean, stdDev } = moments(replicates[j]);
    return [name, number(observed[j]), number(mean - observed[j]), number(stdDev)];
  });
  const [headings, body] = [["", "estimate", "bias", "std. error"], rows];
  const table = formatTable(headings, body).replace(/^ +/, (blanks) => blanks);
  const failed = failures.length > 0 ? `, ${failures.length} failed (the first: ${failures[0].message})` : "";
  return `${table}\n${nsim} ${type} replicates, seed ${seed}; ${singular.length} singular${failed}\n`;
}

/** Of the finite numbers. */
function moments(values: Float64Array): { readonly mean: number; readonly stdDev: number } {
  const finite = values.filter(Number.isFinite);
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length;
  const squares = finite.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, stdDev: Math.sqrt(squares / (finite.length - 1)) };
}
