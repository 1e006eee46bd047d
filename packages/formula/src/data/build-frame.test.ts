import { describe, expect, test } from "vitest";
import { caughtError, matrixRows } from "../formula.test-support";
import { formatFormulaError } from "../syntax/formula-error";
import { modelFrame, modelMatrix } from "./build-frame";
import { factorColumn } from "./factor-column";

const table = {
  y: [1, 2, 3, 4, 5, 6],
  x: [0.5, 1, null, 2, 2.5, 3],
  f: ["u", "v", "u", "w", "v", "u"],
  g: ["b", "a", "b", "a", null, "b"],
  p: [true, false, true, true, false, false],
  w: [1, 2, 1, 0, 1, 3],
};

describe("rows with missing values", () => {
  test("are left out, counted per variable, and their places kept", () => {
    const frame = modelFrame("y ~ x + (1 | g)", table);
    expect(frame.nobs).toBe(4);
    expect(frame.nrowsTable).toBe(6);
    expect(Array.from(frame.rows ?? [])).toEqual([0, 1, 3, 5]);
    expect(frame.missing).toEqual({ x: 1, g: 1 });
    expect(Array.from(frame.response?.values ?? [])).toEqual([1, 2, 4, 6]);
    expect(frame.random[0].group).toEqual({
      name: "g",
      levels: ["a", "b"],
      codes: Int32Array.of(1, 0, 0, 1),
    });
  });

  test("only variables of the formula matter, those of removed terms too, as in R", () => {
    expect(modelFrame("y ~ f", table).rows).toBeNull();
    expect(modelFrame("y ~ f - x", table).nobs).toBe(5);
  });

  test("a column that is covariate and grouping factor is counted once", () => {
    expect(modelFrame("y ~ x + (1 | x)", table).missing).toEqual({ x: 1 });
  });

  test("naAction fail names the first one", () => {
    const error = caughtError(() => modelFrame("y ~ log(x)", table, { naAction: "fail" }));
    expect([error.code, error.span]).toEqual(["missing-value", { start: 4, end: 10 }]);
    expect(error.message).toMatch(/log\(x\) in row 3/);
  });

  test("numbers that a function cannot give are missing, as R's NaN", () => {
    const frame = modelFrame("y ~ sqrt(x - 1)", table);
    expect(frame.missing).toEqual({ "sqrt(x - 1)": 2 });
  });

  test("missing weights and offsets leave rows out", () => {
    const frame = modelFrame("y ~ f", table, {
      weights: [1, 1, 1, null as unknown as number, 1, 1],
      offset: "x",
    });
    expect(frame.nobs).toBe(4);
    expect(frame.missing).toEqual({ weights: 1, offset: 1 });
  });

  test("unused levels are dropped after rows are", () => {
    const data = { y: [1, 2, 3], f: ["a", "b", "c"], x: [1, 2, null] };
    expect(modelMatrix("y ~ f + x", data).names).toEqual(["(Intercept)", "fb", "x"]);
  });

  test("nothing is copied when every row stays", () => {
    const y = Float64Array.of(1, 2, 3);
    const g = factorColumn(["a", "b", "a"]);
    const frame = modelFrame("y ~ 1 + (1 | g)", { y, g });
    expect(frame.response?.values).toBe(y);
    expect(frame.random[0].group.codes).toBe(g.codes);
  });
});

describe("weights, offset and subset", () => {
  test("are columns, expressions or arrays", () => {
    for (const weights of ["w", "w + 0", [1, 2, 1, 0, 1, 3], Float64Array.of(1, 2, 1, 0, 1, 3)]) {
      expect(Array.from(modelFrame("y ~ f", table, { weights }).weights ?? [])).toEqual([1, 2, 1, 0, 1, 3]);
    }
  });

  test("offsets of the formula and beside it are summed", () => {
    const frame = modelFrame("y ~ f + offset(w) + offset(2 * y)", table, { offset: "y" });
    expect(Array.from(frame.offset ?? [])).toEqual([4, 8, 10, 12, 16, 21]);
    expect(frame.fixed.names).toEqual(["(Intercept)", "fv", "fw"]);
  });

  test("a subset is a condition or a mask; what is missing in it is outside", () => {
    expect(Array.from(modelFrame("y ~ f", table, { subset: "x > 0.7 & f != 'w'" }).rows ?? [])).toEqual([
      1, 4, 5,
    ]);
    expect(modelFrame("y ~ f", table, { subset: [true, true, false, false, true, false] }).nobs).toBe(3);
    expect(caughtError(() => modelFrame("y ~ f", table, { subset: "y" })).code).toBe("invalid-option");
  });

  test("functions learn from all rows of the table, before the subset, as in R", () => {
    const all = matrixRows(modelMatrix("y ~ scale(y)", table));
    const some = matrixRows(modelMatrix("y ~ scale(y)", table, { subset: "y > 2" }));
    expect(some).toEqual(all.slice(2));
  });

  test.each([
    [{ weights: [1, 1, -2, 1, 1, 1] }, "negative-weight", "-2 in row 3"],
    [{ weights: [1, 1] }, "unequal-lengths", "2 weights for 6 rows"],
    [{ weights: "f" }, "wrong-type", "a factor"],
    [{ offset: "ww" }, "unknown-column", 'did you mean "w"'],
    [{ weights: [1, 1, Number.POSITIVE_INFINITY, 1, 1, 1] }, "infinite-value", "row 3"],
  ])("%j is refused", (options, code, message) => {
    const error = caughtError(() => modelFrame("y ~ f", table, options));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });
});

describe("logical columns", () => {
  test("are factors with levels FALSE and TRUE", () => {
    expect(modelMatrix("y ~ p", table).names).toEqual(["(Intercept)", "pTRUE"]);
    expect(modelMatrix("y ~ 0 + p", table).names).toEqual(["pFALSE", "pTRUE"]);
    expect(modelMatrix("y ~ I(x > 1)", table).names).toEqual(["(Intercept)", "I(x > 1)TRUE"]);
  });
  test("may be the response", () => {
    expect(Array.from(modelFrame("p ~ f", table).response?.values ?? [])).toEqual([1, 0, 1, 1, 0, 0]);
  });
});

describe("designs of random-effects terms", () => {
  const names = (formula: string, options = {}) =>
    modelFrame(formula, table, options).random.map(
      (term) => `${term.structure}: ${term.design.names.join(" ")}`,
    );

  test("have contrasts and marginality of their own", () => {
    expect(names("y ~ f + (f | g)")).toEqual(["us: (Intercept) fv fw"]);
    expect(names("y ~ f + (0 + f | g)")).toEqual(["us: fu fv fw"]);
    expect(names("y ~ (0 + f:x | g) + (log(y) * w | f)")).toEqual([
      "us: fu:x fv:x fw:x",
      "us: (Intercept) log(y) w log(y):w",
    ]);
    expect(names("y ~ (f | g)", { contrasts: { f: "sum" } })).toEqual(["us: (Intercept) f1 f2"]);
  });

  test("fulldummy gives an indicator of every level, beside an intercept too", () => {
    expect(names("y ~ (1 + fulldummy(f) | g)")).toEqual(["us: (Intercept) fu fv fw"]);
    expect(names("y ~ zerocorr(0 + fulldummy(f) + x | g)")).toEqual(["diag: fu fv fw x"]);
  });

  test("|| parts numbers, and keeps a factor's effects together as a diagonal", () => {
    expect(names("y ~ (x || g)")).toEqual(["us: (Intercept)", "us: x"]);
    expect(names("y ~ (f || g)")).toEqual(["diag: (Intercept) fv fw"]);
    expect(names("y ~ (f || g)", { doubleBar: "lme4" })).toEqual(["us: (Intercept)", "us: fu fv fw"]);
  });
});

describe("storage", () => {
  test("an intercept is a constant, few rows are sparse, most rows are dense", () => {
    const f = ["a", "a", "a", "b", "b", "c", "d", "a"];
    const { columns } = modelMatrix("~ f + z", { f, z: f.map((_, i) => i) });
    expect(columns.map((c) => c.kind)).toEqual(["constant", "sparse", "sparse", "sparse", "dense"]);
    expect(columns[1]).toEqual({ kind: "sparse", rows: Int32Array.of(3, 4), values: Float64Array.of(1, 1) });
    expect(modelMatrix("~ 0 + I(f == 'a')", { f }).columns.map((c) => c.kind)).toEqual(["sparse", "sparse"]);
  });

  test("an interaction of two large factors has only the rows of each pair", () => {
    const n = 3000;
    const f = Array.from({ length: n }, (_, i) => `f${(i * 7) % 60}`);
    const g = Array.from({ length: n }, (_, i) => `g${(i * 11) % 49}`);
    const { columns, names } = modelMatrix("~ 0 + f:g", { f, g });
    expect(names.length).toBe(60 * 49);
    let entries = 0;
    for (const c of columns) entries += c.kind === "sparse" ? c.rows.length : n;
    expect(entries).toBe(n);
  });

  test("a row where the number is zero is not stored", () => {
    const { columns } = modelMatrix("~ 0 + f:z", { f: ["a", "b", "a", "b", "a"], z: [0, 1, 2, 0, 0] });
    expect(columns[0]).toEqual({ kind: "sparse", rows: Int32Array.of(2), values: Float64Array.of(2) });
  });
});

describe("a table that does not fit the formula", () => {
  test.each([
    ["y ~ «Xx» + f", "unknown-column", 'did you mean "x"'],
    ["«f» ~ x", "non-numeric-response", 'levels "u", "v", "w"'],
    ["«cbind(y, w)» ~ x", "non-numeric-response", "one column of numbers"],
    ["y ~ «log(w)»", "infinite-value", "log(w) is -Inf in row 4"],
    ["y ~ «k» + x", "one-level", 'always "only"'],
    ["y ~ f + (1 | «h»)", "unknown-column", "columns are y, x"],
    ["y ~ x + (1 | «poly(y, 2)»)", "wrong-type", "grouping factor"],
    ["y ~ f + «2»", "invalid-term", "0 and 1"],
  ])("%s", (marked, code, message) => {
    const start = marked.indexOf("«");
    const end = marked.indexOf("»") - 1;
    const data = { ...table, k: ["only", "only", "only", "only", "only", "only"] };
    const error = caughtError(() => modelFrame(marked.replace(/[«»]/g, ""), data));
    expect([error.code, error.span]).toEqual([code, { start, end }]);
    expect(error.message).toContain(message);
  });

  test("no rows at all, or none left", () => {
    expect(caughtError(() => modelFrame("y ~ x", { y: [], x: [] })).message).toBe("empty table: no rows");
    const error = caughtError(() => modelFrame("y ~ x", { y: [1, 2], x: [null, null] }));
    expect([error.code, error.message]).toEqual([
      "no-rows",
      "no rows left: each has a missing value or is outside the subset; x is missing in 2",
    ]);
  });

  test("a numeric grouping factor without a value leaves no rows", () => {
    const error = caughtError(() =>
      modelFrame("y ~ x + (1 | g)", { y: [1, 2], x: [2, 3], g: [null, Number.NaN] }),
    );
    expect([error.code, error.hint]).toEqual(["no-rows", "g is missing in 2"]);
  });

  test("a grouping factor with one level is the engine's business", () => {
    const frame = modelFrame("y ~ 1 + (1 | k)", { y: [1, 2], k: ["a", "a"] });
    expect(frame.random[0].group.levels).toEqual(["a"]);
  });

  test("the message shows the place", () => {
    const error = caughtError(() => modelFrame("y ~ Dayz + (Days | g)", { y: [1], Days: [1], g: [1] }));
    expect(formatFormulaError(error)).toBe(
      'unknown column: "Dayz"; did you mean "Days"?\n  y ~ Dayz + (Days | g)\n      ^^^^',
    );
  });

  test("the place is shown in a formula of several lines and wide characters", () => {
    const error = caughtError(() => modelFrame("y ~ 1 +\n  身長 + xx", { y: [1], 身長: [1] }));
    expect(formatFormulaError(error).split("\n").slice(1)).toEqual(["    身長 + xx", "           ^^"]);
  });
});

describe("contrasts by column", () => {
  const data = {
    f: ["a", "b", "c", "a"],
    o: factorColumn(["l", "h", "m", "m"], { levels: ["l", "m", "h"], ordered: true }),
  };
  const rows = (contrasts: Parameters<typeof modelMatrix>[2]) => {
    const m = modelMatrix("~ f", data, contrasts);
    return [
      m.names.slice(1),
      matrixRows(m)
        .slice(0, 3)
        .map((row) => row.slice(1)),
    ];
  };

  test("treatment with any base, by name or position", () => {
    const wanted = [
      ["fa", "fc"],
      [
        [1, 0],
        [0, 0],
        [0, 1],
      ],
    ];
    expect(rows({ contrasts: { f: { type: "treatment", base: "b" } } })).toEqual(wanted);
    expect(rows({ contrasts: { f: { type: "treatment", base: 2 } } })).toEqual(wanted);
  });

  test("custom matrices and their names", () => {
    const matrix = [
      [1, 0],
      [0, 2],
      [-1, -2],
    ];
    expect(rows({ contrasts: { f: { type: "custom", matrix, names: [".one", ".two"] } } })).toEqual([
      ["f.one", "f.two"],
      matrix,
    ]);
    expect(rows({ contrasts: { f: { type: "custom", matrix } } })[0]).toEqual(["f1", "f2"]);
  });

  test("hypotheses are coded by their generalized inverse: coefficients estimate them", () => {
    const hypotheses = [
      [-1, 1, 0],
      [-0.5, -0.5, 1],
    ];
    const [, coding] = rows({ contrasts: { f: { type: "hypothesis", matrix: hypotheses } } });
    const product = hypotheses.map((h) =>
      [0, 1].map((j) => h.reduce((s, v, i) => s + v * (coding as number[][])[i][j], 0)),
    );
    // Exact in exact arithmetic; a few roundings of numbers near 1.
    for (const [i, row] of product.entries()) {
      for (const [j, v] of row.entries()) expect(v).toBeCloseTo(i === j ? 1 : 0, 14);
    }
  });

  test("of numbers, or of a column that is not there, are refused; of one that is not used they are not", () => {
    const numbers = { ...data, x: [1, 2, 3, 4] };
    expect(caughtError(() => modelMatrix("~ x", numbers, { contrasts: { x: "sum" } })).message).toContain(
      "factor(x)",
    );
    const error = caughtError(() => modelMatrix("~ f", data, { contrasts: { ff: "sum" } }));
    expect([error.code, error.hint]).toEqual(["unknown-column", 'did you mean "f"?']);
    expect(modelMatrix("~ f", data, { contrasts: { o: "sum" } }).names).toEqual(["(Intercept)", "fb", "fc"]);
  });

  test("defaults for factors without and with an order", () => {
    const names = modelMatrix("~ f + o", data, {
      defaultContrasts: { unordered: "sum", ordered: "helmert" },
    }).names;
    expect(names).toEqual(["(Intercept)", "f1", "f2", "o1", "o2"]);
  });

  test.each([
    ["sume", "unknown-contrast", 'did you mean "sum"'],
    [{ type: "treatment", base: "q" }, "invalid-contrast", "levels are a, b, c"],
    [{ type: "custom", matrix: [[1], [2]] }, "invalid-contrast", "3 rows"],
    [
      {
        type: "hypothesis",
        matrix: [
          [1, -1, 0],
          [2, -2, 0],
        ],
      },
      "invalid-contrast",
      "independent",
    ],
    [{ type: "poly", scores: [1, 1, 2] }, "invalid-contrast", "3 different numbers"],
  ] as const)("%j is refused", (spec, code, message) => {
    const error = caughtError(() => modelMatrix("~ f", data, { contrasts: { f: spec } }));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });
});
