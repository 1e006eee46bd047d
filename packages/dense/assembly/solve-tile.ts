// Tiles of elimination: 4 × 4 numbers of packed panels of four rows, which serve as both operands.

/** C ← ((C − a₀b₀') − a₁b₁') − … for a packed tile C. */
function chainSquare(depth: i32, a: usize, b: usize, c: usize): void {
  let s00 = v128.load(c);
  let s20 = v128.load(c, 16);
  let s01 = v128.load(c, 32);
  let s21 = v128.load(c, 48);
  let s02 = v128.load(c, 64);
  let s22 = v128.load(c, 80);
  let s03 = v128.load(c, 96);
  let s23 = v128.load(c, 112);
  for (const end = a + (depth << 5); a != end; a += 32, b += 32) {
    const a0 = v128.load(a);
    const a2 = v128.load(a, 16);
    let bj = v128.load64_splat(b);
    s00 = f64x2.sub(s00, f64x2.mul(a0, bj));
    s20 = f64x2.sub(s20, f64x2.mul(a2, bj));
    bj = v128.load64_splat(b, 8);
    s01 = f64x2.sub(s01, f64x2.mul(a0, bj));
    s21 = f64x2.sub(s21, f64x2.mul(a2, bj));
    bj = v128.load64_splat(b, 16);
    s02 = f64x2.sub(s02, f64x2.mul(a0, bj));
    s22 = f64x2.sub(s22, f64x2.mul(a2, bj));
    bj = v128.load64_splat(b, 24);
    s03 = f64x2.sub(s03, f64x2.mul(a0, bj));
    s23 = f64x2.sub(s23, f64x2.mul(a2, bj));
  }
  v128.store(c, s00);
  v128.store(c, s20, 16);
  v128.store(c, s01, 32);
  v128.store(c, s21, 48);
  v128.store(c, s02, 64);
  v128.store(c, s22, 80);
  v128.store(c, s03, 96);
  v128.store(c, s23, 112);
}

/**
 * Four more columns of X in X M' = B, where M is lower triangular: `x` is a packed panel of four rows of X
 * whose first `depth` columns are done, `m` the packed panel of rows depth … depth + 3 of M.
 */
export function solveTile(depth: i32, x: usize, m: usize): void {
  const end = x + (depth << 5);
  const corner = m + (depth << 5);
  let s00 = v128.load(end);
  let s20 = v128.load(end, 16);
  let s01 = v128.load(end, 32);
  let s21 = v128.load(end, 48);
  let s02 = v128.load(end, 64);
  let s22 = v128.load(end, 80);
  let s03 = v128.load(end, 96);
  let s23 = v128.load(end, 112);
  for (; x != end; x += 32, m += 32) {
    const a0 = v128.load(x);
    const a2 = v128.load(x, 16);
    let bj = v128.load64_splat(m);
    s00 = f64x2.sub(s00, f64x2.mul(a0, bj));
    s20 = f64x2.sub(s20, f64x2.mul(a2, bj));
    bj = v128.load64_splat(m, 8);
    s01 = f64x2.sub(s01, f64x2.mul(a0, bj));
    s21 = f64x2.sub(s21, f64x2.mul(a2, bj));
    bj = v128.load64_splat(m, 16);
    s02 = f64x2.sub(s02, f64x2.mul(a0, bj));
    s22 = f64x2.sub(s22, f64x2.mul(a2, bj));
    bj = v128.load64_splat(m, 24);
    s03 = f64x2.sub(s03, f64x2.mul(a0, bj));
    s23 = f64x2.sub(s23, f64x2.mul(a2, bj));
  }
  // The 4 × 4 triangle in the corner: entry (i, j) at 8 i + 32 j.
  let l = v128.load64_splat(corner);
  s00 = f64x2.div(s00, l);
  s20 = f64x2.div(s20, l);
  l = v128.load64_splat(corner, 8);
  s01 = f64x2.sub(s01, f64x2.mul(s00, l));
  s21 = f64x2.sub(s21, f64x2.mul(s20, l));
  l = v128.load64_splat(corner, 16);
  s02 = f64x2.sub(s02, f64x2.mul(s00, l));
  s22 = f64x2.sub(s22, f64x2.mul(s20, l));
  l = v128.load64_splat(corner, 24);
  s03 = f64x2.sub(s03, f64x2.mul(s00, l));
  s23 = f64x2.sub(s23, f64x2.mul(s20, l));
  l = v128.load64_splat(corner, 40);
  s01 = f64x2.div(s01, l);
  s21 = f64x2.div(s21, l);
  l = v128.load64_splat(corner, 48);
  s02 = f64x2.sub(s02, f64x2.mul(s01, l));
  s22 = f64x2.sub(s22, f64x2.mul(s21, l));
  l = v128.load64_splat(corner, 56);
  s03 = f64x2.sub(s03, f64x2.mul(s01, l));
  s23 = f64x2.sub(s23, f64x2.mul(s21, l));
  l = v128.load64_splat(corner, 80);
  s02 = f64x2.div(s02, l);
  s22 = f64x2.div(s22, l);
  l = v128.load64_splat(corner, 88);
  s03 = f64x2.sub(s03, f64x2.mul(s02, l));
  s23 = f64x2.sub(s23, f64x2.mul(s22, l));
  l = v128.load64_splat(corner, 120);
  s03 = f64x2.div(s03, l);
  s23 = f64x2.div(s23, l);
  v128.store(end, s00);
  v128.store(end, s20, 16);
  v128.store(end, s01, 32);
  v128.store(end, s21, 48);
  v128.store(end, s02, 64);
  v128.store(end, s22, 80);
  v128.store(end, s03, 96);
  v128.store(end, s23, 112);
}

/** The same for the fewer than four columns at the end of a panel. */
export function solvePartialTile(depth: i32, cols: i32, x: usize, m: usize): void {
  const end = x + (depth << 5);
  const corner = m + (depth << 5);
  chainSquare(depth, x, m, end);
  for (let j = 0; j < cols; j++) {
    const to = end + (j << 5);
    let s0 = v128.load(to);
    let s2 = v128.load(to, 16);
    for (let k = 0; k < j; k++) {
      const from = end + (k << 5);
      const l = v128.load64_splat(corner + (k << 5) + (j << 3));
      s0 = f64x2.sub(s0, f64x2.mul(v128.load(from), l));
      s2 = f64x2.sub(s2, f64x2.mul(v128.load(from, 16), l));
    }
    const l = v128.load64_splat(corner + (j << 5) + (j << 3));
    v128.store(to, f64x2.div(s0, l));
    v128.store(to, f64x2.div(s2, l), 16);
  }
}

/**
 * Cholesky of the first `cols` ≤ 4 columns of the 4 × 4 tile at the diagonal of a packed panel whose first
 * `depth` columns are done. Returns the column that failed, or −1. What a tile narrower than four leaves in
 * its other columns is not used.
 */
export function choleskyTile(depth: i32, cols: i32, panel: usize): i32 {
  const corner = panel + (depth << 5);
  chainSquare(depth, panel, panel, corner);
  // All in registers: a store and a load between two steps would cost as much as the arithmetic.
  const l00 = load<f64>(corner);
  if (!isPivot(l00)) return 0;
  const d0 = sqrt<f64>(l00);
  const l10 = load<f64>(corner, 8) / d0;
  const l20 = load<f64>(corner, 16) / d0;
  const l30 = load<f64>(corner, 24) / d0;
  store<f64>(corner, d0);
  store<f64>(corner, l10, 8);
  store<f64>(corner, l20, 16);
  store<f64>(corner, l30, 24);
  if (cols == 1) return -1;
  const l11 = load<f64>(corner, 40) - l10 * l10;
  if (!isPivot(l11)) return 1;
  const d1 = sqrt<f64>(l11);
  const l21 = (load<f64>(corner, 48) - l20 * l10) / d1;
  const l31 = (load<f64>(corner, 56) - l30 * l10) / d1;
  store<f64>(corner, d1, 40);
  store<f64>(corner, l21, 48);
  store<f64>(corner, l31, 56);
  if (cols == 2) return -1;
  const l22 = load<f64>(corner, 80) - l20 * l20 - l21 * l21;
  if (!isPivot(l22)) return 2;
  const d2 = sqrt<f64>(l22);
  const l32 = (load<f64>(corner, 88) - l30 * l20 - l31 * l21) / d2;
  store<f64>(corner, d2, 80);
  store<f64>(corner, l32, 88);
  if (cols == 3) return -1;
  const l33 = load<f64>(corner, 120) - l30 * l30 - l31 * l31 - l32 * l32;
  if (!isPivot(l33)) return 3;
  store<f64>(corner, sqrt<f64>(l33), 120);
  return -1;
}

/** Positive and finite; false for NaN too. */
function isPivot(x: f64): bool {
  return x > 0 && x < f64.POSITIVE_INFINITY;
}
