import { numberText } from "../syntax/number-text";
import type { Column } from "./column";
import type { ColumnLike } from "./table";

/** A column of an Arrow table, by shape; what is optional is used where it is there. */
export interface ArrowVectorLike {
  readonly length: number;
  readonly nullCount?: number;
  readonly type?: unknown;
  /** The chunks (apache-arrow's Data, flechette's Batch). */
  readonly data?: unknown;
  get?(index: number): unknown;
  at?(index: number): unknown;
  toArray?(): unknown;
}

/** An Arrow table, by shape (apache-arrow, flechette). */
export interface ArrowTableLike {
  readonly schema: { readonly fields: ReadonlyArray<{ readonly name: string }> };
  getChild(name: string): ArrowVectorLike | null | undefined;
}

/** A chunk of a column: the values' buffer and which of them are there. */
interface Chunk {
  readonly length: number;
  readonly nullCount?: number;
  readonly values?: ArrayLike<number>;
  readonly dictionary?: ArrowVectorLike;
  isValid?(index: number): boolean;
  getValid?(index: number): boolean;
}

interface ArrowType {
  readonly typeId?: number;
  readonly ordered?: boolean;
  readonly isOrdered?: boolean;
  readonly precision?: number;
}

// Type ids of the Arrow format (Schema.fbs); dictionaries are −1 in both libraries.
const DICTIONARY = -1;
const INT = 2;
const FLOAT = 3;
const DATE = 8;
const TIMESTAMP = 10;
const MILLISECONDS_PER_DAY = 86_400_000;

/**
 * A column of an Arrow table: dictionaries become factors with the dictionary's order, without decoding;
 * numbers are taken from their buffers, dates and timestamps count days since 1970.
 */
export function arrowColumn(vector: ArrowVectorLike): ColumnLike {
  const type = (vector.type ?? {}) as ArrowType;
  const chunks = Array.isArray(vector.data) ? (vector.data as Chunk[]) : null;
  if (chunks !== null && type.typeId === DICTIONARY) {
    const factor = dictionaryFactor(chunks, vector.length, type.ordered ?? type.isOrdered ?? false);
    if (factor !== null) return factor;
  }
  if (chunks !== null && (type.typeId === INT || (type.typeId === FLOAT && type.precision !== 0))) {
    const numbers = bufferNumbers(chunks, vector.length);
    if (numbers !== null) return numbers;
  }
  const get = vector.get ? vector.get.bind(vector) : vector.at?.bind(vector);
  if (get === undefined) return (vector.toArray?.() ?? []) as ColumnLike;
  if (type.typeId === DATE || type.typeId === TIMESTAMP) {
    const days = new Float64Array(vector.length);
    for (let i = 0; i < days.length; i++) {
      const v = get(i);
      days[i] = v === null || v === undefined ? Number.NaN : Number(v) / MILLISECONDS_PER_DAY;
    }
    return days;
  }
  return Array.from({ length: vector.length }, (_, i) => get(i)) as ColumnLike;
}

function isThere(chunk: Chunk): (i: number) => boolean {
  if (chunk.nullCount === 0) return () => true;
  if (chunk.isValid) return (i) => chunk.isValid!(i);
  if (chunk.getValid) return (i) => chunk.getValid!(i);
  return () => true;
}

/** null when the chunks have no one dictionary of texts or numbers. */
function dictionaryFactor(chunks: readonly Chunk[], length: number, ordered: boolean): Column | null {
  const dictionary = chunks[0]?.dictionary;
  if (dictionary === undefined || chunks.some((chunk) => chunk.dictionary !== dictionary)) return null;
  const positions = new Map<string, number>();
  const levelOf = new Int32Array(dictionary.length);
  for (let k = 0; k < levelOf.length; k++) {
    const v = dictionary.get ? dictionary.get(k) : dictionary.at?.(k);
    if (v === null || v === undefined) {
      levelOf[k] = -1;
      continue;
    }
    const text = typeof v === "number" ? numberText(v) : String(v);
    if (!positions.has(text)) positions.set(text, positions.size);
    levelOf[k] = positions.get(text)!;
  }
  const codes = new Int32Array(length);
  let at = 0;
  for (const chunk of chunks) {
    const { values } = chunk;
    if (values === undefined) return null;
    const there = isThere(chunk);
    for (let i = 0; i < chunk.length; i++) codes[at++] = there(i) ? levelOf[Number(values[i])] : -1;
  }
  return { kind: "factor", levels: [...positions.keys()], codes, ordered };
}

/** The numbers of the chunks' buffers; null when they are not plain numbers. */
function bufferNumbers(chunks: readonly Chunk[], length: number): Float64Array | null {
  for (const { values, length: rows } of chunks) {
    const plain =
      ArrayBuffer.isView(values) && !(values instanceof BigInt64Array) && !(values instanceof BigUint64Array);
    if (!plain || values.length < rows) return null;
  }
  const [only] = chunks;
  if (
    chunks.length === 1 &&
    only.nullCount === 0 &&
    only.values instanceof Float64Array &&
    only.length === length
  ) {
    return only.values.length === length ? only.values : only.values.subarray(0, length);
  }
  const out = new Float64Array(length);
  let at = 0;
  for (const chunk of chunks) {
    const there = isThere(chunk);
    for (let i = 0; i < chunk.length; i++) out[at++] = there(i) ? chunk.values![i] : Number.NaN;
  }
  return out;
}
