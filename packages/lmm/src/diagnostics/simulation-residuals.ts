import { LmmError } from "../errors";
import { InferenceError } from "../inference/inference-error";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import type { RandomSelection } from "../predict/included-terms";
import { RandomStream } from "../random/random-stream";
import { simulatorOf } from "../simulate/simulate";

/** Numbers kept at once (400 MB). */
const MOST_NUMBERS = 5e7;

/** How simulated residuals are made. */
export interface SimulationResidualOptions {
  /** Simulated responses, default 250. */
  readonly nsim?: number;
  /** Default 1; response i is drawn from stream i. */
  readonly seed?: number;
  /** Random effects drawn anew (`none`, default), or as predicted: all, or some terms. */
  readonly reForm?: RandomSelection;
}

/** A statistic of the observed data among the same of every simulated data set. */
export interface SimulatedTest {
  readonly statistic: number;
  /** Mean of the statistic over the simulated data sets. */
  readonly expected: number;
  readonly pValue: number;
}

/** Residuals on the scale of the model's own simulations. */
export interface SimulationResiduals {
  /** Between 0 and 1, one per row, uniform if the model is right. */
  readonly residuals: Float64Array;
  readonly nsim: number;
  readonly seed: number;
  /** Largest distance of the distribution of residuals from the uniform one. */
  readonly uniformity: SimulatedTest;
  /** Sum of squared distances from each row's mean; two-sided. */
  readonly dispersion: SimulatedTest;
  /** Rows outside of all simulated values. */
  readonly outliers: SimulatedTest;
}

/**
 * Quantile residuals by simulation: the place of each observed value among values simulated from the fit, ties and the
 * gaps between values filled at random.
 *
 * The observed response and the simulated ones are exchangeable if the model is right, so each statistic is compared
 * with the same of every simulated data set, all ranked together. Its p-value is the place among these and holds
 * though rows of one group are alike, which a Kolmogorov–Smirnov table would ignore. It counts θ̂ as known.
 *
 * Rows of weight zero get NaN.
 *
 * @throws InferenceError `unknown-option`; LmmError `too-large`: rows × simulations are held at once
 * Cost: nsim·(n + q) normal numbers, n sorts of nsim numbers.
 * Source: Dunn & Smyth (1996), J. Comput. Graph. Stat. 5(3); Hartig (2016), DHARMa, for the idea; Besag & Clifford
 * (1989), Biometrika 76(4), for the test.
 */
export function simulationResiduals(
  model: LinearMixedModel,
  options: SimulationResidualOptions = {},
): SimulationResiduals {
  const { nsim = 250, seed = 1, reForm = "none" } = options;
  if (!(Number.isSafeInteger(nsim) && nsim >= 19)) {
    throw new InferenceError("unknown-option", `unusable nsim: ${nsim}`, nsim, "a whole number from 19 on");
  }
  const { weights, response } = model;
  const rows: number[] = [];
  for (let r = 0; r < response.length; r++) if (weights === null || weights[r] > 0) rows.push(r);
  const n = rows.length;
  const sets = nsim + 1;
  if (n * sets > MOST_NUMBERS) {
    throw new LmmError(
      "too-large",
      `too large question: ${n} rows of ${nsim} simulations`,
      n * sets,
      `use nsim: ${Math.max(19, Math.floor(MOST_NUMBERS / n) - 1)} or fewer`,
    );
  }
  const values = new Float64Array(n * sets);
  rows.forEach((r, i) => {
    values[i * sets] = response[r];
  });
  const { simulator } = simulatorOf(model, { reForm });
  for (let s = 0; s < nsim; s++) {
    const drawn = simulator.draw(new RandomStream(seed, s));
    rows.forEach((r, i) => {
      values[i * sets + s + 1] = drawn[r];
    });
  }
  const places = rankRows(values, n, sets, new RandomStream(seed, nsim));
  const residuals = new Float64Array(response.length).fill(Number.NaN);
  rows.forEach((r, i) => {
    residuals[r] = (places.observed[i] + places.jitter[i]) / sets;
  });
  return {
    residuals,
    nsim,
    seed,
    uniformity: test(uniformDistances(places.histogram, n, sets), false),
    dispersion: test(places.squares, true),
    outliers: test(outlierCounts(places.histogram, sets), false),
  };
}

interface Places {
  /** Place of the observed value among the others, 0 … nsim. */
  readonly observed: Int32Array;
  readonly jitter: Float64Array;
  /** How often each data set has each place: sets × sets, by data set. */
  readonly histogram: Int32Array;
  /** Of each data set, Σ over rows of squared distances from the row's mean. */
  readonly squares: Float64Array;
}

/** Places of every data set in every row; the first is the observed one. */
function rankRows(values: Float64Array, n: number, sets: number, stream: RandomStream): Places {
  const observed = new Int32Array(n);
  const jitter = new Float64Array(n);
  const histogram = new Int32Array(sets * sets);
  const squares = new Float64Array(sets);
  const order = new Float64Array(sets);
  for (let i = 0; i < n; i++) {
    const own = values.subarray(i * sets, (i + 1) * sets);
    order.set(own);
    order.sort();
    let mean = 0;
    for (const value of own) mean += value / sets;
    for (let s = 0; s < sets; s++) {
      const first = lowerBound(order, own[s]);
      let ties = 1;
      while (first + ties < sets && order[first + ties] === own[s]) ties++;
      const place = ties === 1 ? first : first + stream.integer(ties);
      histogram[s * sets + place]++;
      squares[s] += (own[s] - mean) ** 2;
      if (s === 0) observed[i] = place;
    }
    jitter[i] = stream.uniform();
  }
  return { observed, jitter, histogram, squares };
}

function lowerBound(order: Float64Array, value: number): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (order[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Largest distance between each data set's distribution of places and the uniform one. */
function uniformDistances(histogram: Int32Array, n: number, sets: number): Float64Array {
  return Float64Array.from({ length: sets }, (_, s) => {
    let count = 0;
    let distance = 0;
    for (let place = 0; place < sets; place++) {
      count += histogram[s * sets + place];
      distance = Math.max(distance, Math.abs(count / n - (place + 1) / sets));
    }
    return distance;
  });
}

function outlierCounts(histogram: Int32Array, sets: number): Float64Array {
  return Float64Array.from({ length: sets }, (_, s) => histogram[s * sets] + histogram[s * sets + sets - 1]);
}

/** The place of the first statistic among all: p = (number at least as large)/sets, twice the smaller tail. */
function test(statistics: Float64Array, twoSided: boolean): SimulatedTest {
  const [statistic] = statistics;
  let above = 0;
  let below = 0;
  let sum = 0;
  for (const value of statistics) {
    if (value >= statistic) above++;
    if (value <= statistic) below++;
    sum += value;
  }
  const sets = statistics.length;
  const pValue = twoSided ? Math.min(1, (2 * Math.min(above, below)) / sets) : above / sets;
  return { statistic, expected: (sum - statistic) / (sets - 1), pValue };
}
