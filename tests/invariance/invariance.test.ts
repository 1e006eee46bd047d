/**
 * What must not change the criterion, and what must change it by a known amount: from a table and a
 * formula to one number at a fixed θ, through every package in between.
 */
import { cake } from "@lmmkit/datasets/cake";
import { Pastes } from "@lmmkit/datasets/Pastes";
import { sleepstudy } from "@lmmkit/datasets/sleepstudy";
import { profiledDeviance } from "@lmmkit/lmm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

type Method = "ML" | "REML";
const METHODS: readonly Method[] = ["ML", "REML"];

interface Factor {
  readonly kind: "factor";
  readonly levels: readonly string[];
  readonly codes: Int32Array;
  readonly ordered: boolean;
}
type Columns = Readonly<Record<string, Float64Array | Factor>>;
type Table = Parameters<typeof profiledDeviance>[1];

const SLEEP = "Reaction ~ Days + (Days | Subject)";
const SLEEP_THETA = [0.9, 0.1, 0.25];
const n = sleepstudy.nrows;

/** Rounding of n log r² and log|L|² for n ≤ 270, summed in another order. */
const ROUNDING = 1e-10;

function expectSame(actual: number, expected: number, tolerance = ROUNDING): void {
  expect(Math.abs(actual - expected) / Math.max(1, Math.abs(expected))).toBeLessThanOrEqual(tolerance);
}

function takeRows(table: Columns, rows: readonly number[]): Columns {
  const pick = <A extends Float64Array | Int32Array>(values: A) => values.map((_, i) => values[rows[i]]) as A;
  return Object.fromEntries(
    Object.entries(table).map(([name, column]) => [
      name,
      column instanceof Float64Array ? pick(column) : { ...column, codes: pick(column.codes) },
    ]),
  );
}

/** Gives the levels another order; the rows keep their level names. */
function reorderLevels(factor: Factor, order: readonly number[]): Factor {
  const position = new Int32Array(order.length);
  order.forEach((level, at) => {
    position[level] = at;
  });
  return {
    ...factor,
    levels: order.map((level) => factor.levels[level]),
    codes: factor.codes.map((code) => position[code]),
  };
}

const permutationOf = (length: number) =>
  fc.shuffledSubarray(
    Array.from({ length }, (_, i) => i),
    { minLength: length, maxLength: length },
  );

/** θ of sleepstudy's vector-valued term: a positive diagonal, anything below it. */
const sleepTheta = fc.tuple(
  fc.double({ min: 0, max: 3, noNaN: true }),
  fc.double({ min: -2, max: 2, noNaN: true }),
  fc.double({ min: 0, max: 3, noNaN: true }),
);

describe.each(METHODS)("the %s criterion does not change", (method) => {
  const at = (formula: string, table: Table, theta: readonly number[], options: object = {}) =>
    profiledDeviance(formula, table, { method, ...options })(theta);
  const sleep = profiledDeviance(SLEEP, sleepstudy.table, { method });

  it("when rows change places", () => {
    fc.assert(
      fc.property(permutationOf(n), sleepTheta, (rows, theta) => {
        expectSame(at(SLEEP, takeRows(sleepstudy.table, rows), theta), sleep(theta));
      }),
      { seed: 1, numRuns: 30 },
    );
  });

  it("when levels change places", () => {
    fc.assert(
      fc.property(permutationOf(18), sleepTheta, (order, theta) => {
        const Subject = reorderLevels(sleepstudy.table.Subject, order);
        expectSame(at(SLEEP, { ...sleepstudy.table, Subject }, theta), sleep(theta));
      }),
      { seed: 2, numRuns: 30 },
    );
  });

  it("when a column of the templates changes sign", () => {
    fc.assert(
      fc.property(sleepTheta, ([a, b, c]) => {
        expectSame(sleep([-a, -b, c]), sleep([a, b, c]));
        expectSame(sleep([a, b, -c]), sleep([a, b, c]));
      }),
      { seed: 3, numRuns: 50 },
    );
  });

  it("when the response or a covariate is shifted", () => {
    const { Reaction, Days } = sleepstudy.table;
    // y + 2^27 ≈ 1.3e8 keeps 25 bits after the point: 3e-8 of y, 1e-9 of σ per row.
    const shifted = { ...sleepstudy.table, Reaction: Reaction.map((y) => y + 2 ** 27) };
    expectSame(at(SLEEP, shifted, SLEEP_THETA), sleep(SLEEP_THETA), 1e-9);
    const fixedSlope = "Reaction ~ Days + (1 | Subject)";
    const far = { ...sleepstudy.table, Days: Days.map((x) => x + 1e6) };
    expectSame(at(fixedSlope, far, [0.9]), at(fixedSlope, sleepstudy.table, [0.9]), 1e-9);
  });

  it("when an offset is taken from the response beforehand", () => {
    const { Reaction, Days } = sleepstudy.table;
    const taken = { ...sleepstudy.table, Reaction: Reaction.map((y, i) => y - 7 * Days[i] ** 2) };
    const offset = Days.map((x) => 7 * x ** 2);
    const expected = at(SLEEP, taken, SLEEP_THETA);
    expectSame(at(SLEEP, sleepstudy.table, SLEEP_THETA, { offset }), expected);
    expectSame(at(`${SLEEP} + offset(7 * Days^2)`, sleepstudy.table, SLEEP_THETA), expected);
  });

  it("when rows with a missing value are taken out beforehand", () => {
    fc.assert(
      fc.property(
        fc.subarray(
          Array.from({ length: n }, (_, i) => i),
          { maxLength: 60 },
        ),
        (missing) => {
          const gone = new Set(missing);
          const Reaction = sleepstudy.table.Reaction.map((y, i) => (gone.has(i) ? Number.NaN : y));
          const kept = Array.from({ length: n }, (_, i) => i).filter((i) => !gone.has(i));
          const expected = at(SLEEP, takeRows(sleepstudy.table, kept), SLEEP_THETA);
          expectSame(at(SLEEP, { ...sleepstudy.table, Reaction }, SLEEP_THETA), expected);
        },
      ),
      { seed: 4, numRuns: 30 },
    );
  });

  it("when all weights are multiplied, and θ² divided, by one number", () => {
    const w = sleepstudy.table.Days.map((x) => 1 + x / 4);
    const times4 = w.map((value) => 4 * value);
    const half = SLEEP_THETA.map((value) => value / 2);
    const expected = at(SLEEP, sleepstudy.table, SLEEP_THETA, { weights: w });
    expectSame(at(SLEEP, sleepstudy.table, half, { weights: times4 }), expected);
  });

  it("when a formula is written in another way", () => {
    const { table } = Pastes;
    const expected = at("strength ~ 1 + (1 | batch/cask)", table, [1.2, 0.7]);
    for (const same of [
      "strength ~ (1 | batch) + (1 | batch:cask)",
      "strength ~ 1 + (1 | cask:batch) + (1 | batch)",
      "strength ~ (1 | sample) + (1 | batch)",
    ]) {
      expectSame(at(same, table, [1.2, 0.7]), expected);
    }
    expectSame(
      at("Reaction ~ 1 + Days + (1 + Days | Subject)", sleepstudy.table, SLEEP_THETA),
      sleep(SLEEP_THETA),
    );
    const uncorrelated = at("Reaction ~ Days + (Days || Subject)", sleepstudy.table, [0.9, 0.25]);
    expectSame(sleep([0.9, 0, 0.25]), uncorrelated);
  });
});

describe("the criterion changes by a known amount", () => {
  const ml = (formula: string, table: Table, theta: readonly number[], options: object = {}) =>
    profiledDeviance(formula, table, { method: "ML", ...options })(theta);

  it("when the response is scaled by s: 2 n log s, or 2 (n − p) log s for REML", () => {
    const s = 1000;
    const scaled = { ...sleepstudy.table, Reaction: sleepstudy.table.Reaction.map((y) => s * y) };
    for (const [method, degrees] of [
      ["ML", n],
      ["REML", n - 2],
    ] as const) {
      const before = profiledDeviance(SLEEP, sleepstudy.table, { method })(SLEEP_THETA);
      const after = profiledDeviance(SLEEP, scaled, { method })(SLEEP_THETA);
      expectSame(after, before + 2 * degrees * Math.log(s));
    }
  });

  it("when a covariate is scaled by s: nothing for ML, 2 log s for REML", () => {
    const formula = "Reaction ~ Days + (1 | Subject)";
    const scaled = { ...sleepstudy.table, Days: sleepstudy.table.Days.map((x) => 24 * x) };
    expectSame(ml(formula, scaled, [0.9]), ml(formula, sleepstudy.table, [0.9]));
    const reml = (table: Table) => profiledDeviance(formula, table, { method: "REML" })([0.9]);
    expectSame(reml(scaled), reml(sleepstudy.table) + 2 * Math.log(24));
  });

  it("not at all for ML when factors are coded by other contrasts", () => {
    const formula = "angle ~ recipe * temperature + (1 | recipe:replicate)";
    const expected = ml(formula, cake.table, [1.4]);
    for (const recipe of ["treatment", "sum", "helmert", "poly"]) {
      for (const temperature of ["poly", "sum"]) {
        expectSame(ml(formula, cake.table, [1.4], { contrasts: { recipe, temperature } }), expected);
      }
    }
  });

  it("not at all when there are no data on an effect", () => {
    // θ of a term whose design column is zero everywhere changes nothing.
    const table = { ...sleepstudy.table, zero: new Float64Array(n) };
    const formula = "Reaction ~ Days + (Days | Subject) + (0 + zero | Subject)";
    const expected = profiledDeviance(SLEEP, sleepstudy.table, { method: "REML" })(SLEEP_THETA);
    for (const theta of [0, 1, 5]) {
      expectSame(profiledDeviance(formula, table, { method: "REML" })([...SLEEP_THETA, theta]), expected);
    }
  });
});
