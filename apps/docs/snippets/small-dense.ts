/** x'y. */
export function dot(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}

/** y − Σ β_j x_j, where x_j are the columns. */
export function minusCombination(
  y: Float64Array,
  columns: readonly Float64Array[],
  beta: readonly number[],
): Float64Array {
  return y.map(
    (value, i) =>
      value - beta.reduce((sum, b, j) => sum + b * columns[j][i], 0),
  );
}

/** The upper triangular R with R'R = A, as rows; A is p × p, by entries. */
export function cholesky(
  p: number,
  entry: (i: number, j: number) => number,
): number[][] {
  const R = Array.from({ length: p }, () => Array<number>(p).fill(0));
  for (let j = 0; j < p; j++) {
    for (let i = 0; i <= j; i++) {
      let rest = entry(i, j);
      for (let k = 0; k < i; k++) rest -= R[k][i] * R[k][j];
      R[i][j] = i === j ? Math.sqrt(rest) : rest / R[i][i];
    }
  }
  return R;
}

/** The solution of R'x = b. */
export function solveTranspose(
  R: readonly number[][],
  b: readonly number[],
): number[] {
  const x: number[] = [];
  for (let j = 0; j < b.length; j++) {
    let rest = b[j];
    for (let k = 0; k < j; k++) rest -= R[k][j] * x[k];
    x.push(rest / R[j][j]);
  }
  return x;
}

/** The solution of R x = b. */
export function solveUpper(
  R: readonly number[][],
  b: readonly number[],
): number[] {
  const x = [...b];
  for (let j = b.length - 1; j >= 0; j--) {
    for (let k = j + 1; k < b.length; k++) x[j] -= R[j][k] * x[k];
    x[j] /= R[j][j];
  }
  return x;
}
