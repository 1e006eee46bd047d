import { pivotedQr, triangleOfQr } from "@lmmkit/dense";
import type { ModelFrame } from "@lmmkit/formula";
import type { Design } from "../design/design";
import { type ColumnView, columnView } from "./column-view";
import type { ColumnShifts } from "./shifts";

/** The columns of a frame as the products read them. */
export interface Views {
  /** Kept columns of X, shifted. Those with `fixedRows` hold the values of these rows only. */
  readonly fixed: readonly ColumnView[];
  /** Rows that are not zero, increasing, for columns stored so; null otherwise. */
  readonly fixedRows: readonly (Int32Array | null)[];
  /** Columns of each factor, shifted. */
  readonly random: readonly (readonly ColumnView[])[];
  /** Level codes of each factor. */
  readonly codes: readonly Int32Array[];
  readonly weights: Float64Array | null;
}

/** Nothing is copied but columns of Z stored sparse. */
export function viewsOf(frame: ModelFrame, design: Design, shifts: ColumnShifts): Views {
  const fixedColumns = Array.from(design.fixedColumns, (j) => frame.fixed.columns[j]);
  return {
    fixed: fixedColumns.map((column, j) =>
      column.kind === "sparse"
        ? { values: column.values, shift: 0, constant: 0 }
        : columnView(column, frame.nobs, shifts.fixed[j]),
    ),
    fixedRows: fixedColumns.map((column) => (column.kind === "sparse" ? column.rows : null)),
    random: design.factors.map((_, f) =>
      design.terms
        .filter((term) => term.factor === f)
        .flatMap((term) => frame.random[term.frameIndex].design.columns)
        .map((column, c) => columnView(column, frame.nobs, shifts.random[f][c])),
    ),
    codes: design.factors.map((_, f) => {
      const term = design.terms.find((candidate) => candidate.factor === f);
      return frame.random[term === undefined ? 0 : term.frameIndex].group.codes;
    }),
    weights: frame.weights,
  };
}

/**
 * R of the QR factorization of √W X̃, p×p upper triangular, column-major: what makes nearly collinear
 * columns orthonormal.
 *
 * Cost: 2n·p² and a dense copy of X.
 */
export function fixedTriangle(views: Views, n: number): Float64Array {
  const p = views.fixed.length;
  const x = new Float64Array(n * p);
  views.fixed.forEach((_, j) => {
    const out = x.subarray(j * n, (j + 1) * n);
    writeFixedInto(views, j, out);
    const { weights } = views;
    if (weights !== null) for (let r = 0; r < n; r++) out[r] *= Math.sqrt(weights[r]);
  });
  return triangleOfQr(pivotedQr(x, n, p, 0));
}

/** Writes out column j of X̃. */
function writeFixedInto(views: Views, j: number, out: Float64Array): void {
  const { values, shift, constant } = views.fixed[j];
  const rows = views.fixedRows[j];
  if (values === null) out.fill(constant);
  else if (rows === null) for (let r = 0; r < out.length; r++) out[r] = values[r] - shift;
  else {
    out.fill(0);
    for (let i = 0; i < rows.length; i++) out[rows[i]] = values[i];
  }
}

/**
 * The same views with the columns of X̃R⁻¹ for those of X̃, written out.
 *
 * @param triangle R
 * Cost: n·p²/2.
 */
export function orthogonalized(views: Views, n: number, triangle: Float64Array): Views {
  const p = views.fixed.length;
  const columns: Float64Array[] = [];
  views.fixed.forEach((_, j) => {
    const out = new Float64Array(n);
    writeFixedInto(views, j, out);
    columns.forEach((before, i) => {
      const factor = triangle[j * p + i];
      if (factor !== 0) for (let r = 0; r < n; r++) out[r] -= factor * before[r];
    });
    const pivot = triangle[j * p + j];
    for (let r = 0; r < n; r++) out[r] /= pivot;
    columns.push(out);
  });
  return {
    ...views,
    fixed: columns.map((values) => ({ values, shift: 0, constant: 0 })),
    fixedRows: columns.map(() => null),
  };
}
