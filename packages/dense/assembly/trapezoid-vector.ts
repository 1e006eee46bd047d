// One right-hand side and one trapezoid, whose columns are `ld` bytes apart.

/** x ← L₁₁⁻¹ x, four unknowns at a time. */
export function eliminateForward(x: usize, cols: i32, block: usize, ld: usize): void {
  let j = 0;
  for (; j + 4 <= cols; j += 4, block += (ld << 2) + 32) {
    const b1 = block + ld;
    const b2 = b1 + ld;
    const b3 = b2 + ld;
    const at = x + (j << 3);
    const x0 = load<f64>(at) / load<f64>(block);
    const x1 = (load<f64>(at, 8) - load<f64>(block, 8) * x0) / load<f64>(b1, 8);
    const x2 = (load<f64>(at, 16) - load<f64>(block, 16) * x0 - load<f64>(b1, 16) * x1) / load<f64>(b2, 16);
    const x3 =
      (load<f64>(at, 24) - load<f64>(block, 24) * x0 - load<f64>(b1, 24) * x1 - load<f64>(b2, 24) * x2) /
      load<f64>(b3, 24);
    store<f64>(at, x0);
    store<f64>(at, x1, 8);
    store<f64>(at, x2, 16);
    store<f64>(at, x3, 24);
    let i = 4;
    const rest = cols - j;
    const v0 = f64x2.splat(x0);
    const v1 = f64x2.splat(x1);
    const v2 = f64x2.splat(x2);
    const v3 = f64x2.splat(x3);
    for (; i + 2 <= rest; i += 2) {
      const r = i << 3;
      let v = v128.load(at + r);
      v = f64x2.sub(v, f64x2.mul(v128.load(block + r), v0));
      v = f64x2.sub(v, f64x2.mul(v128.load(b1 + r), v1));
      v = f64x2.sub(v, f64x2.mul(v128.load(b2 + r), v2));
      v = f64x2.sub(v, f64x2.mul(v128.load(b3 + r), v3));
      v128.store(at + r, v);
    }
    if (i < rest) {
      const r = i << 3;
      store<f64>(
        at + r,
        load<f64>(at + r) -
          load<f64>(block + r) * x0 -
          load<f64>(b1 + r) * x1 -
          load<f64>(b2 + r) * x2 -
          load<f64>(b3 + r) * x3,
      );
    }
  }
  for (; j < cols; j++, block += ld + 8) {
    const at = x + (j << 3);
    const xj = load<f64>(at) / load<f64>(block);
    store<f64>(at, xj);
    for (let i = 1; i < cols - j; i++) {
      const r = i << 3;
      store<f64>(at + r, load<f64>(at + r) - load<f64>(block + r) * xj);
    }
  }
}

/** x ← L₁₁'⁻¹ x, four unknowns at a time from the last multiple of four on; those behind it first. */
export function eliminateBackward(x: usize, cols: i32, block: usize, ld: usize): void {
  const whole = cols & ~3;
  for (let j = cols - 1; j >= whole; j--) {
    const column = block + j * ld;
    let s = load<f64>(x + (j << 3));
    for (let i = cols - 1; i > j; i--) s -= load<f64>(column + (i << 3)) * load<f64>(x + (i << 3));
    store<f64>(x + (j << 3), s / load<f64>(column + (j << 3)));
  }
  for (let j = whole - 4; j >= 0; j -= 4) {
    const b0 = block + j * ld;
    const b1 = b0 + ld;
    const b2 = b1 + ld;
    const b3 = b2 + ld;
    const r = j << 3;
    const at = x + r;
    let s0 = load<f64>(at);
    let s1 = load<f64>(at, 8);
    let s2 = load<f64>(at, 16);
    let s3 = load<f64>(at, 24);
    for (let q = (cols - 1) << 3; q > r + 24; q -= 8) {
      const xi = load<f64>(x + q);
      s0 -= load<f64>(b0 + q) * xi;
      s1 -= load<f64>(b1 + q) * xi;
      s2 -= load<f64>(b2 + q) * xi;
      s3 -= load<f64>(b3 + q) * xi;
    }
    s3 /= load<f64>(b3 + r, 24);
    s2 = (s2 - load<f64>(b2 + r, 24) * s3) / load<f64>(b2 + r, 16);
    s1 = (s1 - load<f64>(b1 + r, 24) * s3 - load<f64>(b1 + r, 16) * s2) / load<f64>(b1 + r, 8);
    s0 =
      (s0 - load<f64>(b0 + r, 24) * s3 - load<f64>(b0 + r, 16) * s2 - load<f64>(b0 + r, 8) * s1) /
      load<f64>(b0 + r);
    store<f64>(at, s0);
    store<f64>(at, s1, 8);
    store<f64>(at, s2, 16);
    store<f64>(at, s3, 24);
  }
}

/** y ← L x for `rows` rows and `cols` columns of L, each sum from zero on, four columns at a time. */
export function sumColumns(y: usize, rows: i32, column: usize, ld: usize, x: usize, cols: i32): void {
  const end = y + (rows << 3);
  for (let to = y; to < end; to += 8) store<f64>(to, 0);
  let j = 0;
  for (; j + 4 <= cols; j += 4, x += 32, column += ld << 2) {
    let l0 = column;
    let l1 = l0 + ld;
    let l2 = l1 + ld;
    let l3 = l2 + ld;
    const x0 = v128.load64_splat(x);
    const x1 = v128.load64_splat(x, 8);
    const x2 = v128.load64_splat(x, 16);
    const x3 = v128.load64_splat(x, 24);
    let to = y;
    for (const last = end - 8; to < last; to += 16, l0 += 16, l1 += 16, l2 += 16, l3 += 16) {
      let v = v128.load(to);
      v = f64x2.add(v, f64x2.mul(v128.load(l0), x0));
      v = f64x2.add(v, f64x2.mul(v128.load(l1), x1));
      v = f64x2.add(v, f64x2.mul(v128.load(l2), x2));
      v = f64x2.add(v, f64x2.mul(v128.load(l3), x3));
      v128.store(to, v);
    }
    if (to < end) {
      store<f64>(
        to,
        load<f64>(to) +
          load<f64>(l0) * f64x2.extract_lane(x0, 0) +
          load<f64>(l1) * f64x2.extract_lane(x1, 0) +
          load<f64>(l2) * f64x2.extract_lane(x2, 0) +
          load<f64>(l3) * f64x2.extract_lane(x3, 0),
      );
    }
  }
  for (; j < cols; j++, x += 8, column += ld) {
    const xj = load<f64>(x);
    let from = column;
    for (let to = y; to < end; to += 8, from += 8) {
      store<f64>(to, load<f64>(to) + load<f64>(from) * xj);
    }
  }
}

/** x ← x − L' y for `rows` rows and `cols` columns of L, each sum from zero on, eight columns at a time. */
export function sumRows(y: usize, rows: i32, column: usize, ld: usize, x: usize, cols: i32): void {
  const end = y + (rows << 3);
  let j = 0;
  for (; j + 8 <= cols; j += 8, x += 64, column += ld << 3) {
    let l0 = column;
    let l1 = l0 + ld;
    let l2 = l1 + ld;
    let l3 = l2 + ld;
    let l4 = l3 + ld;
    let l5 = l4 + ld;
    let l6 = l5 + ld;
    let l7 = l6 + ld;
    let s0: f64 = 0;
    let s1: f64 = 0;
    let s2: f64 = 0;
    let s3: f64 = 0;
    let s4: f64 = 0;
    let s5: f64 = 0;
    let s6: f64 = 0;
    let s7: f64 = 0;
    for (let p = y; p != end; p += 8) {
      const v = load<f64>(p);
      s0 += load<f64>(l0) * v;
      s1 += load<f64>(l1) * v;
      s2 += load<f64>(l2) * v;
      s3 += load<f64>(l3) * v;
      s4 += load<f64>(l4) * v;
      s5 += load<f64>(l5) * v;
      s6 += load<f64>(l6) * v;
      s7 += load<f64>(l7) * v;
      l0 += 8;
      l1 += 8;
      l2 += 8;
      l3 += 8;
      l4 += 8;
      l5 += 8;
      l6 += 8;
      l7 += 8;
    }
    store<f64>(x, load<f64>(x) - s0);
    store<f64>(x, load<f64>(x, 8) - s1, 8);
    store<f64>(x, load<f64>(x, 16) - s2, 16);
    store<f64>(x, load<f64>(x, 24) - s3, 24);
    store<f64>(x, load<f64>(x, 32) - s4, 32);
    store<f64>(x, load<f64>(x, 40) - s5, 40);
    store<f64>(x, load<f64>(x, 48) - s6, 48);
    store<f64>(x, load<f64>(x, 56) - s7, 56);
  }
  for (; j + 2 <= cols; j += 2, x += 16, column += ld << 1) {
    let l0 = column;
    let l1 = l0 + ld;
    let s0: f64 = 0;
    let s1: f64 = 0;
    for (let p = y; p != end; p += 8, l0 += 8, l1 += 8) {
      const v = load<f64>(p);
      s0 += load<f64>(l0) * v;
      s1 += load<f64>(l1) * v;
    }
    store<f64>(x, load<f64>(x) - s0);
    store<f64>(x, load<f64>(x, 8) - s1, 8);
  }
  if (j < cols) {
    let l0 = column;
    let s0: f64 = 0;
    for (let p = y; p != end; p += 8, l0 += 8) s0 += load<f64>(l0) * load<f64>(p);
    store<f64>(x, load<f64>(x) - s0);
  }
}
