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
 * The symbolic factorization of the system. Its permutation is found on levels, not on columns: the columns
 * of a level stay together, and the search costs a K²-th.
 *
 * @param system of `systemPattern`
 */
export function systemSymbolic(design: Design, system: CscMatrix): Symbolic {
  if (design.factors.every(({ ncols }) => ncols === 1))
    return analyze(system, { ordering: "amd", uplo: "lower" });
  const blocks = new Int32Array(design.q);
  let block = 0;
  for (const { start, ncols, levels } of design.factors) {
    for (let l = 0; l < levels.length; l++) {
      blocks.fill(block++, start + l * ncols, start + (l + 1) * ncols);
    }
  }
  return analyze(system, { ordering: "amd", uplo: "lower", blocks });
}
