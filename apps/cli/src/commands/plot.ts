import type { Command } from "commander";
import type { CommandContext } from "../context";
import { CliError } from "../errors";
import { addModelOptions, type ModelOptions } from "../options/model-options";
import { parseChoice, parseNumberList } from "../options/parse";

interface SparsityOptions extends ModelOptions {
  readonly theta?: readonly number[];
  readonly ordering: "natural" | "amd";
  readonly out?: string;
}

/** `lmm plot …`: pictures; `sparsity` is the first. */
export function registerPlot(program: Command, context: CommandContext): void {
  const plot = program.command("plot").description("pictures of models");
  const command = plot
    .command("sparsity")
    .description("the nonzeros of Lambda'Z'Z Lambda + I and of its Cholesky factor L");
  addModelOptions(command)
    .option("--theta <theta>", "relative covariance parameters: 1,0,1", parseNumberList("--theta"))
    .option("--ordering <name>", "natural or amd", parseChoice("--ordering", ["natural", "amd"]), "amd")
    .option("--out <file>", "write an SVG picture (default: a picture of characters)")
    .action((formula: string, data: string, options: SparsityOptions) =>
      sparsity(formula, data, options, context),
    );
}

async function sparsity(
  _formula: string,
  _data: string,
  _options: SparsityOptions,
  _context: CommandContext,
): Promise<void> {
  throw new CliError("unavailable", "unavailable command: plot sparsity");
}
