import { pack, unpack } from "./pack";
import { left, product, right } from "./product";
import { choleskyTile, solvePartialTile, solveTile } from "./solve-tile";

/** Cholesky factorizations of at most this many columns are worked off as one panel; wider ones are halved. */
const choleskyPanel: i32 = 64;
/** Columns whose products are subtracted one by one; see `choleskyTrapezoidInPlace`. */
const choleskyStretch: i32 = 256;
/** Unknowns that are solved for at once. */
const solvePanel: i32 = 96;
/** Rows that are packed at once next to a panel; with the width of a panel they fit the left scratch. */
const rowBlock: i32 = 256;

/**
 * The first `cols` columns of the Cholesky factor of a symmetric matrix of which `rows` rows are stored.
 * Returns −1 or the column that failed.
 *
 * By halves, so that products are deep; where the columns are cut does not change the result, because every
 * entry is eliminated column after column within a stretch, and stretch after stretch before.
 */
export function cholesky(a: usize, ld: i32, rows: i32, cols: i32): i32 {
  if (cols <= choleskyPanel) return factorPanel(a, ld, rows, cols);
  const within = cols <= choleskyStretch;
  const half = within ? ((cols >> 1) + 3) & ~3 : ((cols - 1) / (2 * choleskyStretch) + 1) * choleskyStretch;
  const failed = cholesky(a, ld, rows, half);
  if (failed != -1) return failed;
  const l = a + (half << 3);
  const c = l + ((half * ld) << 3);
  product(c, ld, rows - half, cols - half, half, 1, l, 1, ld, l, 1, ld, true, within);
  const later = cholesky(c, ld, rows - half, cols - half);
  return later == -1 ? -1 : half + later;
}

/** The same for few columns: in packed form, rows by the chunk. */
function factorPanel(a: usize, ld: i32, rows: i32, cols: i32): i32 {
  // Columns of packed panels come in fours; the diagonal block takes in the rows that fill its last panel.
  const depth = (cols + 3) & ~3;
  const own = min(depth, rows);
  packLower(own, cols, depth, a, ld);
  const failed = factorDiagonal(own, cols, depth, right);
  const done = failed == -1 ? cols : failed;
  unpackLower(own, done, depth, a, ld);
  for (let i = own; i < rows; i += rowBlock) {
    const m = min(rowBlock, rows - i);
    const at = a + (i << 3);
    pack(m, cols, depth, 1, at, 1, ld, left);
    solvePacked(m, done, depth, left, right);
    unpack(m, done, depth, left, at, 1, ld);
  }
  return failed;
}

/** Packs the rows of a diagonal block up to the panel's corner into the right scratch. */
function packLower(rows: i32, cols: i32, depth: i32, from: usize, ld: i32): void {
  for (let i = 0, to = right; i < rows; i += 4, from += 32, to += depth << 5) {
    pack(min(4, rows - i), min(cols, i + 4), depth, 1, from, 1, ld, to);
  }
}

/** The inverse of `packLower`: the first `cols` columns, nothing above the diagonal. */
function unpackLower(rows: i32, cols: i32, depth: i32, to: usize, ld: i32): void {
  for (let i = 0, from = right; i < rows; i += 4, from += depth << 5, to += 32) {
    const inside = min(4, rows - i);
    unpack(inside, min(i, cols), depth, from, to, 1, ld);
    for (let p = i; p < min(cols, i + 4); p++) {
      for (let r = p - i; r < inside; r++) {
        store<f64>(to + ((r + p * ld) << 3), load<f64>(from + (p << 5) + (r << 3)));
      }
    }
  }
}

/** Cholesky of a packed diagonal block, in place: all its rows, the first `cols` columns. */
function factorDiagonal(rows: i32, cols: i32, depth: i32, at: usize): i32 {
  const panelBytes = depth << 5;
  for (let j = 0; j < cols; j += 4) {
    const width = min(4, cols - j);
    const own = at + (j >> 2) * panelBytes;
    const failed = choleskyTile(j, width, own);
    const done = failed == -1 ? width : failed;
    for (let i = j + 4, x = own + panelBytes; i < rows; i += 4, x += panelBytes) {
      if (done == 4) solveTile(j, x, own);
      else solvePartialTile(j, done, x, own);
    }
    if (failed != -1) return j + failed;
  }
  return -1;
}

/** X ← X M'⁻¹ for packed X (rows × cols) and packed lower triangular M. */
function solvePacked(rows: i32, cols: i32, depth: i32, x: usize, m: usize): void {
  const panelBytes = depth << 5;
  for (let j = 0; j < cols; j += 4, m += panelBytes) {
    const width = min(4, cols - j);
    for (let i = 0, xi = x; i < rows; i += 4, xi += panelBytes) {
      if (width == 4) solveTile(j, xi, m);
      else solvePartialTile(j, width, xi, m);
    }
  }
}

/**
 * Solves M x = b for every right-hand side x in place. Entry i of x number r is at `x + 8 (r · xRow + i · xCol)`,
 * coefficient (i, j) of M at `m + 8 (i · mRow + j · mCol)`; M is lower triangular, or upper triangular when
 * `backward`. One of xRow and xCol is 1: `columns` tells that it is xCol.
 */
export function solve(
  x: usize,
  xRow: i32,
  xCol: i32,
  count: i32,
  m: usize,
  mRow: i32,
  mCol: i32,
  n: i32,
  columns: bool,
  backward: bool,
): void {
  const sign = backward ? -1 : 1;
  for (let k = 0; k < n; k += solvePanel) {
    const width = min(solvePanel, n - k);
    const depth = (width + 3) & ~3;
    // First unknown to be solved for; the next ones follow in the direction of `sign`.
    const first = backward ? n - 1 - k : k;
    pack(width, width, depth, 1, m + ((first * (mRow + mCol)) << 3), sign * mRow, sign * mCol, right);
    for (let r = 0; r < count; r += rowBlock) {
      const rows = min(rowBlock, count - r);
      const at = x + ((r * xRow + first * xCol) << 3);
      pack(rows, width, depth, 1, at, xRow, sign * xCol, left);
      solvePacked(rows, width, depth, left, right);
      unpack(rows, width, depth, left, at, xRow, sign * xCol);
    }
    const rest = n - k - width;
    if (rest == 0) return;
    const low = backward ? 0 : k + width;
    const c = x + ((low * xCol) << 3);
    const coefficients = m + ((low * mRow + first * mCol) << 3);
    const known = x + ((first * xCol) << 3);
    if (columns) {
      product(
        c,
        xRow,
        rest,
        count,
        width,
        1,
        coefficients,
        mRow,
        sign * mCol,
        known,
        xRow,
        sign * xCol,
        false,
        true,
      );
    } else {
      product(
        c,
        xCol,
        count,
        rest,
        width,
        1,
        known,
        xRow,
        sign * xCol,
        coefficients,
        mRow,
        sign * mCol,
        false,
        true,
      );
    }
  }
}
