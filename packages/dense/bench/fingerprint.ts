// Runs every operation on fixed input with both kernels and reduces all bits to one number.
import {
  choleskyTrapezoidInPlace,
  choleskyTrapezoidsInPlace,
  DenseWorkspace,
  gemmBlockInto,
  type KernelChoice,
  panelDepth,
  solveTrapezoidsInPlace,
  solveTriangularInPlace,
  syrkBlockInto,
} from "../src/index";

const special = [0, -0, 5e-324, -3e-310, 1e-200, 1e200, -1e300, 1.7e308, Number.NaN, 1 / 0, -1 / 0];

/** Numbers in (−1, 1), from place to place special ones. */
function fill(out: Float64Array, seed: number, every: number): Float64Array {
  let state = seed;
  for (let i = 0; i < out.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    out[i] = state / 2147483648 - 1;
    if (every > 0 && i % every === every - 1) out[i] = special[Math.floor(i / every) % special.length];
  }
  return out;
}

/** FNV-1a over 32-bit words, in two lanes; every NaN counts as the same one. */
class Hash {
  private a = 0x811c9dc5;
  private b = 0x01000193;

  add(x: Float64Array): void {
    const words = new Uint32Array(x.map((v) => (Number.isNaN(v) ? Number.NaN : v)).buffer);
    for (let i = 0; i < words.length; i++) {
      this.a = Math.imul(this.a ^ words[i], 0x01000193) >>> 0;
      this.b = Math.imul(this.b ^ this.a ^ (words[i] >>> 7), 0x85ebca6b) >>> 0;
    }
  }

  text(): string {
    return this.a.toString(16).padStart(8, "0") + this.b.toString(16).padStart(8, "0");
  }
}

/** The fingerprint of one kind of kernels. */
export function fingerprint(kernels: KernelChoice): { kernels: string; bits: string } {
  const work = new DenseWorkspace(900_000, { kernels });
  const hash = new Hash();
  for (const every of [0, 97]) {
    for (const n of [1, 2, 3, 4, 5, 7, 8, 12, 17, 31, 33, 50, 64, 96, 100, 130, 257, 300]) {
      work.reset();
      const a = fill(work.allocate(n * n), n, every);
      const c = fill(work.allocate(n * n), n + 1, 0);
      syrkBlockInto("none", n, n, 1, a, 0, n, 1, work, c, 0, n);
      gemmBlockInto("transpose", "none", n, n, n, -0.3, a, 0, n, a, 0, n, 0.7, work, c, 0, n);
      hash.add(c);
      const l = work.allocate(n * n);
      for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) l[i + j * n] = i === j ? n : a[i + j * n];
      const failed = choleskyTrapezoidInPlace(l, 0, n, n, n, work);
      hash.add(Float64Array.of(failed));
      hash.add(failed === -1 ? l : l.subarray(0, failed * n));
      for (let j = 0; j < n; j++) l[j + j * n] = 2 + j;
      for (const side of ["left", "right"] as const) {
        for (const triangle of ["lower", "upper"] as const) {
          for (const trans of ["none", "transpose"] as const) {
            const x = c.subarray(0, n * Math.min(n, 9));
            const [rows, cols] = side === "left" ? [n, Math.min(n, 9)] : [Math.min(n, 9), n];
            solveTriangularInPlace(x, 0, rows, rows, cols, side, triangle, trans, l, 0, n, work);
            hash.add(x);
          }
        }
      }
    }
  }
  for (const every of [0, 97]) addTrapezoids(hash, work, every);
  return { kernels: work.kernels, bits: hash.text() };
}

/** A sparse factor in blocks, every second row below each, and solves with it. */
function addTrapezoids(hash: Hash, work: DenseWorkspace, every: number): void {
  work.reset();
  const widths = [1, 3, 9, 2, 40, 16, 5, 4, 300, 70];
  const count = widths.length;
  const [first, rowPtr, valuePtr] = [1, 2, 3].map(() => work.allocateIntegers(count + 1).fill(0));
  for (let s = 0; s < count; s++) first[s + 1] = first[s] + widths[s];
  const n = first[count];
  const ofColumn = work.allocateIntegers(n);
  const list: number[] = [];
  for (let s = 0; s < count; s++) {
    ofColumn.fill(s, first[s], first[s + 1]);
    for (let i = first[s]; i < n; i++)
      if (i < first[s + 1] || i >= first[count - 2] || i % 2 === 1) list.push(i);
    rowPtr[s + 1] = list.length;
    valuePtr[s + 1] = valuePtr[s] + widths[s] * (rowPtr[s + 1] - rowPtr[s]);
  }
  const rows = work.allocateIntegers(list.length);
  rows.set(list);
  const blocks = { count, first, rowPtr, rows, valuePtr };
  const integers = (length: number) => work.allocateIntegers(length);
  const room = {
    ofColumn,
    place: integers(n),
    map: integers(n),
    head: integers(count),
    next: integers(count),
    at: integers(count),
    update: work.allocate(n * n),
    panel: work.allocate(n * panelDepth),
    gain: 16,
    tables: integers(13),
  };
  const values = fill(work.allocate(valuePtr[count]), 5, 0);
  const add = (x: Float64Array) => hash.add(x.slice());
  for (let s = 0; s < count; s++) {
    const length = rowPtr[s + 1] - rowPtr[s];
    for (let j = 0; j < widths[s]; j++) values[valuePtr[s] + j * (length + 1)] = n;
  }
  hash.add(Float64Array.of(choleskyTrapezoidsInPlace(values, blocks, room, work)));
  for (let s = 0; s < count; s++) {
    const length = rowPtr[s + 1] - rowPtr[s];
    for (let j = 0, at = valuePtr[s]; j < widths[s]; j++, at += length)
      add(values.subarray(at + j, at + length));
  }
  for (const sides of [1, 8]) {
    const x = fill(work.allocate(n * sides), 11, every);
    for (const trans of ["none", "transpose"] as const) {
      solveTrapezoidsInPlace(x, 0, sides, trans, blocks, values, work);
      add(x);
    }
  }
}
