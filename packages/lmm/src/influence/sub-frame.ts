import type { ModelColumn, ModelFrame, ModelMatrix } from "@lmmkit/formula";

/**
 * Some rows of a frame, with all levels and columns of the whole.
 *
 * @param rows increasing; not changed
 * Cost: rows times columns.
 */
export function subFrame(frame: ModelFrame, rows: Int32Array): ModelFrame {
  const pick = (values: Float64Array) => Float64Array.from(rows, (r) => values[r]);
  return {
    ...frame,
    nobs: rows.length,
    rows: frame.rows === null ? rows : Int32Array.from(rows, (r) => (frame.rows as Int32Array)[r]),
    response: frame.response === null ? null : { ...frame.response, values: pick(frame.response.values) },
    fixed: subMatrix(frame.fixed, rows),
    random: frame.random.map((term) => ({
      ...term,
      design: subMatrix(term.design, rows),
      group: { ...term.group, codes: Int32Array.from(rows, (r) => term.group.codes[r]) },
    })),
    weights: frame.weights === null ? null : pick(frame.weights),
    offset: frame.offset === null ? null : pick(frame.offset),
  };
}

function subMatrix(matrix: ModelMatrix, rows: Int32Array): ModelMatrix {
  return { ...matrix, nrows: rows.length, columns: matrix.columns.map((column) => subColumn(column, rows)) };
}

function subColumn(column: ModelColumn, rows: Int32Array): ModelColumn {
  if (column.kind === "constant") return column;
  if (column.kind === "dense") {
    return { kind: "dense", values: Float64Array.from(rows, (r) => column.values[r]) };
  }
  const own: number[] = [];
  const values: number[] = [];
  rows.forEach((r, i) => {
    const at = search(column.rows, r);
    if (at < 0) return;
    own.push(i);
    values.push(column.values[at]);
  });
  return { kind: "sparse", rows: Int32Array.from(own), values: Float64Array.from(values) };
}

/** Position of `wanted` in increasing values, −1 where it is not. */
function search(values: Int32Array, wanted: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    if (values[middle] === wanted) return middle;
    if (values[middle] < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
