import type { Command } from "commander";
import { type CommandContext, printJson } from "../context";
import { CliError } from "../errors";
import { checkWritable, writeFileAtomic } from "../io/write-atomic";
import { addModelOptions, frameOptions, type ModelOptions, readModelData } from "../options/model-options";
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
    .option(
      "--theta <theta>",
      "relative covariance parameters, of the terms as they are written: 1,0,1",
      parseNumberList("--theta"),
    )
    .option(
      "--ordering <name>",
      "amd (reduces fill-in, as fits do) or natural (terms as they are written)",
      parseChoice("--ordering", ["amd", "natural"]),
      "amd",
    )
    .option("--out <file>", "write an SVG picture (default: print one in characters)")
    .action((formula: string, data: string, options: SparsityOptions) =>
      plotSparsity(formula, data, options, context),
    );
}

async function plotSparsity(
  formula: string,
  data: string,
  options: SparsityOptions,
  context: CommandContext,
): Promise<void> {
  const { io } = context;
  const { out, theta, ordering } = options;
  if (out !== undefined) {
    if (!out.toLowerCase().endsWith(".svg")) {
      throw new CliError(
        "unsupported-format",
        `unsupported format: --out ${JSON.stringify(out)}`,
        "name an .svg file",
        out,
      );
    }
    checkWritable(out, io);
  }
  const { table } = await readModelData(formula, data, options, context);
  const { modelFrame } = await import("@lmmkit/formula");
  const { sparsity } = await import("@lmmkit/lmm");
  const { panelsSvg, panelsText } = await import("../report/sparsity-picture");
  const { system, factor, permutation, thetaNames } = sparsity(
    modelFrame(formula, table.columns, frameOptions(options)),
    {
      terms: "formula",
      ordering: ordering === "amd" ? "levels" : "natural",
      ...(theta === undefined ? {} : { theta }),
    },
  );
  const panels = [
    { title: "Λ'Z'ZΛ + I", pattern: system },
    { title: ordering === "amd" ? "L, rows and columns permuted" : "L", pattern: factor },
  ];
  if (out !== undefined) writeFileAtomic(out, panelsSvg(panels, `Sparsity of ${formula}`), io);

  const n = system.ncols;
  const nnzL = factor.colPtr[n];
  // Of the symmetric matrix one triangle counts, so that the fill-in is the difference.
  const nnz = (system.colPtr[n] + n) / 2;
  if (options.json === true) {
    printJson(context, {
      n,
      nnz,
      nnzL,
      ordering,
      thetaNames,
      permutation: Array.from(permutation),
      out: out ?? null,
    });
  } else if (out === undefined) io.stdout(panelsText(panels));
  else if (options.quiet !== true) {
    io.stderr(`wrote ${out}: ${n} x ${n}, ${nnz} nonzeros in a triangle, ${nnzL} in L\n`);
  }
}
