import { describe, expect, it } from "vitest";
import { buildDesign } from "../design/design";
import { dense, frameOf, group, ones, term } from "../frame.test-support";
import { PlsWorkspace } from "../pls/workspace";
import { crossProducts } from "../products/from-frame";
import { randomModel, uniforms } from "../random-model.test-support";
import { scaledCoordinates } from "./coordinates";
import { fitFrame } from "./fit-frame";
import { secondStart } from "./second-start";

/** Evaluations spent beside a slope model with a singular first term of so many levels. */
function spent(levels: number): number {
  const next = uniforms(5);
  const rows = Array.from({ length: 4 * levels }, (_, r) => r);
  const x = dense(rows.map(() => next()));
  const slopes = term(
    group(
      "g",
      rows.map((r) => r % levels),
    ),
    { "(Intercept)": ones, x },
  );
  const frame = frameOf({
    y: rows.map((r) => (r % levels) / levels + next()),
    fixed: { "(Intercept)": ones, x },
    random: [
      slopes,
      term(
        group(
          "h",
          rows.map((r) => Math.floor(r / levels)),
        ),
      ),
    ],
  });
  const design = buildDesign(frame);
  const products = crossProducts(frame, design);
  const workspace = new PlsWorkspace(design, products);
  const coordinates = scaledCoordinates(design, products);
  const theta = Float64Array.of(0.5, 0.1, 0, 0.4);
  const search = { workspace, method: "ML", options: {}, coordinates } as const;
  return secondStart(search, theta, Number.POSITIVE_INFINITY).evaluations;
}

describe("the look for a second minimum", () => {
  it("moves all terms together only where a singular term has few levels", () => {
    // The regular term, of four levels, costs three.
    expect(spent(10)).toBe(4 + 3 + 2);
    expect(spent(40)).toBe(1 + 3);
  });
});

describe("a mean that X leaves out", () => {
  it("is carried by the term that gives the lowest criterion, not by the one the search meets first", () => {
    for (const method of ["ML", "REML"] as const) {
      for (let seed = 1; seed <= 25; seed++) {
        const frame = randomModel("no fixed effects", seed);
        const fit = fitFrame(frame, { method });
        // θ = (T of (x | g), T of (1 | h)): the mean with g, with h, with neither more than the other.
        for (const start of [
          [30, 5, 1, 0.1],
          [30, -5, 1, 1],
          [0.5, 0, 0.5, 20],
          [1, 0, 1, 1],
        ]) {
          const other = fitFrame(frame, { method, start, optimizer: { name: "bobyqa" } });
          expect(fit.criterion, `seed ${seed}`).toBeLessThan(other.criterion + 1e-6);
        }
      }
    }
  });

  it("costs no evaluation where X has it", () => {
    const frame = randomModel("two vector terms", 3);
    const withMean = fitFrame({ ...frame, random: frame.random.map((own) => term(own.group)) });
    expect(withMean.optimizer.evaluations).toBeLessThan(20);
  });
});

describe("a term that has to carry a mean", () => {
  it("may have a minimum of rank one, which is looked at", () => {
    for (const seed of [267, 301, 309, 314, 322, 334, 341, 344]) {
      const frame = randomModel("no intercept", seed);
      for (const method of ["ML", "REML"] as const) {
        const fit = fitFrame(frame, { method });
        expect(fit.converged).toBe(true);
        for (const start of [
          [6, 12, 0.2],
          [6, -12, 0.2],
          [12, 12, 0.2],
          [1, 0, 1],
        ]) {
          const other = fitFrame(frame, { method, start, optimizer: { name: "newuoa" } });
          expect(fit.criterion, `seed ${seed}`).toBeLessThan(other.criterion + 1e-6);
        }
      }
    }
  });
});

describe("independent effects that have to carry means", () => {
  it("may share them in another way at a lower minimum, which is looked at", () => {
    for (let seed = 1; seed <= 8; seed++) {
      const next = uniforms(seed);
      const rows = Array.from({ length: 120 }, (_, row) => row);
      const level = rows.map((row) => row % 4);
      const g = rows.map((row) => Math.floor(row / 12));
      const scatter = Array.from({ length: 40 }, () => next() - 0.5);
      const y = rows.map((row) => 3 + level[row] ** 2 * (1 + scatter[g[row] * 4 + level[row]]) + next());
      const own = (l: number) => dense(level.map((value) => (value === l ? 1 : 0)));
      const frame = frameOf({
        y,
        fixed: { "(Intercept)": ones, level: dense(level) },
        random: [term(group("g", g), { f0: own(0), f1: own(1), f2: own(2), f3: own(3) }, "diag")],
      });
      const fit = fitFrame(frame);
      for (const start of [
        [0.3, 3, 3, 10],
        [5, 0.3, 5, 10],
        [5, 5, 0.3, 10],
        [5, 5, 5, 0.3],
      ]) {
        const other = fitFrame(frame, { start });
        expect(fit.criterion, `seed ${seed}`).toBeLessThan(other.criterion + 1e-6);
      }
    }
  });
});

describe("standard deviations of a structure that are zero", () => {
  it("may be others at a lower minimum, which is looked at", () => {
    for (const [seed, method, start] of [
      [237, "REML", [2.61, 0.976, 0, 1, 0]],
      [317, "REML", [2.46, 1.45, 0, 0, 0]],
    ] as const) {
      const weights = seed % 3 === 0;
      const frame = randomModel("compound symmetry", seed, { weights, offset: seed % 5 === 0 });
      const fit = fitFrame(frame, { method });
      const other = fitFrame(frame, { method, start });
      expect(fit.criterion, `seed ${seed}`).toBeLessThan(other.criterion + 1e-6);
    }
  });
});

describe("models whose average information is far from the Hessian", () => {
  it("are carried to the minimum by a quasi-Newton method", () => {
    // X without the constant that Z has: Newton's steps are a fiftieth of what they should be.
    const frame = randomModel("no intercept", 7);
    const fit = fitFrame(frame, { method: "ML" });
    const other = fitFrame(frame, { method: "ML", optimizer: { name: "newuoa" } });
    expect(fit.converged).toBe(true);
    expect(fit.criterion).toBeLessThan(other.criterion + 1e-6);
  });

  it("stop where the user said", () => {
    const frame = randomModel("no intercept", 7);
    const fit = fitFrame(frame, { method: "ML", optimizer: { name: "newton", maxEvaluations: 9 } });
    expect(fit.optimizer.evaluations).toBeLessThanOrEqual(9);
    expect(fit.converged).toBe(false);
  });
});
