// Register tiles of products: 4 × 5 numbers in ten 128-bit registers. `a` is a packed panel of four rows, `b`
// one of five; `ldc` is in bytes. Two operands of a, one of b and one product are all that is alive besides,
// and the loop is not unrolled: with more, engines that hoist the loads of a loop body run out of their sixteen
// registers, and with 4 × 4 the instructions of the loop itself weigh more (measured: 27 against 24 GF/s on
// Node 20 and 22, the same on Node 24).

/** C ← ((C − a₀b₀') − a₁b₁') − …, one product after the other: the order of elimination. */
export function chainTile(depth: i32, a: usize, b: usize, c: usize, ldc: usize): void {
  const c1 = c + ldc;
  const c2 = c1 + ldc;
  const c3 = c2 + ldc;
  const c4 = c3 + ldc;
  let s00 = v128.load(c);
  let s20 = v128.load(c, 16);
  let s01 = v128.load(c1);
  let s21 = v128.load(c1, 16);
  let s02 = v128.load(c2);
  let s22 = v128.load(c2, 16);
  let s03 = v128.load(c3);
  let s23 = v128.load(c3, 16);
  let s04 = v128.load(c4);
  let s24 = v128.load(c4, 16);
  for (const end = a + (depth << 5); a != end; a += 32, b += 40) {
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
    bj = v128.load64_splat(b, 32);
    s04 = f64x2.sub(s04, f64x2.mul(a0, bj));
    s24 = f64x2.sub(s24, f64x2.mul(a2, bj));
  }
  v128.store(c, s00);
  v128.store(c, s20, 16);
  v128.store(c1, s01);
  v128.store(c1, s21, 16);
  v128.store(c2, s02);
  v128.store(c2, s22, 16);
  v128.store(c3, s03);
  v128.store(c3, s23, 16);
  v128.store(c4, s04);
  v128.store(c4, s24, 16);
}

/**
 * C ← C − (a₀b₀' + a₁b₁' + …), the sum first, from zero: the order of products.
 *
 * The columns stand in reverse because the engine of Node 20 and 22 emits what feeds the code after a loop in
 * the reverse of that code's order: written forwards, all loads come before all sums, and speed halves.
 */
export function sumTile(depth: i32, a: usize, b: usize, c: usize, ldc: usize): void {
  let s04 = f64x2.splat(0);
  let s24 = f64x2.splat(0);
  let s03 = f64x2.splat(0);
  let s23 = f64x2.splat(0);
  let s02 = f64x2.splat(0);
  let s22 = f64x2.splat(0);
  let s01 = f64x2.splat(0);
  let s21 = f64x2.splat(0);
  let s00 = f64x2.splat(0);
  let s20 = f64x2.splat(0);
  for (const end = a + (depth << 5); a != end; a += 32, b += 40) {
    const a0 = v128.load(a);
    const a2 = v128.load(a, 16);
    let bj = v128.load64_splat(b, 32);
    s04 = f64x2.add(s04, f64x2.mul(a0, bj));
    s24 = f64x2.add(s24, f64x2.mul(a2, bj));
    bj = v128.load64_splat(b, 24);
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
  v128.store(c, f64x2.sub(v128.load(c), s00));
  v128.store(c, f64x2.sub(v128.load(c, 16), s20), 16);
  c += ldc;
  v128.store(c, f64x2.sub(v128.load(c), s01));
  v128.store(c, f64x2.sub(v128.load(c, 16), s21), 16);
  c += ldc;
  v128.store(c, f64x2.sub(v128.load(c), s02));
  v128.store(c, f64x2.sub(v128.load(c, 16), s22), 16);
  c += ldc;
  v128.store(c, f64x2.sub(v128.load(c), s03));
  v128.store(c, f64x2.sub(v128.load(c, 16), s23), 16);
  c += ldc;
  v128.store(c, f64x2.sub(v128.load(c), s04));
  v128.store(c, f64x2.sub(v128.load(c, 16), s24), 16);
}
