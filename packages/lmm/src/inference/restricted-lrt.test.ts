import { describe, expect, it } from "vitest";
import { lmm } from "../fit/lmm";
import { RandomStream } from "../random/random-stream";
import { uniforms } from "../random-model.test-support";
import { bootstrapTest } from "./bootstrap-test";
import { fTails } from "./distributions/tails";
import { InferenceError } from "./inference-error";
import { ranova } from "./ranova";
import { restrictedLrt } from "./restricted-lrt";
import { fixedOnlyCriterion } from "./submodels";

/** A balanced one-way layout with a chosen ratio of mean squares. */
function oneWay(groups: number, size: number, ratio: number) {
  const next = uniforms(groups);
  const noise = Array.from({ length: groups * size }, () => next() - 0.5);
  const g = noise.map((_, i) => Math.floor(i / size));
  const means = Array.from({ length: groups }, (_, l) => average(noise.filter((_, i) => g[i] === l)));
  const within = noise.map((value, i) => value - means[g[i]]);
  const ms = within.reduce((sum, value) => sum + value * value, 0) / (groups * (size - 1));
  const centred = means.map((mean) => mean - average(means));
  const between = (size * centred.reduce((sum, value) => sum + value * value, 0)) / (groups - 1);
  const factor = Math.sqrt((ratio * ms) / between);
  return { y: within.map((value, i) => value + factor * centred[g[i]]), g: g.map((l) => `g${l}`) };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe("the restricted likelihood-ratio test of one variance", () => {
  it.each([
    [6, 5, 2.1],
    [6, 5, 4.6],
    [10, 3, 1.3],
  ])(
    "of a balanced one-way layout has the p-value of the F test: %s groups of %s, F = %s",
    (groups, size, ratio) => {
      const model = lmm("y ~ 1 + (1 | g)", oneWay(groups, size, ratio));
      const test = restrictedLrt(model, { nsim: 20_000 });
      // There the statistic is an increasing function of F where F > 1, and zero below.
      const [df1, df2] = [groups - 1, groups * (size - 1)];
      const expected = fTails(ratio, df1, df2).upper;
      const deviation = (p: number) => 4 * Math.sqrt((p * (1 - p)) / 20_000);
      expect(test.distribution).toBe("exact");
      expect(Math.abs(test.pValue - expected)).toBeLessThan(deviation(expected));
      const atZero = fTails(1, df1, df2).lower;
      expect(Math.abs(test.massAtZero - atZero)).toBeLessThan(deviation(atZero));
      expect(test).toEqual(restrictedLrt(model, { nsim: 20_000 }));
    },
  );

  it("is one where the variance is estimated as zero", () => {
    expect(restrictedLrt(lmm("y ~ 1 + (1 | g)", oneWay(6, 5, 0.4)), { nsim: 200 })).toMatchObject({
      statistic: 0,
      pValue: 1,
    });
  });

  it("of an unbalanced, weighted design with a covariate is what fits to simulated responses give", () => {
    const next = uniforms(5);
    const n = 50;
    const g = Array.from({ length: n }, (_, i) => (i < 7 ? i : Math.floor(7 * next() * next())));
    const x = g.map((l) => l / 3 + next());
    const w = g.map(() => 0.3 + 2 * next());
    const table = { x, w, g: g.map((l) => `g${l}`) };
    const fit = (y: number[]) => lmm("y ~ x + (0 + x | g)", { ...table, y }, { weights: "w" });
    const model = fit(x.map((value) => value + next()));
    const nsim = 400;
    const statistics = Array.from({ length: nsim }, (_, i) => {
      const stream = new RandomStream(17, i);
      const own = fit(w.map((weight) => stream.normal() / Math.sqrt(weight)));
      return Math.max(0, fixedOnlyCriterion(own.frame, "REML") - own.criterion);
    });
    const { massAtZero } = restrictedLrt(model, { nsim: 10_000 });
    const share = statistics.filter((value) => value < 1e-6).length / nsim;
    expect(Math.abs(share - massAtZero)).toBeLessThan(4 * Math.sqrt(0.25 / nsim));
    // The p-values of simulated statistics are uniform where they are not one: compare three of them.
    for (const quantile of [0.8, 0.9, 0.95]) {
      const sorted = [...statistics].sort((a, b) => a - b);
      const i = Math.floor(quantile * nsim);
      const at = statistics.indexOf(sorted[i]);
      const stream = new RandomStream(17, at);
      const own = restrictedLrt(fit(w.map((weight) => stream.normal() / Math.sqrt(weight))), { nsim: 5000 });
      expect(Math.abs(own.pValue - (1 - quantile))).toBeLessThan(
        4 * Math.sqrt((quantile * (1 - quantile)) / nsim) + 4 * own.stdError,
      );
    }
  });

  it("names what it cannot do", () => {
    const table = { ...oneWay(6, 5, 3), x: Array.from({ length: 30 }, (_, i) => (i * 7) % 11) };
    const code = (run: () => unknown) => {
      try {
        run();
      } catch (error) {
        if (error instanceof InferenceError) return error.code;
        throw error;
      }
      return "none";
    };
    const slopes = lmm("y ~ x + (x | g)", table);
    expect(code(() => restrictedLrt(slopes))).toBe("unsupported-design");
    const two = lmm("y ~ x + (1 | g) + (0 + x | g)", table);
    expect(code(() => restrictedLrt(two))).toBe("unknown-term");
    expect(restrictedLrt(two, { term: "g", nsim: 100 }).distribution).toBe("approximate");
    expect(code(() => restrictedLrt(two, { term: "g", nsim: 0 }))).toBe("unknown-option");
  });
});

describe("the bootstrap test of two models", () => {
  const next = uniforms(8);
  const g = Array.from({ length: 120 }, (_, i) => Math.floor(i / 6));
  const x = g.map(() => next() - 0.5);
  const level = Array.from({ length: 20 }, () => 2 * next());
  const slope = Array.from({ length: 20 }, () => next() - 0.5);
  const y = g.map((l, i) => level[l] + (1 + slope[l]) * x[i] + next() - 0.5);
  const table = { x, y, g: g.map((l) => `g${l}`) };
  const small = lmm("y ~ x + (1 | g)", table);
  const large = lmm("y ~ x + (x | g)", table);

  it("gives about the p-value of the mixture at the boundary", () => {
    const test = bootstrapTest(large, small, { nsim: 200, seed: 4 });
    const { rows } = ranova(large);
    expect(test.method).toBe("REML");
    expect(test.statistic).toBeCloseTo(rows[0].chiSquare, 6);
    expect(test.asymptotic).toBeCloseTo(rows[0].pValue, 10);
    expect(test.failed).toBe(0);
    expect(Math.abs(test.pValue - (rows[0].boundary?.pValue ?? 2))).toBeLessThan(4 * test.stdError + 0.02);
    // The simulated statistics follow the mixture, not the naive distribution: their mean is 1.5, not 2.
    const mean = average(Array.from(test.statistics));
    expect(Math.abs(mean - 1.5)).toBeLessThan(0.4);
  });

  it("takes the same responses for the same seed, reports progress and stops when told to", () => {
    const done: number[] = [];
    const run = (nsim: number) =>
      bootstrapTest(small, large, { nsim, seed: 9, onProgress: (i) => done.push(i) });
    expect(run(6).statistics.slice(0, 3)).toEqual(run(3).statistics);
    expect(done).toEqual([1, 2, 3, 4, 5, 6, 1, 2, 3]);
    const controller = new AbortController();
    controller.abort();
    expect(() => bootstrapTest(small, large, { signal: controller.signal })).toThrow();
  });

  it("fits by maximum likelihood where fixed effects differ", () => {
    const without = lmm("y ~ 1 + (1 | g)", table);
    const test = bootstrapTest(without, small, { nsim: 5 });
    expect([test.method, test.df]).toEqual(["ML", 1]);
    expect(() => bootstrapTest(without, small, { method: "REML" })).toThrow(/^different fixed effects/);
  });
});
