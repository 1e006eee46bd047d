import type { Column, Dataset, DatasetInfo } from "@lmmkit/datasets";
import type { Command } from "commander";
import { type CommandContext, formatJson, printJson } from "../context";
import { CliError } from "../errors";
import { unknownDataset } from "../io/read-table";
import { checkWritable, writeFileAtomic } from "../io/write-atomic";
import { formatTable } from "../report/text-table";

interface DatasetsOptions {
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `lmm datasets [NAME] [--out FILE.csv]`: lists, describes and exports the bundled data sets. */
export function registerDatasets(program: Command, context: CommandContext): void {
  program
    .command("datasets")
    .description("list the bundled data sets, describe one, or export it")
    .argument("[name]", "a data set of the list")
    .option("--out <file>", "write the data as CSV, and beside it FILE.schema.json with types and levels")
    .option("--json", "print one JSON object")
    .option("--quiet", "no notes on standard error")
    .action((name: string | undefined, options: DatasetsOptions) => datasetsCommand(name, options, context));
}

async function datasetsCommand(
  name: string | undefined,
  options: DatasetsOptions,
  context: CommandContext,
): Promise<void> {
  const { datasets, loadDataset, tableSchema, toCsv } = await import("@lmmkit/datasets");
  if (name === undefined) {
    if (options.out !== undefined)
      throw new CliError("missing-argument", "missing name: which data set goes to --out?");
    if (options.json === true) printJson(context, { datasets });
    else context.io.stdout(listText(datasets));
    return;
  }
  const info = datasets.find((entry) => entry.name === name);
  if (info === undefined)
    throw unknownDataset(
      name,
      datasets.map((entry) => entry.name),
    );
  const dataset = await loadDataset(info.name);
  if (options.out === undefined) {
    if (options.json === true) printJson(context, info);
    else context.io.stdout(describeText(dataset));
    return;
  }
  if (!options.out.toLowerCase().endsWith(".csv")) {
    throw new CliError(
      "unsupported-format",
      `unsupported format: --out ${JSON.stringify(options.out)}`,
      "name a .csv file",
    );
  }
  checkWritable(options.out, context.io);
  const schemaPath = `${options.out.slice(0, -".csv".length)}.schema.json`;
  writeFileAtomic(schemaPath, formatJson(tableSchema(dataset)), context.io);
  writeFileAtomic(options.out, toCsv(dataset), context.io);
  if (options.json === true)
    printJson(context, { data: options.out, schema: schemaPath, nrows: dataset.nrows });
  else if (options.quiet !== true)
    context.io.stderr(`wrote ${options.out} (${dataset.nrows} rows) and ${schemaPath}\n`);
}

function listText(datasets: readonly DatasetInfo[]): string {
  const rows = datasets.map(({ name, nrows, columns, title }) => [
    name,
    `${nrows} × ${columns.length}`,
    title,
  ]);
  return `${formatTable(["name", "size", "title"], rows, "left")}
lmm datasets NAME                  describe one
lmm datasets NAME --out FILE.csv   export it
lmm fit FORMULA dataset:NAME       use it without exporting
`;
}

function describeText(dataset: Dataset): string {
  const columns = dataset.columns.map(({ name, description, unit }) => [
    name,
    contentsText(dataset.table[name]),
    unit === undefined ? description : `${description} (${unit})`,
  ]);
  return `${dataset.name}: ${dataset.title}

${wrap(dataset.description, 80)}

${dataset.nrows} rows
${formatTable(["column", "contents", "meaning"], columns, "left")}
source    ${dataset.source}
citation  ${dataset.citation}

lmm fit "${dataset.example}" dataset:${dataset.name}
`;
}

function contentsText(column: Column): string {
  if (!(column instanceof Float64Array)) {
    const { levels, ordered } = column;
    const shown = levels.slice(0, 3).join(ordered ? " < " : ", ");
    return `${levels.length} levels: ${shown}${levels.length > 3 ? ", …" : ""}`;
  }
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of column) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return `${low} … ${high}`;
}

/** Breaks text at blanks so that lines have at most `width` characters. */
function wrap(text: string, width: number): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}
