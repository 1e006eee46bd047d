import type { ModelFrame } from "@lmmkit/formula";
import type { Design } from "../design/design";
import { type ColumnView, centre, columnView } from "./column-view";
import type { CrossProducts, FactorPair, Shifts } from "./cross-products";
import { leastSquares } from "./least-squares";
import { levelPairs } from "./level-pairs";
import { type ColumnShifts, columnShifts } from "./shifts";
import { dot, scatterInto } from "./sums";

/** How cross-products are formed. */
export interface CrossProductOptions {
  /** Shifts of another part of the data, so that the parts can be merged; default: this frame's own. */
  readonly shifts?: Shifts;
}

/** The columns of a frame as the products read them. */
interface Views {
  /** Kept columns of X, shifted. */
  readonly fixed: readonly ColumnView[];
  /** Rows that are not zero, for columns stored so; null otherwise. */
  readonly fixedRows: readonly (Int32Array | null)[];
  /** Columns of each factor, shifted. */
  readonly random: readonly (readonly ColumnView[])[];
  /** Level codes of each factor. */
  readonly codes: readonly Int32Array[];
  readonly weights: Float64Array | null;
}

/**
 * Forms the cross-products of a model frame, weighted, shifted and compensated.
 *
 * The response is replaced by its residual from the least-squares fit on X (known to a few digits is
 * enough: any b0 gives the same model), dense columns by their distance from a number near their mean.
 *
 * @param frame not changed
 * @param design of the same frame
 * Cost: n·(p² + p·K + K²) with K random-effects columns in a row, less for columns stored sparse;
 * one counting sort of the rows per pair of factors.
 */
export function crossProducts(
  frame: ModelFrame,
  design: Design,
  options: CrossProductOptions = {},
): CrossProducts {
  const n = frame.nobs;
  const shifts = columnShifts(frame, design, options.shifts);
  const views = viewsOf(frame, design, shifts);
  const { weights } = views;
  const xtx = fixedProducts(views, n);
  const ztx = new Float64Array(design.q * views.fixed.length);
  views.fixed.forEach((column, j) => {
    randomTimes(design, views, column, ztx.subarray(j * design.q, (j + 1) * design.q));
  });
  const ztz = randomProducts(design, views);
  const response = responseProducts(frame, design, shifts, views, xtx, options.shifts?.response);
  let nobs = n;
  let sumLogWeights = 0;
  if (weights !== null) {
    nobs = 0;
    for (const weight of weights) {
      if (weight === 0) continue;
      nobs++;
      sumLogWeights += Math.log(weight);
    }
  }
  return {
    nobs,
    sumLogWeights,
    shifts: {
      fixed: shifts.fixedMap,
      random: shifts.randomMaps,
      response: response.shift,
      fixedColumns: shifts.fixed,
      randomColumns: shifts.random,
    },
    ztz,
    ztx,
    xtx,
    zty: response.zty,
    xty: response.xty,
    yty: response.yty,
    total: response.total,
  };
}

function viewsOf(frame: ModelFrame, design: Design, shifts: ColumnShifts): Views {
  const fixedColumns = Array.from(design.fixedColumns, (j) => frame.fixed.columns[j]);
  return {
    fixed: fixedColumns.map((column, j) => columnView(column, frame.nobs, shifts.fixed[j])),
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

function fixedProducts(views: Views, n: number): Float64Array {
  const p = views.fixed.length;
  const xtx = new Float64Array(p * p);
  for (let j = 0; j < p; j++) {
    for (let i = 0; i <= j; i++) {
      const rows = views.fixedRows[i] ?? views.fixedRows[j];
      const value =
        rows === null
          ? dot(n, views.fixed[i], views.fixed[j], views.weights)
          : dotRows(rows, views.fixed[i], views.fixed[j], views.weights);
      xtx[j * p + i] = value;
      xtx[i * p + j] = value;
    }
  }
  return xtx;
}

/** Σ over some rows of w a b; the products are 0 in all others. */
function dotRows(rows: Int32Array, a: ColumnView, b: ColumnView, weights: Float64Array | null): number {
  let sum = 0;
  let lost = 0;
  for (const r of rows) {
    let value =
      (a.values === null ? a.constant : a.values[r] - a.shift) *
      (b.values === null ? b.constant : b.values[r] - b.shift);
    if (weights !== null) value *= weights[r];
    const total = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - total + value : value - total + sum;
    sum = total;
  }
  return sum + lost;
}

/** Z' times one column, into a vector of length q. */
function randomTimes(design: Design, views: Views, column: ColumnView, out: Float64Array): void {
  design.factors.forEach((factor, f) => {
    const nlevels = factor.levels.length;
    const lost = new Float64Array(nlevels);
    const part = out.subarray(factor.start, factor.start + nlevels * factor.ncols);
    views.random[f].forEach((own, c) => {
      scatterInto(views.codes[f], own, column, views.weights, factor.ncols, c, lost, part);
    });
  });
}

function randomProducts(design: Design, views: Views): FactorPair[] {
  const pairs: FactorPair[] = [];
  const { factors } = design;
  for (let col = 0; col < factors.length; col++) {
    const ncols = factors[col].levels.length;
    for (let row = col; row < factors.length; row++) {
      const pattern =
        row === col
          ? { ...diagonalPattern(ncols), target: views.codes[col] }
          : levelPairs(views.codes[col], ncols, views.codes[row], factors[row].levels.length);
      const kRow = factors[row].ncols;
      const size = kRow * factors[col].ncols;
      const nblocks = pattern.rowIdx.length;
      const values = new Float64Array(nblocks * size);
      const lost = new Float64Array(nblocks);
      views.random[col].forEach((a, j) => {
        views.random[row].forEach((b, i) => {
          scatterInto(pattern.target, a, b, views.weights, size, j * kRow + i, lost, values);
        });
      });
      pairs.push({
        rowFactor: row,
        colFactor: col,
        colPtr: pattern.colPtr,
        rowIdx: pattern.rowIdx,
        values,
      });
    }
  }
  return pairs;
}

function diagonalPattern(nlevels: number): { colPtr: Int32Array; rowIdx: Int32Array } {
  const colPtr = new Int32Array(nlevels + 1);
  for (let l = 0; l <= nlevels; l++) colPtr[l] = l;
  return { colPtr, rowIdx: colPtr.slice(0, nlevels) };
}

interface ResponseProducts {
  readonly shift: Float64Array;
  readonly zty: Float64Array;
  readonly xty: Float64Array;
  readonly yty: number;
  readonly total: number;
}

function responseProducts(
  frame: ModelFrame,
  design: Design,
  shifts: ColumnShifts,
  views: Views,
  xtx: Float64Array,
  given: Float64Array | undefined,
): ResponseProducts {
  const n = frame.nobs;
  const response = Float64Array.from(frame.response === null ? [] : frame.response.values);
  if (frame.offset !== null) for (let r = 0; r < n; r++) response[r] -= frame.offset[r];
  const whole: ColumnView = { values: response, shift: 0, constant: 0 };
  const shift = given ?? fitOnFixed(response, n, shifts, views, xtx);
  const y = response.slice();
  subtractFixedInPlace(y, views, shift);
  const view: ColumnView = { values: y, shift: 0, constant: 0 };
  const zty = new Float64Array(design.q);
  randomTimes(design, views, view, zty);
  return {
    shift,
    zty,
    xty: timesFixed(views, view, n),
    yty: dot(n, view, view, views.weights),
    total: dot(n, whole, whole, views.weights),
  };
}

/** b0: the least-squares fit of the response on X̃, the mean taken out first. */
function fitOnFixed(
  response: Float64Array,
  n: number,
  shifts: ColumnShifts,
  views: Views,
  xtx: Float64Array,
): Float64Array {
  const mean = shifts.ones === null ? 0 : centre(response);
  const b = leastSquares(xtx, timesFixed(views, { values: response, shift: mean, constant: 0 }, n));
  return shifts.ones === null ? b : b.map((value, j) => value + mean * (shifts.ones?.[j] ?? 0));
}

/** X̃'y. */
function timesFixed(views: Views, y: ColumnView, n: number): Float64Array {
  return Float64Array.from(views.fixed, (column, j) => {
    const rows = views.fixedRows[j];
    return rows === null ? dot(n, column, y, views.weights) : dotRows(rows, column, y, views.weights);
  });
}

/** y ← y − X̃b. */
function subtractFixedInPlace(y: Float64Array, views: Views, b: Float64Array): void {
  views.fixed.forEach((column, j) => {
    const rows = views.fixedRows[j];
    if (column.values === null) {
      for (let r = 0; r < y.length; r++) y[r] -= column.constant * b[j];
    } else if (rows !== null) {
      for (const r of rows) y[r] -= column.values[r] * b[j];
    } else {
      for (let r = 0; r < y.length; r++) y[r] -= (column.values[r] - column.shift) * b[j];
    }
  });
}
