import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { DataFiles } from "./data-files";

/** A column as `@lmmkit/formula` takes it. */
export type TestColumn =
  | Float64Array
  | readonly (string | null)[]
  | {
      readonly kind: "factor";
      readonly levels: readonly string[];
      readonly codes: Int32Array;
      readonly ordered: boolean;
    };

interface Field {
  readonly name: string;
  readonly type: string;
  readonly categories?: readonly string[];
  readonly categoriesOrdered?: boolean;
}

/**
 * Reads a fixture without any code under test. The fixtures have no quoted fields, and an empty
 * field is a missing value.
 */
export function readTable(files: DataFiles): Record<string, TestColumn> {
  const bytes = readFileSync(files.csv);
  const text = (files.csv.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  const [header, ...lines] = text.trimEnd().split(/\r?\n/);
  const names = header.split(",");
  const rows = lines.map((line) => line.split(","));
  const { fields } = JSON.parse(readFileSync(files.schema, "utf8")) as { fields: Field[] };
  const table: Record<string, TestColumn> = {};
  for (const field of fields) {
    const at = names.indexOf(field.name);
    if (at < 0) throw new Error(`no column "${field.name}" in ${files.csv}`);
    table[field.name] = readColumn(
      rows.map((row) => row[at]),
      field,
    );
  }
  return table;
}

function readColumn(texts: readonly string[], field: Field): TestColumn {
  if (field.categories !== undefined) {
    const codeOf = new Map(field.categories.map((level, code) => [level, code]));
    const codes = Int32Array.from(texts, (text) => (text === "" ? -1 : (codeOf.get(text) ?? Number.NaN)));
    return { kind: "factor", levels: field.categories, codes, ordered: field.categoriesOrdered === true };
  }
  if (field.type === "string") return texts.map((text) => (text === "" ? null : text));
  return Float64Array.from(texts, (text) => (text === "" ? Number.NaN : Number(text)));
}
