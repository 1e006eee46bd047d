import { LmmError } from "../errors";
import type { CrossProducts, FactorPair } from "./cross-products";

/**
 * The cross-products of two parts of a data set taken together: chunks of a stream, shares of several
 * machines.
 *
 * Both parts must have been formed for the same design (all levels, in one order) and with the same shifts
 * (see `CrossProductOptions.shifts`).
 *
 * @param a not changed
 * @param b not changed
 * @throws LmmError `unmergeable-products` when designs or shifts differ
 * Cost: the entries of both.
 */
export function mergeProducts(a: CrossProducts, b: CrossProducts): CrossProducts {
  return combine(a, b, 1);
}

/**
 * What is left of `whole` without the rows of `part`: leave one group out, without a pass over the rest.
 * The pattern of `whole` is kept. As `mergeProducts` otherwise.
 */
export function subtractProducts(whole: CrossProducts, part: CrossProducts): CrossProducts {
  return combine(whole, part, -1);
}

function combine(a: CrossProducts, b: CrossProducts, sign: 1 | -1): CrossProducts {
  requireEqual(a, b);
  return {
    nobs: a.nobs + sign * b.nobs,
    sumLogWeights: a.sumLogWeights + sign * b.sumLogWeights,
    shifts: a.shifts,
    ztz: a.ztz.map((pair, i) => combinePairs(pair, b.ztz[i], sign)),
    ztx: add(a.ztx, b.ztx, sign),
    xtx: add(a.xtx, b.xtx, sign),
    zty: add(a.zty, b.zty, sign),
    xty: add(a.xty, b.xty, sign),
    yty: a.yty + sign * b.yty,
    total: a.total + sign * b.total,
  };
}

function add(a: Float64Array, b: Float64Array, sign: 1 | -1): Float64Array {
  return a.map((value, i) => value + sign * b[i]);
}

/** The union of two block patterns, columns merged in the order of rows. */
function combinePairs(a: FactorPair, b: FactorPair, sign: 1 | -1): FactorPair {
  const ncols = a.colPtr.length - 1;
  const size = blockSize(a, b);
  const colPtr = new Int32Array(ncols + 1);
  for (let j = 0; j < ncols; j++) {
    let count = 0;
    mergeColumn(a, b, j, () => {
      count++;
    });
    colPtr[j + 1] = colPtr[j] + count;
  }
  const rowIdx = new Int32Array(colPtr[ncols]);
  const values = new Float64Array(colPtr[ncols] * size);
  let at = 0;
  for (let j = 0; j < ncols; j++) {
    mergeColumn(a, b, j, (row, fromA, fromB) => {
      rowIdx[at] = row;
      for (let i = 0; i < size; i++) {
        const left = fromA < 0 ? 0 : a.values[fromA * size + i];
        const right = fromB < 0 ? 0 : b.values[fromB * size + i];
        values[at * size + i] = left + sign * right;
      }
      at++;
    });
  }
  return { rowFactor: a.rowFactor, colFactor: a.colFactor, colPtr, rowIdx, values };
}

function blockSize(a: FactorPair, b: FactorPair): number {
  if (a.rowIdx.length > 0) return a.values.length / a.rowIdx.length;
  return b.rowIdx.length > 0 ? b.values.length / b.rowIdx.length : 0;
}

/** Visits the rows of column j of either pattern in order, with the block of each or −1. */
function mergeColumn(
  a: FactorPair,
  b: FactorPair,
  j: number,
  visit: (row: number, fromA: number, fromB: number) => void,
): void {
  let i = a.colPtr[j];
  let k = b.colPtr[j];
  const lastA = a.colPtr[j + 1];
  const lastB = b.colPtr[j + 1];
  while (i < lastA || k < lastB) {
    const rowA = i < lastA ? a.rowIdx[i] : Number.POSITIVE_INFINITY;
    const rowB = k < lastB ? b.rowIdx[k] : Number.POSITIVE_INFINITY;
    visit(Math.min(rowA, rowB), rowA <= rowB ? i++ : -1, rowB <= rowA ? k++ : -1);
  }
}

function requireEqual(a: CrossProducts, b: CrossProducts): void {
  const sameDesign =
    a.ztz.length === b.ztz.length &&
    a.ztx.length === b.ztx.length &&
    a.zty.length === b.zty.length &&
    a.ztz.every((pair, i) => pair.colPtr.length === b.ztz[i].colPtr.length);
  if (!sameDesign) {
    throw new LmmError(
      "unmergeable-products",
      "unmergeable cross-products: they come from different designs",
      null,
      "form every part for one design, with all levels",
    );
  }
  const shiftsOf = ({ shifts }: CrossProducts) => [shifts.fixed, ...shifts.random, shifts.response];
  const other = shiftsOf(b);
  const sameShifts = shiftsOf(a).every((shift, i) => shift.every((value, j) => value === other[i][j]));
  if (!sameShifts) {
    throw new LmmError(
      "unmergeable-products",
      "unmergeable cross-products: their columns were shifted differently",
      null,
      "form every part with the shifts of the first",
    );
  }
}
