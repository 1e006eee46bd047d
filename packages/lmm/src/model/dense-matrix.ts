/** A dense matrix. */
export interface DenseMatrix {
  readonly nrows: number;
  readonly ncols: number;
  /** nrows × ncols, column-major. */
  readonly values: Float64Array;
  /** One per column; absent where columns have no names. */
  readonly columnNames?: readonly string[];
}
