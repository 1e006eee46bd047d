// Packed form: panels of four rows (five for right operands of products), one after the other; in a panel, for
// each column its four numbers. Rows past the end are zeros. Strides are in numbers, pointers in bytes.

/**
 * Packs factor · (rows × cols block); entry (i, p) at `source + 8 (i · rowStride + p · colStride)`. Panels are
 * `depth` ≥ cols columns apart.
 */
export function pack(
  rows: i32,
  cols: i32,
  depth: i32,
  factor: f64,
  source: usize,
  rowStride: i32,
  colStride: i32,
  to: usize,
): void {
  const rowBytes = rowStride << 3;
  const colBytes = colStride << 3;
  const next = (depth - cols) << 5;
  let i = 0;
  for (; i + 4 <= rows; i += 4, to += next) {
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

/** The inverse of `pack` with factor 1, for the first `cols` columns. */
export function unpack(
  rows: i32,
  cols: i32,
  depth: i32,
  from: usize,
  out: usize,
  rowStride: i32,
  colStride: i32,
): void {
  const rowBytes = rowStride << 3;
  const colBytes = colStride << 3;
  const next = (depth - cols) << 5;
  for (let i = 0; i < rows; i += 4, from += next) {
    let to = out + i * rowBytes;
    const end = from + (cols << 5);
    if (rowStride == 1 && i + 4 <= rows) {
      for (; from != end; from += 32, to += colBytes) {
        v128.store(to, v128.load(from));
        v128.store(to, v128.load(from, 16), 16);
      }
    } else {
      const inside = min(4, rows - i);
      for (; from != end; from += 32, to += colBytes) {
        for (let r = 0; r < inside; r++) store<f64>(to + r * rowBytes, load<f64>(from + (r << 3)));
      }
    }
  }
}
