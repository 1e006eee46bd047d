import { cholesky, LogProduct, solveLowerInPlace, solveLowerTransposeInPlace } from "@lmmkit/dense";
import { type InverseBlocks, inverseBlocks } from "../diagnostics/inverse-blocks";
import { PairCollector } from "../diagnostics/level-pairs";
import { RowReader } from "../diagnostics/row-reader";
import { eachRow, type RowSystem, rowSystem } from "../diagnostics/row-system";
import { LmmError } from "../errors";
import { symmetricEigen } from "../inference/symmetric-eigen";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import type { DeletionSets } from "./deletion-sets";

/** Numbers held per row, in all (2 GB). */
const MOST_NUMBERS = 2.5e8;

/** What is left of the fit at θ̂ without some rows. */
export interface DeletedFit {
  /** c with β̂ without the rows = β̂ − root·c, length p. */
  readonly change: Float64Array;
  /** By how much r² falls. */
  readonly drop: number;
  /** C with (X'V⁻¹X)⁻¹ without the rows = root (I + C) root': C = S'S with S `rows`×p, column-major. */
  readonly spread: { readonly root: Float64Array; readonly rows: number };
  /** log|I − H_SS|: log|L|² + log|RX|² changes by this much. */
  readonly logDet: number;
  /** Smallest pivot of I − H_SS. */
  readonly pivot: number;
}

/** Every row in the terms of the factor at hand: √w a, √w g and √w r, and the inverse between their levels. */
export interface DeletedSystem {
  readonly system: RowSystem;
  readonly reader: RowReader;
  readonly inverse: InverseBlocks;
  /** √wΛ'z, n × width, by rows. */
  readonly scaled: Float64Array;
  /** √w g, n × p, by rows. */
  readonly fixed: Float64Array;
  /** √w(y − fitted). */
  readonly residual: Float64Array;
}

/** The pairs of levels that deletions of these sets bring together. */
export function deletionPairs(model: LinearMixedModel, reader: RowReader, sets: DeletionSets): PairCollector {
  const { factors } = model.design;
  const collector = new PairCollector(model.design);
  const { firstNode } = collector;
  const seen = new Int32Array(firstNode[factors.length]).fill(-1);
  for (let s = 0; s + 1 < sets.ptr.length; s++) {
    if (sets.ptr[s + 1] - sets.ptr[s] < 2) continue;
    const nodes: number[] = [];
    for (let i = sets.ptr[s]; i < sets.ptr[s + 1]; i++) {
      for (let f = 0; f < factors.length; f++) {
        const node = firstNode[f] + reader.level(f, sets.rows[i]);
        if (seen[node] === s) continue;
        seen[node] = s;
        nodes.push(node);
      }
    }
    collector.addClique(nodes);
  }
  return collector;
}

/**
 * Prepares for deletions of sets of rows at θ̂.
 *
 * @throws LmmError `too-large` where the numbers per row, or the inverse, would not fit
 * Cost: that of `hatvalues`, with the inverse on all pairs of levels that meet in a set.
 */
export function deletedSystem(model: LinearMixedModel, sets: DeletionSets): DeletedSystem {
  const { frame, weights, response, fitted } = model;
  const p = model.beta.length;
  const system = rowSystem(model);
  const reader = new RowReader(system.workspace, frame);
  const { width } = reader;
  if (frame.nobs * (width + p) > MOST_NUMBERS) {
    throw new LmmError(
      "too-large",
      `too large question: ${width + p} numbers for each of ${frame.nobs} rows`,
      frame.nobs * (width + p),
      "delete fewer rows, or leave out terms",
    );
  }
  const { pairs } = deletionPairs(model, reader, sets);
  const inverse = pairs.count === 0 ? system.inverse : inverseBlocks(system.workspace, pairs);
  const scaled = new Float64Array(frame.nobs * width);
  const fixed = new Float64Array(frame.nobs * p);
  const residual = new Float64Array(frame.nobs);
  eachRow(system, reader, (view) => {
    const { row } = view;
    const root = weights === null ? 1 : Math.sqrt(weights[row]);
    for (let c = 0; c < width; c++) scaled[row * width + c] = root * view.scaled[c];
    for (let j = 0; j < p; j++) fixed[row * p + j] = root * view.fixed[j];
    residual[row] = root * (response[row] - fitted[row]);
  });
  return { system, reader, inverse, scaled, fixed, residual };
}

/**
 * The fit at θ̂ without some rows, exactly: with H_SS their block of the hat matrix and e_S their residuals,
 * v = (I − H_SS)⁻¹e_S gives the change G'v of the coefficients and the fall e'v of r² (Sherman–Morrison–Woodbury).
 *
 * Rows are worked on as they are while they are few, otherwise in the space of the levels and columns of X that
 * they touch, d of them.
 *
 * @returns null where I − H_SS is not positive definite: the rest does not determine the fixed effects
 * Cost: min(rows, d)³, and their squares times p.
 * Source: Christensen, Pearson & Johnson (1992), Technometrics 34(1); Demidenko & Stukel (2005) §4.
 */
export function deleteRows(deleted: DeletedSystem, rows: Int32Array): DeletedFit | null {
  const { reader, fixed, residual } = deleted;
  const p = deleted.system.workspace.p;
  const nodes = touched(reader, rows);
  if (rows.length > nodes.width + p) return deleteManyRows(deleted, rows, nodes);
  const s = rows.length;
  const rest = new Float64Array(s * s);
  for (let j = 0; j < s; j++) {
    for (let i = j; i < s; i++) {
      const value = (i === j ? 1 : 0) - hatEntry(deleted, rows[i], rows[j]);
      rest[j * s + i] = value;
      rest[i * s + j] = value;
    }
  }
  const result = cholesky(rest, s);
  if (result.status !== "ok") return null;
  const l = result.factor;
  // Columns L⁻¹e and L⁻¹G, whose inner products are all that is wanted.
  const e = Float64Array.from(rows, (r) => residual[r]);
  solveLowerInPlace(e, l, s);
  const g = new Float64Array(s * p);
  for (let j = 0; j < p; j++) for (let i = 0; i < s; i++) g[j * s + i] = fixed[rows[i] * p + j];
  for (let j = 0; j < p; j++) solveLowerInPlace(g.subarray(j * s, (j + 1) * s), l, s);
  return fromRoots(l, s, e, g, p);
}

function fromRoots(l: Float64Array, s: number, e: Float64Array, g: Float64Array, p: number): DeletedFit {
  const change = new Float64Array(p);
  let drop = 0;
  for (let i = 0; i < s; i++) drop += e[i] * e[i];
  for (let j = 0; j < p; j++) for (let i = 0; i < s; i++) change[j] += g[j * s + i] * e[i];
  return { change, drop, spread: { root: g, rows: s }, ...pivotsOf(l, s) };
}

function pivotsOf(l: Float64Array, s: number): { logDet: number; pivot: number } {
  const product = new LogProduct();
  let pivot = 1;
  for (let i = 0; i < s; i++) {
    product.times(l[i * s + i]);
    pivot = Math.min(pivot, l[i * s + i] ** 2);
  }
  return { logDet: 2 * product.log(), pivot };
}

/** √w_i√w_j(a_i'Wa_j + g_i'g_j). */
function hatEntry({ reader, inverse, scaled, fixed, system }: DeletedSystem, i: number, j: number): number {
  const { width, offsets } = reader;
  const { p } = system.workspace;
  let sum = 0;
  for (let c = 0; c < p; c++) sum += fixed[i * p + c] * fixed[j * p + c];
  for (let f = 0; f + 1 < offsets.length; f++) {
    for (let g = 0; g + 1 < offsets.length; g++) {
      sum += inverse.form(
        f,
        reader.level(f, i),
        scaled,
        i * width + offsets[f],
        g,
        reader.level(g, j),
        scaled,
        j * width + offsets[g],
      );
    }
  }
  return sum;
}

/** The levels that some rows touch, each with its place in a vector over all of them. */
interface TouchedLevels {
  /** Per factor, the place of a level's first column. */
  readonly place: readonly ReadonlyMap<number, number>[];
  /** Columns in all. */
  readonly width: number;
}

function touched(reader: RowReader, rows: Int32Array): TouchedLevels {
  const { offsets } = reader;
  let width = 0;
  const place: Map<number, number>[] = [];
  for (let f = 0; f + 1 < offsets.length; f++) {
    const own = new Map<number, number>();
    for (const r of rows) {
      const level = reader.level(f, r);
      if (own.has(level)) continue;
      own.set(level, width);
      width += offsets[f + 1] - offsets[f];
    }
    place.push(own);
  }
  return { place, width };
}

/**
 * `deleteRows` in d dimensions: with E the rows over touched levels and X, N = blockdiag(W, I) = JJ' and B = EJ,
 * (I − BB')⁻¹ = I + B(I − B'B)⁻¹B'.
 */
function deleteManyRows(deleted: DeletedSystem, rows: Int32Array, nodes: TouchedLevels): DeletedFit | null {
  const { reader, inverse, scaled, fixed, residual } = deleted;
  const { p } = deleted.system.workspace;
  const { offsets } = reader;
  const w = nodes.width;
  const d = w + p;
  const gram = new Float64Array(d * d);
  const onResidual = new Float64Array(d);
  let square = 0;
  const index = new Int32Array(reader.width + p);
  const values = new Float64Array(reader.width + p);
  for (const r of rows) {
    let at = 0;
    for (let f = 0; f + 1 < offsets.length; f++) {
      const first = nodes.place[f].get(reader.level(f, r)) ?? 0;
      for (let c = offsets[f]; c < offsets[f + 1]; c++) {
        index[at] = first + c - offsets[f];
        values[at++] = scaled[r * reader.width + c];
      }
    }
    for (let j = 0; j < p; j++) {
      index[at] = w + j;
      values[at++] = fixed[r * p + j];
    }
    square += residual[r] * residual[r];
    for (let i = 0; i < at; i++) {
      onResidual[index[i]] += values[i] * residual[r];
      for (let k = 0; k < at; k++) gram[index[k] * d + index[i]] += values[i] * values[k];
    }
  }
  const middle = new Float64Array(w * w);
  nodes.place.forEach((own, f) => {
    for (const [level, row] of own) {
      nodes.place.forEach((others, g) => {
        for (const [other, col] of others) {
          inverse.blockInto(f, level, g, other, middle, col * w + row, w);
        }
      });
    }
  });
  const factor = cholesky(middle, w);
  if (factor.status !== "ok") return null;
  const root = factor.factor;
  // J'(E'E)J and J'E'e: J acts on the first w coordinates only. Columns first, then rows.
  const product = gram.slice();
  for (let pass = 0; pass < 2; pass++) {
    for (let i = 0; i < d; i++) {
      for (let c = 0; c < w; c++) {
        let sum = 0;
        for (let m = c; m < w; m++) sum += root[c * w + m] * product[pass === 0 ? m * d + i : i * d + m];
        product[pass === 0 ? c * d + i : i * d + c] = sum;
      }
    }
  }
  const t = onResidual.slice();
  for (let c = 0; c < w; c++) {
    let sum = 0;
    for (let m = c; m < w; m++) sum += root[c * w + m] * onResidual[m];
    t[c] = sum;
  }
  const rest = product.map((value, at) => (at % (d + 1) === 0 ? 1 : 0) - value);
  const result = cholesky(rest, d);
  if (result.status !== "ok") return null;
  const l = result.factor;
  // G'(I − H)⁻¹G = G'G + (G'B)(I − B'B)⁻¹(B'G), and likewise with e; of the former a root.
  const spread = new Float64Array(p * p);
  const change = new Float64Array(p);
  const solved = t.slice();
  solveLowerInPlace(solved, l, d);
  solveLowerTransposeInPlace(solved, l, d);
  let drop = square;
  for (let i = 0; i < d; i++) drop += t[i] * solved[i];
  for (let j = 0; j < p; j++) {
    const column = product.slice((w + j) * d, (w + j + 1) * d);
    change[j] = t[w + j];
    for (let i = 0; i < d; i++) change[j] += column[i] * solved[i];
    solveLowerInPlace(column, l, d);
    solveLowerTransposeInPlace(column, l, d);
    for (let k = 0; k < p; k++) {
      let sum = product[(w + j) * d + w + k];
      for (let i = 0; i < d; i++) sum += product[(w + k) * d + i] * column[i];
      spread[j * p + k] = sum;
    }
  }
  const { values: sizes, vectors } = symmetricEigen(spread, p);
  const spreadRoot = new Float64Array(p * p);
  for (let m = 0; m < p; m++) {
    const scale = Math.sqrt(Math.max(0, sizes[m]));
    for (let j = 0; j < p; j++) spreadRoot[j * p + m] = scale * vectors[m * p + j];
  }
  return { change, drop, spread: { root: spreadRoot, rows: p }, ...pivotsOf(l, d) };
}
