import { type ModelFrame, modelFrame } from "@lmmkit/formula";
import {
  buildDesign,
  buildModel,
  criterionAt,
  crossProducts,
  type Design,
  type Method,
  minimizeTheta,
  PlsWorkspace,
  type ThetaFit,
} from "@lmmkit/lmm";
import {
  type NumericalDerivative,
  numericalGradient,
  numericalHessian,
  numericalJacobian,
} from "@lmmkit/optim";
import { SecondOrder } from "../../../packages/lmm/src/fit/second-order";
import { jointCovariance } from "../../../packages/lmm/src/inference/joint-covariance";
import type { Case } from "../lme4/compare";
import { Draws } from "../support/draws";

/** Exact against numerical derivatives at one θ. */
export interface DerivativeCheck {
  readonly id: string;
  readonly at: "near the optimum" | "elsewhere" | "boundary";
  readonly theta: readonly number[];
  readonly gradient: Difference;
  /** Null on the boundary, where differences of the criterion do not give all its parts. */
  readonly information: Difference | null;
  readonly hessian: Difference;
}

/**
 * Largest difference, and how far the numerical derivative trusts itself; both relative to the largest entry, with
 * every parameter measured in its own scale.
 */
export interface Difference {
  readonly error: number;
  readonly uncertainty: number;
}

/** Compares at three values of θ: 1.2 times the optimum, somewhere else, and with the last column zero. */
export function checkDerivatives(item: Case): DerivativeCheck[] {
  const { formula, table, reml, contrasts, weights, offset, id } = item;
  const frame = modelFrame(formula, table, { contrasts, weights, offset });
  const design = buildDesign(frame);
  const workspace = new PlsWorkspace(design, crossProducts(frame, design));
  const method = reml ? "REML" : "ML";
  const fit = minimizeTheta(workspace, { method });
  const fitted = fit.theta;
  const draws = new Draws(fitted.length);
  // A column that the fit has at zero is looked at where it is not.
  const floor = 0.1 * Math.max(0.1, ...fitted);
  const near = fitted.map((value, i) => 1.2 * (design.lower[i] === 0 ? Math.max(value, floor) : value));
  const elsewhere = near.map((value) => value * draws.between(0.3, 3));
  const boundary = near.slice();
  zeroLastColumn(design, boundary);
  const scale = rowScales(design, near);
  return [
    { at: "near the optimum" as const, theta: near },
    { at: "elsewhere" as const, theta: elsewhere },
    { at: "boundary" as const, theta: boundary },
  ].map(({ at, theta }) => ({
    id,
    at,
    theta: Array.from(theta),
    gradient: checkGradient(workspace, method, theta, scale),
    hessian: checkHessian(frame, workspace, method, { ...fit, theta }, scale),
    information: at === "boundary" ? null : checkInformation(workspace, method, theta, scale),
  }));
}

/** Sets the last column of the first term's template to zero. */
function zeroLastColumn({ terms }: Design, theta: Float64Array): void {
  const { template, thetaStart } = terms[0];
  for (let i = 0; i < template.cols.length; i++) {
    if (template.cols[i] === template.k - 1) theta[thetaStart + i] = 0;
  }
}

/** The size of a parameter: the largest entry in its row of the template, which is in the unit of its covariate. */
function rowScales({ terms }: Design, theta: Float64Array): Float64Array {
  const scale = new Float64Array(theta.length);
  for (const { template, thetaStart } of terms) {
    const { rows } = template;
    for (let i = 0; i < rows.length; i++) {
      for (let j = 0; j < rows.length; j++) {
        if (rows[i] !== rows[j]) continue;
        scale[thetaStart + i] = Math.max(scale[thetaStart + i], Math.abs(theta[thetaStart + j]));
      }
    }
  }
  return scale;
}

/** A function of θ as one of θ in units of its scale. */
function scaled<T>(f: (theta: Float64Array) => T, scale: Float64Array): (z: ArrayLike<number>) => T {
  const theta = new Float64Array(scale.length);
  return (z) => {
    for (let i = 0; i < theta.length; i++) theta[i] = z[i] * scale[i];
    return f(theta);
  };
}

function checkGradient(
  workspace: PlsWorkspace,
  method: Method,
  theta: Float64Array,
  scale: Float64Array,
): Difference {
  const exact = new Float64Array(theta.length);
  new SecondOrder(workspace, method).evaluateGradientInto(theta, exact);
  const objective = scaled((x) => criterionAt(workspace, method, x), scale);
  return differ(
    exact.map((value, i) => value * scale[i]),
    numericalGradient(objective, divide(theta, scale), { step: 0.05 }),
  );
}

/**
 * The exact Hessian, from the joint one of (θ, σ) with σ profiled out, against differences of the exact gradient.
 */
function checkHessian(
  frame: ModelFrame,
  workspace: PlsWorkspace,
  method: Method,
  at: ThetaFit,
  scale: Float64Array,
): Difference {
  const n = at.theta.length;
  workspace.evaluate(at.theta);
  const model = buildModel(frame, workspace, at, method, { design: 0, fit: 0 });
  const { hessian: joint } = jointCovariance(model);
  const exact = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      exact[i * n + j] = scale[i] * scale[j] * (joint[i][j] - (joint[i][n] * joint[n][j]) / joint[n][n]);
    }
  }
  const second = new SecondOrder(workspace, method);
  const gradient = new Float64Array(n);
  const gradientAt = scaled((theta) => {
    second.evaluateGradientInto(theta, gradient);
    return gradient.map((value, i) => value * scale[i]);
  }, scale);
  return differ(exact, numericalJacobian(gradientAt, divide(at.theta, scale), n, { step: 0.05 }));
}

/**
 * The average information from differences of f and r² alone. With ∂f/∂T = 2DT and ∂r²/∂T = −2HT
 * (H = Σ_l h_l h_l'), and C_M the matrix with 2M_{aa'} where two parameters share term and column:
 *
 * AI = N(½ ∂²r²/r² − ∂r² ∂r²'/r⁴) + C_D + ½ (N/r²) C_H.
 */
function checkInformation(
  workspace: PlsWorkspace,
  method: Method,
  theta: Float64Array,
  scale: Float64Array,
): Difference {
  const { design, products, p } = workspace;
  const n = theta.length;
  const df = products.nobs - (method === "REML" ? p : 0);
  const exact = new Float64Array(n * n);
  new SecondOrder(workspace, method).evaluateInto(theta, new Float64Array(n), exact);
  const squares = workspace.pwrss;
  const residual = scaled((x) => (workspace.evaluate(x) ? workspace.pwrss / squares : Number.NaN), scale);
  const objective = scaled((x) => criterionAt(workspace, method, x), scale);
  const z = divide(theta, scale);
  const first = numericalGradient(residual, z, { step: 0.05 });
  const second = numericalHessian(residual, z, { step: 0.02 });
  const f = numericalGradient(objective, z, { step: 0.05 });
  const shared = new Float64Array(n * n);
  addSharedColumns(design, theta, divide(f.values, scale), 1, shared);
  addSharedColumns(design, theta, divide(first.values, scale), -df / 2, shared);
  const values = new Float64Array(n * n);
  const errors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const at = i * n + j;
      const units = scale[i] * scale[j];
      exact[at] *= units;
      values[at] = df * (second.values[at] / 2 - first.values[i] * first.values[j]) + units * shared[at];
      errors[at] =
        df *
        (second.errors[at] / 2 +
          Math.abs(first.values[i]) * first.errors[j] +
          Math.abs(first.values[j]) * first.errors[i]);
    }
  }
  return differ(exact, { values, errors });
}

function divide(values: Float64Array, by: Float64Array): Float64Array {
  return values.map((value, i) => value / by[i]);
}

/** Adds factor · C_M, where `gradient` is 2MT. */
function addSharedColumns(
  { terms }: Design,
  theta: Float64Array,
  gradient: Float64Array,
  factor: number,
  out: Float64Array,
): void {
  const n = theta.length;
  for (const { template, thetaStart } of terms) {
    const { rows, cols, k } = template;
    const at = (values: Float64Array, row: number, col: number) => {
      const i = rows.findIndex((r, index) => r === row && cols[index] === col);
      return i < 0 ? 0 : values[thetaStart + i];
    };
    // M from its lower triangle: the last column first, symmetric as it grows.
    const m = Array.from({ length: k }, () => new Float64Array(k));
    for (let c = k - 1; c >= 0; c--) {
      for (let r = k - 1; r >= c; r--) {
        let value = at(gradient, r, c) / 2;
        for (let s = c + 1; s < k; s++) value -= m[r][s] * at(theta, s, c);
        m[r][c] = value / at(theta, c, c);
        m[c][r] = m[r][c];
      }
    }
    for (let i = 0; i < rows.length; i++) {
      for (let j = 0; j < rows.length; j++) {
        if (cols[i] === cols[j])
          out[(thetaStart + i) * n + thetaStart + j] += factor * 2 * m[rows[i]][rows[j]];
      }
    }
  }
}

function differ(exact: Float64Array, { values, errors }: Pick<NumericalDerivative, "values" | "errors">) {
  const scale = exact.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-300);
  let error = 0;
  let uncertainty = 0;
  for (let i = 0; i < exact.length; i++) {
    error = Math.max(error, Math.abs(exact[i] - values[i]) / scale);
    uncertainty = Math.max(uncertainty, errors[i] / scale);
  }
  return { error, uncertainty };
}
