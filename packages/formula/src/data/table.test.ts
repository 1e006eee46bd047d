import { describe, expect, test } from "vitest";
import { caughtError } from "../formula.test-support";
import { factorColumn } from "./factor-column";
import { openTable, type TableLike } from "./table";

const column = (table: TableLike, name: string) => {
  const c = openTable(table).column(name);
  if (c === null) throw new Error(`no column ${name}`);
  return c;
};

describe("a plain object of columns", () => {
  test("numbers, with every way to be missing", () => {
    const c = column({ x: [1, null, undefined, Number.NaN, -2.5] }, "x");
    expect(c).toEqual({
      kind: "numeric",
      values: Float64Array.of(1, Number.NaN, Number.NaN, Number.NaN, -2.5),
    });
  });

  test("a Float64Array is taken as it is, other typed arrays are converted", () => {
    const x = Float64Array.of(1, 2);
    const c = column({ x }, "x");
    expect(c.kind === "numeric" && c.values).toBe(x);
    expect(column({ x: Int16Array.of(3, -4) }, "x")).toEqual({
      kind: "numeric",
      values: Float64Array.of(3, -4),
    });
    expect(column({ x: Float32Array.of(0.5) }, "x")).toEqual({
      kind: "numeric",
      values: Float64Array.of(0.5),
    });
  });

  test("texts become a factor with levels in code-point order, not in that of a locale", () => {
    const c = column({ f: ["b", "a", "B", null, "é", "10", "9", "😀", "￮"] }, "f");
    expect(c.kind === "factor" && c.levels).toEqual(["10", "9", "B", "a", "b", "é", "￮", "😀"]);
    expect(c.kind === "factor" && Array.from(c.codes)).toEqual([4, 3, 2, -1, 5, 0, 1, 7, 6]);
  });

  test("booleans are logical", () => {
    expect(column({ p: [true, false, null] }, "p")).toEqual({
      kind: "logical",
      values: Float64Array.of(1, 0, Number.NaN),
    });
  });

  test("dates count days since 1970", () => {
    const dates = [
      new Date("1970-01-02T00:00:00Z"),
      null,
      new Date("1970-01-01T12:00:00Z"),
      new Date("nonsense"),
    ];
    expect(column({ t: dates }, "t")).toEqual({
      kind: "numeric",
      values: Float64Array.of(1, Number.NaN, 0.5, Number.NaN),
    });
  });

  test("big integers are numbers while they are exact, else a factor in numeric order", () => {
    expect(column({ k: [3n, null, -1n] }, "k")).toEqual({
      kind: "numeric",
      values: Float64Array.of(3, Number.NaN, -1),
    });
    expect(column({ k: BigInt64Array.of(5n, 6n) }, "k")).toEqual({
      kind: "numeric",
      values: Float64Array.of(5, 6),
    });
    const huge = column({ k: [9007199254740993n, 9007199254740992n, 20n] }, "k");
    expect(huge.kind === "factor" && huge.levels).toEqual(["20", "9007199254740992", "9007199254740993"]);
  });

  test("factor columns are taken as they are", () => {
    const f = factorColumn(["m", "s", null, "m"], { levels: ["s", "m", "l"], ordered: true });
    expect(column({ f }, "f")).toBe(f);
    expect(Array.from(f.codes)).toEqual([1, 0, -1, 1]);
  });

  test("an all-missing column is numeric", () => {
    expect(column({ x: [null, undefined] }, "x").kind).toBe("numeric");
  });

  test("names of Object.prototype are names like any other", () => {
    const table = openTable(JSON.parse('{"__proto__": [1, 2], "constructor": ["a", "b"]}'));
    expect(table.names).toEqual(["__proto__", "constructor"]);
    expect(table.column("toString")).toBeNull();
    expect(table.column("constructor")?.kind).toBe("factor");
  });

  test.each([
    ["mixed kinds", { x: [1, 2, "three"] }, "invalid-column", 'mixed column: "x" has "three" in row 3'],
    [
      "a text first",
      { x: ["a", 2] },
      "invalid-column",
      'mixed column: "x" has 2 in row 2; expected a string',
    ],
    ["objects", { x: [{}, {}] }, "invalid-column", "an object"],
    ["not an array", { x: 5 }, "invalid-column", "is not an array"],
    [
      "unequal lengths",
      { x: [1, 2], z: [1] },
      "unequal-lengths",
      'unequal column lengths: "z" has 1; "x" has 2',
    ],
    ["an empty name", { "": [1] }, "invalid-column", "empty column name"],
    [
      "a code out of range",
      { f: { kind: "factor", levels: ["a"], codes: Int32Array.of(0, 1), ordered: false } },
      "invalid-column",
      "invalid code: 1 in row 2",
    ],
    [
      "repeated levels",
      { f: { kind: "factor", levels: ["a", "a"], codes: Int32Array.of(0), ordered: false } },
      "invalid-column",
      "duplicated levels",
    ],
  ])("%s are refused", (_, table, code, message) => {
    const error = caughtError(() => {
      const view = openTable(table as unknown as TableLike);
      for (const name of view.names) view.column(name);
    });
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });

  test("something that is no table is refused", () => {
    for (const table of [null, 3, "x"]) {
      expect(caughtError(() => openTable(table as unknown as TableLike)).code).toBe("invalid-table");
    }
  });
});

describe("records", () => {
  test("columns are the union of the keys; what a record lacks is missing", () => {
    const table = openTable([
      { x: 1, f: "a" },
      { x: 2, z: true },
      { f: "b", x: null },
    ]);
    expect([table.nrows, table.names]).toEqual([3, ["x", "f", "z"]]);
    expect(table.column("x")).toEqual({ kind: "numeric", values: Float64Array.of(1, 2, Number.NaN) });
    expect(table.column("z")).toEqual({
      kind: "logical",
      values: Float64Array.of(Number.NaN, 1, Number.NaN),
    });
  });
  test("no records are a table without columns", () => {
    expect(openTable([]).nrows).toBe(0);
  });
});

describe("Arquero-like tables", () => {
  test("are read by columnNames and array", () => {
    const data: Record<string, unknown[]> = { x: [1, 2], f: ["u", null] };
    const table = { columnNames: () => Object.keys(data), array: (name: string) => data[name] };
    expect(column(table, "x")).toEqual({ kind: "numeric", values: Float64Array.of(1, 2) });
    expect(column(table, "f").kind).toBe("factor");
  });
});
