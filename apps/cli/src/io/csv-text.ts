/** A table as CSV text. */
import Papa from "papaparse";
import type { DataColumn } from "./data-table";

/** Column by name, in order; every one has as many rows. */
export type CsvColumns = readonly (readonly [name: string, column: DataColumn])[];

/** The columns with a line of names; missing values are empty. */
export function csvText(columns: CsvColumns, nrows: number): string {
  const cells = columns.map(([, column]) => cellWriter(column));
  const data = Array.from({ length: nrows }, (_, i) => cells.map((cell) => cell(i)));
  return `${Papa.unparse({ fields: columns.map(([name]) => name), data }, { newline: "\n" })}\n`;
}

function cellWriter(column: DataColumn): (row: number) => string {
  if (column instanceof Float64Array) return (i) => numberText(column[i]);
  if ("kind" in column) return (i) => (column.codes[i] < 0 ? "" : column.levels[column.codes[i]]);
  return (i) => {
    const value = column[i];
    if (value === null) return "";
    return value instanceof Date ? value.toISOString() : String(value);
  };
}

/** A number with all its digits, nothing for a missing one. */
function numberText(value: number): string {
  if (Number.isNaN(value)) return "";
  return Number.isFinite(value) ? String(value) : value > 0 ? "Inf" : "-Inf";
}
