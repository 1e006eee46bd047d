// The kernels beside OpenBLAS with one thread, in processor time, in one run:
//   node_modules/.bin/tsx packages/dense/bench/openblas.ts [rounds]
// Needs a C compiler and OpenBLAS (Debian: libopenblas-dev), or its folder in OPENBLAS_DIR.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  choleskyTrapezoidInPlace,
  DenseWorkspace,
  gemmBlockInto,
  type KernelChoice,
  solveTriangularInPlace,
  syrkBlockInto,
} from "../src/index";

type Operation = "potrf" | "syrk" | "gemm" | "trsm";
const cases: [Operation, number, number][] = [
  ...[16, 32, 64, 128, 256, 512, 1128].map((n): [Operation, number, number] => ["potrf", n, 0]),
  ["syrk", 64, 64],
  ["syrk", 256, 64],
  ["syrk", 1128, 64],
  ["syrk", 1128, 1128],
  ["gemm", 64, 64],
  ["gemm", 1128, 64],
  ["gemm", 1128, 1128],
  ["trsm", 64, 64],
  ["trsm", 512, 64],
];
const flops = (op: Operation, n: number, k: number) =>
  op === "potrf" ? n ** 3 / 3 : op === "gemm" ? 2 * n * n * k : n * n * k;

/** Processor seconds of this process; JavaScript and WebAssembly run in one of its threads. */
function now(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function medianSeconds(run: () => void): number {
  let calls = 1;
  for (;;) {
    const start = now();
    for (let i = 0; i < calls; i++) run();
    const took = now() - start;
    if (took > 0.02) break;
    calls = took < 0.002 ? calls * 10 : Math.ceil((calls * 0.022) / took);
  }
  const samples = Array.from({ length: 9 }, () => {
    const start = now();
    for (let i = 0; i < calls; i++) run();
    return (now() - start) / calls;
  });
  return samples.sort((x, y) => x - y)[4];
}

function ours(kernels: KernelChoice, op: Operation, n: number, k: number): number {
  const size = Math.max(n, k) ** 2;
  const work = new DenseWorkspace(3 * size + 24, { kernels });
  const [a, b, c] = [work.allocate(size), work.allocate(size), work.allocate(size)];
  let state = 1;
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    a[i] = b[i] = c[i] = state / 2147483648 - 1;
  }
  for (let j = 0; j < n; j++) a[j + j * n] = n;
  const copy = () => c.set(a);
  const run = {
    potrf: () => {
      copy();
      choleskyTrapezoidInPlace(c, 0, n, n, n, work);
    },
    syrk: () => syrkBlockInto("none", n, k, -1, b, 0, n, 1, work, c, 0, n),
    gemm: () => gemmBlockInto("none", "transpose", n, n, k, -1, b, 0, n, b, 0, n, 1, work, c, 0, n),
    trsm: () => solveTriangularInPlace(c, 0, n, n, k, "left", "lower", "none", a, 0, n, work),
  }[op];
  const seconds = medianSeconds(run);
  return op === "potrf" ? seconds - medianSeconds(copy) : seconds;
}

const folder = mkdtempSync(join(tmpdir(), "dense-bench-"));
try {
  const program = join(folder, "openblas");
  const source = fileURLToPath(new URL("openblas.c", import.meta.url));
  const dir = process.env.OPENBLAS_DIR;
  const where = dir ? [`-L${dir}`, `-Wl,-rpath,${dir}`] : [];
  execFileSync(process.env.CC ?? "cc", ["-O2", source, "-o", program, ...where, "-lopenblas"], {
    stdio: "inherit",
  });
  const rounds = Number(process.argv[2] ?? 3);
  const seconds = cases.map(() => ({
    blas: [] as number[],
    wasm: [] as number[],
    typescript: [] as number[],
  }));
  let core = "";
  for (let round = 0; round < rounds; round++) {
    const env = { ...process.env, OPENBLAS_NUM_THREADS: "1" };
    const output = execFileSync(program, cases.flat().map(String), { encoding: "utf8", env });
    const [head, ...lines] = output.trim().split("\n");
    core = head;
    cases.forEach(([op, n, k], i) => {
      seconds[i].blas.push(Number(lines[i].split(" ")[3]));
      seconds[i].wasm.push(ours("wasm", op, n, k));
      seconds[i].typescript.push(ours("typescript", op, n, k));
    });
  }
  console.log(`${cpus()[0].model}, Node ${process.version}; OpenBLAS core ${core}`);
  console.log(`GF/s of one thread by processor time, medians of ${rounds} rounds of 9 samples\n`);
  console.log("operation  n     k      OpenBLAS  WebAssembly  TypeScript  WebAssembly / OpenBLAS (rounds)");
  const middle = (x: number[]) => [...x].sort((a, b) => a - b)[x.length >> 1];
  cases.forEach(([op, n, k], i) => {
    const { blas, wasm, typescript } = seconds[i];
    const rate = (x: number[]) => (flops(op, n, k) / middle(x) / 1e9).toFixed(1);
    const ratios = blas.map((t, r) => t / wasm[r]);
    const list = ratios.map((r) => r.toFixed(2)).join(" ");
    console.log(
      `${op.padEnd(11)}${String(n).padEnd(6)}${String(k || "").padEnd(7)}${rate(blas).padEnd(10)}` +
        `${rate(wasm).padEnd(13)}${rate(typescript).padEnd(12)}${middle(ratios).toFixed(2)} (${list})`,
    );
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
