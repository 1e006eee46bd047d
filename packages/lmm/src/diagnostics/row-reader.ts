import type { ModelColumn } from "@lmmkit/formula";
import type { Design } from "../design/design";
import { rightSolveTransposedInPlace } from "../pls/blocks";
import type { PlsWorkspace } from "../pls/workspace";
import type { RowSource } from "./row-source";
import { SparseFixedRows } from "./sparse-fixed-rows";

/** One column of Z: `values[r]`, or `constant` in every row. */
interface RandomColumn {
  readonly values: Float64Array | null;
  readonly constant: number;
  readonly shift: number;
}

/** The columns of one factor in some rows. */
interface FactorRows {
  readonly codes: Int32Array;
  readonly nlevels: number;
  /** By place among the factor's columns; null for columns that are left out. */
  readonly columns: readonly (RandomColumn | null)[];
  /** Whether every column is there, so that shifted columns may be used. */
  readonly whole: boolean;
}

/**
 * Reads rows as the engine's factor sees them: Λ'z for each factor, and stretches of X in the orthonormal basis
 * that the workspace uses.
 */
export class RowReader {
  readonly nobs: number;
  /** K of each factor, and where its part of Λ'z begins. */
  readonly offsets: Int32Array;
  /** Length of Λ'z for one row: the sum of K over the factors. */
  readonly width: number;
  private readonly workspace: PlsWorkspace;
  private readonly source: RowSource;
  private readonly factors: readonly (FactorRows | null)[];
  /** R' of the triangle that re-based nearly collinear columns, or null. */
  private readonly triangle: Float64Array | null;

  /**
   * @param included per term, which of its columns count; null for all columns of all terms
   */
  constructor(
    workspace: PlsWorkspace,
    source: RowSource,
    included: readonly (ArrayLike<boolean> | null)[] | null = null,
  ) {
    const { design, products, p } = workspace;
    this.nobs = source.nobs;
    this.workspace = workspace;
    this.source = source;
    this.offsets = new Int32Array(design.factors.length + 1);
    design.factors.forEach(({ ncols }, f) => {
      this.offsets[f + 1] = this.offsets[f] + ncols;
    });
    this.width = this.offsets[design.factors.length];
    this.factors = design.factors.map((_, f) =>
      factorRows(design, f, source, products.shifts.randomColumns[f], included),
    );
    const { triangle } = products.shifts;
    this.triangle = null;
    if (triangle !== null) {
      this.triangle = new Float64Array(p * p);
      for (let j = 0; j < p; j++) for (let i = 0; i <= j; i++) this.triangle[i * p + j] = triangle[j * p + i];
    }
  }

  /** A reader of X entry by entry at the workspace's last θ, where that is less work; else null. */
  sparseFixed(): SparseFixedRows | null {
    return SparseFixedRows.of(this.workspace, this.source);
  }

  /** Level of the factor in this row; −1 where it is a new one or the factor is left out. */
  level(f: number, row: number): number {
    const factor = this.factors[f];
    if (factor === null) return -1;
    const code = factor.codes[row];
    return code < factor.nlevels ? code : -1;
  }

  /**
   * Writes Λ'z of one row, factor by factor; zeros where there is no level.
   *
   * @param outScaled `width` numbers from `at` on
   */
  scaledRandomInto(row: number, outScaled: Float64Array, at: number): void {
    const { relative, templates } = this.workspace;
    for (let f = 0; f < this.factors.length; f++) {
      const first = at + this.offsets[f];
      const k = this.offsets[f + 1] - this.offsets[f];
      outScaled.fill(0, first, first + k);
      const factor = this.factors[f];
      if (factor === null || this.level(f, row) < 0) continue;
      const template = factor.whole ? templates[f] : relative[f];
      for (let a = 0; a < k; a++) {
        const column = factor.columns[a];
        if (column === null) continue;
        let value = column.values === null ? column.constant : column.values[row];
        if (factor.whole && column.values !== null) value -= column.shift;
        if (value === 0) continue;
        for (let c = 0; c < k; c++) outScaled[first + c] += template[c * k + a] * value;
      }
    }
  }

  /**
   * Writes rows `first` … `first + count − 1` of Q, the orthonormal basis of X, count×p, column-major.
   *
   * Cost: count·p², no allocation.
   */
  fixedBasisInto(first: number, count: number, outBasis: Float64Array): void {
    const { design, products, basis, p } = this.workspace;
    const shift = products.shifts.fixedColumns;
    for (let j = 0; j < p; j++) {
      const column = this.source.fixed.columns[design.fixedColumns[j]];
      const at = j * count;
      if (column.kind === "constant") outBasis.fill(column.value, at, at + count);
      else if (column.kind === "dense") {
        for (let r = 0; r < count; r++) outBasis[at + r] = column.values[first + r] - shift[j];
      } else {
        // The shift is that of the model's own column, which may have been dense where this one is not.
        outBasis.fill(shift[j] === 0 ? 0 : -shift[j], at, at + count);
        for (let i = lowerBound(column.rows, first); i < column.rows.length; i++) {
          const r = column.rows[i] - first;
          if (r >= count) break;
          outBasis[at + r] += column.values[i];
        }
      }
      if (column.kind === "constant" && shift[j] !== 0) {
        for (let r = 0; r < count; r++) outBasis[at + r] -= shift[j];
      }
    }
    if (this.triangle !== null) rightSolveTransposedInPlace(outBasis, count, this.triangle, p);
    rightSolveTransposedInPlace(outBasis, count, basis.rt, p);
  }
}

function factorRows(
  design: Design,
  f: number,
  source: RowSource,
  shifts: Float64Array,
  included: readonly (ArrayLike<boolean> | null)[] | null,
): FactorRows | null {
  const columns: (RandomColumn | null)[] = [];
  let codes: Int32Array | null = null;
  let any = false;
  let whole = true;
  design.terms.forEach((term, t) => {
    if (term.factor !== f) return;
    const rows = source.random[term.frameIndex];
    const mask = included === null ? null : included[t];
    term.columns.forEach((_, c) => {
      if (rows === null || (included !== null && mask?.[c] !== true)) {
        whole = false;
        columns.push(null);
        return;
      }
      any = true;
      columns.push(randomColumn(rows.design.columns[c], source.nobs, shifts[columns.length]));
    });
    if (rows !== null) codes = rows.group.codes;
  });
  if (!any || codes === null) return null;
  return { codes, nlevels: design.factors[f].levels.length, columns, whole };
}

function randomColumn(column: ModelColumn, nobs: number, shift: number): RandomColumn {
  // A column that was shifted when the model was made is shifted here, whatever it is stored as.
  if (column.kind === "constant") {
    return shift === 0
      ? { values: null, constant: column.value, shift: 0 }
      : { values: new Float64Array(nobs).fill(column.value), constant: 0, shift };
  }
  if (column.kind === "dense") return { values: column.values, constant: 0, shift };
  const values = new Float64Array(nobs);
  for (let i = 0; i < column.rows.length; i++) values[column.rows[i]] = column.values[i];
  return { values, constant: 0, shift };
}

function lowerBound(values: Int32Array, wanted: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
