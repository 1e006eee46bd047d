import { pack, unpack } from "./pack";
import { left, product, right } from "./product";
import { choleskyTile, solvePartialTile, solveTile } from "./solve-tile";

/**
 * Columns of a panel, multiples of four. Wide ones read and write the rest less often, narrow ones leave more
 * to the faster tiles of products. The width does not change the result: every entry is eliminated column
 * after column.
 */
const widePanel: i32 = 96;
const narrowPanel: i32 = 32;
/** Matrices with up to this many columns stay in the caches, where narrow panels are better. */
const cachedCols: i32 = 512;
/** Rows that are packed at once next to a panel; `widePanel` · `rowBlock` numbers fit the left scratch. */
const rowBlock: i32 = 256;

/**
 * The first `cols` columns of the Cholesky factor of a symmetric matrix of which `rows` rows are stored.
 * Returns −1 or the column that failed.
 */
export function cholesky(a: usize, ld: i32, rows: i32, cols: i32): i32 {
  const panelWidth = cols > widePanel && cols <= cachedCols ? narrowPanel : widePanel;
  for (let k = 0; k < cols; k += panelWidth) {
    const width = min(panelWidth, cols - k);
    const corner = a + ((k + k * ld) << 3);
    // Columns of packed panels come in fours; the diagonal block takes in the rows that fill its last panel.
    const depth = (width + 3) & ~3;
    const own = min(depth, rows - k);
    packLower(own, width, depth, corner, ld);
    const failed = factorDiagonal(own, width, depth, right);
    const done = failed == -1 ? width : failed;
    unpackLower(own, done, depth, corner, ld);
    const below = rows - k - own;
    const rest = cols - k - width;
    for (let i = 0; i < below; i += rowBlock) {
      const m = min(rowBlock, below - i);
      const at = corner + ((own + i) << 3);
      pack(m, width, depth, 1, at, 1, ld, left);
      solvePacked(m, done, depth, left, right);
      unpack(m, done, depth, left, at, 1, ld);
    }
    if (failed != -1) return k + failed;
    if (rest == 0) return -1;
    // Here width is that of a full panel, so own = depth = width.
    const c = corner + ((width + width * ld) << 3);
    const l = corner + (width << 3);
    product(c, ld, below, rest, width, 1, l, 1, ld, l, 1, ld, true, true);
  }
  return -1;
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
  for (let k = 0; k < n; k += widePanel) {
    const width = min(widePanel, n - k);
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
