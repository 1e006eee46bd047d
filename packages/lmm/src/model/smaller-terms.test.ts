import { modelFrame } from "@lmmkit/formula";
import { describe, expect, it } from "vitest";
import { fitFrame } from "../fit/fit-frame";
import { formatSummary } from "../format/summary";
import { uniforms } from "../random-model.test-support";

/** Ten groups of eight; `effects` says how intercept and slope of a group come from two of its numbers. */
function table(effects: (a: number, b: number) => { intercept: number; slope: number }) {
  const next = uniforms(3);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const columns: { y: number[]; x: number[]; f: string[]; g: string[] } = { y: [], x: [], f: [], g: [] };
  for (let group = 0; group < 10; group++) {
    const { intercept, slope } = effects(normal(), normal());
    // The noise of a group is centred and has no slope, so that zero variances are estimated as zero.
    for (let i = 0; i < 8; i++) {
      columns.x.push(i);
      columns.f.push(i % 2 === 0 ? "a" : "b");
      columns.g.push(`g${group}`);
      const noise = [0.5, -0.4, 0.1, -0.3, -0.2, 0.4, -0.5, 0.4][i];
      columns.y.push(2 + 0.3 * i + intercept + slope * i + noise * (group % 2 === 0 ? 1 : -1));
    }
  }
  return columns;
}

const fit = (formula: string, data: ReturnType<typeof table>) => fitFrame(modelFrame(formula, data));

describe("singular fits", () => {
  const noSlope = table((a) => ({ intercept: a, slope: 0 }));

  it.each([
    ["y ~ x + diag(x | g)", "the variance of x in g is estimated as zero", "(1 | g)"],
    ["y ~ x + (1 | g) + (0 + x | g)", "the variance of x in g is estimated as zero", ""],
  ])("name the variance that is zero and the smaller term: %s", (formula, says, instead) => {
    const model = fit(formula, noSlope);
    const found = model.certificate.singular;
    expect(found.map((direction) => direction.says)).toContain(says);
    expect(found.map((direction) => direction.instead)).toContain(instead);
    // The smaller model says the same: exactly, up to the rounding of the criterion.
    const smaller = fit("y ~ x + (1 | g)", noSlope);
    expect(model.criterion).toBeCloseTo(smaller.criterion, 9);
    for (const { multiplier } of found) expect(multiplier).toBeGreaterThan(0);
    expect(formatSummary(model)).toContain(`singular fit: ${says}`);
    expect(model.warnings.join()).toContain(
      instead === "" ? "the model without (0 + x | g) says the same" : "(1 | g) says the same",
    );
  });

  it("name the combination of effects that does not vary where a correlation is 1", () => {
    const model = fit(
      "y ~ x + (x | g)",
      table((a) => ({ intercept: a, slope: 0.5 * a })),
    );
    const [direction] = model.certificate.singular;
    expect(model.singular).toBe(true);
    expect(direction.instead).toBeNull();
    // b_x = b_intercept / 2: the combination b_intercept − 2 b_x, up to the estimate of the ratio.
    const [intercept, x] = direction.loadings ?? [];
    expect(x / intercept).toBeCloseTo(-2, 0);
    expect(direction.says).toMatch(/in g is estimated not to vary$/);
    // The combination has no variance.
    const [term] = model.terms;
    const spread = [0, 1].map((c) => intercept * term.template[c * 2] + x * term.template[c * 2 + 1]);
    expect(Math.hypot(...spread)).toBeLessThan(1e-3);
  });

  it("are none where the fit is regular", () => {
    const model = fit(
      "y ~ x + (1 | g)",
      table((a) => ({ intercept: a, slope: 0 })),
    );
    expect(model.certificate.singular).toEqual([]);
    expect(model.warnings).toEqual([]);
  });

  it("say what a structure's bound means", () => {
    const none = fit(
      "y ~ x + homcs(0 + f | g)",
      table(() => ({ intercept: 0, slope: 0 })),
    );
    expect(none.warnings.join()).toContain("the variance of the effects in g is estimated as zero");
    const same = fit("y ~ x + homcs(0 + f | g)", noSlope);
    expect(same.warnings).toEqual([
      "singular fit: the correlation of the effects in g is estimated as 1; (1 | g) says the same",
    ]);
    expect(same.criterion).toBeCloseTo(fit("y ~ x + (1 | g)", noSlope).criterion, 9);
  });
});

describe("random effects that depend on each other in every row", () => {
  const data = table((a, b) => ({ intercept: a, slope: b }));
  const doubled = { ...data, z: data.x.map((value) => 3 - 2 * value) };

  it.each([
    ["y ~ x + (x + z | g)", "z", "y ~ x + (x | g)"],
    ["y ~ x + (x | g) + (1 | g)", "(Intercept)", "y ~ x + (x | g)"],
  ])("are named, and the fit is that without them: %s", (formula, column, plain) => {
    const model = fit(formula, doubled);
    expect(model.converged).toBe(true);
    expect(model.criterion).toBeCloseTo(fit(plain, data).criterion, 7);
    expect(model.warnings).toContain(
      `collinear random effects: ${column} in g depends on the columns before it; their variances cannot be told apart`,
    );
  });

  it("are not seen where columns differ in a few rows only", () => {
    const almost = { ...data, z: data.x.map((value, i) => (i === 17 ? value + 0.001 : value)) };
    expect(fit("y ~ x + (x + z | g)", almost).warnings.join()).not.toContain("collinear");
  });
});
