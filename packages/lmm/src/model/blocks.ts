import { analyze, factorize } from "@lmmkit/cholmod-ts";
import {
  add,
  type CscMatrix,
  diagonal,
  fromDense,
  multiplyAtA,
  scaleRows,
  sliceColumns,
  sliceRows,
  stackHorizontally,
} from "@lmmkit/sparse";
import { LmmError } from "../errors";
import { fixedMatrix } from "./fixed-matrix";
import type { LinearMixedModel } from "./linear-mixed-model";
import { randomLayout, randomMatrix, sphericalMatrix } from "./random-matrices";

/** A symmetric or lower triangular matrix by blocks: one for each random-effects term, then [X y]. */
export interface BlockMatrix {
  /** Names of the block rows: terms as in `varCorr`, then `fixed`. */
  readonly names: readonly string[];
  /** Lower triangle by rows: `blocks[i][j]`, j ≤ i; of diagonal blocks the lower triangle. */
  readonly blocks: readonly (readonly CscMatrix[])[];
}

/** Beyond this many entries of L in the natural order the blocks are not made. */
const MOST_ENTRIES = 2 ** 27;

/**
 * A = [Z X y]'W[Z X y] by blocks, what MixedModels.jl calls `A`.
 *
 * Cost: the entries of Z'Z, and rows × p².
 */
export function crossProductBlocks(model: LinearMixedModel): BlockMatrix {
  return cut(model, multiplyAtA(weighted(model, randomMatrix(model))));
}

/**
 * L of [ZΛ X y]'W[ZΛ X y] + diag(I, 0) = LL' by blocks in the order of the terms, what MixedModels.jl calls `L`: its
 * last block row holds RZX', RX' and c', and in its corner the root of r².
 *
 * Terms stand in their own order, without a fill-reducing permutation; the engine itself does not use this matrix.
 *
 * @throws LmmError `too-large` where that order would fill in beyond reason
 */
export function factorBlocks(model: LinearMixedModel): BlockMatrix {
  const { q } = model.design;
  const gram = multiplyAtA(weighted(model, sphericalMatrix(model)));
  const ridge = diagonal(Float64Array.from({ length: gram.ncols }, (_, j) => (j < q ? 1 : 0)));
  const system = add(gram, ridge);
  const symbolic = analyze(system, { ordering: "natural", uplo: "lower" });
  if (symbolic.valueCount > MOST_ENTRIES) {
    throw new LmmError(
      "too-large",
      `too large factor: ${symbolic.valueCount} entries in the order of the terms`,
      symbolic.valueCount,
      'ask getME(model, "L") for the factor with its fill-reducing permutation',
    );
  }
  return cut(model, factorize(system, symbolic).toSparse());
}

/** √W[Z X y − offset]. */
function weighted(model: LinearMixedModel, z: CscMatrix): CscMatrix {
  const { nrows, ncols, values } = fixedMatrix(model);
  const { response, offset, weights } = model;
  const y = offset === null ? response : response.map((value, r) => value - offset[r]);
  const all = stackHorizontally(z, fromDense(nrows, ncols, values), fromDense(nrows, 1, y));
  return weights === null ? all : scaleRows(all, weights.map(Math.sqrt));
}

function cut(model: LinearMixedModel, lower: CscMatrix): BlockMatrix {
  const ends = [...randomLayout(model).termStart, lower.ncols];
  const blocks = ends.slice(1).map((end, i) => {
    const rows = sliceRows(lower, ends[i], end);
    return Array.from({ length: i + 1 }, (_, j) => sliceColumns(rows, ends[j], ends[j + 1]));
  });
  return { names: [...model.terms.map(({ name }) => name), "fixed"], blocks };
}
