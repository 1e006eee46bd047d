import { analyze, type Symbolic } from "@lmmkit/cholmod-ts";
import type { CscMatrix } from "@lmmkit/sparse";
import type { Design } from "../design/design";
import type { CrossProducts } from "../products/cross-products";

/**
 * The lower triangle of Λ'Z'ZΛ + I, values zero: for every pair of levels that meet, the whole
 * K×K block (its lower triangle on the diagonal), whatever θ may be. Rows increase in every column.
 *
 * Cost: the number of entries.
 */
export function systemPattern(design: Design, products: CrossProducts): CscMatrix {
  const { factors, q } = design;
  const colPtr = new Int32Array(q + 1);
  const byColumn = factors.map((_, f) => products.ztz.filter((pair) => pair.colFactor === f));
  factors.forEach((factor, f) => {
    const k = factor.ncols;
    for (let l = 0; l < factor.levels.length; l++) {
      let below = 0;
      for (const pair of byColumn[f]) {
        if (pair.rowFactor === f) continue;
        below += (pair.colPtr[l + 1] - pair.colPtr[l]) * factors[pair.rowFactor].ncols;
      }
      for (let c = 0; c < k; c++) colPtr[factor.start + l * k + c + 1] = k - c + below;
    }
  });
  for (let j = 0; j < q; j++) colPtr[j + 1] += colPtr[j];
  const rowIdx = new Int32Array(colPtr[q]);
  factors.forEach((factor, f) => {
    const k = factor.ncols;
    for (let l = 0; l < factor.levels.length; l++) {
      const first = factor.start + l * k;
      for (let c = 0; c < k; c++) {
        let at = colPtr[first + c];
        for (let i = c; i < k; i++) rowIdx[at++] = first + i;
        for (const pair of byColumn[f]) {
          if (pair.rowFactor === f) continue;
          const { start, ncols } = factors[pair.rowFactor];
          for (let b = pair.colPtr[l]; b < pair.colPtr[l + 1]; b++) {
            const row = start + pair.rowIdx[b] * ncols;
            for (let i = 0; i < ncols; i++) rowIdx[at++] = row + i;
          }
        }
      }
    }
  });
  return { nrows: q, ncols: q, colPtr, rowIdx, values: new Float64Array(rowIdx.length) };
}

/**
 * The quotient graph of the system on levels: one row and column per level of each factor, an entry
 * (lower triangle, ones) where two levels meet. A fill-reducing order found here keeps the columns of a
 * level together and costs a K²-th of one found on columns.
 */
export function levelPattern(design: Design, products: CrossProducts): CscMatrix {
  const starts: number[] = [];
  let nlevels = 0;
  for (const factor of design.factors) {
    starts.push(nlevels);
    nlevels += factor.levels.length;
  }
  const colPtr = new Int32Array(nlevels + 1);
  for (const { colFactor, colPtr: ptr } of products.ztz) {
    for (let l = 0; l + 1 < ptr.length; l++) colPtr[starts[colFactor] + l + 1] += ptr[l + 1] - ptr[l];
  }
  for (let j = 0; j < nlevels; j++) colPtr[j + 1] += colPtr[j];
  const next = colPtr.slice(0, nlevels);
  const rowIdx = new Int32Array(colPtr[nlevels]);
  for (const { rowFactor, colFactor, colPtr: ptr, rowIdx: rows } of products.ztz) {
    for (let l = 0; l + 1 < ptr.length; l++) {
      for (let b = ptr[l]; b < ptr[l + 1]; b++) {
        rowIdx[next[starts[colFactor] + l]++] = starts[rowFactor] + rows[b];
      }
    }
  }
  return { nrows: nlevels, ncols: nlevels, colPtr, rowIdx, values: new Float64Array(rowIdx.length).fill(1) };
}

/** The permutation of columns that a permutation of levels means: new position → old column. */
export function expandLevels(design: Design, levels: ArrayLike<number>): Int32Array {
  const first: number[] = [];
  const width: number[] = [];
  for (const factor of design.factors) {
    for (let l = 0; l < factor.levels.length; l++) {
      first.push(factor.start + l * factor.ncols);
      width.push(factor.ncols);
    }
  }
  const columns = new Int32Array(design.q);
  let at = 0;
  for (let i = 0; i < levels.length; i++) {
    const level = levels[i];
    for (let c = 0; c < width[level]; c++) columns[at++] = first[level] + c;
  }
  return columns;
}

/**
 * The symbolic factorization of the system, its permutation found on levels.
 *
 * @param system of `systemPattern`
 */
export function systemSymbolic(design: Design, products: CrossProducts, system: CscMatrix): Symbolic {
  const scalar = design.factors.every(({ ncols }) => ncols === 1);
  if (scalar) return analyze(system, { ordering: "amd", uplo: "lower" });
  const levels = analyze(levelPattern(design, products), { ordering: "amd", uplo: "lower" });
  return analyze(system, { ordering: expandLevels(design, levels.permutation), uplo: "lower" });
}
