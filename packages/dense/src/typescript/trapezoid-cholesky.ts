import { choleskyTrapezoidInPlace } from "../cholesky";
import { subtractProductInPlace } from "../subtract-product";
import { narrow, panelArea, panelDepth, panelWidth, type TrapezoidRoom } from "../trapezoid-room";
import type { Trapezoids } from "../trapezoids";
import type { PackingWorkspace } from "../workspace";

/** `choleskyTrapezoidsInPlace` step by step; dense products run in WebAssembly where they can. */
export function choleskyTrapezoids(
  values: Float64Array,
  blocks: Trapezoids,
  work: TrapezoidRoom,
  packing: PackingWorkspace,
): number {
  const { count, first, rowPtr, rows, valuePtr } = blocks;
  const { ofColumn, place, head, next, at } = work;
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
      if (width <= panelWidth && area >= panelArea && area < work.gain * (end - p) * (q - p)) {
        if (depth + width > panelDepth) {
          subtractPanel(values, valuePtr[s], length, cols, depth, work, packing);
          depth = 0;
        }
        appendToPanel(values, blocks, d, p, length, depth, work);
        depth += width;
      } else if (width <= narrow) subtractNarrow(values, blocks, d, s, p, q, place);
      else subtractWide(values, blocks, d, s, p, q, work, packing);
      if (q < end) {
        const t = ofColumn[rows[q]];
        at[d] = q;
        next[d] = head[t];
        head[t] = d;
      }
      d = following;
    }
    if (depth > 0) subtractPanel(values, valuePtr[s], length, cols, depth, work, packing);
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
  blocks: Trapezoids,
  d: number,
  p: number,
  length: number,
  depth: number,
  work: TrapezoidRoom,
): void {
  const { first, rowPtr, rows, valuePtr } = blocks;
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
  work: TrapezoidRoom,
  packing: PackingWorkspace,
): void {
  const { panel } = work;
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
  blocks: Trapezoids,
  d: number,
  s: number,
  p: number,
  q: number,
  place: Int32Array,
): void {
  const { first, rowPtr, rows, valuePtr } = blocks;
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
      for (let r = c; r < end; r++) values[column + place[rows[r]]] -= values[base + r] * factor;
    }
  }
}

/** The same as one dense product, straight into s when its rows there lie side by side. */
function subtractWide(
  values: Float64Array,
  blocks: Trapezoids,
  d: number,
  s: number,
  p: number,
  q: number,
  work: TrapezoidRoom,
  packing: PackingWorkspace,
): void {
  const { first, rowPtr, rows, valuePtr } = blocks;
  const { place, update } = work;
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
