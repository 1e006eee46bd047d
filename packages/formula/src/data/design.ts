import { type ContrastSpec, contrastCoding, indicatorCoding, type LevelCoding } from "../schema/contrasts";
import { factorCodings } from "../schema/marginality";
import { atSpan, FormulaError } from "../syntax/formula-error";
import type { Span } from "../syntax/span";
import type { TermList } from "../terms/expand";
import type { Term } from "../terms/term";
import { combineCodes } from "./interaction-factor";
import type { ModelColumn, ModelMatrix } from "./model-frame";
import type { RowValue } from "./value";

/** A variable of a design, rows already selected and unused levels dropped. */
export interface DesignVariable {
  readonly text: string;
  readonly value: RowValue;
  /** How its levels are coded, for factors and logicals. */
  readonly contrasts: ContrastSpec;
  readonly span: Span | null;
}

/** More columns than this in one matrix are refused. */
export const MAX_COLUMNS = 5_000_000;
/** More numbers than this in products of numeric columns of one term are refused (8 GB). */
const MAX_ENTRIES = 1e9;

/**
 * Builds a model matrix from a term list and its variables' values (by position; null for those that
 * no term uses). `fullDummy` are the variables coded by indicators wherever they stand.
 *
 * Columns of factors are built from the rows that have each level: O(nonzeros), never dense unless
 * more than half of a column is not zero.
 */
export function buildModelMatrix(
  list: TermList,
  variables: readonly (DesignVariable | null)[],
  nrows: number,
  fullDummy: ReadonlySet<number> = new Set(),
): ModelMatrix {
  const isFactor = variables.map(
    (v) => v !== null && (v.value.kind === "factor" || v.value.kind === "logical"),
  );
  const codings = factorCodings(list.terms, list.intercept, isFactor);
  const names: string[] = [];
  const columns: ModelColumn[] = [];
  const assign: number[] = [];
  const contrasts: Record<string, string> = Object.create(null);
  if (list.intercept) {
    names.push("(Intercept)");
    columns.push({ kind: "constant", value: 1 });
    assign.push(0);
  }
  const ones = new SharedOnes(nrows);
  list.terms.forEach((term, t) => {
    if (t === list.responseTerm) return;
    const blocks = term.map((position, k) => {
      const variable = variables[position]!;
      const indicator = codings[t][k] === "indicator" || fullDummy.has(position);
      const block =
        variable.span === null
          ? blockOf(variable, indicator)
          : atSpan(variable.span, () => blockOf(variable, indicator));
      if (block.kind === "factor" && !indicator) contrasts[variable.text] = block.coding.name;
      return block;
    });
    const made = termColumns(blocks, nrows, ones);
    for (let j = 0; j < made.columns.length; j++) {
      names.push(made.names[j]);
      columns.push(made.columns[j]);
      assign.push(t + 1);
    }
  });
  return {
    nrows,
    names,
    columns,
    assign: Int32Array.from(assign),
    termLabels: list.labels,
    contrasts: { ...contrasts },
  };
}

type Block =
  | { readonly kind: "numbers"; readonly columns: readonly Float64Array[]; readonly names: readonly string[] }
  | {
      readonly kind: "factor";
      readonly codes: Int32Array;
      readonly coding: LevelCoding;
      readonly names: readonly string[];
    };

function blockOf(variable: DesignVariable, indicator: boolean): Block {
  const { value, text } = variable;
  switch (value.kind) {
    case "numeric":
      return { kind: "numbers", columns: [value.values], names: [text] };
    case "matrix": {
      const alone = value.columns.length === 1;
      const names = value.columns.map((_, j) => (alone ? text : `${text}${value.names?.[j] ?? j + 1}`));
      return { kind: "numbers", columns: value.columns, names };
    }
    case "logical":
    case "factor": {
      const codes = value.kind === "factor" ? value.codes : Int32Array.from(value.values);
      const levels = value.kind === "factor" ? value.levels : ["FALSE", "TRUE"];
      const coding = indicator ? indicatorCoding(levels) : contrastCoding(variable.contrasts, levels, text);
      return { kind: "factor", codes, coding, names: coding.suffixes.map((suffix) => text + suffix) };
    }
  }
}

/** The columns of one term: products over its blocks, the first block varying fastest. */
function termColumns(
  blocks: readonly Block[],
  nrows: number,
  ones: SharedOnes,
): { names: string[]; columns: ModelColumn[] } {
  const width = blocks.reduce((product, block) => product * block.names.length, 1);
  if (width > MAX_COLUMNS) {
    throw new FormulaError("too-many-terms", `too many columns: ${width} in one term`, { value: width });
  }
  const dense = blocks.reduce((product, b) => product * (b.kind === "numbers" ? b.names.length : 1), nrows);
  if (dense > MAX_ENTRIES) {
    throw new FormulaError("too-many-terms", `too many numbers: ${dense} in one term`, { value: dense });
  }
  // Strides of each block's column number within the term's.
  const strides: number[] = [];
  let stride = 1;
  for (const block of blocks) {
    strides.push(stride);
    stride *= block.names.length;
  }
  const names = new Array<string>(width);
  for (let c = 0; c < width; c++) {
    let name = "";
    blocks.forEach((block, k) => {
      const j = Math.floor(c / strides[k]) % block.names.length;
      name += k === 0 ? block.names[j] : `:${block.names[j]}`;
    });
    names[c] = name;
  }

  const factors = blocks.flatMap((block, k) =>
    block.kind === "factor" ? [{ block, stride: strides[k] }] : [],
  );
  const numbers = blocks.flatMap((block, k) =>
    block.kind === "numbers" ? [{ block, stride: strides[k] }] : [],
  );
  const coded =
    factors.length === 0 ? null : factors.map(({ block, stride: s }) => strided(block, s)).reduce(combine);
  const columns = new Array<ModelColumn>(width);
  for (const { offset, values } of numberProducts(numbers, nrows)) {
    if (coded === null) columns[offset] = { kind: "dense", values: values! };
    else fillCoded(coded, values, offset, columns, nrows, ones);
  }
  return { names, columns };
}

/** Every product of one column from each numeric block, with its column offset; null stands for ones. */
function numberProducts(
  numbers: readonly { block: Extract<Block, { kind: "numbers" }>; stride: number }[],
  nrows: number,
): { offset: number; values: Float64Array | null }[] {
  let products: { offset: number; values: Float64Array | null }[] = [{ offset: 0, values: null }];
  for (const { block, stride } of numbers) {
    const next: typeof products = [];
    for (const { offset, values } of products) {
      block.columns.forEach((column, j) => {
        let product = column;
        if (values !== null) {
          product = new Float64Array(nrows);
          for (let i = 0; i < nrows; i++) product[i] = values[i] * column[i];
        }
        next.push({ offset: offset + j * stride, values: product });
      });
    }
    products = next;
  }
  return products;
}

/** A factor (or a combination of several) whose levels have entries in columns of the term. */
interface CodedFactor {
  readonly codes: Int32Array;
  readonly nlevels: number;
  readonly ptr: Int32Array;
  /** Column offsets within the term. */
  readonly cols: Int32Array;
  readonly values: Float64Array;
  /** Every column offset that the factor spans, whether or not a level has an entry there. */
  readonly span: Int32Array;
}

function strided(block: Extract<Block, { kind: "factor" }>, stride: number): CodedFactor {
  const { ptr, cols, values, suffixes } = block.coding;
  return {
    codes: block.codes,
    nlevels: ptr.length - 1,
    ptr,
    cols: stride === 1 ? cols : cols.map((c) => c * stride),
    values,
    span: Int32Array.from({ length: suffixes.length }, (_, j) => j * stride),
  };
}

function combine(a: CodedFactor, b: CodedFactor): CodedFactor {
  const { codes, first, second } = combineCodes(a.codes, a.nlevels, b.codes, b.nlevels);
  const nlevels = first.length;
  const ptr = new Int32Array(nlevels + 1);
  for (let k = 0; k < nlevels; k++) {
    const na = a.ptr[first[k] + 1] - a.ptr[first[k]];
    const nb = b.ptr[second[k] + 1] - b.ptr[second[k]];
    ptr[k + 1] = ptr[k] + na * nb;
  }
  const cols = new Int32Array(ptr[nlevels]);
  const values = new Float64Array(ptr[nlevels]);
  let at = 0;
  for (let k = 0; k < nlevels; k++) {
    for (let q = b.ptr[second[k]]; q < b.ptr[second[k] + 1]; q++) {
      for (let p = a.ptr[first[k]]; p < a.ptr[first[k] + 1]; p++) {
        cols[at] = a.cols[p] + b.cols[q];
        values[at++] = a.values[p] * b.values[q];
      }
    }
  }
  const span = new Int32Array(a.span.length * b.span.length);
  let s = 0;
  for (const cb of b.span) for (const ca of a.span) span[s++] = ca + cb;
  return { codes, nlevels, ptr, cols, values, span };
}

/** Fills the columns of a coded factor times a numeric column: count, allocate, fill. */
function fillCoded(
  coded: CodedFactor,
  numbers: Float64Array | null,
  offset: number,
  columns: ModelColumn[],
  nrows: number,
  ones: SharedOnes,
): void {
  const { codes, nlevels, ptr, cols, values, span } = coded;
  // Rows of each level that are not zero.
  const rowsOfLevel = new Int32Array(nlevels);
  for (let i = 0; i < nrows; i++) {
    if (codes[i] >= 0 && (numbers === null || numbers[i] !== 0)) rowsOfLevel[codes[i]]++;
  }
  const top = span[span.length - 1] + 1;
  const count = new Int32Array(top);
  const allOnes = new Uint8Array(top).fill(numbers === null ? 1 : 0);
  for (let k = 0; k < nlevels; k++) {
    for (let p = ptr[k]; p < ptr[k + 1]; p++) {
      count[cols[p]] += rowsOfLevel[k];
      if (values[p] !== 1) allOnes[cols[p]] = 0;
    }
  }
  const rowsOf = new Array<Int32Array | null>(top).fill(null);
  const valuesOf = new Array<Float64Array | null>(top).fill(null);
  for (const c of span) {
    if (2 * count[c] > nrows) {
      valuesOf[c] = new Float64Array(nrows);
      columns[offset + c] = { kind: "dense", values: valuesOf[c] };
      continue;
    }
    rowsOf[c] = new Int32Array(count[c]);
    if (!allOnes[c]) valuesOf[c] = new Float64Array(count[c]);
    columns[offset + c] = { kind: "sparse", rows: rowsOf[c], values: valuesOf[c] ?? ones.take(count[c]) };
  }
  const next = new Int32Array(top);
  for (let i = 0; i < nrows; i++) {
    const x = numbers === null ? 1 : numbers[i];
    const level = codes[i];
    if (x === 0 || level < 0) continue;
    for (let p = ptr[level]; p < ptr[level + 1]; p++) {
      const c = cols[p];
      const rows = rowsOf[c];
      const out = valuesOf[c];
      if (rows === null) out![i] = values[p] * x;
      else {
        const at = next[c]++;
        rows[at] = i;
        if (out !== null) out[at] = values[p] * x;
      }
    }
  }
}

/** One array of ones that indicator columns share views of. */
class SharedOnes {
  private ones: Float64Array | null = null;
  constructor(private readonly nrows: number) {}
  take(count: number): Float64Array {
    if (this.ones === null || this.ones.length < count) {
      // A sparse column has at most half of the rows.
      this.ones = new Float64Array(Math.max(count, this.nrows >> 1)).fill(1);
    }
    return this.ones.subarray(0, count);
  }
}

/** The positions of the variables that some term uses. */
export function usedVariables(terms: readonly Term[]): Set<number> {
  const used = new Set<number>();
  for (const term of terms) for (const position of term) used.add(position);
  return used;
}
