import { checkBlock } from "./errors";

/**
 * X ← L⁻¹ X for the lower triangle of a column-major array; the entries above the diagonal are not read.
 *
 * Column by column of X, forward substitution by columns of L. A zero on the diagonal gives infinities or
 * NaN. Cost n² ncols flops; allocates nothing.
 *
 * @param x n × ncols right-hand sides, entry (i, c) at `xOffset + i + c · ldx`; overwritten
 * @param l entry (i, j) at `lOffset + i + j · ldl`
 */
export function solveLowerInPlace(
  x: Float64Array,
  l: Float64Array,
  n: number,
  ncols = 1,
  xOffset = 0,
  ldx: number = n,
  lOffset = 0,
  ldl: number = n,
): void {
  checkBlock(x.length, xOffset, n, ncols, ldx, "right-hand side");
  checkBlock(l.length, lOffset, n, n, ldl, "matrix");
  for (let c = 0; c < ncols; c++) {
    const base = xOffset + c * ldx;
    for (let j = 0; j < n; j++) {
      const column = lOffset + j * ldl;
      const xj = x[base + j] / l[column + j];
      x[base + j] = xj;
      for (let i = j + 1; i < n; i++) x[base + i] -= l[column + i] * xj;
    }
  }
}

/** X ← L'⁻¹ X; otherwise as `solveLowerInPlace`. */
export function solveLowerTransposeInPlace(
  x: Float64Array,
  l: Float64Array,
  n: number,
  ncols = 1,
  xOffset = 0,
  ldx: number = n,
  lOffset = 0,
  ldl: number = n,
): void {
  checkBlock(x.length, xOffset, n, ncols, ldx, "right-hand side");
  checkBlock(l.length, lOffset, n, n, ldl, "matrix");
  for (let c = 0; c < ncols; c++) {
    const base = xOffset + c * ldx;
    for (let j = n - 1; j >= 0; j--) {
      const column = lOffset + j * ldl;
      let sum = x[base + j];
      for (let i = j + 1; i < n; i++) sum -= l[column + i] * x[base + i];
      x[base + j] = sum / l[column + j];
    }
  }
}

/** X ← U⁻¹ X for the upper triangle of a column-major array; otherwise as `solveLowerInPlace`. */
export function solveUpperInPlace(
  x: Float64Array,
  u: Float64Array,
  n: number,
  ncols = 1,
  xOffset = 0,
  ldx: number = n,
  uOffset = 0,
  ldu: number = n,
): void {
  checkBlock(x.length, xOffset, n, ncols, ldx, "right-hand side");
  checkBlock(u.length, uOffset, n, n, ldu, "matrix");
  for (let c = 0; c < ncols; c++) {
    const base = xOffset + c * ldx;
    for (let j = n - 1; j >= 0; j--) {
      const column = uOffset + j * ldu;
      const xj = x[base + j] / u[column + j];
      x[base + j] = xj;
      for (let i = 0; i < j; i++) x[base + i] -= u[column + i] * xj;
    }
  }
}

/** X ← U'⁻¹ X; otherwise as `solveUpperInPlace`. */
export function solveUpperTransposeInPlace(
  x: Float64Array,
  u: Float64Array,
  n: number,
  ncols = 1,
  xOffset = 0,
  ldx: number = n,
  uOffset = 0,
  ldu: number = n,
): void {
  checkBlock(x.length, xOffset, n, ncols, ldx, "right-hand side");
  checkBlock(u.length, uOffset, n, n, ldu, "matrix");
  for (let c = 0; c < ncols; c++) {
    const base = xOffset + c * ldx;
    for (let j = 0; j < n; j++) {
      const column = uOffset + j * ldu;
      let sum = x[base + j];
      for (let i = 0; i < j; i++) sum -= u[column + i] * x[base + i];
      x[base + j] = sum / u[column + j];
    }
  }
}
