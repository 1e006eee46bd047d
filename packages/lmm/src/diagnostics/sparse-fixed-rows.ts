import { invertLowerInPlace, PackingWorkspace, solveLowerLeftInPlace } from "@lmmkit/dense";
import type { ModelColumn } from "@lmmkit/formula";
import type { PlsWorkspace } from "../pls/workspace";
import type { RowSource } from "./row-source";

/** From this many columns of X on, rows with few entries are read entry by entry. */
const MANY_COLUMNS = 24;

/**
 * Rows of X brought to the basis in which X'V⁻¹X = I, from their entries: x'(R RX)⁻¹ costs p for each entry of x, in the
 * place of p² for a row written out. For factors of many levels among the fixed effects.
 */
export class SparseFixedRows {
  /** RX'⁻¹R'⁻¹, lower triangular, p×p, column-major: column j is what an entry in column j of X gives. */
  private readonly inverse: Float64Array;
  private readonly p: number;
  /** Entries of each row in columns stored sparse. */
  private readonly rowPtr: Int32Array;
  private readonly cols: Int32Array;
  private readonly values: Float64Array;
  /** The other columns. */
  private readonly others: readonly {
    readonly j: number;
    readonly column: ModelColumn;
    readonly shift: number;
  }[];

  private constructor({ design, products, basis, rxt, p }: PlsWorkspace, source: RowSource) {
    this.p = p;
    const columns = Array.from(design.fixedColumns, (at) => source.fixed.columns[at]);
    const shifts = products.shifts.fixedColumns;
    this.others = columns.flatMap((column, j) =>
      column.kind === "sparse" && shifts[j] === 0 ? [] : [{ j, column, shift: shifts[j] }],
    );
    this.rowPtr = new Int32Array(source.nobs + 1);
    const sparse = columns.map((column, j) => (column.kind === "sparse" && shifts[j] === 0 ? column : null));
    for (const column of sparse) if (column !== null) for (const r of column.rows) this.rowPtr[r + 1]++;
    for (let r = 0; r < source.nobs; r++) this.rowPtr[r + 1] += this.rowPtr[r];
    this.cols = new Int32Array(this.rowPtr[source.nobs]);
    this.values = new Float64Array(this.cols.length);
    const next = this.rowPtr.slice();
    sparse.forEach((column, j) => {
      if (column === null) return;
      column.rows.forEach((r, i) => {
        this.cols[next[r]] = j;
        this.values[next[r]++] = column.values[i];
      });
    });
    const inverse = basis.rt.slice(0, p * p);
    for (let j = 0; j < p; j++) inverse.fill(0, j * p, j * p + j);
    const room = new PackingWorkspace();
    invertLowerInPlace(inverse, 0, p, p, room);
    solveLowerLeftInPlace(inverse, 0, p, p, p, rxt, 0, p, room);
    this.inverse = inverse;
  }

  /** Null where rows written out are less work: few columns, dense ones, or nearly collinear ones with a basis of their own. */
  static of(workspace: PlsWorkspace, source: RowSource): SparseFixedRows | null {
    const { design, products, p } = workspace;
    if (p < MANY_COLUMNS || products.shifts.triangle !== null) return null;
    let dense = 0;
    let entries = 0;
    design.fixedColumns.forEach((at, j) => {
      const column = source.fixed.columns[at];
      if (column.kind === "sparse" && products.shifts.fixedColumns[j] === 0) entries += column.rows.length;
      else dense++;
    });
    return 2 * (dense + entries / Math.max(1, source.nobs)) < p
      ? new SparseFixedRows(workspace, source)
      : null;
  }

  /** Multiply–adds for each row, about. */
  get workPerRow(): number {
    return this.p * (this.others.length + this.cols.length / Math.max(1, this.rowPtr.length - 1));
  }

  /** Writes one row in the basis, p numbers. */
  rowInto(row: number, outBasis: Float64Array): void {
    outBasis.fill(0);
    for (let i = this.rowPtr[row]; i < this.rowPtr[row + 1]; i++)
      this.add(this.cols[i], this.values[i], outBasis);
    for (const { j, column, shift } of this.others) {
      this.add(j, entryOf(column, row) - shift, outBasis);
    }
  }

  private add(j: number, value: number, out: Float64Array): void {
    if (value === 0) return;
    const { inverse, p } = this;
    for (let m = j; m < p; m++) out[m] += value * inverse[j * p + m];
  }
}

function entryOf(column: ModelColumn, row: number): number {
  if (column.kind === "constant") return column.value;
  if (column.kind === "dense") return column.values[row];
  const at = column.rows.indexOf(row);
  return at < 0 ? 0 : column.values[at];
}
