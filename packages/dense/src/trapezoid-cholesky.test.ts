import { describe, expect, test } from "vitest";
import {
  choleskyInPlace,
  choleskyTrapezoidsInPlace,
  DenseError,
  DenseWorkspace,
  PackingWorkspace,
  panelDepth,
  type TrapezoidRoom,
  type Trapezoids,
} from "./index";

/** A generator of numbers in (0, 1) that depend on the seed only. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A random sparse positive definite matrix with the fill of its factor, in blocks of the given widths. */
function randomBlocks(widths: number[], density: number, seed: number) {
  const random = generator(seed);
  const count = widths.length;
  const first = Int32Array.of(0, ...widths.map((_, s) => widths.slice(0, s + 1).reduce((a, b) => a + b)));
  const n = first[count];
  const ofColumn = new Int32Array(n);
  for (let s = 0; s < count; s++) ofColumn.fill(s, first[s], first[s + 1]);
  const below = widths.map(() => new Set<number>());
  const rowPtr = new Int32Array(count + 1);
  const valuePtr = new Int32Array(count + 1);
  const rows: number[] = [];
  for (let s = 0; s < count; s++) {
    for (let i = first[s + 1]; i < n; i++) if (random() < density) below[s].add(i);
    const sorted = [...below[s]].sort((a, b) => a - b);
    // All rows but those among its columns are rows of the block of the first one.
    if (sorted.length > 0) {
      const t = ofColumn[sorted[0]];
      for (const i of sorted) if (i >= first[t + 1]) below[t].add(i);
    }
    for (let j = first[s]; j < first[s + 1]; j++) rows.push(j);
    rows.push(...sorted);
    rowPtr[s + 1] = rows.length;
    valuePtr[s + 1] = valuePtr[s] + widths[s] * (rowPtr[s + 1] - rowPtr[s]);
  }
  const values = new Float64Array(valuePtr[count]);
  const dense = new Float64Array(n * n);
  for (let s = 0; s < count; s++) {
    const length = rowPtr[s + 1] - rowPtr[s];
    for (let j = 0; j < widths[s]; j++) {
      for (let r = j; r < length; r++) {
        const v = r === j ? n : random() - 0.5;
        values[valuePtr[s] + r + j * length] = v;
        dense[rows[rowPtr[s] + r] + (first[s] + j) * n] = v;
      }
    }
  }
  const blocks: Trapezoids = { count, first, rowPtr, rows: Int32Array.from(rows), valuePtr };
  return { n, blocks, ofColumn, values, dense };
}

type Matrix = ReturnType<typeof randomBlocks>;

/** The tables and the room, from ordinary memory or from that of the kernels. */
function place(matrix: Matrix, gain: number, work: DenseWorkspace | null) {
  const { n, blocks, ofColumn } = matrix;
  const integers = (length: number) => work?.allocateIntegers(length) ?? new Int32Array(length);
  const numbers = (length: number) => work?.allocate(length) ?? new Float64Array(length);
  const copy = (x: Int32Array) => {
    const out = integers(x.length);
    out.set(x);
    return out;
  };
  let most = 0;
  for (let s = 0; s < blocks.count; s++) most = Math.max(most, blocks.rowPtr[s + 1] - blocks.rowPtr[s]);
  const room: TrapezoidRoom = {
    ofColumn: copy(ofColumn),
    place: integers(n),
    map: integers(most),
    head: integers(blocks.count),
    next: integers(blocks.count),
    at: integers(blocks.count),
    update: numbers(most * most),
    panel: numbers(panelDepth * most),
    gain,
    tables: integers(13),
  };
  const values = numbers(matrix.values.length);
  values.set(matrix.values);
  return {
    values,
    room,
    blocks: {
      count: blocks.count,
      first: copy(blocks.first),
      rowPtr: copy(blocks.rowPtr),
      rows: copy(blocks.rows),
      valuePtr: copy(blocks.valuePtr),
    },
  };
}

/** The numbers of L, without what stands above the diagonals of the blocks. */
function lower({ blocks }: Matrix, values: Float64Array, upTo: number): number[] {
  const out: number[] = [];
  for (let s = 0; s < blocks.count; s++) {
    const length = blocks.rowPtr[s + 1] - blocks.rowPtr[s];
    for (let j = 0; j < blocks.first[s + 1] - blocks.first[s]; j++) {
      if (blocks.first[s] + j >= upTo) return out;
      for (let r = j; r < length; r++) out.push(values[blocks.valuePtr[s] + r + j * length]);
    }
  }
  return out;
}

const cases: [string, number[], number][] = [
  ["single columns", new Array<number>(60).fill(1), 0.05],
  ["widths 1 to 12", Array.from({ length: 48 }, (_, s) => 1 + (s % 12)), 0.02],
  ["wide blocks", [3, 40, 7, 33, 70, 20, 48], 0.15],
  ["narrow blocks below a large one", [...Array.from({ length: 150 }, (_, s) => 1 + (s % 5)), 90], 0.04],
  ["widths beyond the panel next to a large block", [...new Array<number>(20).fill(18), 4, 100], 0.3],
  ["nothing below", [1, 2, 3, 9], 0],
];

describe("choleskyTrapezoidsInPlace", () => {
  for (const [name, widths, density] of cases) {
    for (const gain of [4, 16]) {
      test(`${name}, gain ${gain}: the same bits on every path, and L L' = A`, () => {
        const matrix = randomBlocks(widths, density, widths.length);
        const { n } = matrix;
        const work = new DenseWorkspace(500_000, { kernels: "wasm" });
        const inside = place(matrix, gain, work);
        const outside = place(matrix, gain, null);
        const run = (at: typeof inside, w: PackingWorkspace) =>
          choleskyTrapezoidsInPlace(at.values, at.blocks, at.room, w);
        expect(run(inside, work)).toBe(-1);
        expect(run(outside, new PackingWorkspace())).toBe(-1);
        const L = lower(matrix, outside.values, n);
        expect(lower(matrix, inside.values, n).every((v, k) => Object.is(v, L[k]))).toBe(true);
        // The values in the kernels' memory, the tables not: dense products alone run in WebAssembly.
        inside.values.set(matrix.values);
        const mixed = { ...inside, blocks: { ...inside.blocks, rows: outside.blocks.rows } };
        expect(run(mixed, work)).toBe(-1);
        expect(lower(matrix, inside.values, n).every((v, k) => Object.is(v, L[k]))).toBe(true);
        // The dense factor of the same matrix; a diagonal of about n keeps it well conditioned, so that 1e-13
        // leaves room for a hundred roundings.
        choleskyInPlace(matrix.dense, n);
        const factor: number[] = [];
        const { blocks } = matrix;
        for (let s = 0; s < blocks.count; s++) {
          for (let j = blocks.first[s]; j < blocks.first[s + 1]; j++) {
            for (let p = blocks.rowPtr[s] + j - blocks.first[s]; p < blocks.rowPtr[s + 1]; p++) {
              factor.push(matrix.dense[blocks.rows[p] + j * n]);
            }
          }
        }
        expect(Math.max(...factor.map((v, k) => Math.abs(v - L[k])))).toBeLessThan(1e-13 * n);
      });
    }
  }

  test("names the column that is not positive, with what is before it done, on both paths", () => {
    for (const [name, widths, density] of cases) {
      const matrix = randomBlocks(widths, density, 1);
      const { n, blocks, ofColumn, values } = matrix;
      for (const column of [0, 1, Math.floor(n / 2), n - 1]) {
        for (const bad of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
          const s = ofColumn[column];
          const length = blocks.rowPtr[s + 1] - blocks.rowPtr[s];
          const at = blocks.valuePtr[s] + (column - blocks.first[s]) * (length + 1);
          const before = values[at];
          values[at] = bad;
          const work = new DenseWorkspace(500_000, { kernels: "wasm" });
          const inside = place(matrix, 16, work);
          const outside = place(matrix, 16, null);
          values[at] = before;
          const failed = choleskyTrapezoidsInPlace(inside.values, inside.blocks, inside.room, work);
          expect(failed, `${name}, ${bad} in column ${column}`).toBe(column);
          const plain = new PackingWorkspace();
          expect(choleskyTrapezoidsInPlace(outside.values, outside.blocks, outside.room, plain)).toBe(column);
        }
      }
    }
  });

  test("values that are too short are refused", () => {
    const matrix = randomBlocks([2, 2], 1, 3);
    const { values, blocks, room } = place(matrix, 4, null);
    const run = () => choleskyTrapezoidsInPlace(values.subarray(1), blocks, room, new PackingWorkspace());
    expect(run).toThrow(DenseError);
    expect(run).toThrow("short blocks: 11");
  });
});
