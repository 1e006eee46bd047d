/**
 * Time of a factorization against the JavaScript and WebAssembly packages that factorize too, in the same run.
 *
 *   node --import tsx --conditions @lmmkit/source packages/cholmod-ts/bench/against-javascript.ts
 *
 * The peers are installed by npm, once, into node_modules/.cache; no package of this project depends on them.
 * Each does what it offers for solving A x = b again and again: everything up to the point where right-hand
 * sides are wanted. Two jobs are compared, and `update`, for new values on a known pattern, which no peer offers:
 * - complete: the matrix is all there is; every package orders it as its own README says (cholesky-solve with
 *   cuthill-mckee) or not at all, ours by `analyze` and `factorize`;
 * - ordered: our ordering is handed to both, so that analysis and numbers alone are compared.
 * Medians of processor time. A peer that is dense or that orders badly is left out where one factorization would take
 * it minutes.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { analyze, factorize } from "@lmmkit/cholmod-ts";
import {
  type CscMatrix,
  fromTriplets,
  multiplySymmetricVector,
  readMatrixMarket,
  symmetrize,
} from "@lmmkit/sparse";

const versions: Readonly<Record<string, string>> = {
  "cholesky-solve": "0.2.1",
  "cuthill-mckee": "1.0.0",
  eigen: "0.2.2",
  mathjs: "15.2.0",
  "ml-matrix": "6.15.1",
  numeric: "1.2.6",
};
const cache = fileURLToPath(new URL("../../../node_modules/.cache/cholmod-ts-peers/", import.meta.url));

/** Installs the peers where they are not there yet. */
function install(): NodeJS.Require {
  const manifest = JSON.stringify({ private: true, dependencies: versions });
  const file = join(cache, "package.json");
  if (!existsSync(file) || readFileSync(file, "utf8") !== manifest) {
    mkdirSync(cache, { recursive: true });
    writeFileSync(file, manifest);
    const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    execFileSync("npm", ["install", ...options], { cwd: cache, stdio: "inherit" });
  }
  return createRequire(file);
}

/** A matrix in every form that a peer wants, made outside the clock. */
interface Problem {
  readonly name: string;
  readonly A: CscMatrix;
  readonly full: CscMatrix;
  readonly ones: Float64Array;
  readonly b: Float64Array;
}

interface Peer {
  readonly name: string;
  readonly what: string;
  /** Whether our ordering is handed to it. */
  readonly ordered: boolean;
  /** Whether this matrix is not too much for it. */
  takes(problem: Problem): boolean;
  /** Converts the matrix; the result is what is timed, and returns the function that solves. */
  prepare(problem: Problem): () => (b: Float64Array) => ArrayLike<number>;
}

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
    push(k, k, depth > 1 ? 6.01 : 4.01);
    if (k % width < width - 1) push(k + 1, k, -1);
    if (k % (width * height) < width * (height - 1)) push(k + width, k, -1);
    if (k < n - width * height) push(k + width * height, k, -1);
  }
  return fromTriplets(n, n, rows, cols, values);
}

function problems(): Problem[] {
  const list: [string, CscMatrix][] = [
    ["2-D grid 32 × 32", grid(32, 32, 1)],
    ["2-D grid 100 × 100", grid(100, 100, 1)],
    ["3-D grid 12 × 12 × 12", grid(12, 12, 12)],
  ];
  const shared = fileURLToPath(new URL("../../../../shared/matrices/", import.meta.url));
  for (const name of ["bcsstk09", "lmm_insteval_s_d"]) {
    const file = join(shared, `${name}.mtx`);
    if (existsSync(file)) list.push([name, readMatrixMarket(readFileSync(file, "utf8"))]);
  }
  return list.map(([name, A]) => {
    const ones = new Float64Array(A.nrows).fill(1);
    const b = multiplySymmetricVector(A, ones, "lower");
    return { name, A, full: symmetrize(A, "lower"), ones, b };
  });
}

function denseRows({ full }: Problem): number[][] {
  const rows = Array.from({ length: full.nrows }, () => new Array<number>(full.ncols).fill(0));
  for (let j = 0; j < full.ncols; j++)
    for (let p = full.colPtr[j]; p < full.colPtr[j + 1]; p++) rows[full.rowIdx[p]][j] = full.values[p];
  return rows;
}

/** The packages have no types here: what is used of each is written down. */
interface Packages {
  choleskySolve: {
    prepare(entries: number[][], n: number, order: ArrayLike<number>): (b: number[]) => number[];
  };
  cuthillMckee(entries: number[][], n: number): number[];
  mathjs: {
    SparseMatrix: new (data: object) => object;
    slu(A: object, order: number, threshold: number): object;
    lusolve(lu: object, b: number[]): { valueOf(): number[][] };
  };
  mlMatrix: {
    Matrix: { new (rows: number[][]): object; columnVector(b: number[]): object };
    CholeskyDecomposition: new (A: object) => { solve(b: object): { to1DArray(): number[] } };
  };
  numeric: {
    ccsLUP(A: number[][], threshold: number): object;
    ccsLUPSolve(lup: object, b: number[]): number[];
  };
  eigen: {
    ready: Promise<unknown>;
    Matrix: new (rows: number[][]) => object;
    Decompositions: { cholesky(A: object): { L: { get(i: number, j: number): number } } };
  };
}

function peersOf({ choleskySolve, cuthillMckee, mathjs, mlMatrix, numeric, eigen }: Packages): Peer[] {
  const small = ({ A }: Problem) => A.nrows <= 2000;
  const entriesOf = ({ A }: Problem) => {
    const entries: number[][] = [];
    for (let j = 0; j < A.ncols; j++)
      for (let p = A.colPtr[j]; p < A.colPtr[j + 1]; p++) entries.push([j, A.rowIdx[p], A.values[p]]);
    return entries;
  };
  return [
    {
      name: "cholesky-solve",
      what: "Cuthill–McKee as it advises, sparse L D L'",
      ordered: false,
      takes: () => true,
      prepare(problem) {
        const entries = entriesOf(problem);
        const n = problem.A.nrows;
        return () => {
          const solve = choleskySolve.prepare(entries, n, cuthillMckee(entries, n));
          return (b) => solve(Array.from(b));
        };
      },
    },
    {
      name: "cholesky-solve",
      what: "sparse L D L' in our ordering",
      ordered: true,
      takes: () => true,
      prepare(problem) {
        const entries = entriesOf(problem);
        const { A } = problem;
        const order = analyze(A, { uplo: "lower" }).permutation;
        return () => {
          const solve = choleskySolve.prepare(entries, A.nrows, order);
          return (b) => solve(Array.from(b));
        };
      },
    },
    {
      name: "mathjs",
      what: "sparse L U, ordering of A + A'",
      ordered: false,
      takes: small,
      prepare({ full }) {
        const matrix = new mathjs.SparseMatrix({
          values: Array.from(full.values),
          index: Array.from(full.rowIdx),
          ptr: Array.from(full.colPtr),
          size: [full.nrows, full.ncols],
        });
        return () => {
          const lu = mathjs.slu(matrix, 1, 0.001);
          return (b) =>
            mathjs
              .lusolve(lu, Array.from(b))
              .valueOf()
              .map((row) => row[0]);
        };
      },
    },
    {
      name: "numeric",
      what: "sparse L U in our ordering",
      ordered: true,
      takes: small,
      prepare({ A, full }) {
        // No ordering of its own either: the matrix is permuted for it.
        const order = analyze(A, { uplo: "lower" }).permutation;
        const n = full.ncols;
        const place = new Int32Array(n);
        for (let k = 0; k < n; k++) place[order[k]] = k;
        const matrix: [number[], number[], number[]] = [[0], [], []];
        for (let k = 0; k < n; k++) {
          const j = order[k];
          for (let p = full.colPtr[j]; p < full.colPtr[j + 1]; p++) {
            matrix[1].push(place[full.rowIdx[p]]);
            matrix[2].push(full.values[p]);
          }
          matrix[0].push(matrix[1].length);
        }
        return () => {
          const lup = numeric.ccsLUP(matrix, 0.001);
          return (b) => {
            const x = numeric.ccsLUPSolve(
              lup,
              Array.from(order, (j) => b[j]),
            );
            return Array.from(place, (k) => x[k]);
          };
        };
      },
    },
    {
      name: "ml-matrix",
      what: "dense L L'",
      ordered: false,
      takes: small,
      prepare(problem) {
        const matrix = new mlMatrix.Matrix(denseRows(problem));
        return () => {
          const factor = new mlMatrix.CholeskyDecomposition(matrix);
          return (b) => factor.solve(mlMatrix.Matrix.columnVector(Array.from(b))).to1DArray();
        };
      },
    },
    {
      name: "eigen",
      what: "dense L L', WebAssembly",
      ordered: false,
      takes: small,
      prepare(problem) {
        const n = problem.A.nrows;
        const matrix = new eigen.Matrix(denseRows(problem));
        return () => {
          const { L } = eigen.Decompositions.cholesky(matrix);
          // It has no triangular solve.
          return (b) => {
            const x = Float64Array.from(b);
            for (let i = 0; i < n; i++) {
              for (let k = 0; k < i; k++) x[i] -= L.get(i, k) * x[k];
              x[i] /= L.get(i, i);
            }
            for (let i = n - 1; i >= 0; i--) {
              for (let k = i + 1; k < n; k++) x[i] -= L.get(k, i) * x[k];
              x[i] /= L.get(i, i);
            }
            return x;
          };
        };
      },
    },
  ];
}

/**
 * Median processor time in milliseconds (garbage collection included), after a quarter of a second of warming up:
 * of batches of at least 5 ms during a second, at least three.
 */
function median(run: () => unknown): number {
  let calls = 0;
  const begin = performance.now();
  for (; calls === 0 || performance.now() - begin < 250; calls++) run();
  const batch = Math.max(1, Math.round((5 * calls) / (performance.now() - begin)));
  const times: number[] = [];
  for (let spent = 0; times.length < 3 || spent < 1000; ) {
    const start = process.cpuUsage();
    for (let k = 0; k < batch; k++) run();
    const { user, system } = process.cpuUsage(start);
    times.push((user + system) / 1000 / batch);
    spent += times[times.length - 1] * batch;
  }
  times.sort((a, b) => a - b);
  return times[times.length >> 1];
}

const load = install();
const packages: Packages = {
  choleskySolve: load("cholesky-solve"),
  cuthillMckee: load("cuthill-mckee"),
  mathjs: load("mathjs"),
  mlMatrix: load("ml-matrix"),
  numeric: load("numeric"),
  eigen: load("eigen").default ?? load("eigen"),
};
await packages.eigen.ready;
const peers = peersOf(packages);

console.log(`${new Date().toISOString().slice(0, 10)}, ${cpus()[0].model}, Node ${process.version}`);
console.log("| matrix | n | peer | what it does | job | its ms | ours: ms, ratio | update: ms, ratio |");
console.log("|---|---|---|---|---|---|---|---|");
for (const problem of problems()) {
  const { A, b, ones, name } = problem;
  const symbolic = analyze(A, { uplo: "lower" });
  const complete = median(() => factorize(A, analyze(A, { uplo: "lower" })));
  const ordered = median(() => factorize(A, analyze(A, { uplo: "lower", ordering: symbolic.permutation })));
  const factor = factorize(A, symbolic);
  const again = median(() => factor.update(A));
  for (const peer of peers) {
    if (!peer.takes(problem)) continue;
    const job = peer.ordered ? "ordered" : "complete";
    const cells = [name, A.nrows, `${peer.name} ${versions[peer.name]}`, peer.what, job];
    const print = (...more: string[]) => console.log(`| ${[...cells, ...more].join(" | ")} |`);
    try {
      const run = peer.prepare(problem);
      const x = run()(b);
      const error = ones.reduce((most, one, i) => Math.max(most, Math.abs(x[i] - one)), 0);
      if (!(error < 1e-6)) throw new Error(`wrong solution, off by ${error}`);
      const theirs = median(run);
      const ours = (ms: number) => `${ms.toPrecision(2)}, ${(theirs / ms).toPrecision(2)} ×`;
      print(theirs.toPrecision(3), ours(peer.ordered ? ordered : complete), ours(again));
    } catch (reason) {
      print(`fails: ${reason instanceof Error ? reason.message : reason}`, "", "");
    }
  }
}
