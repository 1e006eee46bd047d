export { type DatasetName, datasets } from "./catalogue";
export { toCsv } from "./csv";
export type { Column, ColumnInfo, Dataset, DatasetInfo, FactorColumn } from "./dataset";
export { loadDataset } from "./load-dataset";
export { type TableSchema, type TableSchemaField, tableSchema } from "./table-schema";
export { UnknownDatasetError } from "./unknown-dataset";
