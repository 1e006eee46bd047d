/** The options that every command on FORMULA and DATA shares. */
import type { Command } from "commander";
import type { CommandContext } from "../context";
import { CliError } from "../errors";
import { type DataTable, everyColumn, type Wanted } from "../io/data-table";
import type { OrderedDeclaration } from "../io/declared-columns";
import { readTable } from "../io/read-table";
import { suggestName } from "../nearest";
import { label } from "../report/label";
import { collectContrasts, collectNames, collectOrdered, parseChoice } from "./parse";

/** How DATA is read and seen through FORMULA. */
export interface ModelOptions {
  readonly schema?: string;
  readonly factor?: readonly string[];
  readonly ordered?: readonly OrderedDeclaration[];
  readonly contrasts?: Readonly<Record<string, string>>;
  readonly weights?: string;
  readonly offset?: string;
  readonly na: "omit" | "fail";
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** What DATA may be, for the help of a command. */
export const DATA_HELP =
  ".csv .tsv .json .ndjson (also .gz), .parquet, .arrow, - for CSV on standard input, or dataset:NAME";

/** Declares FORMULA, DATA and the options about them. */
export function addModelOptions(command: Command): Command {
  command
    .argument("<formula>", 'the model, as in "Reaction ~ Days + (Days | Subject)"')
    .argument("<data>", DATA_HELP);
  return addDataOptions(command);
}

/** Declares how DATA is read and seen through FORMULA. */
export function addDataOptions(command: Command): Command {
  return command
    .option("--schema <file>", "Frictionless Table Schema: types, levels and missing values of the columns")
    .option("--factor <columns>", "columns to take as factors: A,B", collectNames("--factor"))
    .option("--ordered <column=levels>", 'ordered factor: "size=s<m<l" (repeatable)', collectOrdered)
    .option(
      "--contrasts <column=name>",
      "treatment, sum, helmert, poly or sdif (repeatable)",
      collectContrasts,
    )
    .option("--weights <column>", "prior weights")
    .option("--offset <column>", "known part of the linear predictor")
    .option(
      "--na <action>",
      "rows with missing values: omit or fail",
      parseChoice("--na", ["omit", "fail"]),
      "omit",
    )
    .option("--json", "print one JSON object")
    .option("--quiet", "no notes, warnings or progress on standard error");
}

/** A table with the time it took to read. */
export interface TimedTable {
  readonly table: DataTable;
  readonly seconds: number;
}

/** Reads DATA as the options say. */
export async function readModelData(
  formula: string,
  data: string,
  options: ModelOptions,
  context: CommandContext,
): Promise<TimedTable> {
  if (!formula.includes("~") && data.includes("~")) {
    throw new CliError("usage", "swapped arguments: the formula comes first, then the data", "exchange them");
  }
  const { schema, factor = [], ordered = [] } = options;
  const start = context.io.now();
  const table = await readTable(
    data,
    { schema, factor, ordered, wanted: wantedColumns(formula, options) },
    context.io,
  );
  for (const column of Object.keys(options.contrasts ?? {})) {
    if (column in table.columns || formula.includes(column)) continue;
    throw new CliError(
      "unknown-column",
      `unknown column: ${JSON.stringify(column)} in --contrasts`,
      suggestName(column, Object.keys(table.columns), "columns"),
      column,
    );
  }
  if (options.quiet !== true) {
    for (const { column, message } of table.notes) {
      if (column === null || mentions(formula, column))
        context.io.stderr(`${label("note", context.io)} ${message}\n`);
    }
  }
  return { table, seconds: (context.io.now() - start) / 1000 };
}

/** What `@lmmkit/formula` wants to know. */
export function frameOptions(options: ModelOptions): {
  contrasts: Readonly<Record<string, string>>;
  naAction: "omit" | "fail";
  weights?: string;
  offset?: string;
} {
  const { contrasts = {}, na, weights, offset } = options;
  return {
    contrasts,
    naAction: na,
    ...(weights === undefined ? {} : { weights }),
    ...(offset === undefined ? {} : { offset }),
  };
}

/**
 * The columns whose names occur anywhere in the formula or the options: more than are used, never
 * fewer. A `.` in the formula stands for every column, and an escape may spell any name.
 */
function wantedColumns(formula: string, options: ModelOptions): Wanted {
  const { weights = "", offset = "", factor = [], ordered = [], contrasts = {} } = options;
  const expressions = [formula, weights, offset].join(" ");
  if (/(?:^|[^\p{L}\p{N}._])\.(?:$|[^\p{L}\p{N}._])/u.test(expressions) || expressions.includes("\\")) {
    return everyColumn;
  }
  const declared = new Set([...factor, ...ordered.map(({ column }) => column), ...Object.keys(contrasts)]);
  return (name) => expressions.includes(name) || declared.has(name);
}

/** Whether the name occurs in the formula as a whole word. */
function mentions(formula: string, name: string): boolean {
  for (let at = formula.indexOf(name); at >= 0; at = formula.indexOf(name, at + 1)) {
    const before = at === 0 ? " " : formula[at - 1];
    const after = formula[at + name.length] ?? " ";
    if (!/[\p{L}\p{N}._]/u.test(before) && !/[\p{L}\p{N}._]/u.test(after)) return true;
  }
  return false;
}
