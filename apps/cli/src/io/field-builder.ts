/** What a schema says about one column, put to work. */
import { CliError } from "../errors";
import {
  BooleanBuilder,
  CategoryBuilder,
  type ColumnBuilder,
  NumberBuilder,
  TextBuilder,
} from "./column-builders";
import type { SchemaField, TableSchema } from "./table-schema";

/** The builder for a declared column; null where the schema leaves the type open. */
export function fieldBuilder(field: SchemaField | undefined): ColumnBuilder | null {
  if (field === undefined) return null;
  if (field.categories !== null) return new CategoryBuilder(field.categories, field.categoriesOrdered);
  if (field.type === "any") return null;
  if (field.type === "boolean") return new BooleanBuilder();
  if (field.type === "string") return new TextBuilder();
  return new NumberBuilder(field.type === "integer");
}

/** The error for a value that the schema does not allow; `where` is `row 3 (line 4)`. */
export function invalidValueError(
  sourceName: string,
  schema: TableSchema,
  field: SchemaField,
  text: string,
  where: string,
): CliError {
  const shown = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
  const hint =
    text === "NA" && !schema.missingValues.includes("NA")
      ? `if "NA" means missing, add "missingValues": ["", "NA"] to ${schema.source}`
      : `${schema.source} says ${wanted(field)}`;
  return new CliError(
    "invalid-value",
    `invalid value: ${shown} in column ${JSON.stringify(field.name)}, ${where} of ${sourceName}`,
    hint,
    text,
  );
}

function wanted({ type, categories }: SchemaField): string {
  if (categories !== null)
    return `one of ${categories.slice(0, 8).join(", ")}${categories.length > 8 ? ", …" : ""}`;
  return {
    number: "a number",
    integer: "an integer",
    boolean: "true or false",
    string: "a text",
    any: "anything",
  }[type];
}

/** Refuses a schema that declares columns which the table does not have. */
export function checkSchemaNames(schema: TableSchema, names: readonly string[], sourceName: string): void {
  for (const name of schema.fields.keys()) {
    if (names.includes(name)) continue;
    throw new CliError(
      "invalid-schema",
      `unknown column: ${schema.source} declares ${JSON.stringify(name)}, which ${sourceName} does not have`,
      `its columns: ${names.slice(0, 12).join(", ")}${names.length > 12 ? ", …" : ""}`,
      name,
    );
  }
}
