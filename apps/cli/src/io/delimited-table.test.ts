import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type DataTable,
  everyColumn,
  type FactorColumn,
  labelsOf,
  unreadColumn,
  type Wanted,
} from "./data-table";
import { readDelimitedTable } from "./delimited-table";
import { parseTableSchema } from "./table-schema";

const encoder = new TextEncoder();

function read(
  text: string | Uint8Array,
  schemaJson?: unknown,
  delimiter: "," | "\t" = ",",
  wanted: Wanted = everyColumn,
): DataTable {
  const bytes = typeof text === "string" ? encoder.encode(text) : text;
  const schema = schemaJson === undefined ? null : parseTableSchema(JSON.stringify(schemaJson), "s.json");
  return readDelimitedTable({ name: "d.csv", bytes, delimiter }, schema, wanted);
}

function factor(table: DataTable, name: string): FactorColumn {
  const column = table.columns[name];
  if (!("kind" in column)) throw new Error(`${name} is no factor`);
  return column;
}

describe("types of columns", () => {
  it("reads numbers, texts and truth values", () => {
    const table = read("y,g,b\n1.5,x,true\n-2e3,a,FALSE\n,x,\nNA,,NA\n");
    expect(table.nrows).toBe(4);
    expect(table.columns.y).toEqual(Float64Array.of(1.5, -2000, Number.NaN, Number.NaN));
    expect(table.columns.g).toEqual({
      kind: "factor",
      levels: ["a", "x"],
      codes: Int32Array.of(1, 0, 1, -1),
      ordered: false,
    });
    expect(table.columns.b).toEqual([true, false, null, null]);
  });

  it("orders levels by code points, not by locale or UTF-16 units", () => {
    const table = read("g\nä\nz\nB\n\u{1F600}\n\uFF5E\na\n");
    expect(factor(table, "g").levels).toEqual(["B", "a", "z", "ä", "\uFF5E", "\u{1F600}"]);
  });

  it("takes a column with one late text as text as a whole, and says so", () => {
    const rows = Array.from({ length: 3000 }, (_, i) => `${i % 50},${i}`);
    rows[2900] = "7,n/a";
    const table = read(`a,b\n${rows.join("\n")}\n`);
    expect(table.columns.a).toBeInstanceOf(Float64Array);
    expect(factor(table, "b").levels).toContain("0");
    expect(factor(table, "b").levels).toContain("n/a");
    expect(table.nrows).toBe(3000);
    expect(table.notes).toEqual([
      {
        column: "b",
        message: 'column "b" was read as text because of "n/a"; all its other values are numbers',
      },
    ]);
  });

  it("does not read hexadecimal, decimal commas or dates as numbers", () => {
    const table = read('h,c,d\n0x10,"1,5",2020-01-01\n0x11,"2,5",2020-01-02\n');
    for (const name of ["h", "c", "d"]) expect(factor(table, name).levels).toHaveLength(2);
  });

  it("keeps integer labels apart that binary64 cannot tell apart", () => {
    const table = read("id\n9007199254740993\n9007199254740992\n");
    expect(factor(table, "id").levels).toEqual(["9007199254740992", "9007199254740993"]);
  });

  it("reads a column without any value as missing numbers", () => {
    expect(read("a,b\n1,\n2,NA\n").columns.b).toEqual(Float64Array.of(Number.NaN, Number.NaN));
  });

  it("reads Inf and NaN among numbers as numbers", () => {
    expect(read("a\n1\nInf\n-inf\nNaN\n").columns.a).toEqual(
      Float64Array.of(1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN),
    );
  });

  it("treats names of JavaScript's own properties as names", () => {
    const table = read("__proto__,constructor,toString\n1,2,3\n4,5,6\n");
    expect(Object.entries(table.columns)).toEqual([
      ["__proto__", Float64Array.of(1, 4)],
      ["constructor", Float64Array.of(2, 5)],
      ["toString", Float64Array.of(3, 6)],
    ]);
  });
});

describe("layout", () => {
  it("reads CRLF, CR, a byte order mark left out beforehand, quotes, and a last line without end", () => {
    const expected = read('a,b\n1,"x ""y"", z"\n2,"two\nlines"\n');
    expect(factor(expected, "b").levels).toEqual(["two\nlines", 'x "y", z']);
    expect(read('a,b\r\n1,"x ""y"", z"\r\n2,"two\r\nlines"')).toEqual(expected);
    expect(read('a,b\r1,"x ""y"", z"\r2,"two\rlines"')).toEqual(expected);
  });

  it("reads tabs", () => {
    expect(read("a\tb\n1\tx,y\n", undefined, "\t").columns.a).toEqual(Float64Array.of(1));
  });

  it("passes over blank lines", () => {
    expect(read("\na,b\n1,2\n\n3,4\n\n\n").columns.b).toEqual(Float64Array.of(2, 4));
  });

  it("leaves out row names as R and pandas write them, with a note", () => {
    const table = read('"","y"\n"1",5\n"2",6\n');
    expect(Object.keys(table.columns)).toEqual(["y"]);
    expect(table.columns.y).toEqual(Float64Array.of(5, 6));
    expect(table.notes[0].message).toContain("row names");
  });

  it("gives the same table however large the pieces are", () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => `${i / 7},"g ${i % 13}\n""${i % 3}"""`);
    const table = read(`y,g\n${rows.join("\n")}\n`);
    expect(table.nrows).toBe(20_000);
    expect((table.columns.y as Float64Array)[19_999]).toBe(19_999 / 7);
    expect(factor(table, "g").levels).toHaveLength(39);
  });
});

describe("what is wrong with a file is said with its line", () => {
  it.each([
    [
      "a row with too few fields",
      "a,b\n1,2\n3\n",
      /ragged row: d\.csv, line 3 has 1 field, the header has 2/,
    ],
    ["a row with too many fields", "a,b\n1,2,3\n", /line 2 has 3 fields/],
    ["a ragged row after quoted line breaks", 'a,b\n"1\n1\n1",2\n3\n', /line 5 has 1 field/],
    ["an open quote", 'a,b\n1,2\n3,"4\n5,6\n', /malformed quotes: d\.csv, line 3/],
    ["text after a closing quote", 'a,b\n1,"2"x\n', /malformed quotes: d\.csv, line 2/],
    ["a header and nothing else", "a,b\n", /d\.csv has a header and no rows/],
    ["blank lines only", "\n\n", /d\.csv has no header/],
    ["two columns of one name", "a,b,a\n1,2,3\n", /duplicate column name: "a"/],
    ["a column without a name", "a,,b\n1,2,3\n", /empty column name: d\.csv, column 2/],
    ["semicolons", "a;b\n1;2\n", /separated by ";"/],
    ["tabs in a CSV file", "a\tb\n1\t2\n", /separated by tabs/],
  ])("%s", (_what, text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it("bytes that are not UTF-8, with line and offset", () => {
    const bytes = encoder.encode("name,y\nGood,1\nM?nchen,2\n");
    bytes[15] = 0xfc;
    expect(() => read(bytes)).toThrow(/invalid UTF-8: d\.csv, line 3, byte offset 15 \(0xfc\)/);
  });
});

describe("a schema", () => {
  const schema = {
    fields: [
      { name: "id", type: "integer" },
      { name: "size", type: "string", categories: ["s", "m", "l"], categoriesOrdered: true },
      { name: "ok", type: "boolean" },
    ],
    missingValues: ["", "-"],
  };

  it("gives types, levels and missing values; other columns are guessed", () => {
    const table = read("id,size,ok,x\n1,m,true,NA\n-,s,-,2\n", schema);
    expect(table.columns.id).toEqual(Float64Array.of(1, Number.NaN));
    expect(table.columns.size).toEqual({
      kind: "factor",
      levels: ["s", "m", "l"],
      codes: Int32Array.of(1, 0),
      ordered: true,
    });
    expect(table.columns.ok).toEqual([true, null]);
    expect(factor(table, "x").levels).toEqual(["2", "NA"]);
  });

  it.each([
    [
      "a text for an integer",
      "id,size,ok\n1,s,true\nx,s,true\n",
      /"x" in column "id", row 2 \(line 3\) of d\.csv; s\.json says an integer/,
    ],
    ["a fraction for an integer", "id,size,ok\n1.5,s,true\n", /"1\.5" in column "id"/],
    ["an unknown category", "id,size,ok\n1,xl,true\n", /"xl" in column "size", row 1 .* one of s, m, l/],
    ["NA where it is not declared", "id,size,ok\nNA,s,true\n", /add "missingValues": \["", "NA"\]/],
    ["a column that is not there", "id,ok\n1,true\n", /unknown column: s\.json declares "size"/],
  ])("refuses %s", (_what, text, message) => {
    expect(() => read(text, schema)).toThrow(message);
  });
});

describe("columns that are not wanted", () => {
  it("keep their names and cost nothing else", () => {
    const schema = { fields: [{ name: "b", type: "number" }] };
    const table = read("a,b,c\n1,oops,x\n2,3,y\n", schema, ",", (name) => name === "c");
    expect(Object.keys(table.columns)).toEqual(["a", "b", "c"]);
    expect(table.columns.a).toEqual(unreadColumn(2));
    expect(table.columns.b).toEqual(unreadColumn(2));
    expect(labelsOf(factor(table, "c"))).toEqual(["x", "y"]);
    // Ragged rows are refused all the same.
    expect(() => read("a,b,c\n1,2\n", undefined, ",", () => false)).toThrow(/ragged row/);
  });
});

describe("round trip", () => {
  it("reads back any table of texts that RFC 4180 can write", () => {
    // Texts that would be missing, and line ends that are normalized, are another test's matter.
    const text = fc.string({ unit: "grapheme", minLength: 1 }).filter((s) => s !== "NA" && !s.includes("\r"));
    const quote = (s: string) => `"${s.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 20 }), (rows) => {
        const csv = `a,b\n${rows.map((row) => row.map(quote).join(",")).join("\n")}\n`;
        const table = read(csv, {
          fields: [
            { name: "a", type: "string" },
            { name: "b", type: "string" },
          ],
          missingValues: [],
        });
        expect(labelsOf(factor(table, "a"))).toEqual(rows.map(([a]) => a));
        expect(labelsOf(factor(table, "b"))).toEqual(rows.map(([, b]) => b));
      }),
      { seed: 20260101, numRuns: 300 },
    );
  });
});
