import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FactorColumn } from "./column";
import { asFactor, dropUnusedLevels, factorColumn } from "./factor-column";
import { groupingFactor } from "./grouping";
import { combineCodes, interactionFactor } from "./interaction-factor";

const codes = (levels: number) => fc.integer({ min: -1, max: levels - 1 });
const pairs = fc
  .record({ na: fc.integer({ min: 1, max: 9 }), nb: fc.integer({ min: 1, max: 9 }) })
  .chain(({ na, nb }) =>
    fc.record({
      na: fc.constant(na),
      nb: fc.constant(nb),
      rows: fc.array(fc.tuple(codes(na), codes(nb)), { maxLength: 60 }),
    }),
  );
const factor = (codesOf: Int32Array, n: number, prefix: string): FactorColumn => ({
  kind: "factor",
  levels: Array.from({ length: n }, (_, k) => `${prefix}${k}`),
  codes: codesOf,
  ordered: false,
});

describe("interactions of factors", () => {
  test("number the pairs that occur, in order, as sorting them does", () => {
    fc.assert(
      fc.property(pairs, ({ na, nb, rows }) => {
        const a = Int32Array.from(rows, ([x]) => x);
        const b = Int32Array.from(rows, ([, y]) => y);
        const combined = combineCodes(a, na, b, nb);
        const there = rows.filter(([x, y]) => x >= 0 && y >= 0).map(([x, y]) => x * nb + y);
        const sorted = [...new Set(there)].sort((x, y) => x - y);
        expect(Array.from(combined.first, (x, k) => x * nb + combined.second[k])).toEqual(sorted);
        expect(Array.from(combined.codes)).toEqual(
          rows.map(([x, y]) => (x < 0 || y < 0 ? -1 : sorted.indexOf(x * nb + y))),
        );
      }),
      { numRuns: 300, seed: 3 },
    );
  });

  test("name levels by their parts, and remember the parts", () => {
    fc.assert(
      fc.property(pairs, ({ na, nb, rows }) => {
        const kept = rows.filter(([x, y]) => x >= 0 && y >= 0);
        if (kept.length === 0) return;
        const a = dropUnusedLevels(
          factor(
            Int32Array.from(kept, ([x]) => x),
            na,
            "a",
          ),
        );
        const b = dropUnusedLevels(
          factor(
            Int32Array.from(kept, ([, y]) => y),
            nb,
            "b",
          ),
        );
        const { group, members } = groupingFactor("a:b:a", [a, b, a]);
        kept.forEach(([x, y], i) => {
          const code = group.codes[i];
          expect(group.levels[code]).toBe(`a${x}:b${y}:a${x}`);
          const part = members.slice(3 * code, 3 * code + 3);
          expect([a.levels[part[0]], b.levels[part[1]], a.levels[part[2]]]).toEqual([
            `a${x}`,
            `b${y}`,
            `a${x}`,
          ]);
        });
        expect(interactionFactor([a, b]).levels.length).toBe(group.levels.length);
      }),
      { numRuns: 200, seed: 4 },
    );
  });

  test("of 200,000 by 200,000 levels make no table of all pairs", () => {
    const n = 200_000;
    const a = Int32Array.from({ length: n }, (_, i) => i);
    const b = Int32Array.from({ length: n }, (_, i) => n - 1 - i);
    expect(combineCodes(a, n, b, n).first.length).toBe(n);
  });
});

describe("numbers as a factor", () => {
  test("levels are the distinct values in order, named with 15 digits", () => {
    const f = asFactor({
      kind: "numeric",
      values: Float64Array.of(0.1 + 0.2, 0.3, 1e5, -2, Number.NaN, 1 / 3, 100),
    });
    expect(f.levels).toEqual(["-2", "0.3", "0.333333333333333", "100", "1e+05"]);
    // 0.1 + 0.2 and 0.3 agree in 15 digits, and so are one level.
    expect(Array.from(f.codes)).toEqual([1, 1, 4, 0, -1, 2, 3]);
  });

  test("any numbers come back in order from their codes", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: -50, max: 50 }), fc.integer(), fc.constant(Number.NaN))),
        (values) => {
          const f = asFactor({ kind: "numeric", values: Float64Array.from(values) });
          expect(values.map((v, i) => (Number.isNaN(v) ? f.codes[i] : f.levels[f.codes[i]]))).toEqual(
            values.map((v) => (Number.isNaN(v) ? -1 : Number(v) === 0 ? "0" : factorColumn([v]).levels[0])),
          );
          const order = f.levels.map(Number);
          expect(order).toEqual([...order].sort((x, y) => x - y));
        },
      ),
      { numRuns: 300, seed: 6 },
    );
  });

  test("unused levels go, the others keep their order", () => {
    const f = factorColumn(["c", "a", null], { levels: ["a", "b", "c", "d"] });
    expect(dropUnusedLevels(f)).toEqual({
      kind: "factor",
      levels: ["a", "c"],
      codes: Int32Array.of(1, 0, -1),
      ordered: false,
    });
    const whole = factorColumn(["b", "a"]);
    expect(dropUnusedLevels(whole)).toBe(whole);
  });
});
