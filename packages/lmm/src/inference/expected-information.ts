import type { Method } from "../fit/options";
import type { VarianceInformation } from "./variance-information";

/**
 * The expected information of the variance parameters (σ² = 1, γ_1, γ_2, …), V = Σ_k γ_k Z B_k Z' + I:
 * ½ tr(PV_kPV_l) for REML, with P the projection of V⁻¹ off X, ½ tr(V⁻¹V_kV⁻¹V_l) for ML. The residual is first.
 *
 * @returns n×n, n one more than there are elements
 * Source: Kenward & Roger (1997), Biometrics 53(3), section 3.
 */
export function expectedInformation(
  { covariance, first, traces, secondTraces }: VarianceInformation,
  method: Method,
  nobs: number,
): Float64Array {
  const { gamma } = covariance;
  const m = gamma.length;
  const n = m + 1;
  const p = m === 0 ? 0 : Math.sqrt(first[0].length);
  // The residual direction follows from V⁻¹ = V⁻²(I + ZΓZ'): P_0 = I − Σγ_kP_k, and so on.
  const residual = new Float64Array(p * p);
  for (let i = 0; i < p; i++) residual[i * p + i] = 1;
  for (let k = 0; k < m; k++) for (let i = 0; i < p * p; i++) residual[i] -= gamma[k] * first[k][i];
  const firsts = [residual, ...first];
  const pairs = new Float64Array(n * n);
  const seconds = new Float64Array(n * n);
  for (let k = 0; k < m; k++) {
    for (let l = 0; l < m; l++) {
      pairs[(k + 1) * n + l + 1] = traces.pairs[k * m + l];
      seconds[(k + 1) * n + l + 1] = secondTraces[k * m + l];
    }
  }
  for (let l = 0; l < m; l++) {
    let pair = traces.single[l];
    let second = trace(first[l], p);
    for (let k = 0; k < m; k++) {
      pair -= gamma[k] * traces.pairs[k * m + l];
      second -= gamma[k] * secondTraces[k * m + l];
    }
    pairs[l + 1] = pair;
    pairs[(l + 1) * n] = pair;
    seconds[l + 1] = second;
    seconds[(l + 1) * n] = second;
  }
  pairs[0] = nobs;
  seconds[0] = trace(residual, p);
  for (let k = 0; k < m; k++) {
    pairs[0] -= gamma[k] * (traces.single[k] + pairs[k + 1]);
    seconds[0] -= gamma[k] * seconds[k + 1];
  }
  const out = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    for (let l = 0; l < n; l++) {
      let sum = pairs[k * n + l];
      if (method === "REML") {
        sum -= 2 * seconds[k * n + l];
        for (let i = 0; i < p * p; i++) sum += firsts[k][i] * firsts[l][i];
      }
      out[k * n + l] = sum / 2;
    }
  }
  return out;
}

function trace(matrix: ArrayLike<number>, p: number): number {
  let sum = 0;
  for (let i = 0; i < p; i++) sum += matrix[i * p + i];
  return sum;
}
