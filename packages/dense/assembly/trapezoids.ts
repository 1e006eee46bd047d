// Triangular solves with a sparse L that is cut into dense trapezoids; the twin of src/typescript/trapezoids.ts,
// which says in what order everything is subtracted.
import { left } from "./product";
import {
  eliminateColumn,
  eliminateColumnTile,
  eliminateRow,
  eliminateRowTile,
  sumColumn,
  sumColumnTile,
  sumRow,
  sumRowTile,
} from "./trapezoid-tile";
import { eliminateBackward, eliminateForward, sumColumns, sumRows } from "./trapezoid-vector";

/** Products in one sum before it is subtracted; the same constant as in src/typescript/packing.ts. */
const depthBlock: i32 = 256;
/** Rows that fit the left scratch, a multiple of `depthBlock`. */
const rowBlock: i32 = 32768;

/** x ← L⁻¹ x, or L'⁻¹ x, for `sides` right-hand sides (1 or a multiple of 4), entry (i, c) at x + 8 (i sides + c). */
export function solveTrapezoids(
  x: usize,
  sides: i32,
  count: i32,
  first: usize,
  rowPtr: usize,
  rows: usize,
  valuePtr: usize,
  values: usize,
  transposed: bool,
): void {
  for (let k = 0; k < count; k++) {
    const s = (transposed ? count - 1 - k : k) << 2;
    const j = load<i32>(first + s);
    const cols = load<i32>(first + s, 4) - j;
    const p = load<i32>(rowPtr + s);
    const length = load<i32>(rowPtr + s, 4) - p;
    const block = values + ((<usize>load<i32>(valuePtr + s)) << 3);
    const own = x + ((<usize>j * sides) << 3);
    const below = rows + ((p + cols) << 2);
    if (sides == 1) {
      if (transposed) backwardOne(x, own, cols, below, length - cols, block, length << 3);
      else forwardOne(x, own, cols, below, length - cols, block, length << 3);
    } else if (transposed) backwardMany(x, own, cols, below, length - cols, block, length << 3, sides);
    else forwardMany(x, own, cols, below, length - cols, block, length << 3, sides);
  }
}

function forwardOne(x: usize, own: usize, cols: i32, rows: usize, count: i32, block: usize, ld: usize): void {
  eliminateForward(own, cols, block, ld);
  for (let i = 0; i < count; i += rowBlock) {
    const m = min(rowBlock, count - i);
    for (let j = 0; j < cols; j += depthBlock) {
      sumColumns(left, m, block + ((cols + i) << 3) + j * ld, ld, own + (j << 3), min(depthBlock, cols - j));
      let from = left;
      for (let q = rows + (i << 2), end = q + (m << 2); q != end; q += 4, from += 8) {
        const at = x + ((<usize>load<i32>(q)) << 3);
        store<f64>(at, load<f64>(at) - load<f64>(from));
      }
    }
  }
}

function backwardOne(
  x: usize,
  own: usize,
  cols: i32,
  rows: usize,
  count: i32,
  block: usize,
  ld: usize,
): void {
  for (let i = 0; i < count; i += rowBlock) {
    const m = min(rowBlock, count - i);
    let to = left;
    for (let q = rows + (i << 2), end = q + (m << 2); q != end; q += 4, to += 8) {
      store<f64>(to, load<f64>(x + ((<usize>load<i32>(q)) << 3)));
    }
    for (let p = 0; p < m; p += depthBlock) {
      const column = block + ((cols + i + p) << 3);
      sumRows(left + (p << 3), min(depthBlock, m - p), column, ld, own, cols);
    }
  }
  eliminateBackward(own, cols, block, ld);
}

function forwardMany(
  x: usize,
  own: usize,
  cols: i32,
  rows: usize,
  count: i32,
  block: usize,
  ld: usize,
  sides: i32,
): void {
  const step = (<usize>sides) << 3;
  for (let i = 0; i < cols; i += 4) {
    const whole = i + 4 <= cols;
    for (let t: usize = 0; t < step; t += 32) {
      if (whole) eliminateRowTile(i, own + t, step, block + (i << 3), ld);
      else for (let r = i; r < cols; r++) eliminateRow(r, own + t, step, block + (r << 3), ld);
    }
  }
  for (let i = 0; i < count; i += 4) {
    // The last tile reaches back over rows that are done, so that nothing outside the block is read.
    const skip = max(0, i + 4 - count);
    for (let j = 0; j < cols; j += depthBlock) {
      const depth = min(depthBlock, cols - j);
      const from = block + ((cols + i - skip) << 3) + j * ld;
      for (let t: usize = 0; t < step; t += 32) {
        if (cols + i >= skip) {
          sumRowTile(depth, own + t + j * step, step, from, ld, skip, rows + (i << 2), x + t);
        } else {
          for (let r = i; r < count; r++) {
            const l = block + ((cols + r) << 3) + j * ld;
            sumRow(depth, own + t + j * step, step, l, ld, x + t + load<i32>(rows + (r << 2)) * step);
          }
        }
      }
    }
  }
}

function backwardMany(
  x: usize,
  own: usize,
  cols: i32,
  rows: usize,
  count: i32,
  block: usize,
  ld: usize,
  sides: i32,
): void {
  const step = (<usize>sides) << 3;
  for (let j = (cols - 1) & ~3; j >= 0; j -= 4) {
    const column = block + j * ld;
    const below = column + (cols << 3);
    for (let t: usize = 0; t < step; t += 32) {
      const to = own + t + j * step;
      if (j + 4 <= cols) {
        for (let i = 0; i < count; i += depthBlock) {
          sumColumnTile(min(depthBlock, count - i), x + t, step, rows + (i << 2), below + (i << 3), ld, to);
        }
        eliminateColumnTile(cols - j, to, step, column + (j << 3), ld);
      } else {
        for (let k = cols - 1; k >= j; k--) {
          const at = own + t + k * step;
          const l = block + k * ld;
          for (let i = 0; i < count; i += depthBlock) {
            sumColumn(min(depthBlock, count - i), x + t, step, rows + (i << 2), l + ((cols + i) << 3), at);
          }
          eliminateColumn(cols - k, at, step, l + (k << 3));
        }
      }
    }
  }
}
