import { pack, unpack } from "./pack";
import { left, product, right } from "./product";
import { choleskyTile, solvePartialTile, solveTile } from "./solve-tile";

/** Columns of a panel. It does not change the result: every entry is eliminated column after column. */
const panelWidth: i32 = 128;
/** Rows that are packed at once next to a panel; `panelWidth` · `rowBlock` numbers fit the left scratch. */
const rowBlock: i32 = 256;

/**
 * The first `cols` columns of the Cholesky factor of a symmetric matrix of which `rows` rows are stored.
 * Returns −1 or the column that failed.
 */
export function cholesky(a: usize, ld: i32, rows: i32, cols: i32): i32 {
  for (let k = 0; k < cols; k += panelWidth) {
    const width = min(panelWidth, cols - k);
    const corner = a + ((k + k * ld) << 3);
    // Columns of packed panels come in fours; the diagonal block takes in the rows that fill its last panel.
    const depth = (width + 3) & ~3;
    const own = min(depth, rows - k);
    pack(own, width, 1, corner, 1, ld, right);
    if (depth != width) spread(own, width, depth, right);
    const failed = factorDiagonal(own, width, depth, right);
    const done = failed == -1 ? width : failed;
    unpack(own, depth, done, 0, right, corner, 1, ld);
    const below = rows - k - own;
    const rest = cols - k - width;
    for (let i = 0; i < below; i += rowBlock) {
      const m = min(rowBlock, below - i);
      const at = corner + ((own + i) << 3);
      pack(m, width, 1, at, 1, ld, left);
      if (depth != width) spread(m, width, depth, left);
      solvePacked(m, done, depth, left, right);
      unpack(m, depth, done, -depth, left, at, 1, ld);
    }
    if (failed != -1) return k + failed;
    if (rest == 0) return -1;
    // Here width is the full panelWidth, so own = depth = width.
    const c = corner + ((width + width * ld) << 3);
    const l = corner + (width << 3);
    product(c, ld, below, rest, width, 1, l, 1, ld, l, 1, ld, true, true);
  }
  return -1;
}

/** Widens panels that were packed `from` columns wide to `to` columns, from the last to the first. */
function spread(rows: i32, from: i32, to: i32, at: usize): void {
  for (let i = ((rows + 3) >> 2) - 1; i > 0; i--) {
    memory.copy(at + ((i * to) << 5), at + ((i * from) << 5), from << 5);
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
  for (let k = 0; k < n; k += panelWidth) {
    const width = min(panelWidth, n - k);
    const depth = (width + 3) & ~3;
    // First unknown to be solved for; the next ones follow in the direction of `sign`.
    const first = backward ? n - 1 - k : k;
    pack(width, width, 1, m + ((first * (mRow + mCol)) << 3), sign * mRow, sign * mCol, right);
    if (depth != width) spread(width, width, depth, right);
    for (let r = 0; r < count; r += rowBlock) {
      const rows = min(rowBlock, count - r);
      const at = x + ((r * xRow + first * xCol) << 3);
      pack(rows, width, 1, at, xRow, sign * xCol, left);
      if (depth != width) spread(rows, width, depth, left);
      solvePacked(rows, width, depth, left, right);
      unpack(rows, depth, width, -depth, left, at, xRow, sign * xCol);
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
