import { FormulaError } from "../syntax/formula-error";
import { type ArrowTableLike, arrowColumn } from "./arrow";
import { type Column, columnLength, type FactorColumn } from "./column";
import { factorColumn } from "./factor-column";

type Cell = number | string | boolean | bigint | Date | null | undefined;

/** What a plain object may hold under a column's name. */
export type ColumnLike =
  | ArrayLike<Cell>
  | Float64Array
  | Float32Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Column;

/** An Arquero table, by shape. */
export interface ArqueroTableLike {
  columnNames(): readonly string[];
  array(name: string): ArrayLike<unknown>;
}

/** What `modelFrame` takes as a table. */
export type TableLike =
  | Readonly<Record<string, ColumnLike>>
  | ReadonlyArray<Readonly<Record<string, Cell>>>
  | ArrowTableLike
  | ArqueroTableLike;

/** A table as the rest of this package sees it: named columns of one length, read when asked for. */
export interface TableView {
  readonly nrows: number;
  readonly names: readonly string[];
  /** The column, or null when there is none of that name. Read once, then kept. */
  column(name: string): Column | null;
}

/**
 * Sees any of the accepted shapes as named columns; nothing is copied that is already
 * a `Float64Array` or a `FactorColumn`.
 * Throws `FormulaError`: invalid-table, invalid-column, duplicate-column, unequal-lengths.
 */
export function openTable(table: TableLike): TableView {
  if (table === null || typeof table !== "object") {
    throw new FormulaError("invalid-table", `invalid table: ${table === null ? "null" : typeof table}`, {
      value: table,
      hint: "give an object of columns, an array of records, or an Arrow or Arquero table",
    });
  }
  if (Array.isArray(table)) return openRecords(table);
  if (isArrow(table)) return openArrow(table);
  if (isArquero(table)) {
    return view(table.columnNames(), (name) => table.array(name) as ColumnLike);
  }
  const columns = table as Readonly<Record<string, ColumnLike>>;
  return view(Object.keys(columns), (name) => columns[name]);
}

function view(names: readonly string[], read: (name: string) => ColumnLike): TableView {
  const seen = new Set<string>();
  for (const name of names) {
    if (name === "") {
      throw new FormulaError("invalid-column", 'empty column name: ""', {
        value: "",
        hint: "give every column a name",
      });
    }
    if (seen.has(name)) {
      throw new FormulaError("duplicate-column", `duplicated column name: ${JSON.stringify(name)}`, {
        value: name,
        hint: "column names must differ",
      });
    }
    seen.add(name);
  }
  const raw = new Map<string, ColumnLike>();
  let nrows = 0;
  names.forEach((name, k) => {
    const column = read(name);
    const length = lengthOf(column, name);
    if (k === 0) nrows = length;
    else if (length !== nrows) {
      throw new FormulaError(
        "unequal-lengths",
        `unequal column lengths: ${JSON.stringify(name)} has ${length}`,
        {
          value: length,
          hint: `${JSON.stringify(names[0])} has ${nrows}`,
        },
      );
    }
    raw.set(name, column);
  });
  const cache = new Map<string, Column>();
  return {
    nrows,
    names,
    column(name) {
      const known = cache.get(name);
      if (known !== undefined) return known;
      const column = raw.get(name);
      if (column === undefined) return null;
      const made = toColumn(column, name);
      cache.set(name, made);
      return made;
    },
  };
}

function lengthOf(column: ColumnLike, name: string): number {
  if (isColumn(column)) return columnLength(column);
  if (column !== null && typeof column === "object" && typeof column.length === "number")
    return column.length;
  throw new FormulaError("invalid-column", `invalid column: ${JSON.stringify(name)} is not an array`, {
    value: name,
    hint: "a column is an array, a typed array or a factor column",
  });
}

function isColumn(column: unknown): column is Column {
  return column !== null &&
    typeof column === "object" &&
    !ArrayBuffer.isView(column) &&
    !Array.isArray(column)
    ? ["factor", "numeric", "logical"].includes((column as { kind?: unknown }).kind as string)
    : false;
}

function toColumn(column: ColumnLike, name: string): Column {
  if (isColumn(column)) return column.kind === "factor" ? checkFactor(column, name) : column;
  if (column instanceof Float64Array) return { kind: "numeric", values: column };
  if (column instanceof BigInt64Array || column instanceof BigUint64Array) return bigIntColumn(column, name);
  if (ArrayBuffer.isView(column)) {
    return { kind: "numeric", values: Float64Array.from(column as unknown as ArrayLike<number>) };
  }
  return inferColumn(column as ArrayLike<Cell>, name);
}

function checkFactor(column: FactorColumn, name: string): FactorColumn {
  const { levels, codes } = column;
  if (new Set(levels).size !== levels.length) {
    throw new FormulaError("invalid-column", `duplicated levels: in factor ${JSON.stringify(name)}`, {
      value: name,
    });
  }
  const top = levels.length;
  for (let i = 0; i < codes.length; i++) {
    if (codes[i] < -1 || codes[i] >= top) {
      throw new FormulaError(
        "invalid-column",
        `invalid code: ${codes[i]} in row ${i + 1} of factor ${JSON.stringify(name)}`,
        { value: codes[i], hint: `codes are −1 or 0 to ${top - 1}` },
      );
    }
  }
  return column;
}

/** The kind of a plain array is that of its first value that is not missing; the others must agree. */
function inferColumn(values: ArrayLike<Cell>, name: string): Column {
  const n = values.length;
  let first: Cell;
  for (let i = 0; i < n; i++) {
    const v = values[i];
    if (v === null || v === undefined || (typeof v === "number" && Number.isNaN(v))) continue;
    first = v;
    break;
  }
  switch (typeof first) {
    case "undefined":
    case "number":
      return { kind: "numeric", values: readNumbers(values, name, "number", (v) => v as number) };
    case "boolean":
      return { kind: "logical", values: readNumbers(values, name, "boolean", (v) => (v ? 1 : 0)) };
    case "string":
      for (let i = 0; i < n; i++) checkKind(values[i], "string", name, i);
      return factorColumn(values as ArrayLike<string | null | undefined>);
    case "bigint":
      for (let i = 0; i < n; i++) checkKind(values[i], "bigint", name, i);
      return bigIntColumn(values as ArrayLike<bigint | null | undefined>, name);
    default:
      if (first instanceof Date) {
        return {
          kind: "numeric",
          values: readNumbers(values, name, "date", (v) => (v as Date).getTime() / 86_400_000),
        };
      }
      throw mixed(first, "number or text", name, 0);
  }
}

type CellKind = "number" | "boolean" | "string" | "bigint" | "date";

function readNumbers(
  values: ArrayLike<Cell>,
  name: string,
  kind: CellKind,
  convert: (v: Cell) => number,
): Float64Array {
  const out = new Float64Array(values.length);
  for (let i = 0; i < out.length; i++) {
    const v = values[i];
    if (v === null || v === undefined) out[i] = Number.NaN;
    else {
      if (!checkKind(v, kind, name, i)) out[i] = Number.NaN;
      else out[i] = convert(v);
    }
  }
  return out;
}

/** True for a value of the kind, false for a missing one. */
function checkKind(v: Cell, kind: CellKind, name: string, row: number): boolean {
  if (v === null || v === undefined) return false;
  const actual = v instanceof Date ? "date" : typeof v;
  if (actual === kind) return true;
  if (typeof v === "number" && Number.isNaN(v)) return false;
  throw mixed(v, kind, name, row);
}

function mixed(v: unknown, kind: string, name: string, row: number): FormulaError {
  const shown = typeof v === "string" ? JSON.stringify(v) : typeof v === "object" ? "an object" : String(v);
  return new FormulaError(
    "invalid-column",
    `mixed column: ${JSON.stringify(name)} has ${shown} in row ${row + 1}`,
    {
      value: v,
      hint: `expected a ${kind}`,
    },
  );
}

/** Numbers where they are exact, else a factor with levels in numeric order. */
function bigIntColumn(values: ArrayLike<bigint | null | undefined>, name: string): Column {
  const limit = BigInt(Number.MAX_SAFE_INTEGER);
  let exact = true;
  for (let i = 0; i < values.length && exact; i++) {
    const v = values[i];
    if (v !== null && v !== undefined && (v > limit || v < -limit)) exact = false;
  }
  if (exact)
    return { kind: "numeric", values: readNumbers(values as ArrayLike<Cell>, name, "bigint", Number) };
  const distinct = new Set<bigint>();
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (v !== null && v !== undefined) distinct.add(v);
  }
  const levels = [...distinct].sort((a, b) => (a < b ? -1 : 1)).map(String);
  return factorColumn(
    Array.from(values, (v) => (v === null || v === undefined ? null : String(v))),
    { levels },
  );
}

function openRecords(records: ReadonlyArray<Readonly<Record<string, Cell>>>): TableView {
  const names = new Map<string, number>();
  records.forEach((record, i) => {
    if (record === null || typeof record !== "object") {
      throw new FormulaError("invalid-table", `invalid record: row ${i + 1} is not an object`, {
        value: record,
      });
    }
    for (const name of Object.keys(record)) if (!names.has(name)) names.set(name, names.size);
  });
  const result = view([...names.keys()], (name) => {
    const column = new Array<Cell>(records.length);
    for (let i = 0; i < records.length; i++)
      column[i] = Object.hasOwn(records[i], name) ? records[i][name] : null;
    return column;
  });
  return { ...result, nrows: records.length };
}

function isArrow(table: object): table is ArrowTableLike {
  const t = table as Partial<ArrowTableLike>;
  return typeof t.getChild === "function" && Array.isArray(t.schema?.fields);
}

function isArquero(table: object): table is ArqueroTableLike {
  const t = table as Partial<ArqueroTableLike>;
  return typeof t.columnNames === "function" && typeof t.array === "function";
}

function openArrow(table: ArrowTableLike): TableView {
  return view(
    table.schema.fields.map((field) => field.name),
    (name) => {
      const vector = table.getChild(name);
      if (!vector)
        throw new FormulaError("invalid-table", `missing child: ${JSON.stringify(name)}`, { value: name });
      return arrowColumn(vector);
    },
  );
}
