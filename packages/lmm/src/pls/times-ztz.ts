import type { Design } from "../design/design";
import type { CrossProducts, FactorPair } from "../products/cross-products";

/**
 * out = Z'Z v for several column-major vectors of length q, from the blocks of one triangle.
 *
 * @param v q×ncols, not changed
 * @param out q×ncols, overwritten
 * Cost: twice the entries of Z'Z per vector; no allocation.
 */
export function timesZtzInto(
  design: Design,
  products: CrossProducts,
  v: Float64Array,
  ncols: number,
  out: Float64Array,
): void {
  out.fill(0, 0, design.q * ncols);
  for (let n = 0; n < products.ztz.length; n++) {
    const pair = products.ztz[n];
    addPairInto(design, pair, false, v, 0, ncols, out);
    if (pair.rowFactor !== pair.colFactor) addPairInto(design, pair, true, v, 0, ncols, out);
  }
}

/**
 * As `timesZtzInto` for vectors that are zero outside of the levels of one factor; the rest of v is not
 * read.
 *
 * @param f the factor
 * @param first columns first … first + ncols − 1 of v and out are meant
 * Cost: the entries of Z'Z that the factor has part in, once per vector.
 */
export function timesFactorZtzInto(
  design: Design,
  products: CrossProducts,
  f: number,
  v: Float64Array,
  first: number,
  ncols: number,
  out: Float64Array,
): void {
  out.fill(0, design.q * first, design.q * (first + ncols));
  for (let n = 0; n < products.ztz.length; n++) {
    const pair = products.ztz[n];
    if (pair.colFactor === f) addPairInto(design, pair, false, v, first, ncols, out);
    else if (pair.rowFactor === f) addPairInto(design, pair, true, v, first, ncols, out);
  }
}

/** Adds B v_col to the row factor's part of out or, transposed, B'v_row to the column factor's. */
function addPairInto(
  design: Design,
  pair: FactorPair,
  transposed: boolean,
  v: Float64Array,
  first: number,
  ncols: number,
  out: Float64Array,
): void {
  const { q, factors } = design;
  const row = factors[pair.rowFactor];
  const col = factors[pair.colFactor];
  const rowStart = first * q + row.start;
  const colStart = first * q + col.start;
  if (row.ncols === 1 && col.ncols === 1) {
    for (let j = 0; j < ncols; j++) {
      if (transposed) addScalarTransposed(pair, v, rowStart + j * q, colStart + j * q, out);
      else addScalar(pair, v, rowStart + j * q, colStart + j * q, out);
    }
    return;
  }
  if (row.ncols === 2 && col.ncols === 2) {
    addTwoByTwo(pair, transposed, v, q, ncols, rowStart, colStart, out);
    return;
  }
  // Three at a time: a template of k columns has k(k + 1)/2 parameters, three times something or one more.
  let j = 0;
  for (; j + 3 <= ncols; j += 3) {
    addThree(pair, row.ncols, col.ncols, transposed, v, q, rowStart + j * q, colStart + j * q, out);
  }
  for (; j < ncols; j++) {
    addOne(pair, row.ncols, col.ncols, transposed, v, rowStart + j * q, colStart + j * q, out);
  }
}

function addScalar(
  { colPtr, rowIdx, values }: FactorPair,
  v: Float64Array,
  rowStart: number,
  colStart: number,
  out: Float64Array,
): void {
  for (let l = 0; l + 1 < colPtr.length; l++) {
    const factor = v[colStart + l];
    const end = colPtr[l + 1];
    for (let b = colPtr[l]; b < end; b++) out[rowStart + rowIdx[b]] += values[b] * factor;
  }
}

function addScalarTransposed(
  { colPtr, rowIdx, values }: FactorPair,
  v: Float64Array,
  rowStart: number,
  colStart: number,
  out: Float64Array,
): void {
  for (let l = 0; l + 1 < colPtr.length; l++) {
    const end = colPtr[l + 1];
    let sum = 0;
    for (let b = colPtr[l]; b < end; b++) sum += values[b] * v[rowStart + rowIdx[b]];
    out[colStart + l] += sum;
  }
}

function addTwoByTwo(
  { colPtr, rowIdx, values }: FactorPair,
  transposed: boolean,
  v: Float64Array,
  q: number,
  ncols: number,
  rowStart: number,
  colStart: number,
  out: Float64Array,
): void {
  for (let l = 0; l + 1 < colPtr.length; l++) {
    const end = colPtr[l + 1];
    for (let b = colPtr[l]; b < end; b++) {
      const b00 = values[4 * b];
      const b10 = values[4 * b + (transposed ? 2 : 1)];
      const b01 = values[4 * b + (transposed ? 1 : 2)];
      const b11 = values[4 * b + 3];
      const row = rowStart + 2 * rowIdx[b];
      const col = colStart + 2 * l;
      let from = transposed ? row : col;
      let to = transposed ? col : row;
      for (let j = 0; j < ncols; j++) {
        const x = v[from];
        const y = v[from + 1];
        out[to] += b00 * x + b01 * y;
        out[to + 1] += b10 * x + b11 * y;
        from += q;
        to += q;
      }
    }
  }
}

/** Three vectors, q apart, so that each entry of a block is read once for the three. */
function addThree(
  { colPtr, rowIdx, values }: FactorPair,
  kRow: number,
  kCol: number,
  transposed: boolean,
  v: Float64Array,
  q: number,
  rowStart: number,
  colStart: number,
  out: Float64Array,
): void {
  const size = kRow * kCol;
  const outer = transposed ? kCol : kRow;
  const inner = transposed ? kRow : kCol;
  const outerStride = transposed ? kRow : 1;
  const innerStride = transposed ? 1 : kRow;
  for (let l = 0; l + 1 < colPtr.length; l++) {
    const end = colPtr[l + 1];
    for (let b = colPtr[l]; b < end; b++) {
      const row = rowStart + rowIdx[b] * kRow;
      const col = colStart + l * kCol;
      const from = transposed ? row : col;
      const to = transposed ? col : row;
      for (let i = 0; i < outer; i++) {
        let at = b * size + i * outerStride;
        let x = 0;
        let y = 0;
        let z = 0;
        for (let source = from; source < from + inner; source++) {
          const value = values[at];
          x += value * v[source];
          y += value * v[source + q];
          z += value * v[source + 2 * q];
          at += innerStride;
        }
        out[to + i] += x;
        out[to + i + q] += y;
        out[to + i + 2 * q] += z;
      }
    }
  }
}

function addOne(
  { colPtr, rowIdx, values }: FactorPair,
  kRow: number,
  kCol: number,
  transposed: boolean,
  v: Float64Array,
  rowStart: number,
  colStart: number,
  out: Float64Array,
): void {
  const size = kRow * kCol;
  const outer = transposed ? kCol : kRow;
  const inner = transposed ? kRow : kCol;
  const outerStride = transposed ? kRow : 1;
  const innerStride = transposed ? 1 : kRow;
  for (let l = 0; l + 1 < colPtr.length; l++) {
    const end = colPtr[l + 1];
    for (let b = colPtr[l]; b < end; b++) {
      const row = rowStart + rowIdx[b] * kRow;
      const col = colStart + l * kCol;
      const from = transposed ? row : col;
      const to = transposed ? col : row;
      for (let i = 0; i < outer; i++) {
        let at = b * size + i * outerStride;
        let sum = 0;
        for (let source = from; source < from + inner; source++) {
          sum += values[at] * v[source];
          at += innerStride;
        }
        out[to + i] += sum;
      }
    }
  }
}
