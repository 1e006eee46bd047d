import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeTable, unpackIntegers } from "./stored-table";

/** Packs as scripts/export-datasets.R does, written another way: through a string of bits. */
function packBits(values: readonly number[], width: number): string {
  let bits = "";
  for (const value of values) bits += value.toString(2).padStart(width, "0").split("").reverse().join("");
  const bytes: number[] = [];
  for (let i = 0; i < bits.length; i += 8) {
    bytes.push(
      Number.parseInt(
        bits
          .slice(i, i + 8)
          .padEnd(8, "0")
          .split("")
          .reverse()
          .join(""),
        2,
      ),
    );
  }
  return btoa(String.fromCharCode(...bytes));
}

describe("unpackIntegers", () => {
  it("reads the worked example of the module's description", () => {
    expect([...unpackIntegers({ width: 2, base64: "5A==" }, 4)]).toEqual([0, 1, 2, 3]);
  });

  it("repeats each value as often as its run is long", () => {
    const packed = { width: 2, base64: packBits([3, 1, 3], 2), runs: btoa(String.fromCharCode(2, 255, 1)) };
    expect([...unpackIntegers(packed, 258)]).toEqual([3, 3, ...new Array<number>(255).fill(1), 3]);
  });

  it("gives back what was packed, at every width", () => {
    const packed = fc.integer({ min: 1, max: 31 }).chain((width) =>
      fc.record({
        width: fc.constant(width),
        values: fc.array(fc.integer({ min: 0, max: 2 ** width - 1 }), { maxLength: 40 }),
      }),
    );
    fc.assert(
      fc.property(packed, ({ width, values }) => {
        const base64 = packBits(values, width);
        expect([...unpackIntegers({ width, base64 }, values.length)]).toEqual(values);
      }),
      { seed: 20261122 },
    );
  });
});

describe("decodeTable", () => {
  it("decodes each kind of column", () => {
    const codes = { width: 2, base64: packBits([2, 0, 1], 2) };
    const table = decodeTable({
      nrows: 3,
      columns: {
        x: { kind: "numbers", values: [0.5, -1, 2] },
        n: { kind: "integers", offset: -1, values: codes },
        f: { kind: "factor", ordered: true, levels: ["s", "m", "l"], codes },
        g: { kind: "factor", ordered: false, levels: { first: 9, count: 3 }, codes },
      },
    });
    expect(table).toEqual({
      x: Float64Array.of(0.5, -1, 2),
      n: Float64Array.of(1, -1, 0),
      f: { kind: "factor", ordered: true, levels: ["s", "m", "l"], codes: Int32Array.of(2, 0, 1) },
      g: { kind: "factor", ordered: false, levels: ["9", "10", "11"], codes: Int32Array.of(2, 0, 1) },
    });
  });
});
