/**
 * Frictionless Table Schema (specs.frictionlessdata.io/table-schema, version 1 with the
 * `categories` of version 2), as far as a model needs it.
 */
import { CliError } from "../errors";
import { suggestName } from "../nearest";

/** What values a column has; the type of an `any` column is found from its values. */
export type FieldType = "number" | "integer" | "boolean" | "string" | "any";

/** One declared column. */
export interface SchemaField {
  readonly name: string;
  readonly type: FieldType;
  /** Levels in order, or null when the column is not declared categorical. */
  readonly categories: readonly string[] | null;
  readonly categoriesOrdered: boolean;
}

/** A validated schema. */
export interface TableSchema {
  /** Where it came from, for messages. */
  readonly source: string;
  readonly fields: ReadonlyMap<string, SchemaField>;
  /** Texts that stand for a missing value. */
  readonly missingValues: readonly string[];
}

/** Every type of the specification; those that no model can use as they are count as text. */
const TYPES: Readonly<Record<string, FieldType>> = {
  number: "number",
  integer: "integer",
  year: "integer",
  boolean: "boolean",
  string: "string",
  any: "any",
  date: "string",
  time: "string",
  datetime: "string",
  yearmonth: "string",
  duration: "string",
  list: "string",
  array: "string",
  object: "string",
  geopoint: "string",
  geojson: "string",
};

/**
 * Reads a schema from JSON text; every fault is a `CliError` that names the field.
 *
 * `categories` may be texts, numbers, or `{ value, label }` objects. A field without a type is `any`.
 */
export function parseTableSchema(text: string, source: string): TableSchema {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw invalid(source, `not JSON (${(error as Error).message})`);
  }
  if (!isRecord(json) || !Array.isArray(json.fields)) {
    throw invalid(
      source,
      "no list of fields",
      'a schema looks like {"fields": [{"name": "y", "type": "number"}]}',
    );
  }
  const fields = new Map<string, SchemaField>();
  for (const [position, field] of json.fields.entries()) {
    const parsed = parseField(field, position, source);
    if (fields.has(parsed.name))
      throw invalid(source, `field ${JSON.stringify(parsed.name)} is declared twice`);
    fields.set(parsed.name, parsed);
  }
  return { source, fields, missingValues: parseMissingValues(json.missingValues, source) };
}

function parseField(field: unknown, position: number, source: string): SchemaField {
  if (!isRecord(field) || typeof field.name !== "string" || field.name === "") {
    throw invalid(source, `field ${position + 1} has no name`);
  }
  const { name } = field;
  const where = `field ${JSON.stringify(name)}`;
  const categories = parseCategories(field.categories, where, source);
  const declared = field.type ?? "any";
  const known = Object.keys(TYPES);
  if (typeof declared !== "string" || !known.includes(declared)) {
    throw invalid(
      source,
      `${where} has the type ${JSON.stringify(declared)}`,
      suggestName(String(declared), known, "known types"),
    );
  }
  const type = TYPES[declared];
  if (type === "boolean" && categories !== null)
    throw invalid(source, `${where} is boolean and has categories`);
  return { name, type, categories, categoriesOrdered: field.categoriesOrdered === true };
}

function parseCategories(categories: unknown, where: string, source: string): readonly string[] | null {
  if (categories === undefined || categories === null) return null;
  if (!Array.isArray(categories)) throw invalid(source, `the categories of ${where} are not a list`);
  const levels = categories.map((category: unknown) => {
    const value = isRecord(category) ? category.value : category;
    if (typeof value === "string" || typeof value === "number") return String(value);
    throw invalid(source, `the categories of ${where} are not texts`);
  });
  const twice = levels.find((level, i) => levels.indexOf(level) !== i);
  if (twice !== undefined)
    throw invalid(source, `${where} lists the category ${JSON.stringify(twice)} twice`);
  return levels;
}

function parseMissingValues(values: unknown, source: string): readonly string[] {
  if (values === undefined) return [""];
  if (!Array.isArray(values)) throw invalid(source, "missingValues is not a list");
  return values.map((entry: unknown) => {
    const value = isRecord(entry) ? entry.value : entry;
    if (typeof value === "string") return value;
    throw invalid(source, "missingValues are not texts");
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(source: string, problem: string, hint = ""): CliError {
  return new CliError("invalid-schema", `invalid schema: ${source}: ${problem}`, hint);
}
