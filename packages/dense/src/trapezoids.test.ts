import { describe, expect, test } from "vitest";
import { DenseError, DenseWorkspace, solveTrapezoidsInPlace, type Trapezoids } from "./index";

/** Numbers in (−1, 1) that depend on the seed only. */
function numbers(count: number, seed: number): Float64Array {
  let state = seed >>> 0;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2147483648 - 1;
  });
}

/** Blocks of the given widths, each with the rows below it that `heights` says, spread over what follows. */
function makeBlocks(widths: number[], heights: number[]) {
  const count = widths.length;
  const first = new Int32Array(count + 1);
  for (let s = 0; s < count; s++) first[s + 1] = first[s] + widths[s];
  const n = first[count];
  const rowPtr = new Int32Array(count + 1);
  const valuePtr = new Int32Array(count + 1);
  const rows: number[] = [];
  for (let s = 0; s < count; s++) {
    for (let j = first[s]; j < first[s + 1]; j++) rows.push(j);
    const left = n - first[s + 1];
    const height = Math.min(heights[s] ?? 0, left);
    // Evenly spread, increasing.
    for (let k = 0; k < height; k++) rows.push(first[s + 1] + Math.floor((k * left) / height));
    rowPtr[s + 1] = rows.length;
    valuePtr[s + 1] = valuePtr[s] + widths[s] * (widths[s] + height);
  }
  const values = numbers(valuePtr[count], 7);
  for (let s = 0; s < count; s++) {
    const length = rowPtr[s + 1] - rowPtr[s];
    for (let j = 0; j < widths[s]; j++) {
      values[valuePtr[s] + j * (length + 1)] = 3 + j;
      // What stands above the diagonal must not matter.
      for (let i = 0; i < j; i++) values[valuePtr[s] + i + j * length] = Number.NaN;
    }
  }
  const blocks: Trapezoids = { count, first, rowPtr, rows: Int32Array.from(rows), valuePtr };
  return { n, blocks, values };
}

const shapes: [string, number[], number[]][] = [
  ["one column", [1], [0]],
  ["every width up to 9 with every height up to 9", [], []],
  ["wide and high", [300, 17, 258, 40], [300, 200, 40, 0]],
  ["one column with many rows", [1, 2, 3, 600], [600, 599, 570, 0]],
];
for (let width = 1; width <= 9; width++)
  for (let height = 0; height <= 9; height++) {
    shapes[1][1].push(width);
    shapes[1][2].push(height);
  }

function inside(work: DenseWorkspace, blocks: Trapezoids, values: Float64Array) {
  const integers = (x: Int32Array) => {
    const copy = work.allocateIntegers(x.length);
    copy.set(x);
    return copy;
  };
  const copy = work.allocate(values.length);
  copy.set(values);
  return {
    values: copy,
    blocks: {
      count: blocks.count,
      first: integers(blocks.first),
      rowPtr: integers(blocks.rowPtr),
      rows: integers(blocks.rows),
      valuePtr: integers(blocks.valuePtr),
    },
  };
}

describe("solveTrapezoidsInPlace", () => {
  for (const [name, widths, heights] of shapes) {
    for (const trans of ["none", "transpose"] as const) {
      test(`${name}, ${trans}: the same bits on both paths and for any number of right-hand sides`, () => {
        const { n, blocks, values } = makeBlocks(widths, heights);
        const work = new DenseWorkspace(1_500_000, { kernels: "wasm" });
        const there = inside(work, blocks, values);
        const b = numbers(12 * n, 3);
        const alone = Array.from({ length: 12 }, (_, c) => {
          const x = Float64Array.from({ length: n }, (_, i) => b[12 * i + c]);
          solveTrapezoidsInPlace(x, 0, 1, trans, blocks, values);
          return x;
        });
        for (const sides of [1, 2, 4, 8, 12]) {
          const x = work.allocate(n * sides + 3);
          for (let i = 0; i < n; i++) for (let c = 0; c < sides; c++) x[3 + i * sides + c] = b[12 * i + c];
          const outside = x.slice();
          solveTrapezoidsInPlace(x, 3, sides, trans, there.blocks, there.values, work);
          solveTrapezoidsInPlace(outside, 3, sides, trans, blocks, values);
          for (let c = 0; c < sides; c++) {
            const column = (y: Float64Array) =>
              Float64Array.from({ length: n }, (_, i) => y[3 + i * sides + c]);
            expect(column(x)).toEqual(alone[c]);
            expect(column(outside)).toEqual(alone[c]);
          }
        }
      });
    }
  }

  test("solves the systems: L x, and L' x, give back the right-hand side", () => {
    const { n, blocks, values } = makeBlocks([5, 3, 8, 2, 20], [7, 20, 4, 3, 0]);
    const dense = new Float64Array(n * n);
    for (let s = 0; s < blocks.count; s++) {
      const length = blocks.rowPtr[s + 1] - blocks.rowPtr[s];
      for (let j = blocks.first[s]; j < blocks.first[s + 1]; j++) {
        for (let r = j - blocks.first[s]; r < length; r++) {
          dense[blocks.rows[blocks.rowPtr[s] + r] + j * n] =
            values[blocks.valuePtr[s] + r + (j - blocks.first[s]) * length];
        }
      }
    }
    const b = numbers(n, 5);
    for (const trans of ["none", "transpose"] as const) {
      const x = b.slice();
      solveTrapezoidsInPlace(x, 0, 1, trans, blocks, values);
      for (let i = 0; i < n; i++) {
        let sum = 0;
        let size = 0;
        for (let j = 0; j < n; j++) {
          const l = trans === "none" ? dense[i + j * n] : dense[j + i * n];
          sum += l * x[j];
          size += Math.abs(l * x[j]);
        }
        // n roundings, each relative to the sum of the sizes (Higham 2002, theorem 8.5).
        expect(Math.abs(sum - b[i])).toBeLessThanOrEqual(n * 2 ** -52 * size);
      }
    }
  });

  test("more rows below a block than fit the scratch of the kernels are worked off in parts", () => {
    // 3 columns above 33,000 unknowns, each a block of its own.
    const { n, blocks, values } = makeBlocks([3, ...new Array<number>(33_000).fill(1)], [33_000]);
    const work = new DenseWorkspace(1_000_000, { kernels: "wasm" });
    const there = inside(work, blocks, values);
    for (const trans of ["none", "transpose"] as const) {
      for (const sides of [1, 4]) {
        const b = numbers(sides * n, 9);
        const x = work.allocate(sides * n);
        x.set(b);
        solveTrapezoidsInPlace(x, 0, sides, trans, there.blocks, there.values, work);
        solveTrapezoidsInPlace(b, 0, sides, trans, blocks, values);
        expect(Buffer.compare(Buffer.from(b.buffer), Buffer.from(x.slice().buffer))).toBe(0);
      }
    }
  });

  test("arrays that are too short are refused", () => {
    const { n, blocks, values } = makeBlocks([2, 2], [2, 0]);
    const x = new Float64Array(n);
    expect(() => solveTrapezoidsInPlace(x, 1, 1, "none", blocks, values)).toThrow(DenseError);
    expect(() => solveTrapezoidsInPlace(x, 0, 2, "none", blocks, values)).toThrow("short right-hand side: 4");
    expect(() => solveTrapezoidsInPlace(x, 0, 1, "none", blocks, values.subarray(1))).toThrow("short blocks");
    expect(() => new DenseWorkspace(4).allocateIntegers(9)).toThrow("full workspace");
  });

  test("no blocks, or no right-hand sides, are nothing to do", () => {
    const empty: Trapezoids = {
      count: 0,
      first: new Int32Array(1),
      rowPtr: new Int32Array(1),
      rows: new Int32Array(0),
      valuePtr: new Int32Array(1),
    };
    const x = Float64Array.of(1);
    solveTrapezoidsInPlace(x, 0, 1, "none", empty, new Float64Array(0));
    const { blocks, values } = makeBlocks([1], [0]);
    solveTrapezoidsInPlace(x, 0, 0, "transpose", blocks, values);
    expect(x[0]).toBe(1);
  });
});
