/**
 * Models that no other reference has, against R where it is right and against the definition where it is not: weights
 * in Kenward–Roger's method and in profiles, type II of an interaction without main effects, Cook's distances of
 * groups, responses far from zero, slopes of curves.
 */
import { readFileSync } from "node:fs";
import {
  type AnovaTable,
  anova,
  coefTests,
  confint,
  emmeans,
  emtrends,
  hatvalues,
  influence,
  type LmmOptions,
  lmm,
  pairwise,
  predict,
  ranova,
} from "@lmmkit/lmm";
import { describe, expect, it } from "vitest";

type RColumn =
  | readonly (number | null)[]
  | { readonly levels: readonly string[]; readonly codes: readonly number[] };

interface Tests {
  readonly estimate: readonly number[];
  readonly stdError: readonly number[];
  readonly df: readonly number[];
}

interface Terms {
  readonly term: readonly string[];
  readonly numDf: readonly number[];
  readonly denDf: readonly number[];
  readonly fValue: readonly number[];
}

type Data = Readonly<Record<string, RColumn>>;

interface Reference {
  readonly weights: {
    data: Data;
    satterthwaite: Tests;
    kenwardRoger: Tests;
    profile: readonly number[];
    stdErrors: readonly number[];
  };
  readonly emptyCell: {
    data: Data;
    satterthwaite: Tests;
    kenwardRoger: Tests;
    one: Terms;
    two: Terms;
    three: Terms;
    pairs: Record<keyof Tests, readonly (number | null)[]>;
  };
  readonly fewRows: {
    data: Data;
    satterthwaite: Tests;
    kenwardRoger: Tests;
    levels: readonly string[];
    beta: readonly (readonly number[])[];
    cooksDistance: readonly number[];
  };
  readonly onlyInteraction: {
    data: Data;
    three: Terms;
    joint: { numDf: number; denDf: number; fValue: number };
  };
  readonly farFromZero: { data: Data; slopes: readonly number[]; sigma: number; df: readonly number[] };
  readonly curve: { data: Data; slopes: readonly number[] };
  readonly crossed: {
    data: Data;
    kenwardRoger: Tests;
    hat: readonly number[];
    ranova: { chiSquare: readonly number[]; pValue: readonly number[] };
  };
}

/** Generator: held-out.R beside it. */
const reference: Reference = JSON.parse(
  readFileSync(new URL("../fixtures/reference/inference/held-out.json", import.meta.url), "utf8"),
);

/** R's θ is good to about 1e-6 and its degrees of freedom come from finite differences. */
const TOLERANCE = 2e-5;

function tableOf(data: Data) {
  return Object.fromEntries(
    Object.entries(data).map(([name, column]) =>
      "levels" in column
        ? [
            name,
            {
              kind: "factor" as const,
              levels: column.levels,
              codes: Int32Array.from(column.codes),
              ordered: false,
            },
          ]
        : [name, Float64Array.from(column, (value) => value ?? Number.NaN)],
    ),
  );
}

function fit(formula: string, data: Data, options: LmmOptions = {}) {
  return lmm(formula, tableOf(data), options);
}

/** Each value within `tolerance` of R's, relative to it; null stands for what cannot be estimated. */
function expectEach(
  ours: ArrayLike<number>,
  theirs: readonly (number | null)[],
  tolerance = TOLERANCE,
): void {
  expect(ours).toHaveLength(theirs.length);
  theirs.forEach((value, i) => {
    if (value === null) expect(ours[i]).toBeNaN();
    else
      expect(Math.abs(ours[i] - value), `[${i}]: ${ours[i]}, R ${value}`).toBeLessThanOrEqual(
        tolerance * Math.max(Math.abs(value), 1e-3),
      );
  });
}

function expectTests(ours: readonly Record<keyof Tests, number>[], theirs: Tests): void {
  for (const key of ["estimate", "stdError", "df"] as const)
    expectEach(
      ours.map((row) => row[key]),
      theirs[key],
    );
}

function expectTerms(ours: AnovaTable, theirs: Terms): void {
  expect(ours.rows.map(({ term }) => term)).toEqual(theirs.term);
  for (const key of ["numDf", "denDf", "fValue"] as const)
    expectEach(
      ours.rows.map((row) => row[key]),
      theirs[key],
    );
}

describe("a fit with weights", () => {
  const { data, satterthwaite, kenwardRoger, profile, stdErrors } = reference.weights;
  const model = fit("y ~ f + x + (1 | g)", data, { weights: data.w as readonly number[] });

  it("has Satterthwaite's degrees of freedom as lmerTest", () => {
    expectTests(coefTests(model).rows, satterthwaite);
  });

  it("has Kenward and Roger's tests as the fit of the rows times the square roots of the weights", () => {
    expectTests(coefTests(model, { ddf: "kenward-roger" }).rows, kenwardRoger);
  });

  it("has profile limits where refits with the coefficient held are at the quantile of chi-square", () => {
    const [{ lower, upper }] = confint(model, { parameters: ["x"] }).rows;
    expectEach([lower, upper], profile);
  });

  it("predicts with the standard errors of the mixed model equations", () => {
    expectEach(predict(model, null, { interval: "mean" }).stdError ?? [], stdErrors);
  });
});

describe("an empty cell", () => {
  const { data, satterthwaite, kenwardRoger, one, two, three, pairs } = reference.emptyCell;
  const model = fit("y ~ f * k + x + (1 | g)", data);

  it("leaves tests of coefficients as R has them", () => {
    expectTests(coefTests(model).rows, satterthwaite);
    expectTests(coefTests(model, { ddf: "kenward-roger" }).rows, kenwardRoger);
  });

  it("leaves analyses of variance of types I, II and III as lmerTest has them", () => {
    expectTerms(anova(model, { type: "I" }), one);
    expectTerms(anova(model, { type: "II" }), two);
    expectTerms(anova(model, { type: "III" }), three);
  });

  it("makes the differences that need it NaN, and no others", () => {
    const { rows } = pairwise(model, emmeans(model, "k", { by: "f" }), { adjust: "none" });
    for (const key of ["estimate", "stdError", "df"] as const)
      expectEach(
        rows.map((row) => row[key]),
        pairs[key],
      );
  });
});

describe("few rows for the coefficients", () => {
  const { data, satterthwaite, kenwardRoger, levels, beta, cooksDistance } = reference.fewRows;
  const model = fit("y ~ f + x + z + (1 | g)", data);

  it("are tested as R tests them", () => {
    expectTests(coefTests(model).rows, satterthwaite);
    expectTests(coefTests(model, { ddf: "kenward-roger" }).rows, kenwardRoger);
  });

  it("change without a group, a group with two minima among them, as refits and the definition of Cook's distance say", () => {
    const without = influence(model, { by: "g", refit: "full" });
    levels.forEach((level, i) => {
      const at = without.labels.indexOf(level);
      const own = model.beta.map((_, j) => without.beta[j * levels.length + at]);
      expectEach(own, beta[i], 1e-4);
      expectEach([without.cooksDistance[at]], [cooksDistance[i]], 1e-4);
    });
  });
});

describe("an interaction without its main effects, rows missing", () => {
  const { data, three, joint } = reference.onlyInteraction;
  const model = fit("y ~ f + x + z:k + (1 | g)", data);

  it("has type III as lmerTest", () => {
    expectTerms(anova(model, { type: "III" }), three);
  });

  it("has type II equal to the joint test of its coefficients, which no other term contains", () => {
    const { numDf, denDf, fValue } = anova(model, { type: "II" }).rows[2];
    expectEach([numDf, denDf, fValue], [joint.numDf, joint.denDf, joint.fValue]);
  });
});

describe("data far from zero", () => {
  it("are fitted as centred data are", () => {
    const { data, slopes, sigma, df } = reference.farFromZero;
    const model = fit("y ~ f + x + (1 | g)", data);
    // y is about 1e5 and its residuals about 1e-3: a double keeps eight digits of them.
    expectEach(model.beta.slice(1), slopes);
    expectEach([model.sigma], [sigma]);
    expectEach(
      coefTests(model)
        .rows.slice(1)
        .map((row) => row.df),
      df,
    );
  });
});

describe("slopes of a curve", () => {
  it("are its derivative", () => {
    const { data, slopes } = reference.curve;
    const model = fit("y ~ sin(z) + I(z^2) + z:f + (1 | g)", data);
    expectEach(
      emtrends(model, "z", "f").means.map(({ estimate }) => estimate),
      slopes,
    );
  });
});

describe("crossed factors", () => {
  const { data, kenwardRoger, hat, ranova: tests } = reference.crossed;
  const model = fit("y ~ f + x + (1 | g) + (1 | h)", data);

  it("have Kenward and Roger's tests and hat values as R has them", () => {
    expectTests(coefTests(model, { ddf: "kenward-roger" }).rows, kenwardRoger);
    expectEach(hatvalues(model), hat);
  });

  it("are tested by likelihood ratios as by lmerTest", () => {
    const { rows } = ranova(model);
    expectEach(
      rows.map((row) => row.chiSquare),
      tests.chiSquare,
    );
    expectEach(
      rows.map((row) => row.pValue),
      tests.pValue,
    );
  });
});
