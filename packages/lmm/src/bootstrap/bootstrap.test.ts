import { describe, expect, it } from "vitest";
import { fitFrame } from "../fit/fit-frame";
import { nestedMachines, vectorMachines } from "../machines.test-support";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { serialPool } from "../parallel/serial";
import { RandomStream } from "../random/random-stream";
import { randomModel } from "../random-model.test-support";
import { simulate } from "../simulate/simulate";
import { bootstrap, bootstrapIn } from "./bootstrap";
import { bootstrapInterval, bootstrapIntervalTypes } from "./bootstrap-intervals";
import { formatBootstrap } from "./format-bootstrap";
import { acceleration, jackknifeGroups } from "./jackknife";
import { ResidualResampler } from "./residual-resampler";

describe("bootstrap replicates", () => {
  const model = fitFrame(nestedMachines);

  it("are the parameters of fits to simulated responses", () => {
    const { names, replicates, observed, failures } = bootstrap(model, { nsim: 4, seed: 6 });
    expect(names).toEqual([
      "sd_(Intercept)|Worker:Machine",
      "sd_(Intercept)|Worker",
      "sigma",
      "(Intercept)",
      "MachineB",
      "MachineC",
    ]);
    expect(observed[2]).toBe(model.sigma);
    expect(failures).toEqual([]);
    const { responses } = simulate(model, { nsim: 4, seed: 6 });
    responses.forEach((values, i) => {
      const fit = fitFrame({ ...nestedMachines, response: { name: "score", values } });
      // Two searches end within 1e-6 of a minimum in θ.
      expect(replicates[2][i]).toBeCloseTo(fit.sigma, 6);
      expect(replicates[4][i]).toBeCloseTo(fit.beta[1], 8);
      expect(replicates[1][i]).toBeCloseTo(fit.sigma * fit.theta[1], 5);
    });
  });

  it("are the same on a pool, in any number of steps, and a longer run begins with a shorter one", async () => {
    const here = bootstrap(model, { nsim: 12, seed: 2 });
    const seen: number[] = [];
    const pooled = await bootstrapIn(serialPool(), model, {
      nsim: 12,
      seed: 2,
      chunk: 5,
      onProgress: (done) => seen.push(done),
    });
    expect(pooled).toEqual(here);
    expect(seen).toEqual([5, 10, 12]);
    const shorter = bootstrap(model, { nsim: 3, seed: 2 });
    expect(shorter.replicates[0]).toEqual(here.replicates[0].slice(0, 3));
    expect(structuredClone(here)).toEqual(here);
  });

  it("may be of any statistic, and keep what failed", () => {
    let calls = 0;
    const statistic = (fit: { criterion: number; beta: Float64Array }) => {
      // The first call is for the model itself.
      if (calls++ === 2) throw new Error("no statistic today");
      return [fit.criterion, fit.beta[0]];
    };
    const drawn = bootstrap(model, { nsim: 3, statistic, names: ["criterion", "b0"] });
    expect(drawn.names).toEqual(["criterion", "b0"]);
    expect(drawn.failures).toEqual([{ index: 1, code: null, message: "no statistic today" }]);
    expect(drawn.replicates[0][1]).toBeNaN();
    expect(drawn.replicates[1][2]).toBeGreaterThan(0);
    expect(() => bootstrap(model, { nsim: 1, statistic: () => [1], names: ["a", "b"] })).toThrow(
      "wrong number of names: 2",
    );
  });

  it("note singular fits", () => {
    const small = fitFrame(randomModel("scalar", 4));
    const { singular, replicates, nsim } = bootstrap(small, { nsim: 60, seed: 1 });
    const zeros = Array.from(replicates[0]).flatMap((value, i) => (value < 1e-4 * small.sigma ? [i] : []));
    expect(singular).toEqual(zeros);
    expect(singular.length).toBeGreaterThan(0);
    expect(singular.length).toBeLessThan(nsim);
  });

  it("given the random effects vary less", () => {
    const spread = (useU: boolean, type: "parametric" | "semiparametric") => {
      const { replicates } = bootstrap(model, { nsim: 200, seed: 5, useU, type });
      const values = replicates[3];
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    };
    // σ/√18 for the intercept of a machine with 18 runs, if the workers stay.
    expect(spread(true, "parametric") / (model.sigma / Math.sqrt(18))).toBeCloseTo(1, 0);
    expect(spread(true, "semiparametric") / (model.sigma / Math.sqrt(18))).toBeCloseTo(1, 0);
    expect(spread(false, "parametric") / Math.sqrt(model.vcov[0])).toBeCloseTo(1, 0);
    expect(spread(false, "semiparametric") / Math.sqrt(model.vcov[0])).toBeCloseTo(1, 0);
  });

  it("are printed with bias and standard error", () => {
    expect(formatBootstrap(bootstrap(model, { nsim: 50, seed: 1 }))).toMatchInlineSnapshot(`
      "Parametric bootstrap, 50 replicates

                                    Observed     Bias Std. Error
      sd_(Intercept)|Worker:Machine     3.73 -0.04755     0.9101
      sd_(Intercept)|Worker            4.781   0.0125      1.627
      sigma                           0.9616 -0.01739     0.1008
      (Intercept)                      52.36  0.09517      2.087
      MachineB                         7.967   0.2304      2.369
      MachineC                         13.92   0.2841      1.907
      "
    `);
    const small = fitFrame(randomModel("scalar", 4));
    expect(formatBootstrap(bootstrap(small, { nsim: 60, seed: 1 }))).toMatch(/\n\nrefits: \d+ singular\n$/);
    const text = formatBootstrap(bootstrap(small, { nsim: 3, useU: true, type: "semiparametric" }));
    expect(text).toMatch(/^Semiparametric bootstrap, 3 replicates, random effects kept\n/);
  });

  it("refuse what cannot be", async () => {
    const single = (fit: LinearMixedModel) => fit.sigma as unknown as number[];
    expect(() => bootstrap(model, { nsim: 1, statistic: single })).toThrow(
      "unusable statistic: it gives a number",
    );
    expect(() => bootstrap(model, { nsim: 1, seed: "a" as unknown as number })).toThrow("seed");
    expect(() => bootstrap(model, { nsim: 1.5 })).toThrow("unusable nsim: 1.5");
    expect(() => bootstrap(model, { type: "wild" as "parametric" })).toThrow('unknown type: "wild"');
    const statistic = () => [1];
    await expect(bootstrapIn(serialPool(), model, { statistic } as object)).rejects.toThrow(
      "unusable statistic",
    );
    expect(() => bootstrap(model, { signal: AbortSignal.abort() })).toThrow("aborted run");
  });
});

describe("resampled residuals", () => {
  it("are reflated: effects and residuals have the estimated covariances", () => {
    const model = fitFrame(vectorMachines, { method: "ML" });
    const { template } = model.terms[0];
    const resampler = new ResidualResampler(model, false);
    const NSIM = 3000;
    const draws = Array.from({ length: NSIM }, (_, i) => resampler.draw(new RandomStream(9, i)));
    // Row 0 is a run on the first machine, whose variance is that of the intercept and the residual.
    const mean = draws.reduce((sum, y) => sum + y[0], 0) / NSIM;
    const variance = draws.reduce((sum, y) => sum + (y[0] - mean) ** 2, 0) / NSIM;
    const expected = model.sigma ** 2 * (template[0] ** 2 + 1);
    expect(mean).toBeCloseTo(model.beta[0], 0);
    // Six workers drawn with replacement: their kurtosis is below 3, so five standard errors of a normal sample do.
    expect(Math.abs(variance / expected - 1)).toBeLessThan(5 * Math.sqrt(2 / NSIM));
  });

  it("keep the weights", () => {
    const model = fitFrame(randomModel("scalar", 2, { weights: true }));
    const resampler = new ResidualResampler(model, true);
    const weights = model.weights as Float64Array;
    const scaled = model.response.map((y, r) => (y - model.fitted[r]) * Math.sqrt(weights[r]));
    const drawn = resampler.draw(new RandomStream(1));
    drawn.forEach((y, r) => {
      const residual = (y - model.fitted[r]) * Math.sqrt(weights[r]);
      expect(scaled.some((value) => Math.abs(value - residual) < 1e-9)).toBe(true);
    });
  });
});

describe("intervals from replicates", () => {
  // 999 normal quantiles: order statistics fall on the quantiles asked for.
  const draws = Float64Array.from({ length: 999 }, (_, i) => (i + 1) / 1000);

  it("have the quantiles of uniform numbers", () => {
    expect(bootstrapInterval(0.5, draws, 0.95, "percentile")).toEqual({
      lower: expect.closeTo(0.025, 12),
      upper: expect.closeTo(0.975, 12),
    });
    const basic = bootstrapInterval(0.4, draws, 0.9, "basic");
    expect(basic).toEqual({ lower: expect.closeTo(0.8 - 0.95, 12), upper: expect.closeTo(0.8 - 0.05, 12) });
    // Mean 0.5, standard deviation √((999² − 1)/12)/1000 · √(999/998); bias 0.5 − 0.4.
    const sd = Math.sqrt(((999 ** 2 - 1) / 12) * (999 / 998)) / 1000;
    const normal = bootstrapInterval(0.4, draws, 0.95, "normal");
    expect(normal.lower).toBeCloseTo(0.3 - 1.959963984540054 * sd, 12);
    expect(normal.upper).toBeCloseTo(0.3 + 1.959963984540054 * sd, 12);
  });

  it("are the percentile interval where BCa has nothing to correct, and move as it does", () => {
    const plain = bootstrapInterval(0.5, draws, 0.95, "bca", 0);
    expect(plain.lower).toBeCloseTo(0.025, 12);
    expect(plain.upper).toBeCloseTo(0.975, 12);
    // Efron's formula by hand: z0 = Φ⁻¹(0.599…), a = 0.05.
    const { lower, upper } = bootstrapInterval(0.6, draws, 0.9, "bca", 0.05);
    // R 4.2.2: z0 <- qnorm(599.5/999); z <- qnorm(c(.05,.95)); pnorm(z0 + (z0+z)/(1-.05*(z0+z)))
    expect(lower).toBeCloseTo(0.1475135788, 9);
    expect(upper).toBeCloseTo(0.9906428447, 9);
  });

  it("are the shortest that hold their share", () => {
    const skewed = Float64Array.from({ length: 100 }, (_, i) => i * i);
    expect(bootstrapInterval(0, skewed, 0.8, "shortest")).toEqual({ lower: 0, upper: 79 * 79 });
  });

  it("leave out what is not finite, and say nothing about nothing", () => {
    const gaps = Float64Array.of(...draws, Number.NaN, Number.NaN);
    for (const type of bootstrapIntervalTypes) {
      expect(bootstrapInterval(0.5, gaps, 0.9, type)).toEqual(bootstrapInterval(0.5, draws, 0.9, type));
      expect(bootstrapInterval(1, Float64Array.of(1), 0.9, type)).toEqual({
        lower: Number.NaN,
        upper: Number.NaN,
      });
    }
    expect(() => bootstrapInterval(1, draws, 0.9, "best" as "basic")).toThrow(
      'unknown type of interval: "best"',
    );
  });
});

describe("the jackknife over groups", () => {
  it("fits what is left without a group", () => {
    const model = fitFrame(nestedMachines);
    const { group, values } = jackknifeGroups(model, (fit) => [fit.beta[0], fit.sigma]);
    expect(group).toBe("Worker");
    expect(values[0]).toHaveLength(6);
    const keep = Array.from({ length: 54 }, (_, r) => r).filter((r) => Math.floor((r % 18) / 3) !== 2);
    const scores = nestedMachines.response?.values ?? new Float64Array(0);
    const mean = keep.filter((r) => r < 18).reduce((sum, r) => sum + scores[r], 0) / 15;
    // Balanced: the intercept is the mean of the first machine.
    expect(values[0][2]).toBeCloseTo(mean, 8);
    expect(values[1][2]).not.toBeCloseTo(model.sigma, 4);
  });

  it("has the acceleration of a skewed sample", () => {
    // Σd³/(6(Σd²)^1.5) with d = (−1, −1, 2) about the mean of (4, 4, 1): 6/(6·6^1.5).
    expect(acceleration(Float64Array.of(4, 4, 1))).toBeCloseTo(6 / (6 * 6 ** 1.5), 12);
    expect(acceleration(Float64Array.of(2, 2))).toBe(0);
  });
});
