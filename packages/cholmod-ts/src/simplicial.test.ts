import { fromTriplets } from "@lmmkit/sparse";
import { describe, expect, it } from "vitest";
import { analyze } from "./analyze";
import { factorize } from "./factor";

describe("a simplicial factor", () => {
  it.each(["LLt", "LDLt"] as const)(
    "of type %s solves several columns with the bits of one by one",
    (type) => {
      // A path with long chords: columns of L of many lengths.
      const n = 60;
      const rows: number[] = [];
      const cols: number[] = [];
      const values: number[] = [];
      const push = (i: number, j: number, value: number) => {
        rows.push(i);
        cols.push(j);
        values.push(value);
      };
      for (let j = 0; j < n; j++) {
        push(j, j, 5 + (j % 7) / 3);
        if (j + 1 < n) push(j + 1, j, -1.1);
        if (j % 5 === 0 && j + 17 < n) push(j + 17, j, 0.7);
      }
      const matrix = fromTriplets(n, n, rows, cols, values);
      const symbolic = analyze(matrix, { uplo: "lower", kind: "simplicial" });
      const factor = factorize(matrix, symbolic, { type });
      for (const system of ["A", "L", "Lt"] as const) {
        // Nine columns: two fours and a single one; the third is zero.
        const b = Float64Array.from({ length: 9 * n }, (_, i) =>
          Math.floor(i / n) === 2 ? 0 : Math.sqrt(i % 31),
        );
        const together = factor.solve(b, system);
        for (let c = 0; c < 9; c++) {
          expect(together.slice(c * n, (c + 1) * n)).toEqual(
            factor.solve(b.slice(c * n, (c + 1) * n), system),
          );
        }
      }
    },
  );
});
