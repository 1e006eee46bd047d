// Four right-hand sides and four rows or columns of a trapezoid. Row i of X has its four numbers at x + i · step,
// column j of L begins at l + j · ld; both in bytes. Eight sums, two operands of X, one of L and one product are
// all that is alive in an inner loop, as in product-tile.ts.

/** Rows depth … depth + 3 of X from those above: X ← L⁻¹ X. `l` is the first of four rows of L. */
export function eliminateRowTile(depth: i32, x: usize, step: usize, l: usize, ld: usize): void {
  const c0 = x + depth * step;
  const c1 = c0 + step;
  const c2 = c1 + step;
  const c3 = c2 + step;
  let s00 = v128.load(c0);
  let s20 = v128.load(c0, 16);
  let s01 = v128.load(c1);
  let s21 = v128.load(c1, 16);
  let s02 = v128.load(c2);
  let s22 = v128.load(c2, 16);
  let s03 = v128.load(c3);
  let s23 = v128.load(c3, 16);
  for (; x != c0; x += step, l += ld) {
    const a0 = v128.load(x);
    const a2 = v128.load(x, 16);
    let b = v128.load64_splat(l);
    s00 = f64x2.sub(s00, f64x2.mul(a0, b));
    s20 = f64x2.sub(s20, f64x2.mul(a2, b));
    b = v128.load64_splat(l, 8);
    s01 = f64x2.sub(s01, f64x2.mul(a0, b));
    s21 = f64x2.sub(s21, f64x2.mul(a2, b));
    b = v128.load64_splat(l, 16);
    s02 = f64x2.sub(s02, f64x2.mul(a0, b));
    s22 = f64x2.sub(s22, f64x2.mul(a2, b));
    b = v128.load64_splat(l, 24);
    s03 = f64x2.sub(s03, f64x2.mul(a0, b));
    s23 = f64x2.sub(s23, f64x2.mul(a2, b));
  }
  let b = v128.load64_splat(l);
  s00 = f64x2.div(s00, b);
  s20 = f64x2.div(s20, b);
  b = v128.load64_splat(l, 8);
  s01 = f64x2.sub(s01, f64x2.mul(s00, b));
  s21 = f64x2.sub(s21, f64x2.mul(s20, b));
  b = v128.load64_splat(l, 16);
  s02 = f64x2.sub(s02, f64x2.mul(s00, b));
  s22 = f64x2.sub(s22, f64x2.mul(s20, b));
  b = v128.load64_splat(l, 24);
  s03 = f64x2.sub(s03, f64x2.mul(s00, b));
  s23 = f64x2.sub(s23, f64x2.mul(s20, b));
  l += ld;
  b = v128.load64_splat(l, 8);
  s01 = f64x2.div(s01, b);
  s21 = f64x2.div(s21, b);
  b = v128.load64_splat(l, 16);
  s02 = f64x2.sub(s02, f64x2.mul(s01, b));
  s22 = f64x2.sub(s22, f64x2.mul(s21, b));
  b = v128.load64_splat(l, 24);
  s03 = f64x2.sub(s03, f64x2.mul(s01, b));
  s23 = f64x2.sub(s23, f64x2.mul(s21, b));
  l += ld;
  b = v128.load64_splat(l, 16);
  s02 = f64x2.div(s02, b);
  s22 = f64x2.div(s22, b);
  b = v128.load64_splat(l, 24);
  s03 = f64x2.sub(s03, f64x2.mul(s02, b));
  s23 = f64x2.sub(s23, f64x2.mul(s22, b));
  b = v128.load64_splat(l + ld, 24);
  v128.store(c0, s00);
  v128.store(c0, s20, 16);
  v128.store(c1, s01);
  v128.store(c1, s21, 16);
  v128.store(c2, s02);
  v128.store(c2, s22, 16);
  v128.store(c3, f64x2.div(s03, b));
  v128.store(c3, f64x2.div(s23, b), 16);
}

/** The same for one row. */
export function eliminateRow(depth: i32, x: usize, step: usize, l: usize, ld: usize): void {
  const c = x + depth * step;
  let s0 = v128.load(c);
  let s2 = v128.load(c, 16);
  for (; x != c; x += step, l += ld) {
    const b = v128.load64_splat(l);
    s0 = f64x2.sub(s0, f64x2.mul(v128.load(x), b));
    s2 = f64x2.sub(s2, f64x2.mul(v128.load(x, 16), b));
  }
  const b = v128.load64_splat(l);
  v128.store(c, f64x2.div(s0, b));
  v128.store(c, f64x2.div(s2, b), 16);
}

/**
 * Subtracts four rows of L times X from where `rows` says, relative to `out`; the first `skip` of them are not
 * wanted, and `rows` begins with those that are.
 */
export function sumRowTile(
  depth: i32,
  x: usize,
  step: usize,
  l: usize,
  ld: usize,
  skip: i32,
  rows: usize,
  out: usize,
): void {
  let s03 = f64x2.splat(0);
  let s23 = f64x2.splat(0);
  let s02 = f64x2.splat(0);
  let s22 = f64x2.splat(0);
  let s01 = f64x2.splat(0);
  let s21 = f64x2.splat(0);
  let s00 = f64x2.splat(0);
  let s20 = f64x2.splat(0);
  for (const end = x + depth * step; x != end; x += step, l += ld) {
    const a0 = v128.load(x);
    const a2 = v128.load(x, 16);
    let b = v128.load64_splat(l, 24);
    s03 = f64x2.add(s03, f64x2.mul(a0, b));
    s23 = f64x2.add(s23, f64x2.mul(a2, b));
    b = v128.load64_splat(l, 16);
    s02 = f64x2.add(s02, f64x2.mul(a0, b));
    s22 = f64x2.add(s22, f64x2.mul(a2, b));
    b = v128.load64_splat(l, 8);
    s01 = f64x2.add(s01, f64x2.mul(a0, b));
    s21 = f64x2.add(s21, f64x2.mul(a2, b));
    b = v128.load64_splat(l);
    s00 = f64x2.add(s00, f64x2.mul(a0, b));
    s20 = f64x2.add(s20, f64x2.mul(a2, b));
  }
  rows -= skip << 2;
  if (skip < 1) {
    const c = out + load<i32>(rows) * step;
    v128.store(c, f64x2.sub(v128.load(c), s00));
    v128.store(c, f64x2.sub(v128.load(c, 16), s20), 16);
  }
  if (skip < 2) {
    const c = out + load<i32>(rows, 4) * step;
    v128.store(c, f64x2.sub(v128.load(c), s01));
    v128.store(c, f64x2.sub(v128.load(c, 16), s21), 16);
  }
  if (skip < 3) {
    const c = out + load<i32>(rows, 8) * step;
    v128.store(c, f64x2.sub(v128.load(c), s02));
    v128.store(c, f64x2.sub(v128.load(c, 16), s22), 16);
  }
  const c = out + load<i32>(rows, 12) * step;
  v128.store(c, f64x2.sub(v128.load(c), s03));
  v128.store(c, f64x2.sub(v128.load(c, 16), s23), 16);
}

/** The same for one row, which goes to `out`. */
export function sumRow(depth: i32, x: usize, step: usize, l: usize, ld: usize, out: usize): void {
  let s0 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  for (const end = x + depth * step; x != end; x += step, l += ld) {
    const b = v128.load64_splat(l);
    s0 = f64x2.add(s0, f64x2.mul(v128.load(x), b));
    s2 = f64x2.add(s2, f64x2.mul(v128.load(x, 16), b));
  }
  v128.store(out, f64x2.sub(v128.load(out), s0));
  v128.store(out, f64x2.sub(v128.load(out, 16), s2), 16);
}

/** Subtracts L' X for four columns of L from `out`, a row of X for each number of `rows`, relative to `x`. */
export function sumColumnTile(
  depth: i32,
  x: usize,
  step: usize,
  rows: usize,
  l: usize,
  ld: usize,
  out: usize,
): void {
  let l1 = l + ld;
  let l2 = l1 + ld;
  let l3 = l2 + ld;
  let s03 = f64x2.splat(0);
  let s23 = f64x2.splat(0);
  let s02 = f64x2.splat(0);
  let s22 = f64x2.splat(0);
  let s01 = f64x2.splat(0);
  let s21 = f64x2.splat(0);
  let s00 = f64x2.splat(0);
  let s20 = f64x2.splat(0);
  for (const end = rows + (depth << 2); rows != end; rows += 4) {
    const a = x + load<i32>(rows) * step;
    const a0 = v128.load(a);
    const a2 = v128.load(a, 16);
    let b = v128.load64_splat(l3);
    s03 = f64x2.add(s03, f64x2.mul(a0, b));
    s23 = f64x2.add(s23, f64x2.mul(a2, b));
    b = v128.load64_splat(l2);
    s02 = f64x2.add(s02, f64x2.mul(a0, b));
    s22 = f64x2.add(s22, f64x2.mul(a2, b));
    b = v128.load64_splat(l1);
    s01 = f64x2.add(s01, f64x2.mul(a0, b));
    s21 = f64x2.add(s21, f64x2.mul(a2, b));
    b = v128.load64_splat(l);
    s00 = f64x2.add(s00, f64x2.mul(a0, b));
    s20 = f64x2.add(s20, f64x2.mul(a2, b));
    l += 8;
    l1 += 8;
    l2 += 8;
    l3 += 8;
  }
  v128.store(out, f64x2.sub(v128.load(out), s00));
  v128.store(out, f64x2.sub(v128.load(out, 16), s20), 16);
  out += step;
  v128.store(out, f64x2.sub(v128.load(out), s01));
  v128.store(out, f64x2.sub(v128.load(out, 16), s21), 16);
  out += step;
  v128.store(out, f64x2.sub(v128.load(out), s02));
  v128.store(out, f64x2.sub(v128.load(out, 16), s22), 16);
  out += step;
  v128.store(out, f64x2.sub(v128.load(out), s03));
  v128.store(out, f64x2.sub(v128.load(out, 16), s23), 16);
}

/** The same for one column. */
export function sumColumn(depth: i32, x: usize, step: usize, rows: usize, l: usize, out: usize): void {
  let s0 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  for (const end = rows + (depth << 2); rows != end; rows += 4, l += 8) {
    const a = x + load<i32>(rows) * step;
    const b = v128.load64_splat(l);
    s0 = f64x2.add(s0, f64x2.mul(v128.load(a), b));
    s2 = f64x2.add(s2, f64x2.mul(v128.load(a, 16), b));
  }
  v128.store(out, f64x2.sub(v128.load(out), s0));
  v128.store(out, f64x2.sub(v128.load(out, 16), s2), 16);
}

/** Rows 0 … 3 of X from rows 4 … rest − 1 below them: X ← L'⁻¹ X. `l` is the corner of L. */
export function eliminateColumnTile(rest: i32, x: usize, step: usize, l: usize, ld: usize): void {
  const l1 = l + ld;
  const l2 = l1 + ld;
  const l3 = l2 + ld;
  const c1 = x + step;
  const c2 = c1 + step;
  const c3 = c2 + step;
  let s00 = v128.load(x);
  let s20 = v128.load(x, 16);
  let s01 = v128.load(c1);
  let s21 = v128.load(c1, 16);
  let s02 = v128.load(c2);
  let s22 = v128.load(c2, 16);
  let s03 = v128.load(c3);
  let s23 = v128.load(c3, 16);
  let q = (rest - 1) << 3;
  for (let a = x + (rest - 1) * step; a != c3; a -= step, q -= 8) {
    const a0 = v128.load(a);
    const a2 = v128.load(a, 16);
    let b = v128.load64_splat(l + q);
    s00 = f64x2.sub(s00, f64x2.mul(a0, b));
    s20 = f64x2.sub(s20, f64x2.mul(a2, b));
    b = v128.load64_splat(l1 + q);
    s01 = f64x2.sub(s01, f64x2.mul(a0, b));
    s21 = f64x2.sub(s21, f64x2.mul(a2, b));
    b = v128.load64_splat(l2 + q);
    s02 = f64x2.sub(s02, f64x2.mul(a0, b));
    s22 = f64x2.sub(s22, f64x2.mul(a2, b));
    b = v128.load64_splat(l3 + q);
    s03 = f64x2.sub(s03, f64x2.mul(a0, b));
    s23 = f64x2.sub(s23, f64x2.mul(a2, b));
  }
  let b = v128.load64_splat(l3, 24);
  s03 = f64x2.div(s03, b);
  s23 = f64x2.div(s23, b);
  b = v128.load64_splat(l2, 24);
  s02 = f64x2.sub(s02, f64x2.mul(s03, b));
  s22 = f64x2.sub(s22, f64x2.mul(s23, b));
  b = v128.load64_splat(l1, 24);
  s01 = f64x2.sub(s01, f64x2.mul(s03, b));
  s21 = f64x2.sub(s21, f64x2.mul(s23, b));
  b = v128.load64_splat(l, 24);
  s00 = f64x2.sub(s00, f64x2.mul(s03, b));
  s20 = f64x2.sub(s20, f64x2.mul(s23, b));
  b = v128.load64_splat(l2, 16);
  s02 = f64x2.div(s02, b);
  s22 = f64x2.div(s22, b);
  b = v128.load64_splat(l1, 16);
  s01 = f64x2.sub(s01, f64x2.mul(s02, b));
  s21 = f64x2.sub(s21, f64x2.mul(s22, b));
  b = v128.load64_splat(l, 16);
  s00 = f64x2.sub(s00, f64x2.mul(s02, b));
  s20 = f64x2.sub(s20, f64x2.mul(s22, b));
  b = v128.load64_splat(l1, 8);
  s01 = f64x2.div(s01, b);
  s21 = f64x2.div(s21, b);
  b = v128.load64_splat(l, 8);
  s00 = f64x2.sub(s00, f64x2.mul(s01, b));
  s20 = f64x2.sub(s20, f64x2.mul(s21, b));
  b = v128.load64_splat(l);
  v128.store(x, f64x2.div(s00, b));
  v128.store(x, f64x2.div(s20, b), 16);
  v128.store(c1, s01);
  v128.store(c1, s21, 16);
  v128.store(c2, s02);
  v128.store(c2, s22, 16);
  v128.store(c3, s03);
  v128.store(c3, s23, 16);
}

/** The same for one row of X. */
export function eliminateColumn(rest: i32, x: usize, step: usize, l: usize): void {
  let s0 = v128.load(x);
  let s2 = v128.load(x, 16);
  let q = (rest - 1) << 3;
  for (let a = x + (rest - 1) * step; a != x; a -= step, q -= 8) {
    const b = v128.load64_splat(l + q);
    s0 = f64x2.sub(s0, f64x2.mul(v128.load(a), b));
    s2 = f64x2.sub(s2, f64x2.mul(v128.load(a, 16), b));
  }
  const b = v128.load64_splat(l);
  v128.store(x, f64x2.div(s0, b));
  v128.store(x, f64x2.div(s2, b), 16);
}
