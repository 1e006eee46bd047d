import { describe, expect, it } from "vitest";
import { fitFrame } from "../fit/fit-frame";
import { dense, frameOf, group, ones, term } from "../frame.test-support";
import { nestedMachines, vectorMachines } from "../machines.test-support";
import { modelKinds, randomModel, uniforms } from "../random-model.test-support";
import { coefTests, type DdfMethod } from "./coef-tests";
import { contest, contrastTests } from "./contest";
import { InferenceError } from "./inference-error";
import { combinedDf } from "./satterthwaite";

const methods: DdfMethod[] = ["satterthwaite", "kenward-roger", "asymptotic"];

/** Rows with unequal weights, and the same model with every row multiplied by the root of its weight. */
function weightedTwins() {
  const next = uniforms(12);
  const n = 60;
  const codes = Array.from({ length: n }, (_, r) => (r < 8 ? r : Math.floor(next() * 8)));
  const other = Array.from({ length: n }, (_, r) => (r < 5 ? r : Math.floor(next() * 5)));
  const weights = Array.from({ length: n }, () => 0.3 + 2 * next());
  const effects = Array.from({ length: 8 }, () => 2 * (next() - 0.5));
  const x = Array.from({ length: n }, () => next() - 0.5);
  const y = codes.map((code, r) => effects[code] + 0.5 * x[r] + (next() - 0.5) / Math.sqrt(weights[r]));
  const roots = weights.map(Math.sqrt);
  const scaled = (values: number[]) => dense(values.map((value, r) => value * roots[r]));
  const [g, h] = [group("g", codes), group("h", other)];
  const plain = frameOf({
    y,
    fixed: { "(Intercept)": ones, x: dense(x) },
    random: [term(g, { "(Intercept)": ones, x: dense(x) }), term(h)],
    weights,
  });
  const multiplied = frameOf({
    y: y.map((value, r) => value * roots[r]),
    fixed: { one: dense(roots), x: scaled(x) },
    random: [term(g, { one: dense(roots), x: scaled(x) }), term(h, { one: dense(roots) })],
  });
  return [fitFrame(plain), fitFrame(multiplied)];
}

describe("tests of fixed effects", () => {
  it.each(methods)("take weights as what they stand for (%s)", (ddf) => {
    const [weighted, multiplied] = weightedTwins().map((model) => coefTests(model, { ddf }).rows);
    weighted.forEach((row, i) => {
      // Both fits end within about 1e-7 of the same θ.
      expect(row.estimate).toBeCloseTo(multiplied[i].estimate, 6);
      expect(row.stdError / multiplied[i].stdError).toBeCloseTo(1, 6);
      if (ddf !== "asymptotic") expect(row.df / multiplied[i].df).toBeCloseTo(1, 5);
    });
  });

  it.each(modelKinds)("are finite and consistent for every kind of model: %s", (kind) => {
    const model = fitFrame(randomModel(kind, 31));
    for (const ddf of methods) {
      const { rows } = coefTests(model, { ddf });
      expect(rows).toHaveLength(model.beta.length);
      rows.forEach((row, j) => {
        expect(row.df).toBeGreaterThan(0);
        expect(row.pValue).toBeGreaterThanOrEqual(0);
        expect(row.pValue).toBeLessThanOrEqual(1);
        // One contrast: F is t squared, on the same degrees of freedom.
        const contrast = model.fixedNames.map((_, i) => (i === j ? 1 : 0));
        const f = contest(model, [contrast], { ddf });
        expect(f.numDf).toBe(1);
        if (ddf !== "asymptotic") expect(f.denDf / row.df).toBeCloseTo(1, 8);
        expect(f.pValue / row.pValue).toBeCloseTo(1, 6);
      });
    }
  });

  it("do not change with another basis of the fixed effects", () => {
    const model = fitFrame(nestedMachines);
    const rows = [
      [0, 1, 0],
      [0, 0, 1],
    ];
    const mixed = [
      [0, 1, 1],
      [0, 3, -1],
      [0, 4, 0],
    ];
    for (const ddf of methods) {
      const [a, b] = [contest(model, rows, { ddf }), contest(model, mixed, { ddf })];
      expect(b.numDf).toBe(2);
      expect(b.fValue / a.fValue).toBeCloseTo(1, 10);
      if (ddf !== "asymptotic") expect(b.denDf / a.denDf).toBeCloseTo(1, 6);
    }
  });

  it("compare with values other than zero", () => {
    const model = fitFrame(vectorMachines);
    const at = [0, model.beta[1], 0];
    expect(contest(model, [[0, 1, 0]], { rhs: [model.beta[1]] }).fValue).toBeCloseTo(0, 20);
    const [test] = contrastTests(model, { B: [0, 1, 0] }, { rhs: [2] });
    expect(test.term).toBe("B");
    expect(test.tValue).toBeCloseTo((at[1] - 2) / test.stdError, 12);
    const kr = contest(model, [[0, 1, 0]], { rhs: [2], ddf: "kenward-roger" });
    const [own] = contrastTests(model, [[0, 1, 0]], { rhs: [2], ddf: "kenward-roger" });
    expect(kr.fValue).toBeCloseTo(own.tValue ** 2, 8);
  });

  it("refuse what is no contrast", () => {
    const model = fitFrame(nestedMachines);
    const code = (run: () => unknown) => {
      try {
        run();
      } catch (error) {
        if (error instanceof InferenceError) return error.code;
        throw error;
      }
      return "none";
    };
    expect(code(() => contest(model, [[1, 0]]))).toBe("contrast-length");
    expect(code(() => contest(model, []))).toBe("empty-contrast");
    expect(code(() => contest(model, [[0, 0, 0]]))).toBe("empty-contrast");
    expect(code(() => contest(model, [[0, Number.NaN, 0]]))).toBe("not-finite");
    expect(code(() => contest(model, [[0, 1, 0]], { rhs: [1, 2] }))).toBe("contrast-length");
    expect(code(() => coefTests(model, { ddf: "kr" as DdfMethod }))).toBe("unknown-option");
  });
});

describe("combined degrees of freedom", () => {
  it("are those of Fai and Cornelius", () => {
    expect(combinedDf([7.5])).toBe(7.5);
    expect(combinedDf([12, 12, 12])).toBe(12);
    expect(combinedDf([1.5, 30])).toBe(2);
    // E = 10/8 + 20/18; 2E/(E − 2).
    const mean = 10 / 8 + 20 / 18;
    expect(combinedDf([10, 20])).toBeCloseTo((2 * mean) / (mean - 2), 12);
  });
});
