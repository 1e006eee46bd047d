import { thetaBounds } from "../design/theta-bounds";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { covarianceElements } from "./covariance-elements";
import { jointCovariance } from "./joint-covariance";

/** A standard deviation or correlation with its standard error. */
export interface VarianceParameter {
  readonly kind: "stdDev" | "correlation";
  /** Name of the term as in `varCorr`, `Residual` for σ. */
  readonly term: string;
  /** The column, or the two that are correlated. */
  readonly columns: readonly string[];
  /** NaN for a correlation with a standard deviation of zero. */
  readonly estimate: number;
  /** By the delta method; null on the boundary, where no standard error means anything. */
  readonly stdError: number | null;
  /** The variance σ²(TT')_aa and its standard error; null for correlations. */
  readonly variance: { readonly estimate: number; readonly stdError: number | null } | null;
}

/** Variance components on the scale on which they are read. */
export interface VarianceParameters {
  readonly parameters: readonly VarianceParameter[];
  readonly diagnostics: readonly string[];
}

/** lme4's tolerance of singularity: standard deviations below this share of σ are on the boundary. */
const BOUNDARY = 1e-4;

/**
 * Standard deviations and correlations of the random effects and the residual standard deviation, with
 * asymptotic standard errors from the exact Hessian of (θ, σ).
 *
 * A standard deviation of zero, a correlation of ±1 and every correlation of a term that has one of them get no
 * standard error, and a diagnostic says why.
 */
export function varianceParameters(model: LinearMixedModel): VarianceParameters {
  const { covariance, diagnostics } = jointCovariance(model);
  const { sigma, theta } = model;
  const n = theta.length;
  const error = (gradient: Float64Array): number | null => {
    let sum = 0;
    for (let i = 0; i <= n; i++)
      for (let j = 0; j <= n; j++) sum += gradient[i] * covariance[i][j] * gradient[j];
    return sum > 0 ? Math.sqrt(sum) : null;
  };
  const parameters: VarianceParameter[] = [];
  const { elements, gamma, jacobian } = covarianceElements(model.design, theta);
  const { lower, upper } = thetaBounds(model.design);
  model.design.terms.forEach(({ name, columns, columnStart, template, thetaStart }, term) => {
    const { k, count } = template;
    const singular = Array.from({ length: count }, (_, i) => thetaStart + i).some(
      (i) => theta[i] - lower[i] < BOUNDARY || upper[i] - theta[i] < BOUNDARY,
    );
    const position = (a: number, b: number): number =>
      elements.findIndex(
        (element) =>
          element.term === term && element.row === columnStart + a && element.col === columnStart + b,
      );
    /** (TT')_ab, a ≥ b, and its derivatives with respect to θ. */
    const entry = (a: number, b: number) => {
      const at = position(a, b);
      const slope = new Float64Array(n + 1);
      slope.set(jacobian.subarray(at * n, (at + 1) * n));
      return { value: gamma[at], slope };
    };
    for (let a = 0; a < k; a++) {
      const { value, slope } = entry(a, a);
      const root = Math.sqrt(value);
      const onBoundary = root < BOUNDARY;
      const gradient = slope.map((d) => (onBoundary ? 0 : (sigma * d) / (2 * root)));
      gradient[n] = root;
      const squared = slope.map((d) => sigma * sigma * d);
      squared[n] = 2 * sigma * value;
      parameters.push({
        kind: "stdDev",
        term: name,
        columns: [columns[a]],
        estimate: sigma * root,
        stdError: onBoundary ? null : error(gradient),
        variance: { estimate: sigma * sigma * value, stdError: onBoundary ? null : error(squared) },
      });
    }
    for (let b = 0; b < k; b++) {
      for (let a = b + 1; a < k; a++) {
        // Templates that hold two columns independent have no correlation to report.
        if (position(a, b) < 0) continue;
        const [own, first, second] = [entry(a, b), entry(a, a), entry(b, b)];
        const scale = Math.sqrt(first.value * second.value);
        const estimate = own.value / scale;
        const gradient = own.slope.map(
          (d, i) =>
            d / scale - (estimate / 2) * (first.slope[i] / first.value + second.slope[i] / second.value),
        );
        parameters.push({
          kind: "correlation",
          term: name,
          columns: [columns[b], columns[a]],
          estimate: Math.min(1, Math.max(-1, estimate)),
          stdError: singular ? null : error(gradient),
          variance: null,
        });
      }
    }
  });
  const gradient = new Float64Array(n + 1);
  gradient[n] = 1;
  const own = error(gradient);
  const variance = { estimate: sigma * sigma, stdError: own === null ? null : 2 * sigma * own };
  parameters.push({
    kind: "stdDev",
    term: "Residual",
    columns: [],
    estimate: sigma,
    stdError: own,
    variance,
  });
  return { parameters, diagnostics };
}
