import { describe, expect, it } from "vitest";
import { dense, frameOf, group, ones, sparse, term } from "../frame.test-support";
import { buildDesign } from "./design";

const y = [1, 4, 2, 5, 3, 6, 2, 7, 1, 8, 3, 9];
const x = dense(y.map((_, r) => r % 5));
const g = group("g", [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]);
const h = group("h", [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
const intercept = { "(Intercept)": ones };
const slope = { "(Intercept)": ones, x };

describe("the design", () => {
  it("lays out θ, names and factors as lme4 does", () => {
    const design = buildDesign(
      frameOf({ y, fixed: slope, random: [term(h), term(g, slope), term(g, { x })] }),
    );
    // names(getME(m, "theta")) and names(VarCorr(m)) of such models in lme4 1.1-31.
    expect(design.thetaNames).toEqual(["g.x", "g.(Intercept)", "g.x.(Intercept)", "g.x", "h.(Intercept)"]);
    expect(design.terms.map(({ name }) => name)).toEqual(["g", "g.1", "h"]);
    expect(Array.from(design.lower)).toEqual([0, 0, Number.NEGATIVE_INFINITY, 0, 0]);
    expect(Array.from(design.theta0)).toEqual([1, 1, 0, 1, 1]);
    expect(design.factors.map(({ name, ncols, start }) => [name, ncols, start])).toEqual([
      ["g", 3, 0],
      ["h", 1, 12],
    ]);
    expect(design.q).toBe(14);
  });

  it("gives independent effects one parameter each", () => {
    const design = buildDesign(frameOf({ y, fixed: intercept, random: [term(g, slope, "diag")] }));
    expect(design.thetaNames).toEqual(["g.(Intercept)", "g.x"]);
  });

  it("drops what R's qr drops from a rank-deficient X", () => {
    const twice = dense(y.map((_, r) => 2 * (r % 5) + 1));
    const zero = dense(y.map(() => 0));
    const a = sparse(y.map((_, r) => (r % 3 === 0 ? 1 : 0)));
    const notA = sparse(y.map((_, r) => (r % 3 === 0 ? 0 : 1)));
    const near = dense(y.map((value, r) => (r % 5) + 1e-9 * value));
    const fixed = { zero, "(Intercept)": ones, x, twice, a, notA, near, y2: dense(y) };
    const design = buildDesign(frameOf({ y, fixed, random: [term(g)] }));
    // qr(cbind(zero, 1, x, twice, a, notA, near, y))$pivot in R 4.2.2 keeps the columns 2, 3, 5 and 8.
    expect(design.fixedNames).toEqual(["(Intercept)", "x", "a", "y2"]);
    expect(design.dropped).toEqual(["zero", "twice", "notA", "near"]);
  });
});

describe("a model that cannot be fitted", () => {
  const refused = (parts: Parameters<typeof frameOf>[0]) => () => buildDesign(frameOf(parts));

  it.each([
    [
      "one-level",
      [
        term(
          group(
            "one",
            y.map(() => 0),
          ),
        ),
      ],
      /single level in grouping factor: "one"/,
    ],
    [
      "too-many-levels",
      [
        term(
          group(
            "obs",
            y.map((_, r) => r),
          ),
        ),
      ],
      /"obs" has 12 with 12 observations/,
    ],
    [
      "too-many-random-effects",
      [term(g, { "(Intercept)": ones, x, z: dense(y) })],
      /has 12 with 12 observations/,
    ],
    ["no-random-terms", [], /missing random effects/],
    [
      "unsupported-structure",
      [term(g, slope, "toep")],
      /unsupported covariance structure: toep; known are us/,
    ],
  ] as const)("is refused with code %s", (code, random, message) => {
    const build = refused({ y, fixed: intercept, random });
    expect(build).toThrow(message);
    expect(build).toThrow(expect.objectContaining({ name: "LmmError", code }));
  });

  it("is refused for numbers that are not finite, negative weights, and too many fixed effects", () => {
    const bad = y.map((value, r) => (r === 2 ? Number.POSITIVE_INFINITY : value));
    const random = [term(g)];
    expect(refused({ y: bad, fixed: intercept, random })).toThrow(/not finite value: Infinity in "y"/);
    expect(refused({ y, fixed: { bad: dense(bad) }, random })).toThrow(/in "bad"/);
    expect(refused({ y, fixed: intercept, random, weights: y.map((_, r) => r - 1) })).toThrow(
      /negative weight: -1 in row 1/,
    );
    const many = Object.fromEntries(y.map((_, j) => [`x${j}`, dense(y.map((_, r) => (r === j ? 1 : 0)))]));
    expect(refused({ y, fixed: many, random })).toThrow(/too many fixed effects: 12 with 12 observations/);
  });

  it("is refused for numbers whose squares cannot be represented", () => {
    const random = [term(g)];
    const tiny = y.map((value) => value * 1e-300);
    expect(refused({ y: tiny, fixed: intercept, random })).toThrow(/largest value of "y" is of size 9e-300/);
    expect(refused({ y, fixed: { big: dense(y.map((value) => value * 1e200)) }, random })).toThrow(/9e\+200/);
    expect(refused({ y: y.map((value) => value * 1e-100), fixed: intercept, random })).not.toThrow();
  });

  it("is refused without a response or without rows", () => {
    const frame = frameOf({ y, fixed: intercept, random: [term(g)] });
    expect(() => buildDesign({ ...frame, response: null })).toThrow(/missing response/);
    expect(() => buildDesign({ ...frame, nobs: 0 })).toThrow(/none of 12 rows is complete/);
  });
});
