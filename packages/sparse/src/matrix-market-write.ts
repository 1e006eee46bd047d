import type { CscMatrix } from "./csc";
import { nnz } from "./csc";
import { SparseError } from "./errors";

/** Options of `writeMatrixMarket`. */
export interface WriteMatrixMarketOptions {
  /** "symmetric" declares the stored lower triangle of a symmetric matrix; "general" (default) writes all as is. */
  readonly symmetry?: "general" | "symmetric";
  /** "pattern" leaves the values out; "real" is the default. */
  readonly field?: "real" | "pattern";
  /** Lines put behind the banner, each after a `%`. */
  readonly comments?: readonly string[];
}

/**
 * The text of a Matrix Market coordinate file. Numbers are written with the fewest digits that read back
 * to the same value, so `readMatrixMarket(writeMatrixMarket(A))` is A bit for bit.
 *
 * Throws `SparseError` ("bad-matrix-market") when `symmetry` is "symmetric" and an entry lies above the
 * diagonal. Cost O(ncols + nnz).
 *
 * Source: Boisvert, Pozo & Remington (1996), The Matrix Market exchange formats, NISTIR 5935.
 */
export function writeMatrixMarket(matrix: CscMatrix, options: WriteMatrixMarketOptions = {}): string {
  const { symmetry = "general", field = "real", comments = [] } = options;
  const { nrows, ncols, colPtr, rowIdx, values } = matrix;
  const lines = [`%%MatrixMarket matrix coordinate ${field} ${symmetry}`];
  for (const comment of comments) for (const line of comment.split("\n")) lines.push(`% ${line}`);
  lines.push(`${nrows} ${ncols} ${nnz(matrix)}`);
  for (let j = 0; j < ncols; j++) {
    for (let p = colPtr[j]; p < colPtr[j + 1]; p++) {
      const i = rowIdx[p];
      if (symmetry === "symmetric" && i < j) {
        throw new SparseError(
          "bad-matrix-market",
          "entry above the diagonal",
          `(${i}, ${j})`,
          'a symmetric file stores the lower triangle; pass triangle(A, "lower")',
        );
      }
      lines.push(field === "pattern" ? `${i + 1} ${j + 1}` : `${i + 1} ${j + 1} ${number(values[p])}`);
    }
  }
  lines.push("");
  return lines.join("\n");
}

function number(x: number): string {
  return Object.is(x, -0) ? "-0" : String(x);
}
