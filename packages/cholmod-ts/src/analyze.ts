import type { CscPattern, Triangle } from "@lmmkit/sparse";
import { analyzeAAt } from "@lmmkit/sparse";
import { checkInputPattern, inferForm } from "./check-input";
import { CholmodError } from "./errors";
import { factorPattern } from "./factor-pattern";
import { type Ordering, orderColumns } from "./ordering";
import { type PermutedPattern, permutedUpper, transposePermuted } from "./permuted-pattern";
import {
  findSupernodes,
  layOutSupernodes,
  supernodalDiagonal,
  supernodalSize,
  supernodalTargets,
} from "./supernodes";
import type { FactorKind, MatrixForm, Symbolic } from "./symbolic";

/** Options of `analyze`. */
export interface AnalyzeOptions {
  /** How to order; "amd" by default. A list is taken as given. */
  readonly ordering?: Ordering;
  /** The stored triangle of a symmetric A; entries of the other one are ignored. */
  readonly uplo?: Triangle;
  /** Factorize A itself or A A'. */
  readonly form?: MatrixForm;
  /**
   * Block of each column, numbered from 0, for "amd": blocks are ordered as units, so the columns of one stay
   * together and in their order, and the ordering costs what the graph of blocks costs.
   */
  readonly blocks?: ArrayLike<number>;
  /**
   * Follow the ordering by a postorder of its elimination tree, which keeps the entries of L in number and
   * brings related columns together. By default true for "amd", "colamd" and "best", false for "natural" and
   * lists, which are then used exactly, and for blocks, which are postordered as units.
   */
  readonly postorder?: boolean;
  /** How to store and compute L; "auto" (default) takes supernodes when the flops per entry make them pay. */
  readonly kind?: FactorKind | "auto";
}

/** From this many flops per entry of L on, dense blocks are faster than single columns (measured; see bench). */
const supernodalFrom = 40;

/** L may have as many entries as an Int32Array can number. */
const mostEntries = 0x7fffffff;

/**
 * Everything about the factorization of A (or A A') + βI that the values do not decide: ordering,
 * elimination tree, pattern of L, and where each entry of A goes. Use it for any number of factors.
 *
 * `form` is inferred when it is not given: with `uplo` A is symmetric; a matrix that is not square gives
 * A A'; a square one with entries in one triangle only is symmetric with that triangle stored; a square one
 * with entries in both is refused with "ambiguous-form".
 *
 * Throws `CholmodError` on malformed input, and ("too-many-entries") before memory is asked for when L
 * would have 2³¹ entries or more. Cost: that of the ordering, plus O(nnz(L)).
 */
export function analyze(matrix: CscPattern, options: AnalyzeOptions = {}): Symbolic {
  checkInputPattern(matrix);
  const { form, uplo } = inferForm(matrix, options.uplo, options.form);
  const pattern: CscPattern = {
    nrows: matrix.nrows,
    ncols: matrix.ncols,
    colPtr: matrix.colPtr,
    rowIdx: matrix.rowIdx,
  };
  const aat = form === "AAt" ? analyzeAAt(pattern) : null;
  const symmetric = aat === null ? pattern : aat.pattern;
  const n = symmetric.ncols;

  const { permutation, parent, counts } = orderColumns({
    pattern: symmetric,
    uplo,
    factor: aat === null ? null : pattern,
    ordering: options.ordering ?? "amd",
    blocks: options.blocks,
    postorder: options.postorder,
  });

  let entries = 0;
  let flops = 0;
  for (let j = 0; j < n; j++) {
    entries += counts[j];
    flops += counts[j] * counts[j];
  }
  if (entries > mostEntries) throw tooManyEntries(entries);

  const shared = {
    n,
    form,
    uplo,
    permutation,
    parent,
    columnCounts: counts,
    nnz: entries,
    flops,
    pattern,
    aat,
  };
  const upper = permutedUpper(symmetric, uplo, permutation);
  const lower = transposePermuted(upper);
  const sourceCount = symmetric.colPtr[n];
  const kind = options.kind ?? "auto";
  if (kind === "supernodal" || (kind === "auto" && flops >= supernodalFrom * entries)) {
    const first = findSupernodes(parent, counts);
    const size = supernodalSize(first, counts);
    if (size <= mostEntries) {
      const supernodes = layOutSupernodes(first, upper.colPtr, upper.rowIdx, parent, counts);
      return {
        ...shared,
        kind: "supernodal",
        target: supernodalTargets(supernodes, lower.colPtr, lower.rowIdx, lower.source, sourceCount),
        diagonal: supernodalDiagonal(supernodes),
        simplicial: null,
        supernodes,
        valueCount: size,
      };
    }
    if (kind === "supernodal") throw tooManyEntries(size);
  }
  const simplicial = factorPattern(upper.colPtr, upper.rowIdx, parent, counts);
  return {
    ...shared,
    kind: "simplicial",
    target: simplicialTargets(simplicial, lower, sourceCount),
    diagonal: simplicial.colPtr.slice(0, n),
    simplicial,
    supernodes: null,
    valueCount: entries,
  };
}

/** The pattern of L, for a factor of either kind. Cost O(nnz(L)). */
export function patternOfFactor(symbolic: Symbolic): { colPtr: Int32Array; rowIdx: Int32Array } {
  if (symbolic.simplicial !== null) return symbolic.simplicial;
  const symmetric = symbolic.aat === null ? symbolic.pattern : symbolic.aat.pattern;
  const upper = permutedUpper(symmetric, symbolic.uplo, symbolic.permutation);
  return factorPattern(upper.colPtr, upper.rowIdx, symbolic.parent, symbolic.columnCounts);
}

function tooManyEntries(entries: number): CholmodError {
  return new CholmodError(
    "too-many-entries",
    "too many entries in L",
    entries,
    "at most 2^31 - 1 can be numbered",
  );
}

/** Where each entry of the symmetric matrix goes in the values of a simplicial L. */
function simplicialTargets(
  pattern: { colPtr: Int32Array; rowIdx: Int32Array },
  lower: PermutedPattern,
  entries: number,
): Int32Array {
  const { colPtr, rowIdx } = pattern;
  const n = colPtr.length - 1;
  const target = new Int32Array(entries).fill(-1);
  const position = new Int32Array(n);
  for (let j = 0; j < n; j++) {
    for (let p = colPtr[j]; p < colPtr[j + 1]; p++) position[rowIdx[p]] = p;
    for (let q = lower.colPtr[j]; q < lower.colPtr[j + 1]; q++) {
      target[lower.source[q]] = position[lower.rowIdx[q]];
    }
  }
  return target;
}
