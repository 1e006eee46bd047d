import { normalQuantile } from "../inference/distributions/quantiles";
import { normalTails } from "../inference/distributions/tails";
import { InferenceError } from "../inference/inference-error";

/** How an interval is made from replicates. */
export type BootstrapIntervalType = "percentile" | "basic" | "normal" | "bca" | "shortest";

/** An interval. */
export interface Limits {
  readonly lower: number;
  readonly upper: number;
}

/** Every type, in the order of the documentation. */
export const bootstrapIntervalTypes: readonly BootstrapIntervalType[] = [
  "percentile",
  "basic",
  "normal",
  "bca",
  "shortest",
];

/**
 * An interval from the bootstrap replicates of one number.
 *
 * `percentile`: their quantiles; `basic`: twice the observed value less the quantiles; `normal`: the observed value
 * less the bias, ± z standard deviations; `bca`: quantiles at levels corrected for bias and for the acceleration a;
 * `shortest`: the shortest interval that holds the share asked for. Quantiles are those of order (R + 1)α, with
 * straight lines between.
 *
 * @param observed the statistic of the data themselves
 * @param replicates those that are not finite are left out; not changed
 * @param acceleration a of `bca`
 * @returns NaN for fewer than two finite replicates
 *
 * Source: Davison & Hinkley (1997), §5.2–5.3; Efron (1987), JASA 82; Chen & Shao (1999), J. Comput. Graph. Stat. 8
 * (shortest).
 */
export function bootstrapInterval(
  observed: number,
  replicates: Float64Array,
  level: number,
  type: BootstrapIntervalType,
  acceleration = 0,
): Limits {
  const sorted = replicates.filter(Number.isFinite).sort();
  const n = sorted.length;
  if (n < 2) return { lower: Number.NaN, upper: Number.NaN };
  const alpha = (1 - level) / 2;
  switch (type) {
    case "percentile":
      return { lower: orderQuantile(sorted, alpha), upper: orderQuantile(sorted, 1 - alpha) };
    case "basic":
      return {
        lower: 2 * observed - orderQuantile(sorted, 1 - alpha),
        upper: 2 * observed - orderQuantile(sorted, alpha),
      };
    case "normal": {
      const mean = sorted.reduce((sum, value) => sum + value, 0) / n;
      const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
      const reach = normalQuantile(alpha) * Math.sqrt(variance);
      return { lower: 2 * observed - mean - reach, upper: 2 * observed - mean + reach };
    }
    case "bca":
      return corrected(observed, sorted, alpha, acceleration);
    case "shortest":
      return shortest(sorted, level);
    default:
      throw new InferenceError(
        "unknown-option",
        `unknown type of interval: ${JSON.stringify(type)}`,
        type,
        `choose ${bootstrapIntervalTypes.join(", ")}`,
      );
  }
}

/** The quantile of order (n + 1)p of sorted numbers. */
function orderQuantile(sorted: Float64Array, p: number): number {
  const n = sorted.length;
  const at = Math.min(n, Math.max(1, (n + 1) * p));
  const below = Math.floor(at);
  const low = sorted[below - 1];
  return below === n ? low : low + (at - below) * (sorted[below] - low);
}

function corrected(observed: number, sorted: Float64Array, alpha: number, a: number): Limits {
  const n = sorted.length;
  let below = 0;
  // Ties (variances of zero) count half.
  for (const value of sorted) below += value < observed ? 1 : value === observed ? 0.5 : 0;
  // A share of 0 or 1 is known to half a replicate.
  const share = Math.min(1 - 0.5 / n, Math.max(0.5 / n, below / n));
  const bias = -normalQuantile(share);
  const at = (z: number) => {
    const shifted = bias + z;
    return normalTails(bias + shifted / (1 - a * shifted)).lower;
  };
  const z = normalQuantile(alpha);
  return { lower: orderQuantile(sorted, at(-z)), upper: orderQuantile(sorted, at(z)) };
}

function shortest(sorted: Float64Array, level: number): Limits {
  const n = sorted.length;
  const count = Math.min(n, Math.max(2, Math.ceil(level * n)));
  let best = 0;
  for (let i = 1; i + count <= n; i++) {
    if (sorted[i + count - 1] - sorted[i] < sorted[best + count - 1] - sorted[best]) best = i;
  }
  return { lower: sorted[best], upper: sorted[best + count - 1] };
}
