import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/**
 * Runs in a process of its own, where the collector can be asked for and nobody else allocates. 10⁵ calls
 * of `update`, `solveInPlace`, `logDet` and `inverseEntriesInto` on both kinds of factor.
 */
const program = `
import { analyze, factorize } from "@lmmkit/cholmod-ts";
import { fromTriplets } from "@lmmkit/sparse";
const rows = [], cols = [], values = [];
for (let k = 0; k < 64; k++) {
  rows.push(k); cols.push(k); values.push(5);
  if (k % 8 < 7) { rows.push(k + 1); cols.push(k); values.push(-1); }
  if (k < 56) { rows.push(k + 8); cols.push(k); values.push(-1); }
}
const A = fromTriplets(64, 64, rows, cols, values);
const x = new Float64Array(128), z = new Float64Array(values.length), options = { beta: 0.5 };
for (const kind of ["simplicial", "supernodal"]) {
  const factor = factorize(A, analyze(A, { kind }));
  const calls = (count) => {
    for (let k = 0; k < count; k++) {
      factor.update(A, options);
      x.fill(1);
      factor.solveInPlace(x, "A", 2);
      factor.logDet();
      factor.inverseEntriesInto(z);
    }
  };
  calls(5000);
  globalThis.gc();
  const before = process.memoryUsage();
  calls(50000);
  const after = process.memoryUsage();
  globalThis.gc();
  const kept = process.memoryUsage().heapUsed - before.heapUsed;
  console.log(after.heapUsed - before.heapUsed, kept, after.arrayBuffers - before.arrayBuffers);
}
`;

test("update, solve, logDet and the inverse allocate nothing over 10⁵ calls", () => {
  const tsx = createRequire(import.meta.url).resolve("tsx");
  const here = fileURLToPath(new URL("..", import.meta.url));
  const args = [
    "--expose-gc",
    "--import",
    tsx,
    "--conditions",
    "@lmmkit/source",
    "--input-type=module",
    "-e",
    program,
  ];
  const lines = execFileSync(process.execPath, args, { encoding: "utf8", cwd: here }).trim().split("\n");
  expect(lines.length).toBe(2);
  for (const line of lines) {
    const [garbage, kept, buffers] = line.split(" ").map(Number);
    // The number that logDet returns is an object of 16 bytes when it is not inlined, and the checks of the
    // dense kernels prepare some words. An array or object for each column would be 3 kB a call at least.
    expect(garbage).toBeLessThan(50_000 * 128 + 400_000);
    expect(kept).toBeLessThan(200_000);
    // Buffers of the program's start may still be swept away meanwhile; new ones would be a growth.
    expect(buffers).toBeLessThanOrEqual(0);
  }
});
