import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { DataFiles } from "../../../tests/support/data-files";
import type { TestColumn } from "../../../tests/support/read-table";

/** Columns by name, as `lmm` takes them. */
export type Table = Readonly<Record<string, TestColumn>>;

const folder = fileURLToPath(new URL("../../.cache/", import.meta.url));

/** Writes a table as CSV with the schema beside it, for R to read; numbers in full precision. */
export function writeTable(name: string, table: Table): DataFiles {
  mkdirSync(folder, { recursive: true });
  const names = Object.keys(table);
  const cells = names.map((column) => texts(table[column]));
  const lines = [names.join(",")];
  for (let row = 0; row < cells[0].length; row++) lines.push(cells.map((column) => column[row]).join(","));
  const fields = names.map((column) => {
    const values = table[column];
    if ("kind" in values) {
      return { name: column, type: "string", categories: values.levels, categoriesOrdered: values.ordered };
    }
    return { name: column, type: values instanceof Float64Array ? "number" : "string" };
  });
  const files = { csv: `${folder}${name}.csv`, schema: `${folder}${name}.schema.json` };
  writeFileSync(files.csv, `${lines.join("\n")}\n`);
  writeFileSync(files.schema, JSON.stringify({ fields }));
  return files;
}

function texts(column: TestColumn): readonly string[] {
  if ("kind" in column) return Array.from(column.codes, (code) => (code < 0 ? "" : column.levels[code]));
  if (column instanceof Float64Array) return Array.from(column, String);
  return column.map((text) => text ?? "");
}

/** A factor with levels `prefix1`, `prefix2`, … from codes that start at 0. */
export function factorColumn(prefix: string, nlevels: number, codes: Int32Array): TestColumn {
  return {
    kind: "factor",
    levels: Array.from({ length: nlevels }, (_, level) => `${prefix}${level + 1}`),
    codes,
    ordered: false,
  };
}
