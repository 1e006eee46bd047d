import type { CscMatrix } from "./csc";
import { nnz } from "./csc";
import { SparseError } from "./errors";

/** [A B …]: side by side. All need the same number of rows. Cost O(columns + entries). */
export function stackHorizontally(...parts: readonly CscMatrix[]): CscMatrix {
  const nrows = parts.length === 0 ? 0 : parts[0].nrows;
  checkShared(
    parts.map((part) => part.nrows),
    "rows",
  );
  return assemble(
    parts.map((matrix) => ({ matrix, rowOffset: 0 })),
    nrows,
  );
}

/** [A; B; …]: one below the other. All need the same number of columns. Cost O(parts · columns + entries). */
export function stackVertically(...parts: readonly CscMatrix[]): CscMatrix {
  checkShared(
    parts.map((part) => part.ncols),
    "columns",
  );
  const ncols = parts.length === 0 ? 0 : parts[0].ncols;
  const nrows = parts.reduce((sum, part) => sum + part.nrows, 0);
  const total = parts.reduce((sum, part) => sum + nnz(part), 0);
  const colPtr = new Int32Array(ncols + 1);
  const rowIdx = new Int32Array(total);
  const values = new Float64Array(total);
  let size = 0;
  for (let j = 0; j < ncols; j++) {
    let offset = 0;
    for (const part of parts) {
      for (let p = part.colPtr[j]; p < part.colPtr[j + 1]; p++) {
        rowIdx[size] = part.rowIdx[p] + offset;
        values[size] = part.values[p];
        size++;
      }
      offset += part.nrows;
    }
    colPtr[j + 1] = size;
  }
  return { nrows, ncols, colPtr, rowIdx, values };
}

/** diag(A, B, …): blocks along the diagonal, of any shapes. Cost O(columns + entries). */
export function blockDiagonal(...parts: readonly CscMatrix[]): CscMatrix {
  let rowOffset = 0;
  const placed = parts.map((matrix) => {
    const place = { matrix, rowOffset };
    rowOffset += matrix.nrows;
    return place;
  });
  return assemble(placed, rowOffset);
}

/** Puts the columns of the parts one after the other, rows shifted by each part's offset. */
function assemble(parts: readonly { matrix: CscMatrix; rowOffset: number }[], nrows: number): CscMatrix {
  const ncols = parts.reduce((sum, part) => sum + part.matrix.ncols, 0);
  const total = parts.reduce((sum, part) => sum + nnz(part.matrix), 0);
  const colPtr = new Int32Array(ncols + 1);
  const rowIdx = new Int32Array(total);
  const values = new Float64Array(total);
  let column = 0;
  let size = 0;
  for (const { matrix, rowOffset } of parts) {
    const count = nnz(matrix);
    for (let p = 0; p < count; p++) rowIdx[size + p] = matrix.rowIdx[p] + rowOffset;
    values.set(matrix.values.subarray(0, count), size);
    for (let j = 0; j < matrix.ncols; j++) colPtr[++column] = size + matrix.colPtr[j + 1];
    size += count;
  }
  return { nrows, ncols, colPtr, rowIdx, values };
}

function checkShared(sizes: readonly number[], what: string): void {
  if (sizes.some((size) => size !== sizes[0])) {
    throw new SparseError(
      "dimension-mismatch",
      `different numbers of ${what}`,
      sizes.join(", "),
      "they must agree",
    );
  }
}
