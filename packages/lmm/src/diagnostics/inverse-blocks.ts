import { analyze, CholeskyFactor, CholmodError } from "@lmmkit/cholmod-ts";
import type { CscMatrix } from "@lmmkit/sparse";
import type { Design } from "../design/design";
import { LmmError } from "../errors";
import type { PlsWorkspace } from "../pls/workspace";
import type { CrossProducts } from "../products/cross-products";

/** Numbers that the factor and its inverse on a widened pattern may take up (1.6 GB together). */
const MOST_NUMBERS = 1e8;
/** Operations of a factorization on a widened pattern (about a minute). */
const MOST_FLOPS = 1e11;

/** Which blocks of W = (Λ'Z'ZΛ + I)⁻¹ are known: pairs of levels, numbered through all factors. */
interface BlockPattern {
  /** Node of level l of factor f: `firstNode[f] + l`. */
  readonly firstNode: Int32Array;
  /** Length nodes + 1: where the blocks below the diagonal of each node's columns begin. */
  readonly nodePtr: Int32Array;
  /** Nodes below, increasing. */
  readonly nodeRow: Int32Array;
  /** Rows of the column that lie above each block, counted from the end of the diagonal block. */
  readonly rowsAbove: Int32Array;
  /** Rows below the diagonal block of each node. */
  readonly height: Int32Array;
}

/**
 * Blocks of W = (Λ'Z'ZΛ + I)⁻¹ for pairs of levels: all pairs that meet in a row of the data, and others that
 * were asked for.
 */
export class InverseBlocks {
  private readonly design: Design;
  private readonly pattern: BlockPattern;
  private readonly colPtr: Int32Array;
  private readonly values: Float64Array;

  constructor(design: Design, pattern: BlockPattern, colPtr: Int32Array, values: Float64Array) {
    this.design = design;
    this.pattern = pattern;
    this.colPtr = colPtr;
    this.values = values;
  }

  /**
   * x'W_{ab}y for two levels, with x and y of K_a and K_b numbers inside larger arrays.
   *
   * Cost: K_a K_b, and a binary search.
   */
  form(
    f: number,
    level: number,
    x: Float64Array,
    xOffset: number,
    g: number,
    other: number,
    y: Float64Array,
    yOffset: number,
  ): number {
    const { firstNode } = this.pattern;
    const one = firstNode[f] + level;
    const two = firstNode[g] + other;
    if (one === two) return this.diagonalForm(f, level, x, xOffset, y, yOffset);
    return one > two
      ? this.belowForm(f, one, x, xOffset, g, other, two, y, yOffset)
      : this.belowForm(g, two, y, yOffset, f, level, one, x, xOffset);
  }

  /**
   * Writes W_{ab} of two levels, K_a×K_b, into a larger column-major matrix.
   *
   * @param outMatrix `nrows` rows; the block's first entry is at `offset`
   */
  blockInto(
    f: number,
    level: number,
    g: number,
    other: number,
    outMatrix: Float64Array,
    offset: number,
    nrows: number,
  ): void {
    const { firstNode, nodePtr, nodeRow, rowsAbove } = this.pattern;
    const one = firstNode[f] + level;
    const two = firstNode[g] + other;
    const { ncols: kOne } = this.design.factors[f];
    const { ncols: kTwo } = this.design.factors[g];
    const lower = one > two;
    const [col, colLevel] = lower ? [g, other] : [f, level];
    const { start, ncols: k } = this.design.factors[col];
    const node = Math.min(one, two);
    const above =
      one === two ? 0 : rowsAbove[find(nodeRow, nodePtr[node], nodePtr[node + 1], Math.max(one, two))];
    for (let c = 0; c < k; c++) {
      const at = this.colPtr[start + colLevel * k + c];
      if (one === two) {
        for (let a = c; a < k; a++) {
          outMatrix[offset + c * nrows + a] = this.values[at + a - c];
          outMatrix[offset + a * nrows + c] = this.values[at + a - c];
        }
      } else if (lower) {
        for (let a = 0; a < kOne; a++)
          outMatrix[offset + c * nrows + a] = this.values[at + k - c + above + a];
      } else {
        for (let a = 0; a < kTwo; a++)
          outMatrix[offset + a * nrows + c] = this.values[at + k - c + above + a];
      }
    }
  }

  private diagonalForm(
    f: number,
    level: number,
    x: Float64Array,
    xOffset: number,
    y: Float64Array,
    yOffset: number,
  ): number {
    const { start, ncols: k } = this.design.factors[f];
    const { colPtr, values } = this;
    let sum = 0;
    for (let c = 0; c < k; c++) {
      const at = colPtr[start + level * k + c];
      sum += x[xOffset + c] * values[at] * y[yOffset + c];
      for (let a = c + 1; a < k; a++) {
        sum += values[at + a - c] * (x[xOffset + a] * y[yOffset + c] + x[xOffset + c] * y[yOffset + a]);
      }
    }
    return sum;
  }

  private belowForm(
    rowFactor: number,
    rowNode: number,
    x: Float64Array,
    xOffset: number,
    colFactor: number,
    colLevel: number,
    colNode: number,
    y: Float64Array,
    yOffset: number,
  ): number {
    const { nodePtr, nodeRow, rowsAbove } = this.pattern;
    const { start, ncols: k } = this.design.factors[colFactor];
    const kRow = this.design.factors[rowFactor].ncols;
    const b = find(nodeRow, nodePtr[colNode], nodePtr[colNode + 1], rowNode);
    let sum = 0;
    for (let c = 0; c < k; c++) {
      const at = this.colPtr[start + colLevel * k + c] + (k - c) + rowsAbove[b];
      let part = 0;
      for (let a = 0; a < kRow; a++) part += x[xOffset + a] * this.values[at + a];
      sum += part * y[yOffset + c];
    }
    return sum;
  }
}

/** Position of `value` in an increasing part of an array; it is there by construction. */
function find(values: Int32Array, from: number, to: number, value: number): number {
  let low = from;
  let high = to - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Pairs of nodes to be known besides those that meet: (one, other) one after the other. */
export interface ExtraPairs {
  readonly count: number;
  /** Larger node of each pair. */
  readonly rows: Int32Array;
  /** Smaller node of each pair. */
  readonly cols: Int32Array;
}

/** Collects pairs of levels, numbered through all factors. */
export class PairCollector {
  readonly firstNode: Int32Array;
  private rows = new Int32Array(1024);
  private cols = new Int32Array(1024);
  private count = 0;

  constructor(design: Design) {
    this.firstNode = firstNodes(design);
  }

  /** Every pair among these nodes. */
  addClique(nodes: ArrayLike<number>): void {
    for (let i = 0; i < nodes.length; i++) {
      for (let j = 0; j < i; j++) this.add(nodes[i], nodes[j]);
    }
  }

  /** One pair, in any order. */
  add(one: number, other: number): void {
    if (one === other) return;
    if (this.count === this.rows.length) {
      if (this.count >= MOST_NUMBERS / 4) throw tooLarge(this.count);
      this.rows = grown(this.rows);
      this.cols = grown(this.cols);
    }
    this.rows[this.count] = Math.max(one, other);
    this.cols[this.count++] = Math.min(one, other);
  }

  get pairs(): ExtraPairs {
    return { count: this.count, rows: this.rows, cols: this.cols };
  }
}

function grown(values: Int32Array): Int32Array<ArrayBuffer> {
  const out = new Int32Array(values.length * 2);
  out.set(values);
  return out;
}

function firstNodes({ factors }: Design): Int32Array {
  const first = new Int32Array(factors.length + 1);
  factors.forEach(({ levels }, f) => {
    first[f + 1] = first[f] + levels.length;
  });
  return first;
}

/**
 * The blocks of W at the workspace's last θ, for all pairs of levels that meet in the data and those asked for.
 *
 * Where every pair asked for meets in the data, this is the inverse subset of the factor at hand (Takahashi,
 * Fagan & Chin 1973; Erisman & Tinney 1975). Otherwise the same matrix is factorized once more on a pattern that
 * has room for the others: entries of an inverse subset are exact wherever the pattern has them.
 *
 * @throws LmmError `too-large` when the widened factor would not fit, or take minutes
 */
export function inverseBlocks(workspace: PlsWorkspace, extra?: ExtraPairs): InverseBlocks {
  const { design, products, system } = workspace;
  const { pattern, added } = blockPattern(design, products, extra);
  if (!added) {
    return new InverseBlocks(design, pattern, system.colPtr, workspace.inverseOnSystem().slice());
  }
  const wide = widened(design, pattern, system);
  const { factor, values } = factorized(design, wide);
  factor.inverseEntriesInto(values);
  return new InverseBlocks(design, pattern, wide.colPtr, values);
}

/** About how many operations `inverseBlocks` takes, and the numbers it holds; nothing numeric is done. */
export function inverseBlocksWork(
  { design, products, system }: PlsWorkspace,
  extra: ExtraPairs,
): { flops: number; numbers: number } {
  const { pattern } = blockPattern(design, products, extra);
  const entries = countEntries(design, pattern);
  if (entries > MOST_NUMBERS) return { flops: Number.POSITIVE_INFINITY, numbers: entries };
  const symbolic = symbolicOf(design, widened(design, pattern, system));
  return { flops: 3 * symbolic.flops, numbers: 2 * symbolic.valueCount + entries };
}

function symbolicOf({ q, factors }: Design, matrix: CscMatrix) {
  const blocks = new Int32Array(q);
  let block = 0;
  for (const { start, ncols, levels } of factors) {
    for (let l = 0; l < levels.length; l++) {
      blocks.fill(block++, start + l * ncols, start + (l + 1) * ncols);
    }
  }
  return analyze(matrix, { ordering: "amd", uplo: "lower", blocks });
}

function factorized(design: Design, matrix: CscMatrix): { factor: CholeskyFactor; values: Float64Array } {
  try {
    const symbolic = symbolicOf(design, matrix);
    const numbers = 2 * symbolic.valueCount + 2 * matrix.rowIdx.length;
    if (numbers > MOST_NUMBERS * 2 || symbolic.flops > MOST_FLOPS) throw tooLarge(numbers);
    const factor = new CholeskyFactor(symbolic);
    factor.update(matrix, { beta: 1 });
    return { factor, values: new Float64Array(matrix.rowIdx.length) };
  } catch (error) {
    if (error instanceof CholmodError && error.code === "too-many-entries") throw tooLarge(2 ** 31);
    if (error instanceof RangeError) throw tooLarge(null);
    throw error;
  }
}

function tooLarge(numbers: number | null): LmmError {
  const size =
    numbers === null ? "more memory than there is" : `${Math.ceil((8 * numbers) / 2 ** 20)} MB or more`;
  return new LmmError(
    "too-large",
    `too large question: the variances of so many pairs of levels need ${size}`,
    numbers,
    "ask for fewer rows or groups at a time",
  );
}

/** The pattern by nodes: pairs that meet, and the extra ones. */
function blockPattern(
  design: Design,
  products: CrossProducts,
  extra: ExtraPairs | undefined,
): { pattern: BlockPattern; added: boolean } {
  const firstNode = firstNodes(design);
  const nnodes = firstNode[design.factors.length];
  const counts = new Int32Array(nnodes + 1);
  for (const { rowFactor, colFactor, colPtr } of products.ztz) {
    if (rowFactor === colFactor) continue;
    for (let l = 0; l + 1 < colPtr.length; l++)
      counts[firstNode[colFactor] + l + 1] += colPtr[l + 1] - colPtr[l];
  }
  for (let i = 0; extra !== undefined && i < extra.count; i++) counts[extra.cols[i] + 1]++;
  for (let j = 0; j < nnodes; j++) counts[j + 1] += counts[j];
  const rows = new Int32Array(counts[nnodes]);
  const next = counts.slice(0, nnodes);
  for (const { rowFactor, colFactor, colPtr, rowIdx } of products.ztz) {
    if (rowFactor === colFactor) continue;
    for (let l = 0; l + 1 < colPtr.length; l++) {
      for (let b = colPtr[l]; b < colPtr[l + 1]; b++) {
        rows[next[firstNode[colFactor] + l]++] = firstNode[rowFactor] + rowIdx[b];
      }
    }
  }
  const met = rows.length - (extra?.count ?? 0);
  for (let i = 0; extra !== undefined && i < extra.count; i++) rows[next[extra.cols[i]]++] = extra.rows[i];
  const nodePtr = new Int32Array(nnodes + 1);
  let kept = 0;
  for (let j = 0; j < nnodes; j++) {
    const own = rows.subarray(counts[j], counts[j + 1]);
    if (extra !== undefined) own.sort();
    let last = -1;
    for (const row of own) {
      if (row === last) continue;
      last = row;
      rows[kept++] = row;
    }
    nodePtr[j + 1] = kept;
  }
  const nodeRow = rows.slice(0, kept);
  const { rowsAbove, height } = heights(design, firstNode, nodePtr, nodeRow);
  return { pattern: { firstNode, nodePtr, nodeRow, rowsAbove, height }, added: kept > met };
}

function heights(
  { factors }: Design,
  firstNode: Int32Array,
  nodePtr: Int32Array,
  nodeRow: Int32Array,
): { rowsAbove: Int32Array; height: Int32Array } {
  const nnodes = nodePtr.length - 1;
  const width = new Int32Array(nnodes);
  factors.forEach(({ ncols }, f) => {
    width.fill(ncols, firstNode[f], firstNode[f + 1]);
  });
  const rowsAbove = new Int32Array(nodeRow.length);
  const height = new Int32Array(nnodes);
  for (let j = 0; j < nnodes; j++) {
    let above = 0;
    for (let b = nodePtr[j]; b < nodePtr[j + 1]; b++) {
      rowsAbove[b] = above;
      above += width[nodeRow[b]];
    }
    height[j] = above;
  }
  return { rowsAbove, height };
}

function countEntries({ factors }: Design, { firstNode, height }: BlockPattern): number {
  let entries = 0;
  factors.forEach(({ levels, ncols: k }, f) => {
    for (let l = 0; l < levels.length; l++) entries += (k * (k + 1)) / 2 + k * height[firstNode[f] + l];
  });
  return entries;
}

/** Λ'Z'ZΛ on the wider pattern: the system's entries in their places, zeros elsewhere. */
function widened(design: Design, pattern: BlockPattern, system: CscMatrix): CscMatrix {
  const { factors, q } = design;
  const { firstNode, nodePtr, nodeRow, height } = pattern;
  const entries = countEntries(design, pattern);
  if (entries > MOST_NUMBERS) throw tooLarge(entries);
  const colPtr = new Int32Array(q + 1);
  const startOf = new Int32Array(firstNode[factors.length] + 1);
  factors.forEach(({ levels, ncols: k, start }, f) => {
    for (let l = 0; l < levels.length; l++) {
      startOf[firstNode[f] + l] = start + l * k;
      for (let c = 0; c < k; c++) colPtr[start + l * k + c + 1] = k - c + height[firstNode[f] + l];
    }
  });
  startOf[firstNode[factors.length]] = q;
  for (let j = 0; j < q; j++) colPtr[j + 1] += colPtr[j];
  const rowIdx = new Int32Array(entries);
  const values = new Float64Array(entries);
  factors.forEach(({ levels, ncols: k, start }, f) => {
    for (let l = 0; l < levels.length; l++) {
      const node = firstNode[f] + l;
      for (let c = 0; c < k; c++) {
        const column = start + l * k + c;
        let at = colPtr[column];
        for (let i = c; i < k; i++) rowIdx[at++] = start + l * k + i;
        for (let b = nodePtr[node]; b < nodePtr[node + 1]; b++) {
          for (let row = startOf[nodeRow[b]]; row < startOf[nodeRow[b] + 1]; row++) rowIdx[at++] = row;
        }
        // Both columns increase, and every entry of the system is somewhere in the wider one.
        let to = colPtr[column];
        for (let from = system.colPtr[column]; from < system.colPtr[column + 1]; from++) {
          while (rowIdx[to] !== system.rowIdx[from]) to++;
          values[to] = system.values[from];
        }
      }
    }
  });
  return { nrows: q, ncols: q, colPtr, rowIdx, values };
}
