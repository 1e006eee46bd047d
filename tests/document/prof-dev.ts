/**
 * The document's `profDev`, line by line, on the public pieces of `@lmmkit/formula`,
 * `@lmmkit/sparse` and `@lmmkit/cholmod-ts` only: nothing of `@lmmkit/lmm`.
 *
 * Legend (the document's symbols): Zt = Z', Ut = Λ'Z', L the sparse Cholesky factor of
 * P(UtUt' + I)P', cu, cb, RZX, RX, beta, u, prss.
 */
import { analyze, factorize } from "@lmmkit/cholmod-ts";
import type { ModelColumn, ModelFrame } from "@lmmkit/formula";
import {
  type CscMatrix,
  fromTriplets,
  multiplyTransposeVector,
  multiplyVector,
  scaleRows,
  stackVertically,
} from "@lmmkit/sparse";

/** The environment `rho` of the document: what profDev needs besides θ. */
export interface Rho {
  readonly reml: boolean;
  readonly y: Float64Array;
  /** The p columns of X, each of length n. */
  readonly X: readonly Float64Array[];
  /** q × n. */
  readonly Zt: CscMatrix;
  /** Levels per scalar random-effects term. */
  readonly nlev: readonly number[];
  /** The symbolic analysis of Zt Zt' + I, done once. */
  readonly symbolic: ReturnType<typeof analyze>;
  /** Σ log w: 0 without prior weights. */
  readonly logWeights: number;
}

/** Everything profDev computes on its way. */
export interface ProfDevSteps {
  readonly L: ReturnType<typeof factorize>;
  readonly Ut: CscMatrix;
  readonly cu: Float64Array;
  readonly RZX: readonly Float64Array[];
  /** Upper triangular, RX[i][j] is row i, column j. */
  readonly RX: readonly Float64Array[];
  readonly cb: Float64Array;
  readonly beta: Float64Array;
  readonly u: Float64Array;
  readonly fitted: Float64Array;
  readonly prss: number;
  readonly criterion: number;
}

/** Z' of a simple, scalar term: one row of indicators per level. */
export function indicatorRows(codes: Int32Array, nlevels: number): CscMatrix {
  const cols = Int32Array.from(codes, (_, i) => i);
  return fromTriplets(nlevels, codes.length, codes, cols, new Float64Array(codes.length).fill(1));
}

/** Builds `rho` from a model frame whose random-effects terms are simple and scalar. */
export function buildRho(frame: ModelFrame, reml: boolean): Rho {
  if (frame.response === null) throw new Error("the formula has no response");
  const n = frame.nobs;
  // Prior weights multiply the rows of y, X and Z by √w; an offset is taken from y beforehand.
  const rootWeights = frame.weights?.map(Math.sqrt) ?? new Float64Array(n).fill(1);
  const { offset } = frame;
  const y = frame.response.values.map((value, i) => rootWeights[i] * (value - (offset?.[i] ?? 0)));
  const X = frame.fixed.columns.map((column) => denseColumn(column, n).map((x, i) => rootWeights[i] * x));
  // lme4 puts the term with most levels first; sort() keeps the formula's order among equals.
  const groups = frame.random.map((term) => term.group).sort((a, b) => b.levels.length - a.levels.length);
  const indicators = stackVertically(
    ...groups.map((group) => indicatorRows(group.codes, group.levels.length)),
  );
  const Zt = scaleColumns(indicators, rootWeights);
  return {
    reml,
    y,
    X,
    Zt,
    nlev: groups.map((group) => group.levels.length),
    symbolic: analyze(Zt, { form: "AAt" }),
    logWeights: frame.weights?.reduce((sum, w) => sum + Math.log(w), 0) ?? 0,
  };
}

/** The document's profDev; every intermediate value is returned beside the criterion. */
export function profDev(rho: Rho, theta: readonly number[]): ProfDevSteps {
  const { y, X, Zt, nlev } = rho;
  if (theta.length !== nlev.length) throw new Error("one θ per random-effects term");
  // Ut <- crossprod(Diagonal(x = rep.int(theta, nlev)), Zt)
  const Ut = scaleRows(Zt, repeatEach(theta, nlev));
  // L <- update(rho$L, Ut, mult = 1)
  const L = factorize(Ut, rho.symbolic, { beta: 1 });
  // cu <- solve(L, solve(L, Ut %*% y, sys = "P"), sys = "L")
  const toFactor = (x: Float64Array) => L.solve(L.solve(multiplyVector(Ut, x), "P"), "L");
  const cu = toFactor(y);
  // RZX <- solve(L, solve(L, Ut %*% X, sys = "P"), sys = "L")
  const RZX = X.map(toFactor);
  // RX <- chol(XtX - crossprod(RZX))
  const RX = cholesky(X.map((xi, i) => X.map((xj, j) => dot(xi, xj) - dot(RZX[i], RZX[j]))));
  // cb <- solve(t(RX), crossprod(X, y) - crossprod(RZX, cu))
  const cb = solveTransposed(
    RX,
    X.map((xi, i) => dot(xi, y) - dot(RZX[i], cu)),
  );
  // beta <- solve(RX, cb)
  const beta = solveUpper(RX, cb);
  // u <- solve(L, solve(L, cu - RZX %*% beta, sys = "Lt"), sys = "Pt")
  const rest = cu.map((c, i) => c - RZX.reduce((sum, column, j) => sum + column[i] * beta[j], 0));
  const u = L.solve(L.solve(rest, "Lt"), "Pt");
  // fitted <- as.vector(crossprod(Ut, u) + X %*% beta)
  const fitted = multiplyTransposeVector(Ut, u).map(
    (f, i) => f + X.reduce((sum, x, j) => sum + x[i] * beta[j], 0),
  );
  // prss <- sum(c(y - fitted, as.vector(u))^2)
  const prss = sumOfSquares(y.map((value, i) => value - fitted[i])) + sumOfSquares(u);
  const n = y.length;
  const p = X.length;
  // determinant(L)$mod in the document's notation is log|L|², what logDet() returns.
  const logDetL2 = L.logDet();
  const logDetRX2 = 2 * RX.reduce((sum, row, j) => sum + Math.log(row[j]), 0);
  const degrees = rho.reml ? n - p : n;
  const criterion =
    logDetL2 +
    (rho.reml ? logDetRX2 : 0) +
    degrees * (1 + Math.log((2 * Math.PI * prss) / degrees)) -
    rho.logWeights;
  return { L, Ut, cu, RZX, RX, cb, beta, u, fitted, prss, criterion };
}

function denseColumn(column: ModelColumn, nrows: number): Float64Array {
  if (column.kind === "dense") return column.values;
  const dense = new Float64Array(nrows);
  if (column.kind === "constant") return dense.fill(column.value);
  column.rows.forEach((row, k) => {
    dense[row] = column.values[k];
  });
  return dense;
}

function repeatEach(values: readonly number[], times: readonly number[]): Float64Array {
  return Float64Array.from(values.flatMap((value, k) => new Array<number>(times[k]).fill(value)));
}

function scaleColumns(matrix: CscMatrix, factors: Float64Array): CscMatrix {
  const values = matrix.values.slice();
  for (let j = 0; j < matrix.ncols; j++) {
    for (let p = matrix.colPtr[j]; p < matrix.colPtr[j + 1]; p++) values[p] *= factors[j];
  }
  return { ...matrix, values };
}

/** Σ x y with compensation (Neumaier 1974): X'X of 10⁵ rows keeps all its digits. */
export function dot(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < x.length; i++) {
    const term = x[i] * y[i];
    const next = sum + term;
    lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
    sum = next;
  }
  return sum + lost;
}

function sumOfSquares(x: Float64Array): number {
  return dot(x, x);
}

/** R with R'R = A, as R's chol(): upper triangular by rows. */
function cholesky(A: readonly (readonly number[])[]): Float64Array[] {
  const p = A.length;
  const R = A.map(() => new Float64Array(p));
  for (let j = 0; j < p; j++) {
    for (let i = 0; i <= j; i++) {
      let value = A[i][j];
      for (let k = 0; k < i; k++) value -= R[k][i] * R[k][j];
      R[i][j] = i === j ? Math.sqrt(value) : value / R[i][i];
    }
  }
  return R;
}

/** x with R'x = b. */
function solveTransposed(R: readonly Float64Array[], b: readonly number[]): Float64Array {
  const x = Float64Array.from(b);
  for (let i = 0; i < x.length; i++) {
    for (let k = 0; k < i; k++) x[i] -= R[k][i] * x[k];
    x[i] /= R[i][i];
  }
  return x;
}

/** x with Rx = b. */
function solveUpper(R: readonly Float64Array[], b: Float64Array): Float64Array {
  const x = b.slice();
  for (let i = x.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < x.length; k++) x[i] -= R[i][k] * x[k];
    x[i] /= R[i][i];
  }
  return x;
}
