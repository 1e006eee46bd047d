import type { LinearMixedModel } from "../model/linear-mixed-model";

/**
 * Columns of X written out, rows × columns, column-major.
 *
 * @param columns positions in the frame's X; by default the kept ones
 */
export function denseFixed(
  { frame, design }: LinearMixedModel,
  columns: ArrayLike<number> = design.fixedColumns,
): Float64Array {
  const { nobs, fixed } = frame;
  const out = new Float64Array(nobs * columns.length);
  for (let j = 0; j < columns.length; j++) {
    const column = fixed.columns[columns[j]];
    const own = out.subarray(j * nobs, (j + 1) * nobs);
    if (column.kind === "constant") own.fill(column.value);
    else if (column.kind === "dense") own.set(column.values);
    else for (let i = 0; i < column.rows.length; i++) own[column.rows[i]] = column.values[i];
  }
  return out;
}
