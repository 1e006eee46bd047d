import { describe, expect, it } from "vitest";
import { plainJson } from "./plain-json";

describe("plainJson", () => {
  it("makes lists of typed arrays and null of what is no finite number", () => {
    const value = {
      a: Float64Array.of(1, Number.NaN),
      b: [{ c: Number.POSITIVE_INFINITY }],
      d: "x",
      e: null,
    };
    expect(plainJson(value)).toEqual({ a: [1, null], b: [{ c: null }], d: "x", e: null });
  });

  it("leaves out functions, what is undefined and the keys named", () => {
    const value = { row: [1], rows: [{ row: 2, f: () => 1, g: undefined, h: true }] };
    expect(plainJson(value, ["row"])).toEqual({ rows: [{ h: true }] });
  });
});
