import { describe, expect, it } from "vitest";
import { dense, frameOf, group, ones, sparse, term } from "../frame.test-support";
import { coefTests } from "../inference/coef-tests";
import { jointCovariance } from "../inference/joint-covariance";
import { uniforms } from "../random-model.test-support";
import { fitFrame } from "./fit-frame";

const n = 60;
const codes = Array.from({ length: n }, (_, row) => Math.floor(row / 6));
const next = uniforms(5);
const x = Array.from({ length: n }, () => 3 + next());
const y = codes.map((code, row) => (code % 3) + 0.4 * x[row] + next());

/** Indicators of the groups but the first, times a column. */
function byGroup(times: (row: number) => number, from = 1) {
  return Object.fromEntries(
    Array.from({ length: 10 - from }, (_, l) => [
      `g${l + from}${times(0)}`,
      sparse(codes.map((code, row) => (code === l + from ? times(row) : 0))),
    ]),
  );
}

const g = group("g", codes);
const h = group(
  "h",
  Array.from({ length: n }, (_, row) => row % 5),
);
const indicators = { "(Intercept)": ones, ...byGroup(() => 1) };

describe("variances that the data do not determine", () => {
  it("are named where the fixed effects explain the random effects of a term", () => {
    const model = fitFrame(frameOf({ y, fixed: indicators, random: [term(g), term(h)] }));
    const sentence = "theta of g is not identified: its random effects are explained by the fixed effects";
    expect(model.warnings).toContain(sentence);
    expect(model.certificate.unidentified).toEqual([sentence]);
    // A zero that was put there is not called an estimate.
    expect(model.warnings.join()).not.toMatch(/ in g is estimated as zero/);
    expect(model.certificate.singular.every(({ term: name }) => name !== "g")).toBe(true);
    expect(model.converged).toBe(true);
    // Which of all the minima the search met is a matter of rounding; this is the one without the term.
    expect(model.theta[0] === 0 || model.theta[1] === 0).toBe(true);
  });

  it("are named column by column, in the columns as they were written", () => {
    const both = { "(Intercept)": ones, x: dense(x) };
    const intercepts = fitFrame(
      frameOf({ y, fixed: { ...indicators, x: dense(x) }, random: [term(g, both)] }),
    );
    expect(intercepts.certificate.unidentified).toEqual([
      "theta of g is not identified: its effects of (Intercept) are explained by the fixed effects",
    ]);
    const slopes = fitFrame(frameOf({ y, fixed: byGroup((row) => x[row], 0), random: [term(g, both)] }));
    expect(slopes.certificate.unidentified).toEqual([
      "theta of g is not identified: its effects of x are explained by the fixed effects",
    ]);
    const parted = [term(g), term(g, { x: dense(x) })];
    expect(fitFrame(frameOf({ y, fixed: indicators, random: parted })).certificate.unidentified).toEqual([
      "theta of g is not identified: its random effects are explained by the fixed effects",
    ]);
  });

  it("are not seen where a covariate with a large mean leaves something for its slopes", () => {
    const far = x.map((value) => 1e6 + value);
    const parted = [term(g), term(g, { x: dense(far) })];
    expect(fitFrame(frameOf({ y, fixed: indicators, random: parted })).certificate.unidentified).toHaveLength(
      1,
    );
    const vector = [term(g, { "(Intercept)": ones, x: dense(far) })];
    expect(
      fitFrame(frameOf({ y, fixed: { ...indicators, x: dense(far) }, random: vector })).certificate
        .unidentified,
    ).toEqual([
      "theta of g is not identified: its effects of (Intercept) are explained by the fixed effects",
    ]);
    expect(
      fitFrame(frameOf({ y, fixed: { "(Intercept)": ones }, random: vector })).certificate.unidentified,
    ).toEqual([]);
  });

  it("are estimated as zero by ML, which says so", () => {
    const model = fitFrame(frameOf({ y, fixed: indicators, random: [term(g)] }), { method: "ML" });
    expect(model.certificate.unidentified).toEqual([]);
    expect(model.warnings.join()).toMatch(/the variance of \(Intercept\) in g is estimated as zero/);
  });

  it("do not touch the degrees of freedom of what does not depend on them", () => {
    const within = { ...indicators, x: dense(x) };
    const model = fitFrame(frameOf({ y, fixed: within, random: [term(g)] }));
    for (const ddf of ["satterthwaite", "kenward-roger"] as const) {
      expect(coefTests(model, { ddf }).rows[10].df).toBeCloseTo(49, 6);
    }
  });

  it("are taken as known by degrees of freedom, which are those of the residual then", () => {
    const model = fitFrame(frameOf({ y, fixed: indicators, random: [term(g)] }));
    // n − p, for only σ is estimated, and every contrast's variance is a multiple of σ².
    for (const row of coefTests(model).rows) expect(row.df).toBeCloseTo(50, 6);
    expect(jointCovariance(model).diagnostics.join()).toMatch(/flat likelihood: 1 direction/);
    expect(jointCovariance(model).covariance[0][0]).toBe(0);
  });
});
