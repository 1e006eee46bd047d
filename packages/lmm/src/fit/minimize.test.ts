import { describe, expect, it } from "vitest";
import { dense, frameOf, group, ones, term } from "../frame.test-support";
import { explainedMachines, nestedMachines, vectorMachines } from "../machines.test-support";
import { modelKinds, randomModel } from "../random-model.test-support";
import { allFit } from "./all-fit";
import { fitFrame } from "./fit-frame";

describe("the optimizers", () => {
  it("agree on every kind of model, and the default never ends above the other", () => {
    for (const kind of modelKinds) {
      for (const method of ["ML", "REML"] as const) {
        const frame = randomModel(kind, 15, { weights: true });
        const newton = fitFrame(frame, { method });
        const bobyqa = fitFrame(frame, { method, optimizer: { name: "bobyqa" } });
        expect(newton.converged).toBe(true);
        expect(newton.criterion).toBeLessThanOrEqual(bobyqa.criterion + 1e-9 * Math.abs(bobyqa.criterion));
        // A certified fit may be off by what the certificate allows, and Newton is at the minimum.
        // Without fixed effects either term can carry the mean, a minimum each: BOBYQA's is certified as the local
        // minimum that it is, the default looks at both.
        if (bobyqa.converged && kind !== "no fixed effects") {
          expect(bobyqa.criterion - newton.criterion).toBeLessThan(2e-6);
        }
        expect(newton.optimizer.evaluations).toBeLessThan(2 * bobyqa.optimizer.evaluations);
      }
    }
  });

  it("are chosen by name, or by the settings that only one has", () => {
    expect(fitFrame(nestedMachines).optimizer).toMatchObject({ name: "newton", npt: null });
    expect(fitFrame(nestedMachines, { optimizer: { rhobeg: 0.2, rhoend: 2e-7 } }).optimizer).toMatchObject({
      name: "bobyqa",
      npt: 5,
      rhobeg: 0.2,
      rhoend: 2e-7,
    });
    // @ts-expect-error an optimizer that does not exist
    expect(() => fitFrame(nestedMachines, { optimizer: { name: "nlminb" } })).toThrow(
      /unknown optimizer: "nlminb"/,
    );
    // @ts-expect-error a method that does not exist
    expect(() => fitFrame(nestedMachines, { method: "PQL" })).toThrow(/unknown method: "PQL"/);
  });

  it("can all be tried on one model, and agree", () => {
    const fits = allFit(vectorMachines, { method: "ML" });
    expect(fits.map((fit) => fit.name)).toEqual(["newton", "bobyqa", "newuoa", "nelder-mead", "lbfgs"]);
    expect(Math.min(...fits.map((fit) => fit.above))).toBe(0);
    for (const fit of fits) {
      // Each is certified to within 1e-6, or says that it is not there.
      if (fit.certificate.holds) expect(fit.above).toBeLessThan(2e-6);
      expect(fit.optimizer.name).toBe(fit.name);
    }
    expect(fits.filter((fit) => fit.certificate.holds).length).toBeGreaterThanOrEqual(3);
  });

  it("report their progress and can be stopped", () => {
    const seen: number[] = [];
    const rhos: number[] = [];
    const model = fitFrame(nestedMachines, {
      optimizer: { name: "bobyqa" },
      onEvaluation: (_theta, criterion) => {
        seen.push(criterion);
      },
      onRho: (rho) => {
        rhos.push(rho);
      },
    });
    expect(seen).toHaveLength(model.optimizer.evaluations);
    expect(rhos).toEqual(model.optimizer.trace.map((step) => step.rho));
    expect(Math.min(...seen)).toBeCloseTo(model.criterion, 12);
    const abort = new AbortController();
    const run = () =>
      fitFrame(nestedMachines, {
        signal: abort.signal,
        onEvaluation: () => abort.abort(),
      });
    expect(run).toThrow(expect.objectContaining({ name: "LmmError", code: "aborted" }));
  });

  it("start far away too, where a covariate has other units", () => {
    const x = Float64Array.from({ length: 60 }, (_, i) => 1e6 * ((i * 7) % 11));
    const codes = Int32Array.from(x, (_, i) => i % 10);
    const y = Float64Array.from(x, (value, i) => 3 + 2e-6 * value * (1 + (codes[i] % 3)) + ((i * 13) % 7));
    const columns = { "(Intercept)": ones, x: dense(x) };
    const frame = frameOf({ y, fixed: columns, random: [term(group("g", codes), columns)] });
    const fit = fitFrame(frame);
    const told = fitFrame(frame, { start: [1, 0, 1] });
    expect(told.optimizer.name).toBe("newton");
    // Honest wherever it ends: not below the default, and no certificate unless it is there.
    expect(told.criterion).toBeGreaterThan(fit.criterion - 1e-6);
    if (told.converged) expect(told.criterion - fit.criterion).toBeLessThan(2e-6);
  });

  it("start where they are told to and do not depend on it", () => {
    const from = [0.1, 0, 0, 5, 0, 0.1];
    const first: number[] = [];
    const model = fitFrame(vectorMachines, {
      start: from,
      onEvaluation: (theta) => {
        if (first.length === 0) first.push(...theta);
      },
    });
    from.forEach((value, i) => {
      expect(first[i]).toBeCloseTo(value, 12);
    });
    expect(model.criterion).toBeCloseTo(fitFrame(vectorMachines).criterion, 8);
    expect(() => fitFrame(vectorMachines, { start: [1, 2] })).toThrow(
      /wrong length of start: 2; this model has 6/,
    );
    expect(() => fitFrame(nestedMachines, { start: [1, Number.NaN] })).toThrow(/not finite start: NaN/);
  });

  it("say so when they were not allowed to finish", () => {
    const model = fitFrame(vectorMachines, { optimizer: { name: "bobyqa", maxEvaluations: 15 } });
    expect(model.converged).toBe(false);
    expect(model.warnings.join()).toMatch(
      /not converged: .*; a step could still lower the criterion by about/,
    );
    expect(model.optimizer.evaluations).toBe(15);
    expect(
      fitFrame(randomModel("crossed", 4), { optimizer: { maxEvaluations: 1 } }).optimizer.evaluations,
    ).toBe(1);
  });

  it("find the same fit whatever the units of a covariate, and wherever its zero", () => {
    const frame = randomModel("slope", 30);
    const plain = fitFrame(frame);
    const change = (scale: number, shift: number) =>
      fitFrame({
        ...frame,
        random: frame.random.map((own) => ({
          ...own,
          design: {
            ...own.design,
            columns: own.design.columns.map((column) =>
              column.kind === "dense"
                ? { ...column, values: column.values.map((x) => scale * x + shift) }
                : column,
            ),
          },
        })),
      });
    // Multiples of a power of two are exact; a shift by 1e6 rounds the covariate to 1e-10.
    expect(change(2 ** 20, 0).criterion).toBeCloseTo(plain.criterion, 9);
    expect(change(2 ** -20, 0).criterion).toBeCloseTo(plain.criterion, 9);
    expect(change(1, 1e6).criterion).toBeCloseTo(plain.criterion, 6);
  });

  it("are not held up by the units of a covariate: BOBYQA goes on in scaled columns", () => {
    const x = Float64Array.from({ length: 80 }, (_, i) => 1e6 + 3e5 * ((i * 7) % 11));
    const codes = Int32Array.from(x, (_, i) => i % 8);
    const effect = [2, -1, 3, -2, 1, -3, 0.5, -0.5];
    const y = Float64Array.from(x, (value, i) => 2e-6 * value * (3 + effect[codes[i]]) + ((i * 13) % 7));
    const columns = { "(Intercept)": ones, x: dense(x) };
    const frame = frameOf({ y, fixed: columns, random: [term(group("g", codes), columns)] });
    const newton = fitFrame(frame);
    const seen: number[] = [];
    const bobyqa = fitFrame(frame, {
      optimizer: { name: "bobyqa" },
      onEvaluation: (theta) => {
        seen.push(theta[0]);
      },
    });
    expect(bobyqa.optimizer.message).toMatch(/in a second run without bounds/);
    expect(bobyqa.converged).toBe(true);
    expect(Math.abs(bobyqa.criterion - newton.criterion)).toBeLessThan(1e-6);
    // Callbacks and trace speak of θ in both runs.
    expect(seen.length).toBeGreaterThanOrEqual(bobyqa.optimizer.evaluations);
    const last = bobyqa.optimizer.trace[bobyqa.optimizer.trace.length - 1];
    const slope = (theta: ArrayLike<number>) => Math.hypot(theta[1], theta[2]);
    expect(Math.abs(slope(last.theta) / slope(bobyqa.theta) - 1)).toBeLessThan(1e-3);
    expect(fitFrame(frame, { optimizer: { name: "bobyqa", maxEvaluations: 30 } }).optimizer.evaluations).toBe(
      30,
    );
  });

  it("find the lower of two minima", () => {
    const frame = frameOf({
      y: [1.2, 2.9, 3.3, 4.1, 2.5, 3.9, 0.5, 1.9],
      fixed: {
        "(Intercept)": ones,
        x: dense([2, 3, 1, 2, 1, 4, 3, 5]),
        g: dense([1, 1, 2, 2, 3, 3, 4, 4]),
        w: dense([1, 2, 1, 3, 1, 2, 1, 1]),
        fb: dense([0, 1, 0, 1, 0, 1, 0, 1]),
      },
      random: [term(group("g", [0, 0, 1, 1, 2, 2, 3, 3]))],
    });
    // The REML criterion is 14.382 at θ = 0 and 14.201 at θ = 3.435, where lme4 1.1-31 ends.
    const model = fitFrame(frame);
    expect(model.criterion).toBeCloseTo(14.201, 3);
    expect(model.theta[0]).toBeCloseTo(3.435, 3);
    const quasi = fitFrame(frame, { optimizer: { name: "lbfgs" }, start: [0.1] });
    expect(quasi.criterion).toBeCloseTo(14.201, 3);
  });

  it("leave the false minimum in which a bound would hold them", () => {
    // Slopes that fall as intercepts rise: from a start with θ₁ = 0, the box forbids the way down.
    const n = 60;
    const codes = Array.from({ length: n }, (_, r) => r % 6);
    const x = Array.from({ length: n }, (_, r) => Math.floor(r / 6));
    const effect = [-3, 2, 1, -1, 3, -2];
    const y = codes.map((code, r) => effect[code] * (4 - x[r]) + ((r * 7919) % 13) / 13);
    const columns = { "(Intercept)": ones, x: dense(x) };
    const frame = frameOf({ y, fixed: columns, random: [term(group("g", codes), columns)] });
    const free = fitFrame(frame);
    const trapped = fitFrame(frame, { start: [0, 1, 0.1], optimizer: { name: "bobyqa" } });
    if (trapped.converged) expect(trapped.criterion).toBeCloseTo(free.criterion, 5);
    expect(free.criterion).toBeLessThanOrEqual(trapped.criterion + 1e-8);
    expect(free.converged).toBe(true);
  });
});

describe("a fit with nothing left to estimate", () => {
  it("is refused when X explains the response", () => {
    expect(() => fitFrame(explainedMachines)).toThrow(/the fixed effects determine "y" entirely/);
  });

  it("is refused when X and the groups explain it together", () => {
    const codes = Array.from({ length: 30 }, (_, r) => r % 5);
    const y = codes.map((code, r) => code * 3 + 2 * r);
    const frame = frameOf({
      y,
      fixed: { "(Intercept)": ones, x: dense(codes.map((_, r) => r)) },
      random: [term(group("g", codes))],
    });
    expect(() => fitFrame(frame)).toThrow(expect.objectContaining({ code: "perfect-fit" }));
  });

  it("leaves rows of weight zero out", () => {
    const frame = randomModel("slope", 6);
    const weights = Float64Array.from({ length: frame.nobs }, (_, r) => (r % 5 === 4 ? 0 : 1));
    const model = fitFrame({ ...frame, weights });
    expect(model.nobs).toBe(32);
    expect(model.fitted).toHaveLength(40);
    expect(model.warnings[0]).toBe("zero weights: 8 rows are left out of the likelihood");
  });
});
