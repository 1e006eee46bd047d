import type { CscPattern, Permutation, Triangle } from "@lmmkit/sparse";
import { analyzeAAt, identityPermutation, isPermutation } from "@lmmkit/sparse";
import { amdOrder } from "./amd";
import { checkInputPattern, inferForm } from "./check-input";
import { columnCounts } from "./column-counts";
import { CholmodError } from "./errors";
import { eliminationTree, postorder } from "./etree";
import { factorPattern } from "./factor-pattern";
import { adjacency, type PermutedPattern, permutedUpper, transposePermuted } from "./permuted-pattern";
import {
  findSupernodes,
  layOutSupernodes,
  supernodalDiagonal,
  supernodalSize,
  supernodalTargets,
} from "./supernodes";
import type { FactorKind, MatrixForm, Symbolic } from "./symbolic";

/** A named ordering, or a list of the columns in the order in which they are to be eliminated. */
export type Ordering = "amd" | "natural" | "colamd" | Int32Array | readonly number[];

/** Options of `analyze`. */
export interface AnalyzeOptions {
  /** How to order; "amd" by default. A list is taken as given. */
  readonly ordering?: Ordering;
  /** The stored triangle of a symmetric A; entries of the other one are ignored. */
  readonly uplo?: Triangle;
  /** Factorize A itself or A A'. */
  readonly form?: MatrixForm;
  /**
   * Follow the ordering by a postorder of its elimination tree, which keeps the entries of L in number and
   * brings related columns together. By default true for "amd" and "colamd", false for "natural" and lists,
   * which are then used exactly.
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

  const ordering = options.ordering ?? "amd";
  const named = typeof ordering === "string";
  const first = initialOrdering(symmetric, uplo, ordering);
  const { permutation, parent, counts } = refineOrdering(
    symmetric,
    uplo,
    first,
    options.postorder ?? (named && ordering !== "natural"),
  );

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

function initialOrdering(pattern: CscPattern, uplo: Triangle, ordering: Ordering): Permutation {
  const n = pattern.ncols;
  if (typeof ordering !== "string") {
    if (ordering.length !== n) {
      throw new CholmodError(
        "invalid-ordering",
        "wrong length of the ordering",
        ordering.length,
        `need ${n}`,
      );
    }
    if (!isPermutation(ordering)) {
      throw new CholmodError(
        "invalid-ordering",
        "invalid ordering",
        "not a permutation",
        `need 0 to ${n - 1}, each once`,
      );
    }
    return Int32Array.from(ordering) as Permutation;
  }
  if (ordering === "natural") return identityPermutation(n);
  if (ordering === "amd") {
    const graph = adjacency(pattern, uplo);
    return amdOrder(n, graph.colPtr, graph.rowIdx);
  }
  throw new CholmodError(
    "unsupported-ordering",
    "unknown ordering",
    ordering,
    'need "amd", "natural", "colamd" or a list',
  );
}

/** Elimination tree and column counts under `first`, all renumbered along a postorder if wanted. */
function refineOrdering(
  pattern: CscPattern,
  uplo: Triangle,
  first: Permutation,
  reorder: boolean,
): { permutation: Permutation; parent: Int32Array; counts: Int32Array } {
  const n = pattern.ncols;
  const upper = permutedUpper(pattern, uplo, first);
  const parent = eliminationTree(n, upper.colPtr, upper.rowIdx);
  const lower = transposePermuted(upper);
  const counts = columnCounts(lower.colPtr, lower.rowIdx, parent, postorder(parent));
  if (!reorder) return { permutation: first, parent, counts };
  const post = postorder(parent, counts);
  const newNumber = new Int32Array(n);
  for (let k = 0; k < n; k++) newNumber[post[k]] = k;
  const permutation = new Int32Array(n) as Permutation;
  const newParent = new Int32Array(n);
  const newCounts = new Int32Array(n);
  for (let k = 0; k < n; k++) {
    const j = post[k];
    permutation[k] = first[j];
    newParent[k] = parent[j] === -1 ? -1 : newNumber[parent[j]];
    newCounts[k] = counts[j];
  }
  return { permutation, parent: newParent, counts: newCounts };
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
