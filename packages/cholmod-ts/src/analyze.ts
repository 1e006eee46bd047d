import type { CscPattern, Triangle } from "@lmmkit/sparse";
import { buildSymbolic } from "./build-symbolic";
import { checkInputPattern, checkKind, inferForm, planAAt } from "./check-input";
import { type Ordering, orderColumns } from "./ordering";
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

/**
 * Everything about the factorization of A (or A A') + βI that the values do not decide: ordering,
 * elimination tree, pattern of L, and where each entry of A goes. Use it for any number of factors.
 *
 * `form` is inferred when it is not given: with `uplo` A is symmetric; a matrix that is not square gives
 * A A'; a square one with entries in one triangle only is symmetric with that triangle stored; a square one
 * with entries in both is refused with "ambiguous-form".
 *
 * Throws `CholmodError` on malformed input, and ("too-many-entries") before memory is asked for when L
 * or A A' would have 2³¹ entries or more. Cost: that of the ordering, plus O(nnz(L)).
 */
export function analyze(matrix: CscPattern, options: AnalyzeOptions = {}): Symbolic {
  checkInputPattern(matrix);
  checkKind(options.kind ?? "auto");
  const { form, uplo } = inferForm(matrix, options.uplo, options.form);
  const pattern: CscPattern = {
    nrows: matrix.nrows,
    ncols: matrix.ncols,
    colPtr: matrix.colPtr,
    rowIdx: matrix.rowIdx,
  };
  const aat = form === "AAt" ? planAAt(pattern) : null;
  const symmetric = aat === null ? pattern : aat.pattern;

  const { permutation, parent, counts, graph } = orderColumns({
    pattern: symmetric,
    uplo,
    factor: aat === null ? null : pattern,
    ordering: options.ordering ?? "amd",
    blocks: options.blocks,
    postorder: options.postorder,
  });

  return buildSymbolic({
    form,
    uplo,
    pattern,
    aat,
    permutation,
    parent,
    columnCounts: counts,
    kind: options.kind ?? "auto",
    structure: null,
    graph,
  });
}
