import {
  choleskyTrapezoidInPlace,
  choleskyWorkspace,
  DenseWorkspace,
  type PackingWorkspace,
  subtractProductInPlace,
} from "@lmmkit/dense";
import type { SupernodePartition } from "./symbolic";

/**
 * Work space of `factorizeSupernodalInPlace`, and the memory that the values live in.
 *
 * A large factor lives in the memory of the WebAssembly kernels of `@lmmkit/dense`, so that they work on it
 * where it is; for a small one that would cost more than it saves.
 */
export class SupernodalWorkspace {
  /** Place of each row within the supernode at hand. */
  readonly place: Int32Array;
  /** The first of the supernodes whose next rows lie in a given supernode, −1 for none. */
  readonly head: Int32Array;
  readonly next: Int32Array;
  /** Where each finished supernode stands: the position in `rows` of its next row. */
  readonly at: Int32Array;
  readonly update: Float64Array;
  /** Columns of several supernodes spread over the rows of the one at hand, to be subtracted together. */
  readonly panel: Float64Array;
  readonly packing: PackingWorkspace;
  /** How many times as fast dense products are as subtracting entry by entry. */
  readonly denseGain: number;
  private readonly memory: DenseWorkspace | null;

  /** @param flops of the numeric phase */
  constructor(n: number, partition: SupernodePartition, flops: number) {
    const { count, valuePtr, updateSize, maxRows } = partition;
    this.place = new Int32Array(n);
    this.head = new Int32Array(count);
    this.next = new Int32Array(count);
    this.at = new Int32Array(count);
    // L and its inverse subset, an update block and a panel for each, the largest block that the inverse
    // scales, and one with both triangles; what is reserved and never touched costs nothing.
    const panelSize = maxRows * panelDepth;
    const mirror = partition.maxCols ** 2;
    const capacity = 2 * (valuePtr[count] + updateSize + panelSize) + largestBelow(partition) + mirror + 128;
    this.memory = flops >= largeFactor ? new DenseWorkspace(capacity) : null;
    this.packing = this.memory ?? choleskyWorkspace(maxRows, maxRows);
    this.update = this.allocate(updateSize);
    this.panel = this.allocate(panelSize);
    this.denseGain = this.memory === null ? 4 : 16;
  }

  /** A new array of zeros in the memory that the dense kernels work on. */
  allocate(length: number): Float64Array {
    return this.memory === null ? new Float64Array(length) : this.memory.allocate(length);
  }
}

/** From this many flops on the factor lives in WebAssembly memory. */
const largeFactor = 5e4;

/** Entries of the largest block below the own columns of a supernode. */
export function largestBelow(partition: SupernodePartition): number {
  const { count, first, rowPtr } = partition;
  let largest = 0;
  for (let s = 0; s < count; s++) {
    const cols = first[s + 1] - first[s];
    largest = Math.max(largest, (rowPtr[s + 1] - rowPtr[s] - cols) * cols);
  }
  return largest;
}

/**
 * Most columns of the panel, and of a supernode that goes into it. Where many narrow supernodes have rows
 * nearly everywhere in a later one (crossed random effects), each alone would be subtracted entry by entry;
 * spread over all its rows, with zeros where they have none, many of them make one dense product.
 */
export const panelDepth = 64;
export const panelWidth = 16;
/** Smaller blocks are not worth it. */
export const panelArea = 4096;

/** Products of at most this many columns are subtracted entry by entry, without a dense block in between. */
const narrow = 4;

/**
 * L of P A P' = L L', supernode by supernode, in the place of the lower triangle of P A P'.
 *
 * Left-looking: from the block of a supernode the products of all finished supernodes that have rows among
 * its columns are subtracted, each as one dense product whose rows are then added where they belong; then
 * the block's own columns are factorized densely. Returns −1, or the first column whose pivot is not
 * positive. Allocates nothing.
 *
 * Source: Ng & Peyton (1993), SIAM J. Sci. Comput. 14(5), section 3.2 (left-looking block algorithm).
 *
 * @param values lower triangle of P A P' spread over the blocks, overwritten by L
 */
export function factorizeSupernodalInPlace(
  values: Float64Array,
  partition: SupernodePartition,
  work: SupernodalWorkspace,
): number {
  const { count, first, ofColumn, rowPtr, rows, valuePtr } = partition;
  const { place, head, next, at, packing } = work;
  head.fill(-1);
  for (let s = 0; s < count; s++) {
    const length = rowPtr[s + 1] - rowPtr[s];
    const cols = first[s + 1] - first[s];
    let d = head[s];
    if (d !== -1) for (let r = 0, p = rowPtr[s]; r < length; r++, p++) place[rows[p]] = r;
    let depth = 0;
    while (d !== -1) {
      const following = next[d];
      const p = at[d];
      const end = rowPtr[d + 1];
      let q = p + 1;
      while (q < end && rows[q] < first[s + 1]) q++;
      const width = first[d + 1] - first[d];
      const area = length * cols;
      if (width <= panelWidth && area >= panelArea && area < work.denseGain * (end - p) * (q - p)) {
        if (depth + width > panelDepth) {
          subtractPanel(values, valuePtr[s], length, cols, depth, work);
          depth = 0;
        }
        appendToPanel(values, partition, d, p, length, depth, work);
        depth += width;
      } else if (width <= narrow) subtractNarrow(values, partition, d, s, p, q, place);
      else subtractWide(values, partition, d, s, p, q, work);
      if (q < end) {
        const t = ofColumn[rows[q]];
        at[d] = q;
        next[d] = head[t];
        head[t] = d;
      }
      d = following;
    }
    if (depth > 0) subtractPanel(values, valuePtr[s], length, cols, depth, work);
    const failed = choleskyTrapezoidInPlace(values, valuePtr[s], length, length, cols, packing);
    if (failed !== -1) return first[s] + failed;
    if (cols < length) {
      const t = ofColumn[rows[rowPtr[s] + cols]];
      at[s] = rowPtr[s] + cols;
      next[s] = head[t];
      head[t] = s;
    }
  }
  return -1;
}

/** Puts the columns of d, from its row p on, behind the first `depth` columns of the panel; zeros elsewhere. */
function appendToPanel(
  values: Float64Array,
  partition: SupernodePartition,
  d: number,
  p: number,
  length: number,
  depth: number,
  work: SupernodalWorkspace,
): void {
  const { first, rowPtr, rows, valuePtr } = partition;
  const { panel, place } = work;
  const end = rowPtr[d + 1];
  const lengthD = end - rowPtr[d];
  const width = first[d + 1] - first[d];
  for (let k = 0; k < width; k++) {
    const column = (depth + k) * length;
    const from = valuePtr[d] - rowPtr[d] + k * lengthD;
    panel.fill(0, column, column + length);
    for (let r = p; r < end; r++) panel[column + place[rows[r]]] = values[from + r];
  }
}

/** Subtracts the product of the panel with itself from the block of a supernode. */
function subtractPanel(
  values: Float64Array,
  block: number,
  length: number,
  cols: number,
  depth: number,
  work: SupernodalWorkspace,
): void {
  const { panel, packing } = work;
  subtractProductInPlace(
    values,
    block,
    length,
    length,
    cols,
    depth,
    1,
    panel,
    0,
    1,
    length,
    panel,
    0,
    1,
    length,
    true,
    packing,
  );
}

/** Subtracts from supernode s the products of d's rows p … end with its rows p … q, entry by entry. */
function subtractNarrow(
  values: Float64Array,
  partition: SupernodePartition,
  d: number,
  s: number,
  p: number,
  q: number,
  place: Int32Array,
): void {
  const { first, rowPtr, rows, valuePtr } = partition;
  const end = rowPtr[d + 1];
  const lengthD = end - rowPtr[d];
  const lengthS = rowPtr[s + 1] - rowPtr[s];
  // Value of row p of d in column k: values[from + p + k * lengthD].
  const from = valuePtr[d] - rowPtr[d];
  const colsD = first[d + 1] - first[d];
  for (let c = p; c < q; c++) {
    const column = valuePtr[s] + (rows[c] - first[s]) * lengthS;
    for (let k = 0; k < colsD; k++) {
      const base = from + k * lengthD;
      const factor = values[base + c];
      if (factor === 0) continue;
      for (let r = c; r < end; r++) values[column + place[rows[r]]] -= values[base + r] * factor;
    }
  }
}

/** The same as one dense product, straight into s when its rows there lie side by side. */
function subtractWide(
  values: Float64Array,
  partition: SupernodePartition,
  d: number,
  s: number,
  p: number,
  q: number,
  work: SupernodalWorkspace,
): void {
  const { first, rowPtr, rows, valuePtr } = partition;
  const { place, update, packing } = work;
  const end = rowPtr[d + 1];
  const lengthD = end - rowPtr[d];
  const lengthS = rowPtr[s + 1] - rowPtr[s];
  const from = valuePtr[d] + p - rowPtr[d];
  const depth = first[d + 1] - first[d];
  const m = end - p;
  const k = q - p;
  const top = place[rows[p]];
  if (place[rows[end - 1]] - top === m - 1) {
    const corner = valuePtr[s] + (rows[p] - first[s]) * lengthS + top;
    subtractProductInPlace(
      values,
      corner,
      lengthS,
      m,
      k,
      depth,
      1,
      values,
      from,
      1,
      lengthD,
      values,
      from,
      1,
      lengthD,
      true,
      packing,
    );
    return;
  }
  update.fill(0, 0, m * k);
  subtractProductInPlace(
    update,
    0,
    m,
    m,
    k,
    depth,
    1,
    values,
    from,
    1,
    lengthD,
    values,
    from,
    1,
    lengthD,
    true,
    packing,
  );
  for (let c = 0; c < k; c++) {
    const column = valuePtr[s] + (rows[p + c] - first[s]) * lengthS;
    for (let r = c; r < m; r++) values[column + place[rows[p + r]]] += update[r + c * m];
  }
}

/**
 * x ← L⁻¹ x for each of `ncols` columns of length n that lie one after the other from `offset` on.
 * Allocates nothing. Cost 2 per stored entry and column.
 */
export function solveLowerSupernodalInPlace(
  x: Float64Array,
  n: number,
  partition: SupernodePartition,
  values: Float64Array,
  ncols: number,
  offset: number,
): void {
  const { count, first, rowPtr, rows, valuePtr } = partition;
  for (let c = 0, base = offset; c < ncols; c++, base += n) {
    for (let s = 0; s < count; s++) {
      const length = rowPtr[s + 1] - rowPtr[s];
      const cols = first[s + 1] - first[s];
      const own = base + first[s];
      for (let j = 0; j < cols; j++) {
        const column = valuePtr[s] + j * length;
        const xj = x[own + j] / values[column + j];
        x[own + j] = xj;
        for (let i = j + 1; i < cols; i++) x[own + i] -= values[column + i] * xj;
      }
      // Rows below, four columns at a time so that each is looked up once for all of them.
      let j = 0;
      for (; j + 4 <= cols; j += 4) {
        const column = valuePtr[s] + j * length;
        const x0 = x[own + j];
        const x1 = x[own + j + 1];
        const x2 = x[own + j + 2];
        const x3 = x[own + j + 3];
        for (let i = cols, r = rowPtr[s] + cols, v = column + cols; i < length; i++, r++, v++) {
          const at = base + rows[r];
          x[at] =
            x[at] -
            values[v] * x0 -
            values[v + length] * x1 -
            values[v + 2 * length] * x2 -
            values[v + 3 * length] * x3;
        }
      }
      for (; j < cols; j++) {
        const xj = x[own + j];
        for (
          let i = cols, r = rowPtr[s] + cols, v = valuePtr[s] + j * length + cols;
          i < length;
          i++, r++, v++
        ) {
          x[base + rows[r]] -= values[v] * xj;
        }
      }
    }
  }
}

/** x ← L'⁻¹ x; as `solveLowerSupernodalInPlace`. */
export function solveUpperSupernodalInPlace(
  x: Float64Array,
  n: number,
  partition: SupernodePartition,
  values: Float64Array,
  ncols: number,
  offset: number,
): void {
  const { count, first, rowPtr, rows, valuePtr } = partition;
  for (let c = 0, base = offset; c < ncols; c++, base += n) {
    for (let s = count - 1; s >= 0; s--) {
      const length = rowPtr[s + 1] - rowPtr[s];
      const cols = first[s + 1] - first[s];
      const own = base + first[s];
      let j = 0;
      for (; j + 4 <= cols; j += 4) {
        const column = valuePtr[s] + j * length;
        let x0 = x[own + j];
        let x1 = x[own + j + 1];
        let x2 = x[own + j + 2];
        let x3 = x[own + j + 3];
        for (let i = cols, r = rowPtr[s] + cols, v = column + cols; i < length; i++, r++, v++) {
          const xi = x[base + rows[r]];
          x0 -= values[v] * xi;
          x1 -= values[v + length] * xi;
          x2 -= values[v + 2 * length] * xi;
          x3 -= values[v + 3 * length] * xi;
        }
        x[own + j] = x0;
        x[own + j + 1] = x1;
        x[own + j + 2] = x2;
        x[own + j + 3] = x3;
      }
      for (; j < cols; j++) {
        let xj = x[own + j];
        for (
          let i = cols, r = rowPtr[s] + cols, v = valuePtr[s] + j * length + cols;
          i < length;
          i++, r++, v++
        ) {
          xj -= values[v] * x[base + rows[r]];
        }
        x[own + j] = xj;
      }
      for (j = cols - 1; j >= 0; j--) {
        const column = valuePtr[s] + j * length;
        let sum = x[own + j];
        for (let i = j + 1; i < cols; i++) sum -= values[column + i] * x[own + i];
        x[own + j] = sum / values[column + j];
      }
    }
  }
}

/** The values of the entries of a pattern of L (rows sorted within columns) taken out of the blocks. */
export function gatherFromSupernodes(
  partition: SupernodePartition,
  colPtr: Int32Array,
  rowIdx: Int32Array,
  values: Float64Array,
): Float64Array {
  const { first, rowPtr, rows, valuePtr, ofColumn } = partition;
  const n = ofColumn.length;
  const out = new Float64Array(colPtr[n]);
  for (let j = 0; j < n; j++) {
    const s = ofColumn[j];
    const length = rowPtr[s + 1] - rowPtr[s];
    const column = valuePtr[s] + (j - first[s]) * length;
    let r = j - first[s];
    for (let p = colPtr[j]; p < colPtr[j + 1]; p++) {
      // Both lists increase, and the block has all rows of the pattern.
      while (rows[rowPtr[s] + r] !== rowIdx[p]) r++;
      out[p] = values[column + r];
    }
  }
  return out;
}
