import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { memoryIo } from "../testing/memory-io";
import { temporaryFolder } from "../testing/temporary-folder";
import type { FactorColumn } from "./data-table";
import { readTable, type TableOptions } from "./read-table";

const folder = temporaryFolder();
const plain: TableOptions = { factor: [], ordered: [] };

function read(data: string, options: Partial<TableOptions> = {}, stdin = "") {
  return readTable(data, { ...plain, ...options }, memoryIo({ cwd: folder.path, stdin }));
}

describe("DATA", () => {
  it("may be a gzipped file, a file with a byte order mark, or standard input", async () => {
    const text = "y,g\n1,a\n2,b\n";
    folder.write("d.csv.gz", gzipSync(text));
    folder.write("bom.csv", `\uFEFF${text}`);
    const expected = await read("-", {}, text);
    expect(expected.columns.y).toEqual(Float64Array.of(1, 2));
    expect(await read("d.csv.gz")).toEqual(expected);
    expect(await read("bom.csv")).toEqual(expected);
  });

  it("has the format that its name says", async () => {
    const expected = await read("-", {}, "y,g\n1,a\n2,b\n");
    folder.write("d.tsv", "y\tg\n1\ta\n2\tb\n");
    folder.write("d.json", '[{"y":1,"g":"a"},{"y":2,"g":"b"}]');
    folder.write("d.ndjson.gz", gzipSync('{"y":1,"g":"a"}\n{"y":2,"g":"b"}\n'));
    folder.write("D.JSONL", '{"y":1,"g":"a"}\n{"y":2,"g":"b"}\n');
    for (const name of ["d.tsv", "d.json", "d.ndjson.gz", "D.JSONL"])
      expect(await read(name)).toEqual(expected);
  });

  it("may be a bundled data set", async () => {
    const table = await read("dataset:sleepstudy");
    expect(table.nrows).toBe(180);
    expect((table.columns.Subject as FactorColumn).levels).toHaveLength(18);
    await expect(read("dataset:sleepstdy")).rejects.toThrow(/did you mean "sleepstudy"\?/);
  });

  it.each([
    ["a missing file", "none.csv", /missing data file: "none\.csv" does not exist/],
    ["a URL", "https://example.org/d.csv", /refused URL.*no network connections/],
    ["an empty file", "empty.csv", /empty data: empty\.csv has no bytes/],
    ["a folder", "sub", /"sub" is a folder/],
    ["a spreadsheet by name", "book.xlsx", /unsupported format: "book\.xlsx"/],
    ["a spreadsheet by content", "book.csv", /zip archive or a spreadsheet/],
    ["UTF-16", "wide.csv", /wide\.csv is UTF-16/],
    ["binary data", "binary.csv", /not a text file/],
    ["a broken gzip", "broken.csv.gz", /invalid gzip/],
    ["a format with a slip", "d.cvs", /did you mean "csv"\?/],
  ])("is refused when it is %s", async (_what, name, message) => {
    mkdirSync(join(folder.path, "sub"), { recursive: true });
    folder.write("empty.csv", "");
    folder.write("book.xlsx", "x");
    folder.write("book.csv", Uint8Array.of(0x50, 0x4b, 3, 4, 0));
    folder.write("wide.csv", Uint8Array.of(0xff, 0xfe, 0x61, 0));
    folder.write("binary.csv", Uint8Array.of(0x61, 0, 0x62));
    folder.write("broken.csv.gz", "no gzip");
    folder.write("d.cvs", "x");
    await expect(read(name)).rejects.toThrow(message);
  });
});

describe("--factor and --ordered", () => {
  const text = "y,size,id,ok\n1,m,10,true\n2,s,9,false\n3,,1e5,true\n";

  it("turn numbers, texts and truth values into factors, numbers in numeric order", async () => {
    const { columns } = await read("-", { factor: ["id", "ok"] }, text);
    expect((columns.id as FactorColumn).levels).toEqual(["9", "10", "1e+05"]);
    expect((columns.id as FactorColumn).codes).toEqual(Int32Array.of(1, 0, 2));
    expect((columns.ok as FactorColumn).levels).toEqual(["FALSE", "TRUE"]);
  });

  it("give levels their order", async () => {
    const { columns } = await read("-", { ordered: [{ column: "size", levels: ["s", "m", "l"] }] }, text);
    expect(columns.size).toEqual({
      kind: "factor",
      levels: ["s", "m", "l"],
      codes: Int32Array.of(1, 0, -1),
      ordered: true,
    });
  });

  it("name unknown columns and levels", async () => {
    await expect(read("-", { factor: ["siez"] }, text)).rejects.toThrow(
      /"siez" in --factor; did you mean "size"\?/,
    );
    await expect(read("-", { ordered: [{ column: "size", levels: ["s", "l"] }] }, text)).rejects.toThrow(
      /unknown level: "m" in column "size"; --ordered lists s < l/,
    );
  });
});

describe("--schema", () => {
  it("leaves columns without a type to be guessed, and takes dates as texts and years as integers", async () => {
    const fields = [
      { name: "y" },
      { name: "g", type: "any" },
      { name: "d", type: "date" },
      { name: "n", type: "year" },
    ];
    folder.write("s.json", JSON.stringify({ fields, missingValues: ["-"] }));
    const { columns } = await read("-", { schema: "s.json" }, "y,g,d,n\n1,a,2020-01-01,2020\n-,b,-,-\n");
    expect(columns.y).toEqual(Float64Array.of(1, Number.NaN));
    expect((columns.g as FactorColumn).levels).toEqual(["a", "b"]);
    expect((columns.d as FactorColumn).levels).toEqual(["2020-01-01"]);
    expect(columns.n).toEqual(Float64Array.of(2020, Number.NaN));
  });

  it.each([
    ["no JSON", "{", /invalid schema: s\.json: not JSON/],
    ["no fields", "{}", /no list of fields/],
    ["a field without a name", '{"fields":[{"type":"number"}]}', /field 1 has no name/],
    ["an unknown type", '{"fields":[{"name":"y","type":"numbr"}]}', /did you mean "number"\?/],
    ["a type that is no text", '{"fields":[{"name":"y","type":3}]}', /known types: number, integer/],
    [
      "a field declared twice",
      '{"fields":[{"name":"y","type":"number"},{"name":"y","type":"number"}]}',
      /declared twice/,
    ],
    ["a category twice", '{"fields":[{"name":"y","categories":["a","a"]}]}', /lists the category "a" twice/],
  ])("with %s is refused", async (_what, schema, message) => {
    folder.write("s.json", schema);
    await expect(read("-", { schema: "s.json" }, "y\n1\n")).rejects.toThrow(message);
  });
});
