import { readFileSync } from "node:fs";
import {
  CompressionType,
  dictionary,
  setCompressionCodec,
  tableFromArrays,
  tableToIPC,
  uint8,
  utf8,
} from "@uwdata/flechette";
import { describe, expect, it } from "vitest";
import { readArrowTable } from "./arrow-table";
import { everyColumn, type FactorColumn, labelsOf } from "./data-table";
import { readJsonTable, readNdjsonTable } from "./json-table";
import { decodeLz4Frame } from "./lz4-frame";
import { readParquetTable } from "./parquet-table";
import { parseTableSchema } from "./table-schema";

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url));
const labels = (column: unknown) => labelsOf(column as FactorColumn);

describe("Parquet", () => {
  it.each(["mixed-snappy.parquet", "mixed-zstd.parquet"])(
    "%s gives every column with its type",
    async (name) => {
      const { columns, nrows } = await readParquetTable(fixture(name), name, null, everyColumn);
      expect(nrows).toBe(50);
      expect(Object.keys(columns)).toEqual(["y", "id", "small", "even", "g", "price", "day"]);
      expect(columns.y).toEqual(Float64Array.from({ length: 50 }, (_, i) => i / 4));
      expect(columns.id).toEqual(Float64Array.from({ length: 50 }, (_, i) => i));
      expect(columns.small).toEqual(Float64Array.from({ length: 50 }, (_, i) => i % 3));
      expect(columns.even).toEqual(Array.from({ length: 50 }, (_, i) => i % 2 === 0));
      expect(labels(columns.g)).toEqual(
        Array.from({ length: 50 }, (_, i) => (i % 5 === 0 ? null : `g${i % 4}`)),
      );
      expect(columns.price).toEqual(Float64Array.from({ length: 50 }, (_, i) => i));
      expect((columns.day as Date[])[31]).toEqual(new Date("2020-02-01"));
    },
  );

  it("does not mind nested columns that no one wants", async () => {
    const { columns } = await readParquetTable(
      fixture("nested.parquet"),
      "n.parquet",
      null,
      (name) => name === "y",
    );
    expect(columns.y).toEqual(Float64Array.of(0, 1, 2));
    expect(Object.keys(columns)).toEqual(["y", "s"]);
  });

  it("refuses nested columns and damaged files", async () => {
    await expect(readParquetTable(fixture("nested.parquet"), "n.parquet", null, everyColumn)).rejects.toThrow(
      /column "s", row 1 of n\.parquet is a list or an object/,
    );
    const cut = fixture("mixed-zstd.parquet").subarray(100);
    await expect(readParquetTable(cut, "cut.parquet", null, everyColumn)).rejects.toThrow(
      /malformed Parquet: cut\.parquet/,
    );
  });
});

describe("Arrow", () => {
  const table = tableFromArrays(
    {
      y: Float64Array.of(1.5, 2.5, 3.5),
      n: [1, null, 3],
      big: [9007199254740993n, 9007199254740992n, 5n],
      ok: [true, false, null],
      g: ["b", "a", null],
      f: ["lo", "hi", "lo"],
    },
    { types: { g: utf8(), f: dictionary(utf8(), uint8(), true) } },
  );

  it.each(["file", "stream"] as const)("reads the IPC %s format", (format) => {
    const { columns, nrows } = readArrowTable(tableToIPC(table, { format })!, "t.arrow", null, everyColumn);
    expect(nrows).toBe(3);
    expect(columns.y).toEqual(Float64Array.of(1.5, 2.5, 3.5));
    expect(columns.n).toEqual(Float64Array.of(1, Number.NaN, 3));
    expect(labels(columns.big)).toEqual(["9007199254740993", "9007199254740992", "5"]);
    expect(columns.ok).toEqual([true, false, null]);
    expect(columns.g).toEqual({
      kind: "factor",
      levels: ["a", "b"],
      codes: Int32Array.of(1, 0, -1),
      ordered: false,
    });
  });

  it("keeps the order of a dictionary as the order of levels", () => {
    const { columns } = readArrowTable(tableToIPC(table, { format: "file" })!, "t.arrow", null, everyColumn);
    expect(columns.f).toEqual({
      kind: "factor",
      levels: ["lo", "hi"],
      codes: Int32Array.of(0, 1, 0),
      ordered: true,
    });
  });

  it("reads LZ4 buffers", () => {
    let decoded = 0;
    const decode = (bytes: Uint8Array, length: number) => {
      decoded++;
      return decodeLz4Frame(bytes, length);
    };
    setCompressionCodec(CompressionType.LZ4_FRAME, { encode: encodeRun, decode });
    const y = new Float64Array(1000);
    const bytes = tableToIPC(tableFromArrays({ y }), { format: "file", codec: CompressionType.LZ4_FRAME })!;
    expect(bytes.length).toBeLessThan(1000);
    expect(readArrowTable(bytes, "t.arrow", null, everyColumn).columns.y).toEqual(y);
    // The reader brings its own codec, so this one is not asked.
    expect(decoded).toBe(0);
  });

  it("refuses damaged files", () => {
    expect(() => readArrowTable(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), "t.arrow", null, everyColumn)).toThrow(
      /malformed Arrow data: t\.arrow/,
    );
  });
});

describe("LZ4", () => {
  const bytes = fixture("linked-blocks.lz4");
  const text = "abcabcabcabc lmm ".repeat(20_000);

  it("unpacks blocks that refer to earlier blocks", () => {
    expect(Buffer.from(decodeLz4Frame(bytes, text.length)).toString()).toBe(text);
  });

  it("refuses frames that are cut short, longer or shorter than announced, or damaged", () => {
    for (let end = 0; end < bytes.length - 4; end += 7) {
      expect(() => decodeLz4Frame(bytes.subarray(0, end), text.length)).toThrow(/LZ4/);
    }
    expect(() => decodeLz4Frame(bytes, text.length - 1)).toThrow(/LZ4/);
    expect(() => decodeLz4Frame(bytes, text.length + 1)).toThrow(/shorter than announced/);
  });
});

describe("JSON", () => {
  it("reads records; what a record lacks is missing", () => {
    const { columns, nrows } = readJsonTable(
      '[{"y":1,"g":"b"},{"y":null,"g":"a","x":true}]',
      "d.json",
      null,
      everyColumn,
    );
    expect(nrows).toBe(2);
    expect(columns.y).toEqual(Float64Array.of(1, Number.NaN));
    expect(labels(columns.g)).toEqual(["b", "a"]);
    expect(columns.x).toEqual([null, true]);
  });

  it("reads an object of columns, and one record per line, alike", () => {
    const byColumn = readJsonTable('{"y":[1,2],"g":["b","a"]}', "d.json", null, everyColumn);
    const byLine = readNdjsonTable('{"y":1,"g":"b"}\r\n\n{"y":2,"g":"a"}\n', "d.ndjson", null, everyColumn);
    expect(byLine).toEqual(byColumn);
  });

  it("names of JavaScript's own properties are only names", () => {
    const { columns } = readJsonTable('[{"__proto__":1,"constructor":2}]', "d.json", null, everyColumn);
    expect(Object.keys(columns)).toEqual(["__proto__", "constructor"]);
  });

  it("applies a schema", () => {
    const schema = parseTableSchema('{"fields":[{"name":"g","categories":["3","1"]}]}', "s.json");
    expect(readJsonTable('{"g":[1,3,null]}', "d.json", schema, everyColumn).columns.g).toEqual({
      kind: "factor",
      levels: ["3", "1"],
      codes: Int32Array.of(1, 0, -1),
      ordered: false,
    });
    expect(() => readJsonTable('{"g":[2]}', "d.json", schema, everyColumn)).toThrow(
      /"2" in column "g", row 1 of d\.json/,
    );
  });

  it("remarks on numbers that JSON could not carry", () => {
    expect(
      readJsonTable('{"id":[9007199254740993,1]}', "d.json", null, everyColumn).notes[0].message,
    ).toContain("2^53");
  });

  it.each([
    ["nothing", "  ", /d\.json is empty/],
    ["no JSON", "{,", /malformed JSON: d\.json/],
    ["a number", "5", /neither a list of records nor an object of columns/],
    ["a list of numbers", "[1]", /record 1 is not an object/],
    ["no records", "[]", /no columns/],
    ["columns without rows", '{"y":[]}', /no rows/],
    ["unequal columns", '{"y":[1,2],"x":[1]}', /"x" has 1 values, "y" has 2/],
    ["mixed types", '{"y":[1,"a"]}', /mixed types: column "y" .* row 2/],
    ["nested values", '{"y":[1,[2]]}', /column "y", row 2 of d\.json is a list or an object/],
  ])("refuses %s", (_what, text, message) => {
    expect(() => readJsonTable(text, "d.json", null, everyColumn)).toThrow(message);
  });

  it("names the line of a broken record", () => {
    expect(() => readNdjsonTable('{"y":1}\n{"y":\n', "d.ndjson", null, everyColumn)).toThrow(
      /d\.ndjson, line 2/,
    );
  });
});

/** An LZ4 frame of a run of equal bytes: one literal and one match that overlaps itself. */
function encodeRun(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 64 || bytes.some((byte) => byte !== bytes[0])) return new Uint8Array(bytes.length + 1);
  const rest = bytes.length - 1 - 4 - 15;
  const block = [0x1f, bytes[0], 1, 0, ...new Array<number>(Math.floor(rest / 255)).fill(255), rest % 255];
  const size = [block.length & 255, block.length >> 8, 0, 0];
  return Uint8Array.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82, ...size, ...block, 0, 0, 0, 0]);
}
