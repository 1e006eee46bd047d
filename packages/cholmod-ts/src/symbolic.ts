import type { AAtPlan, CscPattern, Permutation, Triangle } from "@lmmkit/sparse";

/** What is factorized: a symmetric A of which one triangle is stored, or A A'. */
export type MatrixForm = "symmetric" | "AAt";

/** How the factor is stored and computed. */
export type FactorKind = "simplicial" | "supernodal";

/** Whether P A P' = L L', or L D L' with a unit diagonal in L. */
export type FactorType = "LLt" | "LDLt";

/** Row indices by columns. */
export interface ColumnPattern {
  /** Where each column begins in `rowIdx`, length n + 1. */
  readonly colPtr: Int32Array;
  readonly rowIdx: Int32Array;
}

/** A grouping of adjacent columns of L with (nearly) the same rows into dense trapezoidal blocks. */
export interface SupernodePartition {
  readonly count: number;
  /** First column of each supernode, length count + 1. */
  readonly first: Int32Array;
  /** Supernode of each column. */
  readonly ofColumn: Int32Array;
  /** Where the rows of each supernode begin in `rows`, length count + 1. Its own columns come first. */
  readonly rowPtr: Int32Array;
  readonly rows: Int32Array;
  /** Where each supernode's block (column-major, rows × columns) begins in the values, length count + 1. */
  readonly valuePtr: Int32Array;
  /** Length of the largest update block that the numeric phase needs. */
  readonly updateSize: number;
  /** Most rows of any supernode, its own columns included. */
  readonly maxRows: number;
  /** Most columns of any supernode. */
  readonly maxCols: number;
}

/**
 * All that the factorization of every matrix of one pattern has in common: made once by `analyze`, used by
 * any number of factors. It never changes.
 */
export interface Symbolic {
  /** Size of L. */
  readonly n: number;
  readonly form: MatrixForm;
  /** The triangle of A that is read; for A A' that of the product. */
  readonly uplo: Triangle;
  /** `permutation[k]` is the row and column of A that is eliminated k-th. */
  readonly permutation: Permutation;
  /** Elimination tree of the permuted matrix, −1 for roots. */
  readonly parent: Int32Array;
  /** Entries of each column of L, diagonal included. */
  readonly columnCounts: Int32Array;
  /** Entries of L, diagonal included. */
  readonly nnz: number;
  /** Multiplications, additions, divisions and square roots of the numeric phase, Σ counts². */
  readonly flops: number;
  readonly kind: FactorKind;
  /** The analyzed pattern of A, held by reference. */
  readonly pattern: CscPattern;
  /** Plan for A A', null for a symmetric A. */
  readonly aat: AAtPlan | null;
  /** Upper triangle of the permuted structure when updates have added entries to that of A; else null. */
  readonly structure: ColumnPattern | null;
  /** Where each entry of A (of A A') goes in the values of L, −1 for entries that are not read. */
  readonly target: Int32Array;
  /** Where each diagonal entry of L is. */
  readonly diagonal: Int32Array;
  /** Column pointers and rows of a simplicial L; null for a supernodal one. */
  readonly simplicial: ColumnPattern | null;
  /** Blocks of a supernodal L; null for a simplicial one. */
  readonly supernodes: SupernodePartition | null;
  /** Length of the array that holds the values of L (a supernodal one has some explicit zeros). */
  readonly valueCount: number;
}
