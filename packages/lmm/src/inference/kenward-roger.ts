import { minimizeTheta } from "../fit/minimize";
import { buildModel } from "../model/build-model";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { PlsWorkspace } from "../pls/workspace";
import { linearDirections } from "./covariance-elements";
import { expectedInformation } from "./expected-information";
import { InferenceError } from "./inference-error";
import { symmetricEigen } from "./symmetric-eigen";
import { secondProducts, type VarianceInformation, varianceInformation } from "./variance-information";

/** Numbers that the second derivatives may take up at most (1 GB). */
const MOST_NUMBERS = 1.25e8;

/** Kenward and Roger's adjusted inference for the fixed effects of a fit. */
export interface KenwardRoger {
  /** The REML fit that it holds for: the model itself, or its refit when it was fitted by ML. */
  readonly model: LinearMixedModel;
  /** Φ_A = Φ + 2Φ{ΣΣ W_kl (Q_kl − P_kΦP_l)}Φ, p×p, column-major. */
  readonly vcov: Float64Array;
  /**
   * The F test of Lβ = rhs.
   *
   * @param rows linearly independent rows of L, each of length p
   * @param rhs one number per row; default 0
   */
  readonly test: (rows: readonly ArrayLike<number>[], rhs?: ArrayLike<number>) => KenwardRogerTest;
}

/** A scaled Wald F statistic with its denominator degrees of freedom. */
export interface KenwardRogerTest {
  /** scale · (Lβ̂)'(LΦ_AL')⁻¹Lβ̂ / q. */
  readonly statistic: number;
  readonly df: number;
  readonly scale: number;
}

const cache = new WeakMap<LinearMixedModel, KenwardRoger>();

/**
 * The adjusted covariance matrix of β̂ and F tests of Kenward & Roger, from cross-products alone: no matrix of
 * n or q rows and columns is formed.
 *
 * V is linear in the entries γ_k of the relative covariance matrices and the residual variance, whose
 * direction is the identity; products with it follow from V⁻¹ = V⁻²(I + ZΓZ'), Γ = ΛΛ'.
 *
 * @throws InferenceError `too-large` when its matrices would take more than 1 GB, estimated first
 * Source: Kenward & Roger (1997), Biometrics 53(3), 983–997, with the expected information of the variance
 * parameters, as Halekoh & Højsgaard (2014), J. Stat. Soft. 59(9), describe.
 */
export function kenwardRoger(model: LinearMixedModel): KenwardRoger {
  let result = cache.get(model);
  if (result === undefined) {
    result = compute(model.method === "REML" ? model : restricted(model));
    cache.set(model, result);
  }
  return result;
}

/** The same model fitted by REML, from the θ that ML found. */
function restricted(model: LinearMixedModel): LinearMixedModel {
  const workspace = new PlsWorkspace(model.design, model.products);
  const fit = minimizeTheta(workspace, { method: "REML", start: model.theta });
  return buildModel(model.frame, workspace, fit, "REML", model.seconds);
}

function compute(model: LinearMixedModel): KenwardRoger {
  const p = model.beta.length;
  const count = model.theta.length + 1;
  const numbers =
    (model.design.terms.reduce((sum, { template: { k } }) => sum + (k * (k + 1)) / 2, 1) * p) ** 2;
  if (numbers > MOST_NUMBERS) {
    throw new InferenceError(
      "too-large",
      `too large model: Kenward-Roger would need ${(numbers * 8e-9).toFixed(1)} GB for ${p} fixed effects and ${count} variance parameters`,
      numbers * 8,
      "use satterthwaite",
    );
  }
  const adjusted = adjustment(model, varianceInformation(model), p);
  const { root } = varianceInformation(model).system;
  const vcov = new Float64Array(p * p);
  const half = new Float64Array(p * p);
  // Φ = σ² root root': the adjustment, found in the basis of the root, is carried back by it.
  for (let j = 0; j < p; j++) {
    for (let i = 0; i < p; i++) {
      for (let m = 0; m < p; m++) half[j * p + i] += root[m * p + i] * adjusted.inner[j * p + m];
    }
  }
  const scale = model.sigma ** 2;
  for (let j = 0; j < p; j++) {
    for (let i = 0; i < p; i++) {
      for (let m = 0; m < p; m++) vcov[j * p + i] += scale * half[m * p + i] * root[m * p + j];
    }
  }
  return { model, vcov, test: (rows, rhs) => test(model, adjusted, vcov, root, rows, rhs) };
}

/** Information below this share of what there would be if X explained nothing is rounding error. */
const EXPLAINED = 1e-10;

/** What the F tests need, in the basis in which Φ = I (and σ = 1). */
interface Adjustment {
  /** I + 2 ΣΣ W_kl (Q_kl − P_kP_l), p×p. */
  readonly inner: Float64Array;
  /** −P of every variance parameter, the residual first. */
  readonly first: readonly Float64Array[];
  /** W, covariance matrix of the variance parameters by expected information, by columns. */
  readonly weights: Float64Array;
}

function adjustment(
  { design, nobs }: LinearMixedModel,
  information: VarianceInformation,
  p: number,
): Adjustment {
  const { covariance, first } = information;
  const directions = linearDirections(design, covariance.elements);
  if (directions === "nonlinear") {
    throw new InferenceError(
      "unsupported-design",
      `nonlinear covariance structure: ${design.terms.map(({ template }) => template.structure).join(", ")}`,
      design.terms.map(({ template }) => template.structure),
      "Kenward and Roger's formulas hold for structures that are linear in their parameters; use satterthwaite",
    );
  }
  const { gamma } = covariance;
  const m = gamma.length;
  const n = m + 1;
  const second = secondProducts(information);
  const q = (k: number, l: number) =>
    k <= l ? second[(l * (l + 1)) / 2 + k] : second[(k * (k + 1)) / 2 + l];
  // The residual: P_0 = I − Σγ_kP_k, Q_0l = P_l − Σγ_kQ_kl, Q_00 = P_0 − Σγ_kQ_0k.
  const residualFirst = identity(p);
  for (let k = 0; k < m; k++) addScaled(residualFirst, first[k], -gamma[k]);
  const residualSecond = first.map((own, l) => {
    const out = own.slice();
    for (let k = 0; k < m; k++) addScaled(out, q(k, l), -gamma[k]);
    return out;
  });
  const residualBoth = residualFirst.slice();
  for (let k = 0; k < m; k++) addScaled(residualBoth, residualSecond[k], -gamma[k]);

  const firsts = [residualFirst, ...first];
  const seconds = (k: number, l: number) => {
    if (k === 0 && l === 0) return residualBoth;
    if (k === 0 || l === 0) return residualSecond[k + l - 1];
    return q(k - 1, l - 1);
  };
  const expected = expectedInformation(information, "REML", nobs);
  // Where X explains the effects of a term, what REML leaves of their information is rounding error.
  const whole = expectedInformation(information, "ML", nobs);
  for (let k = 0; k < n; k++) {
    if (expected[k * n + k] > EXPLAINED * whole[k * n + k]) continue;
    for (let l = 0; l < n; l++) {
      expected[k * n + l] = 0;
      expected[l * n + k] = 0;
    }
  }
  const weights = directions === null ? pseudoInverse(expected, n) : tiedWeights(expected, directions, n);
  const inner = identity(p);
  for (let k = 0; k < n; k++) {
    for (let l = 0; l < n; l++) {
      const weight = 2 * weights[k * n + l];
      addScaled(inner, seconds(k, l), weight);
      addProduct(inner, firsts[k], firsts[l], -weight, p);
    }
  }
  return { inner, first: firsts, weights };
}

/** C̄(C̄'IC̄)⁻¹C̄', with the residual beside the directions C: the covariance matrix of entries that are tied. */
function tiedWeights(expected: Float64Array, directions: readonly Float64Array[], n: number): Float64Array {
  const m = directions.length + 1;
  const at = (k: number, r: number): number => {
    if (k === 0 || r === 0) return k === r ? 1 : 0;
    return directions[r - 1][k - 1];
  };
  const inner = new Float64Array(m * m);
  for (let r = 0; r < m; r++) {
    for (let s = 0; s < m; s++) {
      for (let k = 0; k < n; k++) {
        for (let l = 0; l < n; l++) inner[s * m + r] += at(k, r) * expected[l * n + k] * at(l, s);
      }
    }
  }
  const inverse = pseudoInverse(inner, m);
  const out = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    for (let l = 0; l < n; l++) {
      for (let r = 0; r < m; r++) {
        for (let s = 0; s < m; s++) out[l * n + k] += at(k, r) * inverse[s * m + r] * at(l, s);
      }
    }
  }
  return out;
}

function test(
  { beta }: LinearMixedModel,
  { first, weights }: Adjustment,
  vcov: Float64Array,
  root: Float64Array,
  rows: readonly ArrayLike<number>[],
  rhs: ArrayLike<number> | undefined,
): KenwardRogerTest {
  const p = beta.length;
  const q = rows.length;
  const n = first.length;
  // M = root'L' (p×q); Θ = M(M'M)⁻¹M' = EE' with orthonormal E.
  const basis = orthonormal(
    rows.map((row) =>
      Float64Array.from({ length: p }, (_, j) => {
        let sum = 0;
        for (let i = 0; i < p; i++) sum += root[j * p + i] * row[i];
        return sum;
      }),
    ),
  );
  const projected = first.map((matrix) => {
    const out = new Float64Array(q * q);
    basis.forEach((x, a) => {
      basis.forEach((y, b) => {
        for (let j = 0; j < p; j++)
          for (let i = 0; i < p; i++) out[b * q + a] += x[i] * matrix[j * p + i] * y[j];
      });
    });
    return out;
  });
  let a1 = 0;
  let a2 = 0;
  for (let k = 0; k < n; k++) {
    for (let l = 0; l < n; l++) {
      let product = 0;
      for (let i = 0; i < q * q; i++) product += projected[k][i] * projected[l][i];
      a1 += weights[k * n + l] * trace(projected[k], q) * trace(projected[l], q);
      a2 += weights[k * n + l] * product;
    }
  }
  const { df, scale } = momentMatch(q, a1, a2);
  // Wald statistic with the adjusted covariance.
  const estimates = Float64Array.from(rows, (row, a) => {
    let sum = -(rhs?.[a] ?? 0);
    for (let i = 0; i < p; i++) sum += row[i] * beta[i];
    return sum;
  });
  const middle = new Float64Array(q * q);
  rows.forEach((x, a) => {
    rows.forEach((y, b) => {
      for (let j = 0; j < p; j++)
        for (let i = 0; i < p; i++) middle[b * q + a] += x[i] * vcov[j * p + i] * y[j];
    });
  });
  const inverse = pseudoInverse(middle, q);
  let wald = 0;
  for (let a = 0; a < q; a++)
    for (let b = 0; b < q; b++) wald += estimates[a] * inverse[b * q + a] * estimates[b];
  return { statistic: (scale * wald) / q, df, scale };
}

/**
 * Denominator degrees of freedom and scale that give an F distribution the approximate mean and variance of the
 * Wald statistic, exact in the balanced cases (Kenward & Roger 1997, section 3).
 */
function momentMatch(q: number, a1: number, a2: number): { df: number; scale: number } {
  const b = (a1 + 6 * a2) / (2 * q);
  const g = ((q + 1) * a1 - (q + 4) * a2) / ((q + 2) * a2);
  const denominator = 3 * q + 2 * (1 - g);
  const c1 = g / denominator;
  const c2 = (q - g) / denominator;
  const c3 = (q + 2 - g) / denominator;
  const v0 = nearZero(1 + c1 * b);
  const v1 = nearZero(1 - c2 * b);
  const v2 = nearZero(1 - c3 * b);
  const ratio = v1 === 0 ? 1 : (1 - a2 / q) / v1;
  const rho = (ratio * ratio * v0) / (q * v2);
  const df = 4 + (q + 2) / (q * rho - 1);
  // At two degrees of freedom the F distribution has no mean to match.
  const scale = Math.abs(df - 2) < 1e-2 ? 1 : (df * (1 - a2 / q)) / (df - 2);
  return { df, scale };
}

function nearZero(value: number): number {
  return Math.abs(value) < 1e-10 ? 0 : value;
}

/** Orthonormal vectors with the same span, by Gram–Schmidt done twice. */
function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const vector of vectors) {
    const x = vector.slice();
    for (let pass = 0; pass < 2; pass++) {
      for (const y of basis) {
        const along = x.reduce((sum, value, i) => sum + value * y[i], 0);
        for (let i = 0; i < x.length; i++) x[i] -= along * y[i];
      }
    }
    const length = Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));
    basis.push(x.map((value) => value / length));
  }
  return basis;
}

/** The inverse of a symmetric matrix on the eigenvectors that count, after scaling to a unit diagonal. */
function pseudoInverse(matrix: Float64Array, n: number): Float64Array {
  const scale = Float64Array.from({ length: n }, (_, i) =>
    matrix[i * n + i] > 0 ? 1 / Math.sqrt(matrix[i * n + i]) : 0,
  );
  const scaled = Float64Array.from(matrix, (value, at) => value * scale[at % n] * scale[Math.floor(at / n)]);
  const { values, vectors } = symmetricEigen(scaled, n);
  const out = new Float64Array(n * n);
  values.forEach((value, m) => {
    if (!(value > 1e-12)) return;
    for (let j = 0; j < n; j++) {
      for (let i = 0; i < n; i++) {
        out[j * n + i] += (vectors[m * n + i] * scale[i] * vectors[m * n + j] * scale[j]) / value;
      }
    }
  });
  return out;
}

function identity(p: number): Float64Array {
  const out = new Float64Array(p * p);
  for (let i = 0; i < p; i++) out[i * p + i] = 1;
  return out;
}

function addScaled(out: Float64Array, x: Float64Array, factor: number): void {
  for (let i = 0; i < out.length; i++) out[i] += factor * x[i];
}

/** out += factor · AB for symmetric A and B. */
function addProduct(out: Float64Array, a: Float64Array, b: Float64Array, factor: number, p: number): void {
  for (let j = 0; j < p; j++) {
    for (let m = 0; m < p; m++) {
      const value = factor * b[j * p + m];
      for (let i = 0; i < p; i++) out[j * p + i] += a[m * p + i] * value;
    }
  }
}

function trace(matrix: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += matrix[i * n + i];
  return sum;
}
