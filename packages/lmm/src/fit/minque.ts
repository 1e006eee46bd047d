import { cholesky, solveLowerInPlace, solveLowerTransposeInPlace } from "@lmmkit/dense";
import { asked } from "../design/checked-structure";
import type { Design } from "../design/design";
import { hasEntries, structureOf, type Template, templateOf } from "../design/template";
import { timesTemplatesInto } from "../pls/refill";
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
 * Cost: p + K² per entry of Z'Z, and p² per component and level and per pair of components.
 */
export function minqueStart(workspace: PlsWorkspace): Float64Array | null {
  const { design, products, basis, p } = workspace;
  const { q } = design;
  const components = componentsOf(design);
  const count = components.length + 1;
  const widest = Math.max(...design.factors.map(({ ncols }) => ncols));
  const work = workspace.system.values.length * (p + widest ** 2) + components.length * p ** 2 * (q + count);
  if (work > MOST_WORK) return null;
  // Z̄'Q and Z̄'r in the coordinates of the workspace, Z̄ = Z̃S.
  const a = new Float64Array(q * (p + 1));
  timesTemplatesInto(design, workspace.maps, workspace.zqy, p + 1, a);
  const r = a.slice(p * q);
  for (let j = 0; j < p; j++) for (let i = 0; i < q; i++) r[i] -= basis.qty[j] * a[j * q + i];
  const rows = byRows(a, q, p);
  const spreads = components.map((component) => projected(design, component, rows, p));
  const { diagonal, traces } = blockSums(workspace, components, rows);
  const left = new Float64Array(count * count);
  const right = new Float64Array(count);
  left[0] = products.nobs - p;
  right[0] = basis.qty.reduce((sum, x) => sum - x * x, products.yty);
  components.forEach((c, i) => {
    const k = design.factors[c.factor].ncols;
    const twice = c.a === c.b ? 1 : 2;
    let trace = twice * diagonal[c.factor][c.b * k + c.a];
    for (let j = 0; j < p; j++) trace -= spreads[i][j * p + j];
    left[i + 1] = trace;
    left[(i + 1) * count] = trace;
    right[i + 1] = twice * levelProduct(design, c, r, r);
    // tr(N_iN_j) of two symmetric matrices.
    for (let j = 0; j <= i; j++) {
      let value = traces[i * components.length + j];
      for (let m = 0; m < p * p; m++) value += spreads[i][m] * spreads[j][m];
      left[(j + 1) * count + i + 1] = value;
      left[(i + 1) * count + j + 1] = value;
    }
  });
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

/** The rows of a q×p matrix one after the other: row-major, so that products of rows run along memory. */
function byRows(a: Float64Array, q: number, p: number): Float64Array {
  const rows = new Float64Array(q * p);
  for (let m = 0; m < p; m++) for (let i = 0; i < q; i++) rows[i * p + m] = a[m * q + i];
  return rows;
}

/** N_i = A'S_iA, p×p, where S_i has E_ab + E_ba (E_aa once) on every level of the factor. */
function projected(design: Design, { factor, a, b }: Component, rows: Float64Array, p: number): Float64Array {
  const { start, ncols, levels } = design.factors[factor];
  const out = new Float64Array(p * p);
  for (let l = 0; l < levels.length; l++) {
    const x = (start + l * ncols + a) * p;
    const y = (start + l * ncols + b) * p;
    for (let j = 0; j < p; j++) {
      const left = rows[x + j];
      for (let m = 0; m < p; m++) out[j * p + m] += left * rows[y + m];
    }
  }
  if (a === b) return out;
  return out.map((value, at) => value + out[(at % p) * p + Math.floor(at / p)]);
}

/** What the blocks of Z̄'Z̄ contribute to the equations. */
interface BlockSums {
  /** Σ_l of the diagonal blocks, per factor K×K. */
  readonly diagonal: readonly Float64Array[];
  /** tr(S_i Z̄'Z̄ S_j Z̄'Z̄) − 2 tr(S_i AA' S_j Z̄'Z̄) for all pairs of components. */
  readonly traces: Float64Array;
}

/**
 * Walks through the blocks of Z̄'Z̄ once. For the block B of two levels and G, the product of their rows of
 * A, all that is needed is Σ (BB' − GB' − BG') over pairs of entries, which is Σ (B − G)(B − G)' − GG'.
 */
function blockSums(workspace: PlsWorkspace, components: readonly Component[], rows: Float64Array): BlockSums {
  const { design, products, maps, p } = workspace;
  const n = components.length;
  const traces = new Float64Array(n * n);
  const diagonal = design.factors.map(({ ncols }) => new Float64Array(ncols * ncols));
  for (const pair of products.ztz) {
    const row = design.factors[pair.rowFactor];
    const col = design.factors[pair.colFactor];
    const kRow = row.ncols;
    const kCol = col.ncols;
    const size = kRow * kCol;
    const block = new Float64Array(size);
    const half = new Float64Array(size);
    const gram = new Float64Array(size);
    const squares = new Float64Array(size * size);
    const own = pair.rowFactor === pair.colFactor ? diagonal[pair.rowFactor] : null;
    for (let l = 0; l + 1 < pair.colPtr.length; l++) {
      for (let b = pair.colPtr[l]; b < pair.colPtr[l + 1]; b++) {
        sandwich(pair.values, b * size, kRow, kCol, maps[pair.rowFactor], maps[pair.colFactor], half, block);
        if (own !== null) for (let x = 0; x < size; x++) own[x] += block[x];
        const rowStart = (row.start + pair.rowIdx[b] * kRow) * p;
        const colStart = (col.start + l * kCol) * p;
        for (let c = 0; c < kCol; c++) {
          for (let a = 0; a < kRow; a++) {
            let sum = 0;
            for (let m = 0; m < p; m++) sum += rows[rowStart + a * p + m] * rows[colStart + c * p + m];
            gram[c * kRow + a] = sum;
            block[c * kRow + a] -= sum;
          }
        }
        for (let x = 0; x < size; x++) {
          const left = block[x];
          const other = gram[x];
          for (let y = 0; y <= x; y++) squares[x * size + y] += left * block[y] - other * gram[y];
        }
      }
    }
    for (let x = 0; x < size; x++) for (let y = 0; y < x; y++) squares[y * size + x] = squares[x * size + y];
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
        traces[i * n + j] = value;
        traces[j * n + i] = value;
      });
    });
  }
  return { diagonal, traces };
}

/** out = L'BR for the kRow×kCol block of `values` at `offset`; `half` is scratch. */
function sandwich(
  values: Float64Array,
  offset: number,
  kRow: number,
  kCol: number,
  left: Float64Array,
  right: Float64Array,
  half: Float64Array,
  out: Float64Array,
): void {
  for (let c = 0; c < kCol; c++) {
    for (let a = 0; a < kRow; a++) {
      let sum = 0;
      for (let m = 0; m < kCol; m++) sum += values[offset + m * kRow + a] * right[c * kCol + m];
      half[c * kRow + a] = sum;
    }
  }
  for (let c = 0; c < kCol; c++) {
    for (let a = 0; a < kRow; a++) {
      let sum = 0;
      for (let m = 0; m < kRow; m++) sum += left[a * kRow + m] * half[c * kRow + m];
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
  const structure = structureOf(template);
  const found = asked(template, () => structure.nearest?.(covariance, k)) ?? [];
  const usable = found.length === template.count && Array.from(found).every(Number.isFinite);
  return usable ? found : template.start;
}
