// From which size on WebAssembly is faster than TypeScript, for arrays inside a workspace and for ordinary ones:
//   node_modules/.bin/tsx packages/dense/bench/crossover.ts
// The thresholds in the sources come from here.
import { cpus } from "node:os";
import {
  choleskyInPlace,
  choleskyTrapezoidInPlace,
  DenseWorkspace,
  gemmInto,
  type KernelChoice,
  PackingWorkspace,
  solveTriangularInPlace,
  subtractProductInPlace,
} from "../src/index";

function now(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Microseconds of one call: the fastest of five samples of some 5 ms. */
function time(run: () => void): number {
  let calls = 16;
  for (;;) {
    const start = now();
    for (let i = 0; i < calls; i++) run();
    const took = now() - start;
    if (took > 5000) break;
    calls *= 2;
  }
  let best = Number.POSITIVE_INFINITY;
  for (let s = 0; s < 5; s++) {
    const start = now();
    for (let i = 0; i < calls; i++) run();
    best = Math.min(best, (now() - start) / calls);
  }
  return best;
}

const inside = {
  wasm: new DenseWorkspace(40_000, { kernels: "wasm" }),
  typescript: new DenseWorkspace(40_000, { kernels: "typescript" }),
};
const outside = { wasm: new DenseWorkspace(0, { kernels: "wasm" }), typescript: new PackingWorkspace() };

/** A diagonally dominant matrix, whose Cholesky factor is as good an input as any. */
function matrix(a: Float64Array, n: number): Float64Array {
  for (let i = 0; i < n * n; i++) a[i] = Math.abs(Math.sin(i)) / n;
  for (let j = 0; j < n; j++) a[j + j * n] = 2;
  return a;
}

type Setup = (kernels: "wasm" | "typescript", n: number) => () => void;

const workOf = (kernels: "wasm" | "typescript") => {
  inside[kernels].reset();
  return inside[kernels];
};

const cases: Record<string, Setup> = {
  "product n × n × n, inside": (kernels, n) => {
    const work = workOf(kernels);
    const a = matrix(work.allocate(n * n), n);
    const c = matrix(work.allocate(n * n), n);
    return () => subtractProductInPlace(c, 0, n, n, n, n, 1e-9, a, 0, 1, n, a, 0, 1, n, false, work);
  },
  "product 3n × n × n / 2, lower, inside": (kernels, n) => {
    const work = workOf(kernels);
    const k = Math.ceil(n / 2);
    const a = work.allocate(3 * n * k).fill(1e-3);
    const c = work.allocate(3 * n * n);
    return () =>
      subtractProductInPlace(c, 0, 3 * n, 3 * n, n, k, 1e-9, a, 0, 1, 3 * n, a, 0, 1, 3 * n, true, work);
  },
  "product 64 × n × 2, inside": (kernels, n) => {
    const work = workOf(kernels);
    const a = work.allocate(128).fill(1e-3);
    const c = work.allocate(64 * n);
    return () => subtractProductInPlace(c, 0, 64, 64, n, 2, 1, a, 0, 1, 64, a, 0, 1, 64, false, work);
  },
  "Cholesky n, inside": (kernels, n) => {
    const work = workOf(kernels);
    const a = matrix(work.allocate(n * n), n);
    const c = work.allocate(n * n);
    return () => {
      c.set(a);
      choleskyTrapezoidInPlace(c, 0, n, n, n, work);
    };
  },
  "Cholesky 4n × n, inside": (kernels, n) => {
    const work = workOf(kernels);
    const a = work.allocate(4 * n * n).fill(1e-3);
    for (let j = 0; j < n; j++) a[j + j * 4 * n] = 2;
    const c = work.allocate(4 * n * n);
    return () => {
      c.set(a);
      choleskyTrapezoidInPlace(c, 0, 4 * n, 4 * n, n, work);
    };
  },
  "solve n, 4 columns, inside": (kernels, n) => {
    const work = workOf(kernels);
    const t = matrix(work.allocate(n * n), n);
    const x = work.allocate(4 * n).fill(1);
    return () => solveTriangularInPlace(x, 0, n, n, 4, "left", "lower", "none", t, 0, n, work);
  },
  "solve n, n rows, inside": (kernels, n) => {
    const work = workOf(kernels);
    const t = matrix(work.allocate(n * n), n);
    const x = work.allocate(n * n).fill(1);
    return () => solveTriangularInPlace(x, 0, n, n, n, "right", "lower", "transpose", t, 0, n, work);
  },
  "Cholesky n, copied": (kernels, n) => {
    const a = matrix(new Float64Array(n * n), n);
    const c = new Float64Array(n * n);
    return () => {
      c.set(a);
      choleskyInPlace(c, n, n, 0, outside[kernels]);
    };
  },
  "product n × n × n, copied": (kernels, n) => {
    const a = matrix(new Float64Array(n * n), n);
    const c = new Float64Array(n * n);
    const options = { work: new PackingWorkspace(), kernels: kernels as KernelChoice };
    return () => gemmInto("none", "none", n, n, n, a, a, c, options);
  },
  "product 8n × 8n × n / 4, copied": (kernels, n) => {
    const k = Math.ceil(n / 4);
    const a = new Float64Array(8 * n * k).fill(1);
    const c = new Float64Array(64 * n * n);
    const options = { work: new PackingWorkspace(), kernels: kernels as KernelChoice };
    return () => gemmInto("none", "transpose", 8 * n, 8 * n, k, a, a, c, options);
  },
  "solve n, 4 columns, copied": (kernels, n) => {
    const t = matrix(new Float64Array(n * n), n);
    const x = new Float64Array(4 * n).fill(1);
    const work = kernels === "wasm" ? outside.wasm : new DenseWorkspace(0, { kernels });
    return () => solveTriangularInPlace(x, 0, n, n, 4, "left", "lower", "none", t, 0, n, work);
  },
  "solve n, n columns, copied": (kernels, n) => {
    const t = matrix(new Float64Array(n * n), n);
    const x = new Float64Array(n * n).fill(1);
    const work = kernels === "wasm" ? outside.wasm : new DenseWorkspace(0, { kernels });
    return () => solveTriangularInPlace(x, 0, n, n, n, "left", "lower", "none", t, 0, n, work);
  },
};

const sizes = [2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 40, 48, 64];
console.log(`${cpus()[0].model}, Node ${process.version}: time in TypeScript / time in WebAssembly by n\n`);
console.log("".padEnd(40) + sizes.map((n) => String(n).padStart(6)).join(""));
for (const [name, setup] of Object.entries(cases)) {
  const row = sizes.map((n) =>
    (time(setup("typescript", n)) / time(setup("wasm", n))).toFixed(2).padStart(6),
  );
  console.log(name.padEnd(40) + row.join(""));
}
