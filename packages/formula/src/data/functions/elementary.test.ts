/** Against values to the nearest double (fixtures/elementary.json, made by scripts/elementary.py with mpmath). */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as elementary from "./elementary";

const functions: Record<string, (...x: number[]) => number> = { ...elementary };
const { values } = JSON.parse(
  readFileSync(new URL("../../../fixtures/elementary.json", import.meta.url), "utf8"),
) as { values: Record<string, number[][]> };

/** The distance between neighbouring doubles at v. */
function unit(v: number): number {
  const size = Math.abs(v);
  if (size < 2.2250738585072014e-308) return 5e-324;
  return 2 ** (Math.floor(Math.log2(size)) - 52);
}

describe("elementary functions are within the last place of the true value", () => {
  test.each(Object.keys(values))("%s", (name) => {
    const f = functions[name];
    let worst = 0;
    let exact = 0;
    for (const row of values[name]) {
      const wanted = row[row.length - 1];
      const actual = f(...row.slice(0, -1));
      if (actual === wanted) exact++;
      else worst = Math.max(worst, Math.abs(actual - wanted) / unit(wanted));
    }
    // One unit from the nearest double is an error below 1.5 units of the true value. The tangent and the hyperbolic
    // functions are made of two of the others.
    expect(worst).toBeLessThanOrEqual(["tan", "sinh", "cosh", "tanh", "expm1"].includes(name) ? 2 : 1);
    expect(exact / values[name].length).toBeGreaterThan(0.5);
  });

  test("powers of two and ten have whole logarithms", () => {
    for (let k = -300; k <= 300; k++) expect(elementary.log2(2 ** k)).toBe(k);
    for (let k = -20; k <= 22; k++) expect(elementary.log10(Number(`1e${k}`))).toBe(k);
  });

  test("special values are those of Math", () => {
    const special = [0, -0, 1, -1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];
    for (const name of [
      "log",
      "log2",
      "log10",
      "log1p",
      "exp",
      "expm1",
      "sin",
      "cos",
      "tan",
      "sinh",
      "cosh",
      "tanh",
    ] as const) {
      for (const x of special) {
        // Only whether and how it is special is compared; 1 and −1 are ordinary for some.
        const reference = Math[name](x);
        const actual = functions[name](x);
        if (Number.isFinite(reference) && reference !== 0) expect(actual).toBeCloseTo(reference, 14);
        else expect(actual).toBe(reference);
      }
    }
    for (const x of special) {
      for (const y of [...special, 65, 66, 0.3]) {
        // As IEEE 754 and R have it, 1 to any power is 1; JavaScript has NaN for 1 ** NaN and 1 ** Infinity.
        expect(elementary.power(x, y)).toBe(x === 1 ? 1 : x ** y);
      }
    }
  });
});
