import { cubed, mancinoSum, residuals } from "./residuals.test-support";

/** One problem of the Moré-Wild set: a sum of squares and its starting point. */
export interface MoreWildProblem {
  /** 1 to 53, in the published order. */
  readonly index: number;
  /** Number of the function, 1 to 22. */
  readonly number: number;
  readonly n: number;
  readonly m: number;
  readonly x0: Float64Array;
  /** First radius used in the counts: 0.1 max(1, greatest |x0|). */
  readonly rhobeg: number;
  readonly f: (x: ArrayLike<number>) => number;
}

// (function, n, m, power of ten on the standard start): Moré and Wild (2009), table 4.1.
const TABLE: readonly (readonly [number, number, number, number])[] = [
  [1, 9, 45, 0],
  [1, 9, 45, 1],
  [2, 7, 35, 0],
  [2, 7, 35, 1],
  [3, 7, 35, 0],
  [3, 7, 35, 1],
  [4, 2, 2, 0],
  [4, 2, 2, 1],
  [5, 3, 3, 0],
  [5, 3, 3, 1],
  [6, 4, 4, 0],
  [6, 4, 4, 1],
  [7, 2, 2, 0],
  [7, 2, 2, 1],
  [8, 3, 15, 0],
  [8, 3, 15, 1],
  [9, 4, 11, 0],
  [10, 3, 16, 0],
  [11, 6, 31, 0],
  [11, 6, 31, 1],
  [11, 9, 31, 0],
  [11, 9, 31, 1],
  [11, 12, 31, 0],
  [11, 12, 31, 1],
  [12, 3, 10, 0],
  [13, 2, 10, 0],
  [14, 4, 20, 0],
  [14, 4, 20, 1],
  [15, 6, 6, 0],
  [15, 7, 7, 0],
  [15, 8, 8, 0],
  [15, 9, 9, 0],
  [15, 10, 10, 0],
  [15, 11, 11, 0],
  [16, 10, 10, 0],
  [17, 5, 33, 0],
  [18, 11, 65, 0],
  [18, 11, 65, 1],
  [19, 8, 8, 0],
  [19, 10, 12, 0],
  [19, 11, 14, 0],
  [19, 12, 16, 0],
  [20, 5, 5, 0],
  [20, 6, 6, 0],
  [20, 8, 8, 0],
  [21, 5, 5, 0],
  [21, 5, 5, 1],
  [21, 8, 8, 0],
  [21, 10, 10, 0],
  [21, 12, 12, 0],
  [21, 12, 12, 1],
  [22, 8, 8, 0],
  [22, 8, 8, 1],
];

function standardStart(number: number, n: number): number[] {
  const constant = (value: number) => new Array<number>(n).fill(value);
  switch (number) {
    case 1:
    case 2:
    case 3:
    case 8:
    case 19:
      return constant(1);
    case 4:
      return [-1.2, 1];
    case 5:
      return [-1, 0, 0];
    case 6:
      return [3, -1, 0, 1];
    case 7:
      return [0.5, -2];
    case 9:
      return [0.25, 0.39, 0.415, 0.39];
    case 10:
      return [0.02, 4000, 250];
    case 11:
    case 16:
    case 20:
      return constant(0.5);
    case 12:
      return [0, 10, 20];
    case 13:
      return [0.3, 0.4];
    case 14:
      return [25, 5, -5, -1];
    case 15:
      return Array.from({ length: n }, (_, i) => (i + 1) / (n + 1));
    case 17:
      return [0.5, 1.5, 1, 0.01, 0.02];
    case 18:
      return [1.3, 0.65, 0.65, 0.7, 0.6, 3, 5, 7, 2, 4.5, 5.5];
    case 21:
      return Array.from({ length: n }, (_, i) => -8.710996e-4 * (cubed(i - 49) + mancinoSum(0, i, n)));
    default:
      return [-0.3, -0.39, 0.3, -0.344, -1.2, 2.69, 1.59, -1.5];
  }
}

/** The 53 smooth problems. */
export const MORE_WILD: readonly MoreWildProblem[] = TABLE.map(([number, n, m, power], k) => {
  const x0 = Float64Array.from(standardStart(number, n), (value) => value * 10 ** power);
  const largest = x0.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const f = (x: ArrayLike<number>) => sumOfSquares(residuals(number, x, m));
  return { index: k + 1, number, n, m, x0, rhobeg: 0.1 * largest, f };
});

/**
 * Sums squares in eight interleaved partial sums, then pairwise: numpy's order, with which the recorded counts of
 * Powell's program were made. Runs on polynomial problems then agree with these counts exactly.
 */
function sumOfSquares(r: readonly number[]): number {
  const lanes = r.length < 8 ? 1 : 8;
  const partial = new Array<number>(lanes).fill(0);
  const whole = r.length - (r.length % lanes);
  for (let i = 0; i < whole; i++) partial[i % lanes] += r[i] * r[i];
  let total = partial[0];
  if (lanes === 8) {
    const [a, b, c, d, e, f, g, h] = partial;
    total = a + b + (c + d) + (e + f + (g + h));
  }
  for (let i = whole; i < r.length; i++) total += r[i] * r[i];
  return total;
}
