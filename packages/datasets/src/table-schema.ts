import type { ColumnInfo, Dataset } from "./dataset";

/** One field of a Frictionless Table Schema. */
export interface TableSchemaField {
  readonly name: string;
  readonly type: "number" | "integer" | "string";
  readonly description: string;
  readonly unit?: string;
  /** A factor's levels, in order. */
  readonly categories?: readonly string[];
  /** True for an ordered factor; absent otherwise. */
  readonly categoriesOrdered?: true;
}

/** A Frictionless Table Schema, with the source of the data beside it. */
export interface TableSchema {
  readonly fields: readonly TableSchemaField[];
  readonly missingValues: readonly string[];
  readonly source: string;
}

/**
 * The Frictionless Table Schema of what `toCsv` writes: column types, and for factors the levels
 * and whether they are ordered, which a CSV file alone cannot say.
 *
 * Source: Frictionless Data, Table Schema, https://datapackage.org/standard/table-schema/ (fields
 * `type`, `categories`, `categoriesOrdered`, `missingValues`).
 */
export function tableSchema(dataset: Dataset): TableSchema {
  return {
    fields: dataset.columns.map((column) => schemaField(dataset, column)),
    missingValues: [""],
    source: dataset.source,
  };
}

function schemaField(dataset: Dataset, info: ColumnInfo): TableSchemaField {
  const { name, description } = info;
  const unit = info.unit === undefined ? {} : { unit: info.unit };
  const column = dataset.table[name];
  if (column instanceof Float64Array) {
    return { name, type: info.kind === "integer" ? "integer" : "number", description, ...unit };
  }
  const field = { name, type: "string", description, categories: column.levels } as const;
  return column.ordered ? { ...field, categoriesOrdered: true } : field;
}
