// Packed form: panels of four rows (five for right operands of products), one after the other; in a panel, for
// each column its four numbers. Rows past the end are zeros. Strides are in numbers, pointers in bytes.

/** Packs factor · (rows × cols block); entry (i, p) at `source + 8 (i · rowStride + p · colStride)`. */
export function pack(
  rows: i32,
  cols: i32,
  factor: f64,
  source: usize,
  rowStride: i32,
  colStride: i32,
  to: usize,
): void {
  const rowBytes = rowStride << 3;
  const colBytes = colStride << 3;
  let i = 0;
  for (; i + 4 <= rows; i += 4) {
    let from = source + i * rowBytes;
    const end = to + (cols << 5);
    if (rowStride == 1) {
      if (factor == 1) {
        for (; to != end; to += 32, from += colBytes) {
          v128.store(to, v128.load(from));
          v128.store(to, v128.load(from, 16), 16);
        }
      } else {
        const f = f64x2.splat(factor);
        for (; to != end; to += 32, from += colBytes) {
          v128.store(to, f64x2.mul(f, v128.load(from)));
          v128.store(to, f64x2.mul(f, v128.load(from, 16)), 16);
        }
      }
    } else {
      for (; to != end; to += 32, from += colBytes) {
        store<f64>(to, factor * load<f64>(from));
        store<f64>(to, factor * load<f64>(from + rowBytes), 8);
        store<f64>(to, factor * load<f64>(from + 2 * rowBytes), 16);
        store<f64>(to, factor * load<f64>(from + 3 * rowBytes), 24);
      }
    }
  }
  if (i == rows) return;
  for (let p = 0; p < cols; p++, to += 32) {
    const from = source + i * rowBytes + p * colBytes;
    for (let r = 0; r < 4; r++) {
      store<f64>(to + (r << 3), r < rows - i ? factor * load<f64>(from + r * rowBytes) : 0);
    }
  }
}

/** The same with factor 1 and panels of five rows. */
export function packFive(
  rows: i32,
  cols: i32,
  source: usize,
  rowStride: i32,
  colStride: i32,
  to: usize,
): void {
  const rowBytes = rowStride << 3;
  const colBytes = colStride << 3;
  let i = 0;
  for (; i + 5 <= rows; i += 5) {
    let from = source + i * rowBytes;
    const end = to + cols * 40;
    if (rowStride == 1) {
      for (; to != end; to += 40, from += colBytes) {
        v128.store(to, v128.load(from));
        v128.store(to, v128.load(from, 16), 16);
        store<f64>(to, load<f64>(from, 32), 32);
      }
    } else {
      for (; to != end; to += 40, from += colBytes) {
        store<f64>(to, load<f64>(from));
        store<f64>(to, load<f64>(from + rowBytes), 8);
        store<f64>(to, load<f64>(from + 2 * rowBytes), 16);
        store<f64>(to, load<f64>(from + 3 * rowBytes), 24);
        store<f64>(to, load<f64>(from + 4 * rowBytes), 32);
      }
    }
  }
  if (i == rows) return;
  for (let p = 0; p < cols; p++, to += 40) {
    const from = source + i * rowBytes + p * colBytes;
    for (let r = 0; r < 5; r++) store<f64>(to + (r << 3), r < rows - i ? load<f64>(from + r * rowBytes) : 0);
  }
}

/**
 * The inverse of `pack` with factor 1, for a panel that was packed `depth` columns wide; of it the first
 * `cols` columns are copied, of row i only those up to column i − `above`.
 */
export function unpack(
  rows: i32,
  depth: i32,
  cols: i32,
  above: i32,
  from: usize,
  out: usize,
  rowStride: i32,
  colStride: i32,
): void {
  const rowBytes = rowStride << 3;
  const colBytes = colStride << 3;
  for (let i = 0; i < rows; i += 4, from += depth << 5) {
    const inside = min(4, rows - i);
    for (let p = 0; p < cols; p++) {
      const source = from + (p << 5);
      const to = out + i * rowBytes + p * colBytes;
      const first = max(0, p + above - i);
      if (first == 0 && inside == 4 && rowStride == 1) {
        v128.store(to, v128.load(source));
        v128.store(to, v128.load(source, 16), 16);
      } else {
        for (let r = first; r < inside; r++) store<f64>(to + r * rowBytes, load<f64>(source + (r << 3)));
      }
    }
  }
}
