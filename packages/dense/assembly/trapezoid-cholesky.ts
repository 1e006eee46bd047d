// Cholesky factorization of a sparse matrix in dense trapezoids; the twin of src/typescript/trapezoid-cholesky.ts,
// which explains the steps. All tables hold 32-bit integers, sizes and strides count numbers.
import { cholesky } from "./eliminate";
import { product, tile } from "./product";

/** Blocks of at most this many columns are factorized without packing. */
const fewColumns: i32 = 8;
/** Products of at most this depth are summed without packing. */
const shallow: i32 = 32;
/** The same constants as in src/trapezoid-room.ts. */
const narrow: i32 = 4;
const panelDepth: i32 = 64;
const panelWidth: i32 = 16;
const panelArea: i32 = 4096;

let values: usize = 0;
let first: usize = 0;
let rowPtr: usize = 0;
let rows: usize = 0;
let valuePtr: usize = 0;
let place: usize = 0;
let map: usize = 0;
let update: usize = 0;
let panel: usize = 0;

function get(table: usize, k: i32): i32 {
  return load<i32>(table + (k << 2));
}

/**
 * L in the place of the lower triangle of A. `tables` points to the addresses of values, first, ofColumn, rowPtr,
 * rows, valuePtr, place, map, head, next, at, update and panel. Returns −1 or the column that failed.
 */
export function choleskyTrapezoids(tables: usize, count: i32, gain: i32): i32 {
  values = load<usize>(tables);
  first = load<usize>(tables, 4);
  const ofColumn = load<usize>(tables, 8);
  rowPtr = load<usize>(tables, 12);
  rows = load<usize>(tables, 16);
  valuePtr = load<usize>(tables, 20);
  place = load<usize>(tables, 24);
  map = load<usize>(tables, 28);
  const head = load<usize>(tables, 32);
  const next = load<usize>(tables, 36);
  const at = load<usize>(tables, 40);
  update = load<usize>(tables, 44);
  panel = load<usize>(tables, 48);
  for (let s = 0; s < count; s++) store<i32>(head + (s << 2), -1);
  for (let s = 0; s < count; s++) {
    const firstS = get(first, s);
    const lastS = get(first, s + 1);
    const startS = get(rowPtr, s);
    const length = get(rowPtr, s + 1) - startS;
    const cols = lastS - firstS;
    const block = values + ((<usize>get(valuePtr, s)) << 3);
    const area = length * cols;
    let d = get(head, s);
    if (d != -1) {
      for (let r = 0; r < length; r++) store<i32>(place + (get(rows, startS + r) << 2), r);
    }
    let depth = 0;
    while (d != -1) {
      const following = get(next, d);
      const p = get(at, d);
      const end = get(rowPtr, d + 1);
      let q = p + 1;
      while (q < end && get(rows, q) < lastS) q++;
      const width = get(first, d + 1) - get(first, d);
      const dense = <i64>gain * (end - p) * (q - p);
      if (width <= panelWidth && area >= panelArea && <i64>area < dense) {
        if (depth + width > panelDepth) {
          product(block, length, length, cols, depth, 1, panel, 1, length, panel, 1, length, true, false);
          depth = 0;
        }
        appendToPanel(d, p, end, width, length, depth);
        depth += width;
      } else subtract(d, p, q, end, width, block, length, firstS);
      if (q < end) {
        const t = get(ofColumn, get(rows, q)) << 2;
        store<i32>(at + (d << 2), q);
        store<i32>(next + (d << 2), load<i32>(head + t));
        store<i32>(head + t, d);
      }
      d = following;
    }
    if (depth > 0)
      product(block, length, length, cols, depth, 1, panel, 1, length, panel, 1, length, true, false);
    const failed =
      cols <= fewColumns
        ? choleskyColumns(block, length, length, cols)
        : cholesky(block, length, length, cols);
    if (failed != -1) return firstS + failed;
    if (cols < length) {
      const t = get(ofColumn, get(rows, startS + cols)) << 2;
      store<i32>(at + (s << 2), startS + cols);
      store<i32>(next + (s << 2), load<i32>(head + t));
      store<i32>(head + t, s);
    }
  }
  return -1;
}

/** Puts the columns of d, from its row p on, behind the first `depth` columns of the panel; zeros elsewhere. */
function appendToPanel(d: i32, p: i32, end: i32, width: i32, length: i32, depth: i32): void {
  const start = get(rowPtr, d);
  const ld = (end - start) << 3;
  let from = values + ((<usize>(get(valuePtr, d) + p - start)) << 3);
  for (let k = 0; k < width; k++, from += ld) {
    const column = panel + (((depth + k) * length) << 3);
    for (let z = column; z < column + (length << 3); z += 8) store<f64>(z, 0);
    for (let r = p, l = from; r < end; r++, l += 8) {
      store<f64>(column + (get(place, get(rows, r)) << 3), load<f64>(l));
    }
  }
}

/** Subtracts the products of d's rows p … end with its rows p … q from the block of a trapezoid. */
function subtract(
  d: i32,
  p: i32,
  q: i32,
  end: i32,
  width: i32,
  block: usize,
  length: i32,
  firstS: i32,
): void {
  const start = get(rowPtr, d);
  const ld = end - start;
  const from = values + ((<usize>(get(valuePtr, d) + p - start)) << 3);
  const m = end - p;
  const k = q - p;
  const top = get(place, get(rows, p));
  const corner = block + (((get(rows, p) - firstS) * length) << 3);
  // Columns of d's rows p … q lie side by side in the block when those rows do.
  const together = get(place, get(rows, end - 1)) - top == m - 1;
  if (width > shallow) {
    if (together) {
      product(corner + (top << 3), length, m, k, width, 1, from, 1, ld, from, 1, ld, true, false);
      return;
    }
    for (let z = update, stop = update + ((m * k) << 3); z < stop; z += 8) store<f64>(z, 0);
    product(update, m, m, k, width, 1, from, 1, ld, from, 1, ld, true, false);
    mapRows(p, m);
    for (let c = 0; c < k; c++) {
      const column = block + (((get(rows, p + c) - firstS) * length) << 3);
      const sums = update + ((c * m) << 3);
      for (let r = c; r < m; r++) {
        const to = column + get(map, r);
        store<f64>(to, load<f64>(to) + load<f64>(sums + (r << 3)));
      }
    }
    return;
  }
  mapRows(p, m);
  if (width > narrow) {
    for (let c = 0; c < k; c += 4) {
      for (let r = c; r < m; r += 4) {
        sumSquare(width, from + (r << 3), from + (c << 3), ld << 3);
        const insideRows = min(4, m - r);
        const insideCols = min(4, k - c);
        for (let j = 0; j < insideCols; j++) {
          const column = block + (((get(rows, p + c + j) - firstS) * length) << 3);
          for (let i = r == c ? j : 0; i < insideRows; i++) {
            const to = column + get(map, r + i);
            store<f64>(to, load<f64>(to) - load<f64>(tile + (j << 5) + (i << 3)));
          }
        }
      }
    }
    return;
  }
  for (let c = 0; c < k; c++) {
    const column = block + (((get(rows, p + c) - firstS) * length) << 3);
    const l = from + (c << 3);
    if (together) subtractSideBySide(width, column + get(map, c), l, ld << 3, m - c);
    else subtractScattered(width, column, map + (c << 2), l, ld << 3, m - c);
  }
}

/** Bytes from the beginning of a column of the block at hand to each of the rows from p on. */
function mapRows(p: i32, m: i32): void {
  for (let r = 0; r < m; r++) store<i32>(map + (r << 2), get(place, get(rows, p + r)) << 3);
}

/** The sums of products of four rows at a with four rows at b, into the tile. */
function sumSquare(depth: i32, a: usize, b: usize, ld: usize): void {
  let s23 = f64x2.splat(0);
  let s03 = f64x2.splat(0);
  let s22 = f64x2.splat(0);
  let s02 = f64x2.splat(0);
  let s21 = f64x2.splat(0);
  let s01 = f64x2.splat(0);
  let s20 = f64x2.splat(0);
  let s00 = f64x2.splat(0);
  for (const end = a + depth * ld; a != end; a += ld, b += ld) {
    const a0 = v128.load(a);
    const a2 = v128.load(a, 16);
    let bj = v128.load64_splat(b, 24);
    s03 = f64x2.add(s03, f64x2.mul(a0, bj));
    s23 = f64x2.add(s23, f64x2.mul(a2, bj));
    bj = v128.load64_splat(b, 16);
    s02 = f64x2.add(s02, f64x2.mul(a0, bj));
    s22 = f64x2.add(s22, f64x2.mul(a2, bj));
    bj = v128.load64_splat(b, 8);
    s01 = f64x2.add(s01, f64x2.mul(a0, bj));
    s21 = f64x2.add(s21, f64x2.mul(a2, bj));
    bj = v128.load64_splat(b);
    s00 = f64x2.add(s00, f64x2.mul(a0, bj));
    s20 = f64x2.add(s20, f64x2.mul(a2, bj));
  }
  v128.store(tile, s00);
  v128.store(tile, s20, 16);
  v128.store(tile, s01, 32);
  v128.store(tile, s21, 48);
  v128.store(tile, s02, 64);
  v128.store(tile, s22, 80);
  v128.store(tile, s03, 96);
  v128.store(tile, s23, 112);
}

/** c ← c − l₀ l₀₀ − l₁ l₁₀ − …, columns of up to four numbers' width, entry under entry. */
function subtractSideBySide(width: i32, c: usize, l: usize, ld: usize, m: i32): void {
  for (let k = 0; k < width; k++, l += ld) {
    const f = load<f64>(l);
    const v = f64x2.splat(f);
    let from = l;
    let to = c;
    const end = c + (m << 3);
    for (; to + 16 <= end; to += 16, from += 16) {
      v128.store(to, f64x2.sub(v128.load(to), f64x2.mul(v128.load(from), v)));
    }
    if (to < end) store<f64>(to, load<f64>(to) - load<f64>(from) * f);
  }
}

/** The same where the entries of c lie scattered, as `to` says. */
function subtractScattered(width: i32, c: usize, to: usize, l: usize, ld: usize, m: i32): void {
  const end = to + (m << 2);
  const f0 = load<f64>(l);
  if (width == 1) {
    for (; to != end; to += 4, l += 8) {
      const at = c + load<i32>(to);
      store<f64>(at, load<f64>(at) - load<f64>(l) * f0);
    }
    return;
  }
  let l1 = l + ld;
  const f1 = load<f64>(l1);
  if (width == 2) {
    for (; to != end; to += 4, l += 8, l1 += 8) {
      const at = c + load<i32>(to);
      store<f64>(at, load<f64>(at) - load<f64>(l) * f0 - load<f64>(l1) * f1);
    }
    return;
  }
  let l2 = l1 + ld;
  const f2 = load<f64>(l2);
  if (width == 3) {
    for (; to != end; to += 4, l += 8, l1 += 8, l2 += 8) {
      const at = c + load<i32>(to);
      store<f64>(at, load<f64>(at) - load<f64>(l) * f0 - load<f64>(l1) * f1 - load<f64>(l2) * f2);
    }
    return;
  }
  let l3 = l2 + ld;
  const f3 = load<f64>(l3);
  for (; to != end; to += 4, l += 8, l1 += 8, l2 += 8, l3 += 8) {
    const at = c + load<i32>(to);
    store<f64>(
      at,
      load<f64>(at) - load<f64>(l) * f0 - load<f64>(l1) * f1 - load<f64>(l2) * f2 - load<f64>(l3) * f3,
    );
  }
}

/** `cholesky` for few columns, in place, column after column. */
function choleskyColumns(a: usize, ld: i32, rows: i32, cols: i32): i32 {
  const step = (<usize>ld) << 3;
  for (let j = 0; j < cols; j++) {
    const c = a + j * step + (j << 3);
    const m = rows - j;
    let l = a + (j << 3);
    for (let k = 0; k < j; k++, l += step) subtractSideBySide(1, c, l, step, m);
    const pivot = load<f64>(c);
    if (!(pivot > 0 && pivot < f64.POSITIVE_INFINITY)) return j;
    const root = sqrt<f64>(pivot);
    store<f64>(c, root);
    const v = f64x2.splat(root);
    let to = c + 8;
    const end = c + (m << 3);
    for (; to + 16 <= end; to += 16) v128.store(to, f64x2.div(v128.load(to), v));
    if (to < end) store<f64>(to, load<f64>(to) / root);
  }
  return -1;
}
