/** What `--factor` and `--ordered` declare about columns. */
import { CliError } from "../errors";
import { suggestName } from "../nearest";
import { compareCodePoints } from "./code-point-order";
import { type DataColumn, type DataTable, emptyColumns, type FactorColumn } from "./data-table";
import { numberLabel } from "./number-label";

/** `size=s<m<l`: a column and its levels, smallest first. */
export interface OrderedDeclaration {
  readonly column: string;
  readonly levels: readonly string[];
}

/** The table with the named columns turned into factors; the table given is left alone. */
export function declareColumns(
  table: DataTable,
  factors: readonly string[],
  ordered: readonly OrderedDeclaration[],
): DataTable {
  if (factors.length === 0 && ordered.length === 0) return table;
  const columns = emptyColumns();
  for (const name of Object.keys(table.columns)) columns[name] = table.columns[name];
  for (const name of factors) columns[name] = asFactor(requireColumn(table, name, "--factor"));
  for (const { column, levels } of ordered) {
    columns[column] = withOrderedLevels(asFactor(requireColumn(table, column, "--ordered")), column, levels);
  }
  return { ...table, columns };
}

function requireColumn(table: DataTable, name: string, option: string): DataColumn {
  const column = table.columns[name];
  if (column === undefined) {
    throw new CliError(
      "unknown-column",
      `unknown column: ${JSON.stringify(name)} in ${option}`,
      suggestName(name, Object.keys(table.columns), "columns"),
      name,
    );
  }
  return column;
}

/** R's `factor()`: numbers in numeric order, FALSE before TRUE, texts as they are. */
export function asFactor(column: DataColumn): FactorColumn {
  if ("kind" in column) return column;
  const codes = new Int32Array(column.length).fill(-1);
  if (column instanceof Float64Array) {
    const distinct = Float64Array.from(new Set(column)).filter((value) => !Number.isNaN(value));
    distinct.sort();
    const codeOf = new Map<number, number>();
    for (const [code, value] of distinct.entries()) codeOf.set(value, code);
    for (let i = 0; i < column.length; i++) codes[i] = codeOf.get(column[i]) ?? -1;
    return { kind: "factor", levels: Array.from(distinct, numberLabel), codes, ordered: false };
  }
  const texts = Array.from(column as readonly (boolean | Date | null)[], (value) =>
    value === null ? null : value instanceof Date ? value.toISOString() : value ? "TRUE" : "FALSE",
  );
  const levels = [...new Set(texts)].filter((text) => text !== null).sort(compareCodePoints);
  const codeOf = new Map(levels.map((level, code) => [level, code]));
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i];
    if (text !== null) codes[i] = codeOf.get(text)!;
  }
  return { kind: "factor", levels, codes, ordered: false };
}

function withOrderedLevels(factor: FactorColumn, name: string, levels: readonly string[]): FactorColumn {
  const codeOf = new Map(levels.map((level, code) => [level, code]));
  const recode = factor.levels.map((level) => codeOf.get(level) ?? -1);
  const codes = Int32Array.from(factor.codes, (code) => {
    if (code < 0) return -1;
    if (recode[code] < 0) {
      throw new CliError(
        "invalid-value",
        `unknown level: ${JSON.stringify(factor.levels[code])} in column ${JSON.stringify(name)}`,
        `--ordered lists ${levels.join(" < ")}`,
        factor.levels[code],
      );
    }
    return recode[code];
  });
  return { kind: "factor", levels, codes, ordered: true };
}
