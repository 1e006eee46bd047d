import {
  bool,
  dateDay,
  dictionary,
  float64,
  int32,
  int64,
  tableFromArrays,
  tableFromIPC,
  tableToIPC,
  timestamp,
  utf8,
} from "@uwdata/flechette";
import { describe, expect, test } from "vitest";
import { modelFrame } from "./build-frame";
import { openTable, type TableLike } from "./table";

const source = {
  x: [1.5, null, -2],
  k: [3, 1, null],
  big: [1n, 2n, 3n],
  f: ["b", null, "a"],
  text: ["q", "p", "q"],
  p: [true, null, false],
  day: [new Date("2020-01-01"), null, new Date("2020-01-03")],
  time: [new Date("1970-01-02T12:00:00Z"), new Date(0), null],
};
const types = {
  x: float64(),
  k: int32(),
  big: int64(),
  f: dictionary(utf8()),
  text: utf8(),
  p: bool(),
  day: dateDay(),
  time: timestamp(),
};

const bytes = tableToIPC(tableFromArrays(source, { types }), { format: "stream" });
const columnsOf = (table: TableLike) => {
  const view = openTable(table);
  return Object.fromEntries(view.names.map((name) => [name, view.column(name)]));
};

describe("Arrow tables", () => {
  test.each([
    ["as numbers and dates come by default", tableFromIPC(bytes!)],
    ["with dates and big integers", tableFromIPC(bytes!, { useDate: true, useBigInt: true })],
  ])("each type %s", (_, table) => {
    const columns = columnsOf(table as unknown as TableLike);
    expect(columns.x).toEqual({ kind: "numeric", values: Float64Array.of(1.5, Number.NaN, -2) });
    expect(columns.k).toEqual({ kind: "numeric", values: Float64Array.of(3, 1, Number.NaN) });
    expect(columns.big).toEqual({ kind: "numeric", values: Float64Array.of(1, 2, 3) });
    expect(columns.p).toEqual({ kind: "logical", values: Float64Array.of(1, Number.NaN, 0) });
    expect(columns.day).toEqual({ kind: "numeric", values: Float64Array.of(18262, Number.NaN, 18264) });
    expect(columns.time).toEqual({ kind: "numeric", values: Float64Array.of(1.5, 0, Number.NaN) });
    // A dictionary keeps its own order; a text column has none and is sorted.
    expect(columns.f).toEqual({
      kind: "factor",
      levels: ["b", "a"],
      codes: Int32Array.of(0, -1, 1),
      ordered: false,
    });
    expect(columns.text).toEqual({
      kind: "factor",
      levels: ["p", "q"],
      codes: Int32Array.of(1, 0, 1),
      ordered: false,
    });
  });

  test("a buffer of doubles without missing values is shared", () => {
    const x = Float64Array.of(1, 2, 3);
    const vector = {
      length: 3,
      nullCount: 0,
      type: { typeId: 3, precision: 2 },
      data: [{ length: 3, nullCount: 0, values: x }],
    };
    const table = { schema: { fields: [{ name: "x" }] }, getChild: () => vector };
    expect(modelFrame("~ x", table).fixed.columns[1]).toEqual({ kind: "dense", values: x });
    expect((columnsOf(table).x as { values: Float64Array }).values).toBe(x);
  });

  test("dictionaries in several chunks, with apache-arrow's names, are not decoded", () => {
    let decoded = 0;
    const words = { length: 3, get: (i: number) => ["lo", "hi", "lo"][i] };
    const vector = {
      length: 4,
      type: { typeId: -1, isOrdered: true },
      get: () => {
        decoded++;
        return "lo";
      },
      data: [
        {
          length: 2,
          nullCount: 1,
          values: Int8Array.of(0, 1),
          dictionary: words,
          getValid: (i: number) => i === 0,
        },
        { length: 2, nullCount: 0, values: Int8Array.of(2, 1), dictionary: words },
      ],
    };
    const table = { schema: { fields: [{ name: "f" }] }, getChild: () => vector };
    expect(columnsOf(table).f).toEqual({
      kind: "factor",
      levels: ["lo", "hi"],
      codes: Int32Array.of(0, -1, 0, 1),
      ordered: true,
    });
    expect(decoded).toBe(0);
  });

  test("a field without its column is an error", () => {
    const table = { schema: { fields: [{ name: "x" }] }, getChild: () => null };
    expect(() => openTable(table)).toThrow(/missing child: "x"/);
  });
});
