import { cholesky, solveLowerInPlace, solveLowerTransposeInPlace } from "@lmmkit/dense";
import type { Design } from "../design/design";
import { hasEntries, structureOf, type Template, templateOf } from "../design/template";
import { applyTemplatesInto } from "../pls/blocks";
import { timesTemplatesInto } from "../pls/refill";
import { timesFactorZtzInto } from "../pls/times-ztz";
import type { PlsWorkspace } from "../pls/workspace";

/** Share of the largest pivot below which an estimated covariance matrix is lifted. */
const FLOOR = 0.01;
/** Relative variances are started between these. */
const SMALLEST = 1e-4;
const LARGEST = 1e4;

/** Multiplications that starting values may cost; beyond, the identity has to do. */
const MOST_WORK = 1e9;

/** One unknown of the equations: entry (a, b) of the covariance matrix of one term. */
interface Component {
  readonly term: number;
  readonly factor: number;
  /** Columns among the factor's. */
  readonly a: number;
  readonly b: number;
}

/**
 * Starting values by MINQUE(0) (Rao 1971; Searle, Casella & McCulloch 1992, §11.3): the variance
 * components that match y'MV_iMy to its expectation Σ_j tr(MV_iMV_j)σ_j, with M = I − QQ' and V_i the
 * derivative of Var(y). No factorization is needed; for balanced data the result is the REML estimate.
 *
 * @param workspace its maps give the coordinates; not evaluated
 * @returns a φ with regular templates, or null when the equations have no useful solution or would cost
 *   too much (very many columns of X)
 * Cost: per component p products with Z'Z, and K⁴ per block of Z'Z.
 */
export function minqueStart(workspace: PlsWorkspace): Float64Array | null {
  const { design, products, basis, p } = workspace;
  const { q } = design;
  const components = componentsOf(design);
  const count = components.length + 1;
  if (components.length * p * (workspace.system.values.length + p * q) > MOST_WORK) return null;
  // Z̄'Q and Z̄'r in the coordinates of the workspace, Z̄ = Z̃S.
  const a = new Float64Array(q * (p + 1));
  timesTemplatesInto(design, workspace.maps, workspace.zqy, p + 1, a);
  const r = a.slice(p * q);
  for (let j = 0; j < p; j++) for (let i = 0; i < q; i++) r[i] -= basis.qty[j] * a[j * q + i];
  const spreads = components.map((component) => projected(design, component, a, p));
  const left = new Float64Array(count * count);
  const right = new Float64Array(count);
  left[0] = products.nobs - p;
  right[0] = basis.qty.reduce((sum, x) => sum - x * x, products.yty);
  const diagonal = diagonalSums(workspace);
  components.forEach((c, i) => {
    const k = design.factors[c.factor].ncols;
    const twice = c.a === c.b ? 1 : 2;
    let trace = twice * diagonal[c.factor][c.b * k + c.a];
    for (let j = 0; j < p; j++) trace -= spreads[i][j * p + j];
    left[i + 1] = trace;
    left[(i + 1) * count] = trace;
    right[i + 1] = twice * levelProduct(design, c, r, r);
  });
  const blocks = blockTraces(workspace, components);
  const move = new Float64Array(q * Math.max(1, p));
  const back = new Float64Array(q * Math.max(1, p));
  for (let j = 0; j < components.length; j++) {
    if (p > 0) crossTerms(workspace, components[j], a, move, back);
    for (let i = 0; i < components.length; i++) {
      let value = blocks[i * components.length + j];
      for (let m = 0; m < p; m++) {
        value -= 2 * symmetricProduct(design, components[i], a, m * q, back, m * q);
        for (let l = 0; l < p; l++) value += spreads[i][l * p + m] * spreads[j][m * p + l];
      }
      left[(j + 1) * count + i + 1] = value;
    }
  }
  const sigma = solve(left, right, count);
  return sigma === null ? null : roots(design, sigma);
}

/** More columns than this, and only the variances of a structured term are estimated. */
const MOST_COLUMNS = 6;

/** The entries of TT' that are estimated for a term: all of them for structures other than `diag`, if k is small. */
function estimated(template: Template): Pick<Template, "rows" | "cols"> {
  if (hasEntries(template)) return template;
  const { k } = template;
  return templateOf(k > MOST_COLUMNS ? "diag" : "us", k);
}

function componentsOf(design: Design): Component[] {
  return design.terms.flatMap(({ factor, columnStart, template }, term) => {
    const { rows, cols } = estimated(template);
    return Array.from(rows, (row, i) => ({ term, factor, a: columnStart + row, b: columnStart + cols[i] }));
  });
}

/** Σ_l x_la y_lb over the levels of the component's factor. */
function levelProduct(design: Design, { factor, a, b }: Component, x: Float64Array, y: Float64Array): number {
  const { start, ncols, levels } = design.factors[factor];
  let sum = 0;
  for (let l = 0; l < levels.length; l++) sum += x[start + l * ncols + a] * y[start + l * ncols + b];
  return sum;
}

/** x'S_i y, where S_i has E_ab + E_ba (E_aa once) on every level of the factor. */
function symmetricProduct(
  design: Design,
  { factor, a, b }: Component,
  x: Float64Array,
  xOffset: number,
  y: Float64Array,
  yOffset: number,
): number {
  const { start, ncols, levels } = design.factors[factor];
  let sum = 0;
  const last = start + levels.length * ncols;
  for (let first = start; first < last; first += ncols) {
    sum += x[xOffset + first + a] * y[yOffset + first + b];
    if (a !== b) sum += x[xOffset + first + b] * y[yOffset + first + a];
  }
  return sum;
}

/** N_i = A'S_iA, p×p. */
function projected(design: Design, component: Component, a: Float64Array, p: number): Float64Array {
  const { q } = design;
  const out = new Float64Array(p * p);
  for (let j = 0; j < p; j++) {
    for (let m = 0; m <= j; m++) {
      const value = symmetricProduct(design, component, a, m * q, a, j * q);
      out[j * p + m] = value;
      out[m * p + j] = value;
    }
  }
  return out;
}

/** back = Z̄'Z̄ S_j A, q×p. */
function crossTerms(
  workspace: PlsWorkspace,
  { factor, a, b }: Component,
  A: Float64Array,
  move: Float64Array,
  back: Float64Array,
): void {
  const { design, products, p, maps } = workspace;
  const { q } = design;
  const { start, ncols, levels } = design.factors[factor];
  back.fill(0);
  for (let m = 0; m < p; m++) {
    for (let l = 0; l < levels.length; l++) {
      const first = m * q + start + l * ncols;
      back[first + a] = A[first + b];
      back[first + b] = A[first + a];
    }
  }
  applyTemplatesInto(design, maps, back, p, move);
  timesFactorZtzInto(design, products, factor, move, 0, p, back);
  move.set(back);
  timesTemplatesInto(design, maps, move, p, back);
}

/** Σ_l of the diagonal blocks of Z̄'Z̄ per factor. */
function diagonalSums(workspace: PlsWorkspace): Float64Array[] {
  const { design, products, maps } = workspace;
  return design.factors.map(({ ncols: k }, f) => {
    const sum = new Float64Array(k * k);
    const block = new Float64Array(k * k);
    for (const pair of products.ztz) {
      if (pair.rowFactor !== f || pair.colFactor !== f) continue;
      for (let b = 0; b < pair.rowIdx.length; b++) {
        sandwich(pair.values, b * k * k, k, k, maps[f], maps[f], block);
        for (let i = 0; i < sum.length; i++) sum[i] += block[i];
      }
    }
    return sum;
  });
}

/** tr(S_i Z̄'Z̄ S_j Z̄'Z̄) for all pairs of components. */
function blockTraces(workspace: PlsWorkspace, components: readonly Component[]): Float64Array {
  const { design, products, maps } = workspace;
  const n = components.length;
  const out = new Float64Array(n * n);
  for (const pair of products.ztz) {
    const kRow = design.factors[pair.rowFactor].ncols;
    const kCol = design.factors[pair.colFactor].ncols;
    const size = kRow * kCol;
    const block = new Float64Array(size);
    const squares = new Float64Array(size * size);
    for (let b = 0; b < pair.rowIdx.length; b++) {
      sandwich(pair.values, b * size, kRow, kCol, maps[pair.rowFactor], maps[pair.colFactor], block);
      for (let x = 0; x < size; x++)
        for (let y = 0; y < size; y++) squares[x * size + y] += block[x] * block[y];
    }
    // tr(e_a e_b' B e_c e_d' B') = B_bc B_ad, summed over the symmetric parts of both.
    const trace = (a: number, b: number, c: number, d: number) =>
      squares[(c * kRow + b) * size + d * kRow + a];
    components.forEach((x, i) => {
      if (x.factor !== pair.rowFactor) return;
      components.forEach((y, j) => {
        if (y.factor !== pair.colFactor) return;
        let value = trace(x.a, x.b, y.a, y.b);
        if (x.a !== x.b) value += trace(x.b, x.a, y.a, y.b);
        if (y.a !== y.b) value += trace(x.a, x.b, y.b, y.a);
        if (x.a !== x.b && y.a !== y.b) value += trace(x.b, x.a, y.b, y.a);
        out[i * n + j] = value;
        out[j * n + i] = value;
      });
    });
  }
  return out;
}

/** out = L'BR for the kRow×kCol block of `values` at `offset`. */
function sandwich(
  values: Float64Array,
  offset: number,
  kRow: number,
  kCol: number,
  left: Float64Array,
  right: Float64Array,
  out: Float64Array,
): void {
  for (let c = 0; c < kCol; c++) {
    for (let a = 0; a < kRow; a++) {
      let sum = 0;
      for (let m = 0; m < kCol; m++) {
        for (let l = 0; l < kRow; l++) {
          sum += left[a * kRow + l] * values[offset + m * kRow + l] * right[c * kCol + m];
        }
      }
      out[c * kRow + a] = sum;
    }
  }
}

/** Solves the symmetric equations, scaled to a unit diagonal; null when they are singular. */
function solve(left: Float64Array, right: Float64Array, n: number): Float64Array | null {
  const scale = new Float64Array(n);
  for (let i = 0; i < n; i++) scale[i] = 1 / Math.sqrt(left[i * n + i]);
  const scaled = left.map((value, i) => value * scale[i % n] * scale[Math.floor(i / n)]);
  for (let i = 0; i < n; i++) scaled[i * n + i] += 1e-10;
  const result = cholesky(scaled, n);
  if (result.status !== "ok") return null;
  const x = right.map((value, i) => value * scale[i]);
  solveLowerInPlace(x, result.factor, n);
  solveLowerTransposeInPlace(x, result.factor, n);
  const sigma = x.map((value, i) => value * scale[i]);
  return sigma.every(Number.isFinite) ? sigma : null;
}

/** Φ_t = chol(Σ̂_t/σ̂²) with its pivots lifted to a share of the largest. */
function roots(design: Design, sigma: Float64Array): Float64Array {
  const phi = new Float64Array(design.theta0.length);
  const total = sigma.reduce((sum, value) => sum + Math.abs(value), 0);
  const residual = Math.max(sigma[0], FLOOR * total);
  let first = 1;
  design.terms.forEach(({ template, thetaStart }) => {
    const { k } = template;
    const { rows, cols } = estimated(template);
    const covariance = new Float64Array(k * k);
    let largest = SMALLEST;
    for (let i = 0; i < rows.length; i++) {
      const value = residual > 0 ? sigma[first + i] / residual : 0;
      covariance[cols[i] * k + rows[i]] = value;
      if (rows[i] === cols[i]) largest = Math.max(largest, Math.min(LARGEST, value));
    }
    first += rows.length;
    // A modified Cholesky factorization: a pivot below the floor is lifted, its column shrunk to fit.
    for (let j = 0; j < k; j++) {
      let pivot = Math.min(LARGEST, covariance[j * k + j]);
      for (let m = 0; m < j; m++) pivot -= covariance[m * k + j] ** 2;
      const root = Math.sqrt(Math.max(pivot, FLOOR * largest));
      covariance[j * k + j] = root;
      for (let i = j + 1; i < k; i++) {
        let value = covariance[j * k + i];
        for (let m = 0; m < j; m++) value -= covariance[m * k + i] * covariance[m * k + j];
        const limit = Math.sqrt(Math.max(0, covariance[i * k + i]));
        covariance[j * k + i] = Math.max(-limit, Math.min(limit, value / root));
      }
    }
    if (!hasEntries(template)) {
      phi.set(nearestParameters(template, covariance), thetaStart);
      return;
    }
    for (let i = 0; i < rows.length; i++) phi[thetaStart + i] = covariance[cols[i] * k + rows[i]];
  });
  return phi;
}

/** The structure's parameters for LL', or where it starts where it has no way to say. */
function nearestParameters(template: Template, lower: Float64Array): ArrayLike<number> {
  const { k } = template;
  const covariance = new Float64Array(k * k);
  for (let a = 0; a < k; a++) {
    for (let b = 0; b < k; b++) {
      for (let m = 0; m <= Math.min(a, b); m++) covariance[b * k + a] += lower[m * k + a] * lower[m * k + b];
    }
  }
  const found = structureOf(template).nearest?.(covariance, k);
  const usable = found !== undefined && Array.from(found).every(Number.isFinite);
  return usable ? found : template.start;
}
