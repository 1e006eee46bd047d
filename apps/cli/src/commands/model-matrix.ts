import type { ModelColumn } from "@lmmkit/formula";
import type { Command } from "commander";
import type { CommandContext } from "../context";
import { numberLabel } from "../io/number-label";
import { addModelOptions, frameOptions, type ModelOptions, readModelData } from "../options/model-options";
import { parseCount } from "../options/parse";
import { formatTable } from "../report/text-table";

interface ModelMatrixOptions extends ModelOptions {
  readonly rows: number;
}

/** `lmm model-matrix FORMULA DATA`: the fixed-effects model matrix, as R's `model.matrix` names and orders it. */
export function registerModelMatrix(program: Command, context: CommandContext): void {
  const command = program.command("model-matrix").description("the model matrix of the fixed effects");
  addModelOptions(command)
    .option("--rows <count>", "rows printed as text", parseCount("--rows"), 10)
    .action((formula: string, data: string, options: ModelMatrixOptions) =>
      matrix(formula, data, options, context),
    );
}

async function matrix(
  formula: string,
  data: string,
  options: ModelMatrixOptions,
  context: CommandContext,
): Promise<void> {
  const { table } = await readModelData(formula, data, options, context);
  const { modelMatrix } = await import("@lmmkit/formula");
  const { names, columns, nrows } = modelMatrix(formula, table.columns, frameOptions(options));
  const values = columns.map((column) => expandColumn(column, nrows));
  if (options.json === true) {
    printColumns(context, names, values);
    return;
  }
  const shown = Math.min(nrows, options.rows);
  const rows = Array.from({ length: shown }, (_, i) =>
    values.map((column) => numberLabel(Number(column[i].toPrecision(7)))),
  );
  const more = nrows > shown ? `… ${nrows - shown} more row${nrows - shown === 1 ? "" : "s"}\n` : "";
  context.io.stdout(formatTable(names, rows) + more);
}

/** The columns in full, a line of JSON each. */
function printColumns(
  context: CommandContext,
  names: readonly string[],
  values: readonly Float64Array[],
): void {
  const lines = values.map((column) => `    ${JSON.stringify(Array.from(column))}`);
  context.io.stdout(
    `{\n  "names": ${JSON.stringify(names)},\n  "columns": [\n${lines.join(",\n")}\n  ]\n}\n`,
  );
}

/** A model-matrix column as one number per row. */
function expandColumn(column: ModelColumn, nrows: number): Float64Array {
  if (column.kind === "dense") return column.values;
  const values = new Float64Array(nrows);
  if (column.kind === "constant") return values.fill(column.value);
  for (let k = 0; k < column.rows.length; k++) values[column.rows[k]] = column.values[k];
  return values;
}
