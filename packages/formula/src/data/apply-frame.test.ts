import { describe, expect, test } from "vitest";
import { caughtError, matrixRows } from "../formula.test-support";
import { applyFrame, frameApplier } from "./apply-frame";
import { modelFrame } from "./build-frame";
import { factorColumn } from "./factor-column";

const n = 24;
const rows = Array.from({ length: n }, (_, i) => i);
const table = {
  y: rows.map((i) => Math.sin(3 * i)),
  x: rows.map((i) => 1 + ((i * 7) % 24) / 5),
  z: rows.map((i) => 0.5 + ((i * 11) % 24) / 3),
  f: rows.map((i) => ["u", "v", "w"][(i * 5 + (i >> 2)) % 3]),
  s: factorColumn(
    rows.map((i) => ["low", "mid", "high"][(i * 2 + (i >> 3)) % 3]),
    { levels: ["low", "mid", "high"], ordered: true },
  ),
  p: rows.map((i) => i % 5 > 1),
  g: rows.map((i) => [10, 9, 2.5, 100][i % 4]),
  h: rows.map((i) => `h${(i * 13) % 5}`),
};

const rowOf = (i: number) =>
  Object.fromEntries(
    Object.entries(table).map(([name, column]) => [
      name,
      Array.isArray(column) ? [column[i]] : { ...column, codes: column.codes.slice(i, i + 1) },
    ]),
  );

// Every function that learns something, and some that do not.
const terms = [
  "poly(x, 3)",
  "poly(x, 2, raw = TRUE)",
  "ns(x, df = 3)",
  "ns(z, knots = c(1, 2), Boundary.knots = c(0.6, 5))",
  "bs(x, df = 5)",
  "bs(z, degree = 2, knots = 3)",
  "scale(x)",
  "scale(x, scale = FALSE)",
  "center(z)",
  "cut(x, 3)",
  "cut(x, c(-Inf, 2, 4, Inf))",
  "factor(f)",
  "factor(f, levels = c('w', 'u', 'v'))",
  "factor(g)",
  "ordered(f)",
  "relevel(f, ref = 'v')",
  "C(f, sum)",
  "C(s, helmert)",
  "s",
  "p",
  "f * s",
  "I(f == 'u'):x",
  "log(x) + exp(-z) + I(x^2) + sqrt(z)",
  "ifelse(x > 2, z, 0) + pmin(x, z) + round(x, 1)",
  "as.numeric(s) + as.numeric(f)",
  "poly(scale(x), 2)",
  "ns(log(x), 2):f",
  "x %in% f + (s + p)^2",
  "0 + f:s",
  "I(x - mean(x)) + I((z - min(z)) / sd(z)) + I(x > median(x))",
  "ifelse(x > 2, 'high', 'low') * f",
  "cut(x, 3, labels = FALSE)",
  "as.numeric(as.character(g))",
  "interaction(f, p)",
];

describe("new rows", () => {
  test.each(terms)("%s: the same rows give the same matrix, in bulk, one by one and through JSON", (term) => {
    const frame = modelFrame(`y ~ ${term} + (x | g) + (1 | h:f)`, table);
    const fitted = matrixRows(frame.fixed);
    const schema = JSON.parse(JSON.stringify(frame.schema));
    const apply = frameApplier(schema);
    const bulk = apply(table);
    expect(bulk.fixed.names).toEqual(frame.fixed.names);
    const again = matrixRows(bulk.fixed);
    for (const i of rows) {
      // Learned bases are evaluated by recurrences, so a few units in the last place may differ from the fit.
      for (let j = 0; j < fitted[i].length; j++) expect(again[i][j]).toBeCloseTo(fitted[i][j], 12);
      const single = apply(rowOf(i));
      expect(matrixRows(single.fixed)).toEqual([again[i]]);
      frame.random.forEach((random, t) => {
        expect(single.random[t].group.codes[0]).toBe(random.group.codes[i]);
        expect(matrixRows(single.random[t].design)).toEqual([matrixRows(random.design)[i]]);
      });
    }
  });

  test("need no response, unless it is asked for", () => {
    const frame = modelFrame("log(y + 2) ~ x + (1 | h)", table);
    const { y, ...others } = table;
    expect(applyFrame(frame.schema, others).fixed.nrows).toBe(n);
    expect(applyFrame(frame.schema, { ...others, y }, { response: true }).response?.values).toEqual(
      frame.response?.values,
    );
  });

  test("the dot keeps standing for the columns it stood for", () => {
    const { x, z, y } = table;
    const frame = modelFrame("y ~ .", { x, z, y });
    expect(applyFrame(frame.schema, table).fixed.names).toEqual(["(Intercept)", "x", "z"]);
  });

  const one = { x: [2], z: [1], s: ["mid"], p: [true], g: [9], h: ["h1"] };

  test("a new level of a fixed factor is an error that names it, zero or missing", () => {
    const frame = modelFrame("y ~ f + x", table);
    const fresh = { ...one, f: ["q"] };
    const error = caughtError(() => applyFrame(frame.schema, fresh));
    expect(error.code).toBe("unknown-level");
    expect(error.message).toContain('unknown level: "q" of f in row 1; the model knows u, v, w');
    expect(matrixRows(applyFrame(frame.schema, fresh, { newLevels: "zero" }).fixed)).toEqual([[1, 0, 0, 2]]);
    const missing = applyFrame(frame.schema, { ...fresh, f: ["q"] }, { newLevels: "missing" });
    expect(missing.nobs).toBe(0);
    expect(missing.missing).toEqual({ f: 1 });
  });

  test("a new group is an error, or code −1", () => {
    const frame = modelFrame("y ~ 1 + (1 | h) + (1 | f:g)", table);
    const fresh = { ...one, f: ["u"], h: ["h9"], g: [77] };
    expect(() => applyFrame(frame.schema, fresh)).toThrow(/unknown level: "h9" of h in row 1/);
    const { random } = applyFrame(frame.schema, fresh, { newGroups: "allow" });
    expect(random.map((r) => r.group.codes[0])).toEqual([-1, -1]);
    expect(random[0].group.levels).toBe(frame.schema.groups.h.levels);
  });

  test("offsets come along: those of the formula, and one given as an expression beside it", () => {
    const { schema } = modelFrame("y ~ x + offset(2 * x)", table, { offset: "log(z)" });
    const fresh = { x: [1, 2], z: [1, 1] };
    expect(applyFrame(schema, fresh).offset).toEqual(Float64Array.of(2, 4));
    expect(applyFrame(schema, fresh, { offset: [5, 5] }).offset).toEqual(Float64Array.of(7, 9));
    expect(applyFrame(schema, { x: [1] }, { offset: null }).offset).toEqual(Float64Array.of(2));
    expect(caughtError(() => applyFrame(schema, { x: [1] })).message).toContain('unknown column: "z"');
  });

  test("a schema of another version is refused", () => {
    const { schema } = modelFrame("y ~ x", table);
    expect(() => applyFrame({ ...schema, version: 2 as unknown as 1 }, table)).toThrow(
      /unknown schema version: 2/,
    );
  });

  test("missing values leave rows out and say which", () => {
    const frame = modelFrame("y ~ x + (1 | h)", table);
    const applied = applyFrame(frame.schema, { x: [1, null, 3], h: ["h1", "h2", null] });
    expect([...(applied.rows ?? [])]).toEqual([0]);
    expect(applied.missing).toEqual({ x: 1, h: 1 });
  });

  test("an interaction of more levels than numbers can count is looked up all the same", () => {
    const levels = Array.from({ length: 70_000 }, (_, k) => `v${k}`);
    const column = (codes: number[]) => ({
      kind: "factor" as const,
      levels,
      codes: Int32Array.from(codes),
      ordered: false,
    });
    const schema = {
      ...modelFrame("y ~ 1 + (1 | a:b:c:d)", {
        y: [1, 2],
        a: ["x", "z"],
        b: ["x", "z"],
        c: ["x", "z"],
        d: ["x", "z"],
      }).schema,
    };
    const parts = ["a", "b", "c", "d"].map((text) => ({ text, levels }));
    const group = {
      factors: parts,
      levels: ["one", "two"],
      members: [0, 1, 2, 3, 69_999, 69_998, 69_997, 69_996],
    };
    const columns = Object.fromEntries(
      parts.map(({ text }) => [text, { kind: "factor" as const, levels, ordered: false }]),
    );
    const large = { ...schema, columns: { ...schema.columns, ...columns }, groups: { "a:b:c:d": group } };
    const table = {
      a: column([69_999, 0]),
      b: column([69_998, 1]),
      c: column([69_997, 2]),
      d: column([69_996, 4]),
    };
    const { random } = applyFrame(large, table, { newGroups: "allow" });
    expect(Array.from(random[0].group.codes)).toEqual([1, -1]);
  });

  test("some random terms are built alone, and the columns of the others need not be there", () => {
    const both = { ...table, a: table.x.map((_, i) => `a${i % 3}`) };
    const { schema } = modelFrame("y ~ x + (x | h) + (1 | a)", both);
    const { random } = applyFrame(schema, { x: [1, 2], a: ["a2", "a0"] }, { random: [1] });
    expect(random.map(({ position, label }) => [position, label])).toEqual([[1, "1 | a"]]);
    expect(Array.from(random[0].group.codes)).toEqual([2, 0]);
    expect(applyFrame(schema, { x: [1] }, { random: [] }).random).toEqual([]);
  });

  test("new groups get numbers of their own, the same for the same level", () => {
    const both = { ...table, a: table.x.map((_, i) => `a${i % 3}`), b: table.x.map((_, i) => `b${i % 2}`) };
    const { schema } = modelFrame("y ~ x + (1 | a:b)", both);
    const known = schema.groups["a:b"].levels.length;
    const rows = { x: [1, 2, 3, 4], a: ["new", "a0", "new", "a1"], b: ["b0", "b0", "b0", "other"] };
    const [term] = applyFrame(schema, rows, { newGroups: "number" }).random;
    expect(term.newLevels).toEqual(["new:b0", "a1:other"]);
    expect(Array.from(term.group.codes)).toEqual([known, 0, known, known + 1]);
    expect(term.group.levels).toBe(schema.groups["a:b"].levels);
  });

  test("a column that changed from numbers to text is an error", () => {
    const frame = modelFrame("y ~ x", table);
    expect(() => applyFrame(frame.schema, { x: ["a"] })).toThrow(/changed type: "x" was numeric/);
  });
});
