import { checkBlock } from "./errors";
import { subtractProductInPlace } from "./subtract-product";
import { solveTriangularInPlace } from "./triangular-solve";
import { PackingWorkspace } from "./workspace";

/** Blocks of at most this many columns are worked off directly; larger ones are halved. */
const base = 24;

/** Where to cut a block of n > base columns: at a multiple of 12, a whole number of tiles both ways. */
function half(n: number): number {
  return Math.ceil(n / 24) * 12;
}

/**
 * X ← L⁻¹ X with many right-hand sides. Cost n² cols flops; allocates nothing. `solveTriangularInPlace` has
 * the details.
 *
 * @param x n × cols, entry (i, c) at `xOffset + i + c · ldx`; overwritten
 * @param l lower triangle, entry (i, j) at `lOffset + i + j · ldl`
 */
export function solveLowerLeftInPlace(
  x: Float64Array,
  xOffset: number,
  ldx: number,
  n: number,
  cols: number,
  l: Float64Array,
  lOffset: number,
  ldl: number,
  work: PackingWorkspace,
): void {
  solveTriangularInPlace(x, xOffset, ldx, n, cols, "left", "lower", "none", l, lOffset, ldl, work);
}

/**
 * X ← X L⁻¹. Cost n² rows flops; allocates nothing.
 *
 * @param x rows × n, entry (i, j) at `xOffset + i + j · ldx`; overwritten
 * @param l lower triangle, entry (i, j) at `lOffset + i + j · ldl`
 */
export function solveLowerRightInPlace(
  x: Float64Array,
  xOffset: number,
  ldx: number,
  rows: number,
  n: number,
  l: Float64Array,
  lOffset: number,
  ldl: number,
  work: PackingWorkspace,
): void {
  solveTriangularInPlace(x, xOffset, ldx, rows, n, "right", "lower", "none", l, lOffset, ldl, work);
}

/** X ← T' X for a lower triangular T, by halves. Cost n² cols flops; arguments as `solveLowerLeftInPlace`. */
function multiplyLowerTransposeInPlace(
  x: Float64Array,
  xOffset: number,
  ldx: number,
  n: number,
  cols: number,
  t: Float64Array,
  tOffset: number,
  ldt: number,
  work: PackingWorkspace,
): void {
  if (n <= base) {
    for (let c = 0, b = xOffset; c < cols; c++, b += ldx) {
      for (let j = 0; j < n; j++) {
        const column = tOffset + j * ldt;
        let sum = 0;
        for (let i = j; i < n; i++) sum += t[column + i] * x[b + i];
        x[b + j] = sum;
      }
    }
    return;
  }
  const h = half(n);
  multiplyLowerTransposeInPlace(x, xOffset, ldx, h, cols, t, tOffset, ldt, work);
  // X1 += T21' X2; entry (i, p) of T21' lies at h + p + i ldt.
  subtractProductInPlace(
    x,
    xOffset,
    ldx,
    h,
    cols,
    n - h,
    -1,
    t,
    tOffset + h,
    ldt,
    1,
    x,
    xOffset + h,
    ldx,
    1,
    false,
    work,
  );
  multiplyLowerTransposeInPlace(x, xOffset + h, ldx, n - h, cols, t, tOffset + h * (ldt + 1), ldt, work);
}

/**
 * L ← L⁻¹ for a lower triangle, by halves: L₂₁ ← −L₂₂⁻¹ L₂₁ L₁₁⁻¹, then both diagonal blocks. The strict
 * upper triangle is not touched. Cost n³ / 3 flops; allocates nothing.
 *
 * @param l entry (i, j) at `offset + i + j · ld`; overwritten
 */
export function invertLowerInPlace(
  l: Float64Array,
  offset: number,
  ld: number,
  n: number,
  work: PackingWorkspace,
): void {
  if (n <= base) {
    for (let j = n - 1; j >= 0; j--) {
      const column = offset + j * ld;
      const inverse = 1 / l[column + j];
      l[column + j] = inverse;
      // Column j below the diagonal: −T22 l / l_jj, with T22 the inverse found already; rows from the last up.
      for (let i = n - 1; i > j; i--) {
        let sum = 0;
        for (let k = j + 1; k <= i; k++) sum += l[offset + i + k * ld] * l[column + k];
        l[column + i] = -sum * inverse;
      }
    }
    return;
  }
  const h = half(n);
  const corner = offset + h * (ld + 1);
  solveLowerLeftInPlace(l, offset + h, ld, n - h, h, l, corner, ld, work);
  solveLowerRightInPlace(l, offset + h, ld, n - h, h, l, offset, ld, work);
  for (let j = 0; j < h; j++) {
    for (let i = h, column = offset + j * ld; i < n; i++) l[column + i] = -l[column + i];
  }
  invertLowerInPlace(l, offset, ld, h, work);
  invertLowerInPlace(l, corner, ld, n - h, work);
}

/** Lower triangle of T'T in the place of the lower triangular T, by halves. Cost n³ / 3 flops. */
function gramInPlace(t: Float64Array, offset: number, ld: number, n: number, work: PackingWorkspace): void {
  if (n <= base) {
    for (let j = 0; j < n; j++) {
      const column = offset + j * ld;
      // Entry (i, j) needs rows i and below of columns i and j only, which are still those of T.
      for (let i = j; i < n; i++) {
        let sum = 0;
        for (let k = i; k < n; k++) sum += t[offset + k + i * ld] * t[column + k];
        t[column + i] = sum;
      }
    }
    return;
  }
  const h = half(n);
  const below = offset + h;
  const corner = offset + h * (ld + 1);
  gramInPlace(t, offset, ld, h, work);
  subtractProductInPlace(t, offset, ld, h, h, n - h, -1, t, below, ld, 1, t, below, ld, 1, true, work);
  multiplyLowerTransposeInPlace(t, below, ld, n - h, h, t, corner, ld, work);
  gramInPlace(t, corner, ld, n - h, work);
}

/**
 * Lower triangle of A⁻¹ from the Cholesky factor of A, in its place: A⁻¹ = L'⁻¹ L⁻¹.
 *
 * The strict upper triangle is not touched. Cost 2 n³ / 3 flops. Allocates nothing when `work` is given.
 * Throws `DenseError` on an array that is too short.
 *
 * Source: Higham (2002), Accuracy and Stability of Numerical Algorithms, 2nd ed., section 14.3 (method A by
 * blocks); recursion by halves as in Elmroth & Gustavson (2000), IBM J. Res. Dev. 44(4).
 *
 * @param l column-major, entry (i, j) at `offset + i + j · ld`; overwritten
 */
export function choleskyInverseInPlace(
  l: Float64Array,
  n: number,
  ld: number = n,
  offset = 0,
  work: PackingWorkspace = new PackingWorkspace(n, n, n),
): void {
  checkBlock(l.length, offset, n, n, ld, "matrix");
  invertLowerInPlace(l, offset, ld, n, work);
  gramInPlace(l, offset, ld, n, work);
}
