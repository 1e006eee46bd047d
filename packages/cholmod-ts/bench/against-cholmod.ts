/**
 * Entries in L, residual, determinant, and times of factorization, analysis and solution (one and sixteen
 * right-hand sides, ratios to the supernodal solve) against CHOLMOD in the same run.
 *
 *   node --import tsx --conditions @lmmkit/source packages/cholmod-ts/bench/against-cholmod.ts [name …]
 *
 * needs a C compiler and CHOLMOD (Debian: libsuitesparse-dev) for the peer, and otherwise prints our figures
 * alone. Matrices: those of ../shared/matrices when that folder is beside the project, and grid Laplacians, up to
 * 10⁶ entries in A (450 × 450 and 52 × 52 × 52; the latter takes minutes, and its factor 0.6 GB).
 * CHOLMOD runs on whatever BLAS the system's loader finds (LD_LIBRARY_PATH chooses): the first lines say which.
 * Times are the least of repeated runs, CPU time of one thread, in milliseconds.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { analyze, factorize } from "@lmmkit/cholmod-ts";
import type { CscMatrix } from "@lmmkit/sparse";
import {
  fromTriplets,
  multiplySymmetricVector,
  normSymmetric,
  readMatrixMarket,
  writeMatrixMarket,
} from "@lmmkit/sparse";

interface Peer {
  readonly nnzL: number;
  readonly simplicial: number;
  readonly supernodal: number;
  readonly logDet: number;
  readonly analyze: number;
  readonly solve1: number;
  readonly solve16: number;
}

const folder = mkdtempSync(join(tmpdir(), "cholmod-bench-"));
const wanted = process.argv.slice(2);

/** Five-point (depth 1) or seven-point Laplacian of a grid, lower triangle, shifted to be positive definite. */
function grid(width: number, height: number, depth: number): CscMatrix {
  const n = width * height * depth;
  const rows: number[] = [];
  const cols: number[] = [];
  const values: number[] = [];
  const push = (i: number, j: number, x: number) => {
    rows.push(i);
    cols.push(j);
    values.push(x);
  };
  for (let k = 0; k < n; k++) {
    const x = k % width;
    const y = Math.floor(k / width) % height;
    const z = Math.floor(k / (width * height));
    push(k, k, depth > 1 ? 6.01 : 4.01);
    if (x + 1 < width) push(k + 1, k, -1);
    if (y + 1 < height) push(k + width, k, -1);
    if (z + 1 < depth) push(k + width * height, k, -1);
  }
  return fromTriplets(n, n, rows, cols, values);
}

function collect(): string[] {
  const files: string[] = [];
  const shared = fileURLToPath(new URL("../../../../shared/matrices/", import.meta.url));
  if (existsSync(shared)) {
    for (const file of readdirSync(shared)) if (file.endsWith(".mtx")) files.push(join(shared, file));
  }
  for (const [w, h, d] of [
    [60, 60, 1],
    [200, 200, 1],
    [400, 400, 1],
    [450, 450, 1],
    [12, 12, 12],
    [24, 24, 24],
    [32, 32, 32],
    [52, 52, 52],
  ]) {
    const name = join(folder, `grid_${w}x${h}${d > 1 ? `x${d}` : ""}.mtx`);
    writeFileSync(name, writeMatrixMarket(grid(w, h, d), { symmetry: "symmetric" }));
    files.push(name);
  }
  return files.filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word)));
}

/** Compiles and runs bench/cholmod.c; null when there is no compiler or no CHOLMOD. */
function runPeer(files: string[]): Map<string, Peer> | null {
  const program = join(folder, "cholmod-times");
  const compiler = process.env.CC ?? "cc";
  try {
    const source = fileURLToPath(new URL("./cholmod.c", import.meta.url));
    execFileSync(compiler, ["-O2", source, "-o", program, "-lcholmod", "-lm"], { stdio: "ignore" });
  } catch {
    console.log("CHOLMOD is not here (needs cc and libsuitesparse-dev): our figures alone.");
    return null;
  }
  const env = { ...process.env, OPENBLAS_NUM_THREADS: "1", OMP_NUM_THREADS: "1" };
  const text = execFileSync(program, files, { encoding: "utf8", env, maxBuffer: 1 << 24 });
  const peers = new Map<string, Peer>();
  for (const line of text.trim().split("\n")) {
    if (line.startsWith("#")) {
      console.log(`BLAS: ${line.slice(2)}`);
      continue;
    }
    const [file, , ...numbers] = line.split(" ");
    // "nan" for the simplicial time of what would take it minutes.
    const [nnzL, simplicial, supernodal, logDet, analyze, solve1, solve16] = numbers.map(Number);
    peers.set(file, { nnzL, simplicial, supernodal, logDet, analyze, solve1, solve16 });
  }
  return peers;
}

/** Least CPU time of repeated calls, in milliseconds. */
function time(run: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  let spent = 0;
  for (let k = 0; (k < 5 && spent < 10_000) || (spent < 400 && k < 400); k++) {
    const start = process.cpuUsage();
    run();
    const used = process.cpuUsage(start);
    const ms = (used.user + used.system) / 1000;
    spent += ms;
    best = Math.min(best, ms);
  }
  return best;
}

/** Best of batches, for what is too short for the clock. */
function timeUpdate(run: () => void): number {
  const once = time(run);
  if (once > 2) return once;
  const batch = Math.ceil(4 / Math.max(once, 0.02));
  return (
    time(() => {
      for (let k = 0; k < batch; k++) run();
    }) / batch
  );
}

const largest = (x: Float64Array) => x.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
const median = (x: number[]) => x.sort((a, b) => a - b)[Math.floor(x.length / 2)];

const files = collect();
console.log(`${cpus()[0].model}, Node ${process.version}`);
const peers = runPeer(files);
console.log(
  "| matrix | n | nnz(L) | / CHOLMOD | kind | Mflop | ms | GF/s | / simplicial | / supernodal | residual | logDet | analyze | / | solve | / | solve 16 | / |",
);
console.log("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
let ours = 0;
let theirs = 0;
const smallRatios: number[] = [];
const largeRatios: number[] = [];
const analyzeRatios: number[] = [];
const solve1Ratios: number[] = [];
const solve16Ratios: number[] = [];
for (const file of files) {
  const A = readMatrixMarket(readFileSync(file, "utf8"));
  const peer = peers?.get(file);
  if (peers !== null && peer === undefined) continue;
  const symbolic = analyze(A, { uplo: "lower" });
  const factor = factorize(A, symbolic);
  if (factor.status !== "ok") continue;
  const ms = timeUpdate(() => factor.update(A));
  const b = multiplySymmetricVector(A, new Float64Array(A.nrows).fill(1), "lower");
  const x = factor.solve(b);
  const back = multiplySymmetricVector(A, x, "lower");
  const residual =
    largest(back.map((v, i) => v - b[i])) / (normSymmetric(A, "lower") * largest(x) + largest(b));
  const { flops, kind, nnz, n } = symbolic;
  const analysis = timeUpdate(() => analyze(A, { uplo: "lower" }));
  const many = new Float64Array(16 * n).fill(1);
  const solve1 = timeUpdate(() => factor.solveInPlace(x));
  const solve16 = timeUpdate(() => factor.solveInPlace(many, "A", 16));
  if (peer !== undefined) {
    ours += nnz;
    theirs += peer.nnzL;
    // CHOLMOD's own rule for what has small supernodes.
    if (flops < 40 * nnz) smallRatios.push(ms / peer.simplicial);
    else largeRatios.push(ms / peer.supernodal);
    // Below a thousand unknowns most of a solve is the call.
    if (n >= 1000) {
      analyzeRatios.push(analysis / peer.analyze);
      solve1Ratios.push(solve1 / peer.solve1);
      solve16Ratios.push(solve16 / peer.solve16);
    }
  }
  const cells = [
    basename(file, ".mtx"),
    n,
    nnz,
    peer ? (nnz / peer.nnzL).toFixed(3) : "",
    kind,
    (flops / 1e6).toFixed(2),
    ms.toFixed(3),
    ((flops / ms) * 1e-6).toFixed(2),
    peer && peer.simplicial > 0 ? (ms / peer.simplicial).toFixed(2) : "",
    peer ? (ms / peer.supernodal).toFixed(2) : "",
    residual.toExponential(1),
    peer ? Math.abs(factor.logDet() / peer.logDet - 1).toExponential(1) : "",
    analysis.toFixed(2),
    peer ? (analysis / peer.analyze).toFixed(2) : "",
    solve1.toFixed(3),
    peer ? (solve1 / peer.solve1).toFixed(2) : "",
    solve16.toFixed(3),
    peer ? (solve16 / peer.solve16).toFixed(2) : "",
  ];
  console.log(`| ${cells.join(" | ")} |`);
}
if (peers !== null) {
  console.log(`\nnnz(L) in total: ${(ours / theirs).toFixed(4)} of CHOLMOD's AMD`);
  console.log(
    `median time, under 40 flops per entry: ${median(smallRatios)?.toFixed(2)} of CHOLMOD's simplicial`,
  );
  console.log(
    `median time, from 40 flops per entry: ${median(largeRatios)?.toFixed(2)} of CHOLMOD's supernodal`,
  );
}
if (peers !== null && analyzeRatios.length > 0) {
  const medians = [analyzeRatios, solve1Ratios, solve16Ratios].map((ratios) => median(ratios).toFixed(2));
  console.log(
    `medians from 1,000 unknowns: analyze ${medians[0]}, solve ${medians[1]}, 16 right-hand sides ${medians[2]}`,
  );
}
rmSync(folder, { recursive: true });
