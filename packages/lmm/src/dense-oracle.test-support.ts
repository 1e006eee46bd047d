import { cholesky, solveLowerInPlace, solveLowerTransposeInPlace } from "@lmmkit/dense";
import type { ModelColumn, ModelFrame } from "@lmmkit/formula";
import type { Design } from "./design/design";
import { fillTemplateInto } from "./design/template";

/**
 * The model by brute force: dense V = W⁻¹ + ZΛΛ'Z' (n×n) and generalized least squares, sharing no code
 * and no algebra with the engine. For tests on small data only.
 */
export interface Oracle {
  readonly ml: number;
  readonly reml: number;
  /** r² = (y − Xβ)'V⁻¹(y − Xβ). */
  readonly pwrss: number;
  readonly beta: number[];
  /** (X'V⁻¹X)⁻¹ by rows. */
  readonly unscaledVcov: number[][];
  /** Conditional modes of each term, level by level, then column by column. */
  readonly modes: number[][];
  /** Var(b | y)/σ² given β and θ, by rows; terms in order, then levels, then columns. */
  readonly condVar: number[][];
  /** Conditional fitted values of the rows with a positive weight, offset included. */
  readonly fitted: number[];
}

export function denseOracle(frame: ModelFrame, design: Design, theta: ArrayLike<number>): Oracle {
  const rows = Array.from({ length: frame.nobs }, (_, r) => r).filter(
    (r) => frame.weights === null || frame.weights[r] > 0,
  );
  const n = rows.length;
  const weight = rows.map((r) => (frame.weights === null ? 1 : frame.weights[r]));
  const y = rows.map((r) => (frame.response?.values[r] ?? 0) - (frame.offset === null ? 0 : frame.offset[r]));
  const x = Array.from(design.fixedColumns, (j) => rows.map((r) => entry(frame.fixed.columns[j], r)));
  const p = x.length;
  // Z and Λ, one block of columns per term.
  const z: number[][] = [];
  const zl: number[][] = [];
  const owner: { term: number; level: number; column: number }[] = [];
  const relative: number[][][] = [];
  design.terms.forEach((term, t) => {
    const { group, design: own } = frame.random[term.frameIndex];
    const { k } = term.template;
    const filled = new Float64Array(k * k);
    fillTemplateInto(term.template, theta, term.thetaStart, filled, k, 0);
    const lambda = Array.from({ length: k }, (_, i) =>
      Array.from({ length: k }, (_, j) => filled[j * k + i]),
    );
    relative.push(lambda);
    for (let level = 0; level < group.levels.length; level++) {
      for (let c = 0; c < k; c++) {
        const column = (weights: number[]) =>
          rows.map((r) =>
            group.codes[r] === level ? sum(weights.map((w, m) => w * entry(own.columns[m], r))) : 0,
          );
        z.push(column(unit(k, c)));
        zl.push(column(lambda.map((row) => row[c])));
        owner.push({ term: t, level, column: c });
      }
    }
  });
  const v = Array.from({ length: n }, (_, i) =>
    Array.from(
      { length: n },
      (_, j) => (i === j ? 1 / weight[i] : 0) + sum(zl.map((col) => col[i] * col[j])),
    ),
  );
  const { solve, logDet } = factor(v);
  const vx = x.map(solve);
  const vy = solve(y);
  const information = x.map((a) => vx.map((b) => dot(a, b)));
  const xtvx = factor(information);
  const beta = xtvx.solve(x.map((a) => dot(a, vy)));
  const residual = y.map((value, i) => value - sum(beta.map((b, j) => b * x[j][i])));
  const vr = solve(residual);
  const pwrss = dot(residual, vr);
  const likelihood = (df: number) => logDet + df * (1 + Math.log((2 * Math.PI * pwrss) / df));
  const u = zl.map((column) => dot(column, vr));
  const modes = design.terms.map((term, t) => {
    const k = term.template.k;
    const mine = u.filter((_, c) => owner[c].term === t);
    return mine.map((_, i) => {
      const base = i - (i % k);
      return sum(relative[t][i % k].map((value, c) => value * mine[base + c]));
    });
  });
  // Var(b | y)/σ² = ΛΛ' − ΛΛ'Z'V⁻¹ZΛΛ'.
  const zll = z.map((_, i) => {
    const { term, level, column } = owner[i];
    return rows.map((_, r) =>
      sum(
        zl.map((col, c) =>
          owner[c].term === term && owner[c].level === level
            ? relative[term][column][owner[c].column] * col[r]
            : 0,
        ),
      ),
    );
  });
  const solved = zll.map(solve);
  const condVar = zll.map((a, i) =>
    solved.map((b, j) => {
      const same = owner[i].term === owner[j].term && owner[i].level === owner[j].level;
      const lambda = relative[owner[i].term];
      const prior = same ? dot(lambda[owner[i].column], lambda[owner[j].column]) : 0;
      return prior - dot(a, b);
    }),
  );
  const fitted = y.map(
    (value, i) => value - vr[i] / weight[i] + (frame.offset === null ? 0 : frame.offset[rows[i]]),
  );
  return {
    ml: likelihood(n),
    reml: likelihood(n - p) + xtvx.logDet,
    pwrss,
    beta,
    unscaledVcov: unitMatrix(p).map(xtvx.solve),
    modes,
    condVar,
    fitted,
  };
}

function factor(matrix: number[][]): { solve: (b: number[]) => number[]; logDet: number } {
  const n = matrix.length;
  const result = cholesky(matrix.flat(), n);
  if (result.status !== "ok") throw new Error("the oracle needs a positive definite matrix");
  const l = result.factor;
  const solve = (b: number[]): number[] => {
    const out = Float64Array.from(b);
    solveLowerInPlace(out, l, n);
    solveLowerTransposeInPlace(out, l, n);
    return Array.from(out);
  };
  let logDet = 0;
  for (let j = 0; j < n; j++) logDet += 2 * Math.log(l[j * n + j]);
  return { solve, logDet };
}

export function entry(column: ModelColumn, row: number): number {
  if (column.kind === "constant") return column.value;
  if (column.kind === "dense") return column.values[row];
  const at = column.rows.indexOf(row);
  return at < 0 ? 0 : column.values[at];
}

function dot(a: readonly number[], b: readonly number[]): number {
  return sum(a.map((value, i) => value * b[i]));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function unit(k: number, at: number): number[] {
  return Array.from({ length: k }, (_, i) => (i === at ? 1 : 0));
}

function unitMatrix(k: number): number[][] {
  return Array.from({ length: k }, (_, i) => unit(k, i));
}
