import { bobyqa } from "@lmmkit/optim";
import { describe, expect, it } from "vitest";
import { fitFrame } from "../fit/fit-frame";
import { frameOf, group, ones, sparse, term } from "../frame.test-support";
import { parameterEstimates } from "../intervals/parameter-estimates";
import { nestedMachines, vectorMachines } from "../machines.test-support";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import type { WorkerPool } from "../parallel/task";
import { PlsWorkspace } from "../pls/workspace";
import { modelKinds, randomModel, uniforms } from "../random-model.test-support";
import { profile } from "./profile";
import { profileDensity, profileInterval, valueAt, zetaAt } from "./profile-curve";
import { profileIn } from "./profile-in";
import type { ProfiledParameter } from "./profiled-parameter";

/** −2 log-likelihood at (θ, σ), from the evaluation alone. */
function likelihoodOf(model: LinearMixedModel): (theta: ArrayLike<number>, sigma: number) => number {
  const workspace = new PlsWorkspace(model.design, model.products);
  return (theta, sigma) => {
    if (!workspace.evaluate(theta)) return Number.POSITIVE_INFINITY;
    const { logDetL2, pwrss, products } = workspace;
    const constant = products.nobs * Math.log(2 * Math.PI * sigma * sigma) - products.sumLogWeights;
    return logDetL2 + constant + pwrss / (sigma * sigma);
  };
}

/** The minimum by a method without derivatives, twice. */
function minimum(f: (x: ArrayLike<number>) => number, start: number[]): number {
  let x: ArrayLike<number> = start;
  let value = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 2; i++) {
    const run = bobyqa(f, x, { rhobeg: 0.2, rhoend: 1e-8 });
    x = run.x;
    value = run.f;
  }
  return value;
}

/** Two workers that begin with the last parameters. */
const backwards: WorkerPool = {
  size: 2,
  run: async (task, setup, njobs, options) => {
    const jobs = [task.prepare(setup), task.prepare(structuredClone(setup))];
    const outcomes = Array.from({ length: njobs }, (_, i) => {
      const index = njobs - 1 - i;
      options?.onProgress?.(i + 1, njobs);
      return { status: "ok" as const, value: structuredClone(jobs[index % 2](index)) };
    });
    return outcomes.reverse();
  },
  close: () => {},
};

/** Eight subjects at three times, in two rounds. */
function series(structure: string) {
  const next = uniforms(11);
  const n = 48;
  const subject = group(
    "subject",
    Array.from({ length: n }, (_, r) => Math.floor(r / 6)),
  );
  const time = (t: number) => sparse(Array.from({ length: n }, (_, r) => (r % 3 === t ? 1 : 0)));
  const levels = Array.from({ length: 24 }, () => 2 * (next() - 0.5));
  const y = Array.from({ length: n }, (_, r) => {
    const s = Math.floor(r / 6);
    return 4 + 2 * levels[s] + levels[8 + ((2 * s + (r % 3)) % 16)] + next();
  });
  return frameOf({
    y,
    fixed: { "(Intercept)": ones },
    random: [term(subject, { t1: time(0), t2: time(1), t3: time(2) }, structure)],
  });
}

function named(parameters: readonly ProfiledParameter[], name: string): ProfiledParameter {
  const found = parameters.find((parameter) => parameter.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

// χ² of 95 % on one degree of freedom; limits are found to 1e-8 in ζ, minima by BOBYQA to about 1e-7.
const RISE = 3.841458820694124;
const NEAR = 1e-5;

describe("a profile", () => {
  it("holds fixed effects as an offset in a model without their column does", () => {
    for (const frame of [nestedMachines, vectorMachines]) {
      const { parameters, deviance } = profile(fitFrame(frame), { parameters: ["fixed"] });
      parameters.forEach((parameter, j) => {
        const column = frame.fixed.columns[j];
        const values = Float64Array.from({ length: frame.nobs }, (_, r) => {
          if (column.kind === "constant") return column.value;
          if (column.kind === "dense") return column.values[r];
          const at = column.rows.indexOf(r);
          return at < 0 ? 0 : column.values[at];
        });
        const without = {
          ...frame.fixed,
          names: frame.fixed.names.filter((_, i) => i !== j),
          columns: frame.fixed.columns.filter((_, i) => i !== j),
          assign: frame.fixed.assign.filter((_, i) => i !== j),
        };
        for (const limit of [parameter.lower, parameter.upper]) {
          const offset = values.map((value) => value * limit);
          const refit = fitFrame({ ...frame, fixed: without, offset }, { method: "ML" });
          expect(refit.criterion - deviance).toBeCloseTo(RISE, 5);
        }
      });
    }
  });

  it("holds standard deviations, a correlation and sigma as a search without derivatives does", () => {
    const model = fitFrame(randomModel("slope", 5));
    const { parameters, deviance } = profile(model);
    const f = likelihoodOf(model);
    const rise = {
      sigma: (s: number) => minimum((x) => f(x, s), [1, 0.1, 1]),
      "sd_(Intercept)|g": (v: number) =>
        minimum((x) => f([v / Math.exp(x[2]), x[0], x[1]], Math.exp(x[2])), [0.1, 0.5, 0]),
      // The second row of T: (v/σ)(sin a, cos a).
      "sd_x|g": (v: number) =>
        minimum(
          (x) => {
            const s = Math.exp(x[2]);
            return f([x[0], (v / s) * Math.sin(x[1]), (v / s) * Math.cos(x[1])], s);
          },
          [1, 0.3, 0],
        ),
      "cor_x.(Intercept)|g": (rho: number) =>
        minimum(
          (x) =>
            f(
              [Math.exp(x[0]), Math.exp(x[1]) * rho, Math.exp(x[1]) * Math.sqrt(1 - rho ** 2)],
              Math.exp(x[2]),
            ),
          [0, -0.5, 0],
        ),
    };
    for (const [name, minimumAt] of Object.entries(rise)) {
      const { lower, upper, atBoundary, values, zeta } = named(parameters, name);
      if (!atBoundary.lower) expect(Math.abs(minimumAt(lower) - deviance - RISE), name).toBeLessThan(NEAR);
      if (!atBoundary.upper) expect(Math.abs(minimumAt(upper) - deviance - RISE), name).toBeLessThan(NEAR);
      const inner = Math.floor(values.length / 3);
      expect(Math.abs(minimumAt(values[inner]) - deviance - zeta[inner] ** 2), name).toBeLessThan(NEAR);
    }
    expect(parameters.some(({ atBoundary }) => !atBoundary.lower && !atBoundary.upper)).toBe(true);
  });

  it.each([
    // θ of a standard deviation v (relative to σ) and a correlation ρ of all, or of neighbours.
    ["homcs", (v: number, rho: number) => [v * Math.sqrt(1 - rho), v * Math.sqrt(1 + 2 * rho)]],
    ["ar1", (v: number, rho: number) => [v, Math.tan(Math.asin(rho) / 2)]],
  ] as const)("holds the parameters of other structures: %s", (structure, thetaOf) => {
    const model = fitFrame(series(structure));
    const { parameters, deviance, diagnostics } = profile(model);
    expect(diagnostics).toEqual([]);
    expect(parameters.map(({ name }) => name)).toEqual([
      "sd_t1|subject",
      "cor_t2.t1|subject",
      "sigma",
      "(Intercept)",
    ]);
    const f = likelihoodOf(model);
    const rise = (limit: number, place: (limit: number, x: ArrayLike<number>) => [number, number, number]) =>
      minimum(
        (x) => {
          const [v, rho, sigma] = place(limit, x);
          return f(thetaOf(v / sigma, rho), sigma);
        },
        [0.3, -0.5],
      ) - deviance;
    const [deviation, correlation] = parameters;
    for (const limit of [deviation.lower, deviation.upper]) {
      const found = rise(limit, (v, x) => [v, Math.tanh(x[0]), Math.exp(x[1])]);
      expect(Math.abs(found - RISE)).toBeLessThan(NEAR);
    }
    const { lower, upper, atBoundary } = correlation;
    const held = (rho: number) => rise(rho, (r, x) => [Math.exp(x[0]), r, Math.exp(x[1])]);
    if (!atBoundary.lower) expect(Math.abs(held(lower) - RISE)).toBeLessThan(NEAR);
    if (!atBoundary.upper) expect(Math.abs(held(upper) - RISE)).toBeLessThan(NEAR);
    expect(atBoundary.lower && atBoundary.upper).toBe(false);
  });

  it.each(modelKinds)("rises to either side of the estimate, with true slopes: %s", (kind) => {
    const model = fitFrame(randomModel(kind, 3, { weights: true, offset: true }));
    const { parameters, diagnostics } = profile(model);
    expect(diagnostics).toEqual([]);
    expect(parameters).toHaveLength(model.theta.length + 1 + model.beta.length);
    for (const { name, values, zeta, slopes, estimate, lower, upper } of parameters) {
      if (Number.isNaN(estimate)) {
        expect([lower, upper]).toEqual([-1, 1]);
        continue;
      }
      expect(lower).toBeLessThanOrEqual(estimate);
      expect(upper).toBeGreaterThanOrEqual(estimate);
      for (let i = 1; i < values.length; i++) {
        expect(values[i], name).toBeGreaterThan(values[i - 1]);
        // A flat stretch may lose a rounding error.
        expect(zeta[i] - zeta[i - 1], name).toBeGreaterThan(-1e-6);
      }
      // Between close points around a limit the secant is the slope, to the order of their distance.
      for (let i = 1; i < values.length; i++) {
        const h = values[i] - values[i - 1];
        if (!(h < 0.02 * (values[values.length - 1] - values[0])) || h === 0) continue;
        const secant = (zeta[i] - zeta[i - 1]) / h;
        const mean = (slopes[i] + slopes[i - 1]) / 2;
        expect(Math.abs(secant / mean - 1), `${name} at ${values[i]}`).toBeLessThan(0.02);
      }
    }
  });

  it.each(modelKinds)("traces all parameters, its own among them: %s", (kind) => {
    const model = fitFrame(randomModel(kind, 6), { method: "ML" });
    const { parameters, diagnostics } = profile(model);
    const at = parameterEstimates(model);
    expect(new Set(parameters.map(({ name }) => name)).size).toBe(parameters.length);
    expect(diagnostics).toEqual([]);
    for (const { name, values, zeta, traces } of parameters) {
      values.forEach((value, i) => {
        const gap = Math.abs(traces[name][i] - value);
        expect(gap, `${name} ${value}`).toBeLessThan(1e-6 * Math.max(1, Math.abs(value)));
      });
      const middle = zeta.indexOf(0);
      if (middle < 0 || diagnostics.length > 0) continue;
      at.targets.forEach((target, j) => {
        if (Number.isNaN(at.values[j])) return;
        // Two searches, of which either may stop where the criterion is flat to 1e-9.
        const gap = Math.abs(traces[target.name][middle] - at.values[j]);
        expect(gap, `${target.name} at ${name}`).toBeLessThan(5e-3 * Math.max(1, Math.abs(at.values[j])));
      });
    }
  });

  it("has the same bits whatever was traced before, on any number of workers", async () => {
    for (const kind of ["two vector terms", "crossed"] as const) {
      const model = fitFrame(randomModel(kind, 3));
      const whole = profile(model);
      for (const parameter of whole.parameters) {
        expect(profile(model, { parameters: [parameter.name] }).parameters).toEqual([parameter]);
      }
      const done: number[] = [];
      const onProgress = (count: number) => done.push(count);
      expect(await profileIn(backwards, model, { onProgress })).toEqual(whole);
      expect(done[done.length - 1]).toBe(whole.parameters.length);
      expect(await profileIn(backwards, model, { parameters: [] })).toEqual(
        profile(model, { parameters: [] }),
      );
    }
  });

  it("ends at zero for a standard deviation that is estimated as zero", () => {
    // Residuals that sum to zero within every group leave nothing for the groups.
    const y = Array.from({ length: 24 }, (_, r) => 5 + (r % 2 === 0 ? 1 : -1) * (1 + (r % 3)));
    const frame = { ...randomModel("scalar", 1) };
    const codes = Int32Array.from(y, (_, r) => Math.floor(r / 6));
    const levels = ["a", "b", "c", "d"];
    const model = fitFrame({
      ...frame,
      nobs: 24,
      nrowsTable: 24,
      response: { name: "y", values: Float64Array.from(y) },
      fixed: {
        ...frame.fixed,
        nrows: 24,
        names: ["(Intercept)"],
        columns: [{ kind: "constant", value: 1 }],
        assign: Int32Array.of(0),
      },
      random: [term({ name: "g", levels, codes })],
    });
    expect(model.singular).toBe(true);
    const [deviation, sigma] = profile(model).parameters;
    expect(deviation).toMatchObject({ estimate: 0, lower: 0, atBoundary: { lower: true, upper: false } });
    expect(deviation.upper).toBeGreaterThan(0);
    expect(sigma.lower).toBeGreaterThan(0);
  });

  it("takes parameters by name and by kind, and other levels", () => {
    const model = fitFrame(vectorMachines);
    const seen: string[] = [];
    const { parameters } = profile(model, {
      parameters: ["sigma", "fixed"],
      level: 0.8,
      onProgress: (done, of, name) => seen.push(`${done}/${of} ${name}`),
    });
    expect(seen).toEqual(["1/4 sigma", "2/4 (Intercept)", "3/4 MachineB", "4/4 MachineC"]);
    expect(parameters.map(({ kind }) => kind)).toEqual(["sigma", "fixed", "fixed", "fixed"]);
    const wide = profile(model, { parameters: ["sigma"], level: 0.999 }).parameters[0];
    // Read from the curve of the wide profile: interpolated, so to about 1e-4 of the width.
    const { lower, upper } = profileInterval(wide, 0.8);
    expect(Math.abs(lower - parameters[0].lower)).toBeLessThan(1e-3 * (upper - lower));
    expect(Math.abs(upper - parameters[0].upper)).toBeLessThan(1e-3 * (upper - lower));
    expect(() => profile(model, { parameters: ["Machine"] })).toThrow(
      'unknown parameter: "Machine"; choose from sd_',
    );
    expect(() => profile(model, { level: 95 })).toThrow("unusable level: 95");
  });

  it("is aborted by a signal", () => {
    const model = fitFrame(vectorMachines);
    expect(() => profile(model, { signal: AbortSignal.abort() })).toThrow("aborted");
  });
});

describe("the curve of a profile", () => {
  const [parameter] = profile(fitFrame(nestedMachines), { parameters: ["sigma"] }).parameters;

  it("goes through its points and back", () => {
    parameter.values.forEach((value, i) => {
      expect(zetaAt(parameter, value)).toBeCloseTo(parameter.zeta[i], 12);
    });
    for (const zeta of [-2.3, -1, -0.1, 0.4, 2]) {
      expect(zetaAt(parameter, valueAt(parameter, zeta))).toBeCloseTo(zeta, 12);
    }
    expect(zetaAt(parameter, -1)).toBeNaN();
    expect(valueAt(parameter, 99)).toBeNaN();
  });

  it("has a density that integrates to what lies between its ends", () => {
    const points = profileDensity(parameter, 2001);
    const h = points[1].value - points[0].value;
    const area = points.reduce(
      (sum, { density }, i) => sum + (i % 2000 === 0 ? density / 2 : density) * h,
      0,
    );
    // |ζ| reaches 2.576 at least: 99 % and up to a little more; trapezoidal rule on 2,000 pieces.
    expect(area).toBeGreaterThan(0.989);
    expect(area).toBeLessThan(1);
  });
});
