/**
 * Time and memory of a model frame on many rows:
 *
 *   node --expose-gc --import tsx --conditions=@lmmkit/source bench/large-frame.ts 10000000
 *
 * Columns are made up: y, x numbers; f a factor of 5 levels; g a factor of n/10 levels; h the same as number column.
 */
import { factorColumn, modelFrame } from "../src/index";

const n = Number(process.argv[2] ?? 1_000_000);
const groups = Math.max(1, Math.floor(n / 10));
const y = new Float64Array(n);
const x = new Float64Array(n);
const h = new Float64Array(n);
const fCodes = new Int32Array(n);
const gCodes = new Int32Array(n);
for (let i = 0; i < n; i++) {
  y[i] = ((i * 2654435761) % 1000003) / 1000;
  x[i] = ((i * 40503) % 65536) / 100;
  fCodes[i] = (i * 7) % 5;
  gCodes[i] = (i * 7919) % groups;
  h[i] = gCodes[i] + 1000;
}
const f = { kind: "factor" as const, levels: ["a", "b", "c", "d", "e"], codes: fCodes, ordered: false };
const levels = Array.from({ length: groups }, (_, k) => `g${k}`);
const g = { kind: "factor" as const, levels, codes: gCodes, ordered: false };

const gc = (globalThis as { gc?: () => void }).gc ?? (() => {});
const megabytes = () => {
  gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 2 ** 20;
};
const inputMegabytes = (2 * 8 * n + 2 * 4 * n) / 2 ** 20;

function measure(name: string, run: () => unknown) {
  const before = megabytes();
  const start = performance.now();
  const result = run();
  const seconds = (performance.now() - start) / 1000;
  const after = megabytes();
  console.log(`${name}: ${seconds.toFixed(3)} s, ${(after - before).toFixed(0)} MB held`);
  return result;
}

console.log(`${n} rows, ${groups} groups, columns ${inputMegabytes.toFixed(0)} MB`);
measure("y ~ x + f + (1 | g)", () => modelFrame("y ~ x + f + (1 | g)", { y, x, f, g }));
measure("y ~ x * f + (x | g)", () => modelFrame("y ~ x * f + (x | g)", { y, x, f, g }));
measure("y ~ x + (1 | h), numbers that group", () => modelFrame("y ~ x + (1 | h)", { y, x, h }));
measure("y ~ x + (1 | g/f), nested", () => modelFrame("y ~ x + (1 | g/f)", { y, x, f, g }));
measure("factorColumn of texts", () => factorColumn(Array.from({ length: n }, (_, i) => levels[gCodes[i]])));
console.log(`peak ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB resident`);
