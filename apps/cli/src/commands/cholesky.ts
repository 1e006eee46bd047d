import type { CholeskyFactor } from "@lmmkit/cholmod-ts";
import type { CscMatrix } from "@lmmkit/sparse";
import type { Command } from "commander";
import { type CommandContext, printJson } from "../context";
import { CliError } from "../errors";
import { gunzip, readFileBytes } from "../io/read-bytes";
import { decodeUtf8, refuseBinary } from "../io/utf8";
import { parseChoice, parseNonNegative } from "../options/parse";

interface CholeskyOptions {
  readonly ordering: "amd" | "natural" | "colamd";
  readonly beta: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `lmm cholesky MATRIX.mtx`: factorizes a sparse matrix and reports size, determinant, accuracy and time. */
export function registerCholesky(program: Command, context: CommandContext): void {
  program
    .command("cholesky")
    .description("sparse Cholesky factor of a matrix: fill-in, determinant, accuracy, time")
    .argument("<matrix>", "Matrix Market file (also .gz): symmetric, or of any other shape for A A'")
    .option(
      "--ordering <name>",
      "amd, natural or colamd",
      parseChoice("--ordering", ["amd", "natural", "colamd"]),
      "amd",
    )
    .option("--beta <number>", "factorize A + beta I, or A A' + beta I", parseNonNegative("--beta"), 0)
    .option("--json", "print one JSON object")
    .option("--quiet", "no notes on standard error")
    .action((path: string, options: CholeskyOptions) => cholesky(path, options, context));
}

async function cholesky(path: string, options: CholeskyOptions, context: CommandContext): Promise<void> {
  const { io } = context;
  const { analyze, factorize } = await import("@lmmkit/cholmod-ts");
  const problem = await readProblem(path, context);
  const { matrix, form } = problem;
  const { beta, ordering } = options;

  const start = io.now();
  const symbolic = analyze(
    matrix,
    form === "symmetric" ? { ordering, form, uplo: "lower" } : { ordering, form },
  );
  const analyzed = io.now();
  const factor = factorize(matrix, symbolic, { beta });
  const factorized = io.now();
  if (factor.status !== "ok") refuseIndefinite(path, factor, problem);
  const b = apply(problem, beta, new Float64Array(symbolic.n).fill(1));
  const solveStart = io.now();
  const x = factor.solve(b, "A");
  const solved = io.now();

  const result = {
    n: symbolic.n,
    nnz: matrix.colPtr[matrix.ncols],
    nnzL: factor.nnz,
    logDet: factor.logDet(),
    rcond: factor.rcond(),
    residual: residual(problem, beta, x, b),
    seconds: {
      analyze: (analyzed - start) / 1000,
      factorize: (factorized - analyzed) / 1000,
      solve: (solved - solveStart) / 1000,
    },
    form: form === "symmetric" ? "A" : "AA'",
    ordering,
    beta,
  };
  if (options.json === true) printJson(context, result);
  else io.stdout(resultText(path, result, matrix));
}

/** What is factorized: A (its lower triangle stored) or A A'. */
interface Problem {
  readonly form: "symmetric" | "AAt";
  readonly matrix: CscMatrix;
}

async function readProblem(path: string, { io }: CommandContext): Promise<Problem> {
  const { readMatrixMarket, transpose, triangle, SparseError } = await import("@lmmkit/sparse");
  const stored = readFileBytes(path, "matrix file", io);
  const bytes = path.toLowerCase().endsWith(".gz") ? gunzip(stored, path) : stored;
  if (bytes.length === 0) throw new CliError("empty-data", `empty data: ${path} has no bytes`);
  refuseBinary(bytes, path);
  const text = decodeUtf8(bytes, path);
  try {
    const matrix = readMatrixMarket(text);
    if (matrix.nrows !== matrix.ncols) return { form: "AAt", matrix };
    const lower = triangle(matrix, "lower");
    if (lower.rowIdx.length === matrix.rowIdx.length) return { form: "symmetric", matrix };
    const upper = triangle(matrix, "upper");
    if (upper.rowIdx.length === matrix.rowIdx.length) return { form: "symmetric", matrix: transpose(matrix) };
    if (sameEntries(lower, transpose(upper))) return { form: "symmetric", matrix: lower };
  } catch (error) {
    if (error instanceof SparseError) {
      throw new CliError("invalid-matrix", `invalid matrix: ${path}: ${error.message}`);
    }
    throw error;
  }
  throw new CliError(
    "invalid-matrix",
    `unsymmetric matrix: ${path} is square and not symmetric`,
    "a Cholesky factor needs a symmetric matrix, or a rectangular one for A A'",
  );
}

function sameEntries(a: CscMatrix, b: CscMatrix): boolean {
  if (a.rowIdx.length !== b.rowIdx.length) return false;
  return (
    a.colPtr.every((start, j) => start === b.colPtr[j]) &&
    a.rowIdx.every((row, p) => row === b.rowIdx[p]) &&
    a.values.every((value, p) => value === b.values[p])
  );
}

function refuseIndefinite(path: string, factor: CholeskyFactor, { form }: Problem): never {
  const column = factor.column + 1;
  throw new CliError(
    "not-positive-definite",
    `not positive definite: ${form === "symmetric" ? path : `A A' of ${path}`}, at column ${column} (counted from 1)`,
    "--beta adds a multiple of the identity",
    column,
    1,
  );
}

/** (A + βI) x or (A A' + βI) x. */
function apply({ form, matrix }: Problem, beta: number, x: Float64Array): Float64Array {
  const y = Float64Array.from(x, (value) => beta * value);
  const { ncols, colPtr, rowIdx, values } = matrix;
  for (let j = 0; j < ncols; j++) {
    if (form === "symmetric") {
      for (let p = colPtr[j]; p < colPtr[j + 1]; p++) {
        const i = rowIdx[p];
        y[i] += values[p] * x[j];
        if (i !== j) y[j] += values[p] * x[i];
      }
    } else {
      let dot = 0;
      for (let p = colPtr[j]; p < colPtr[j + 1]; p++) dot += values[p] * x[rowIdx[p]];
      for (let p = colPtr[j]; p < colPtr[j + 1]; p++) y[rowIdx[p]] += values[p] * dot;
    }
  }
  return y;
}

/** ‖Mx − b‖∞ / (‖M‖∞ ‖x‖∞ + ‖b‖∞) for the factorized matrix M. */
function residual(problem: Problem, beta: number, x: Float64Array, b: Float64Array): number {
  const r = apply(problem, beta, x);
  for (let i = 0; i < r.length; i++) r[i] -= b[i];
  const scale = rowSumNorm(problem, beta) * maxAbs(x) + maxAbs(b);
  return scale === 0 ? 0 : maxAbs(r) / scale;
}

/**
 * ‖M‖∞, exactly for symmetric M. For A A' the bound ‖|A| |A'|‖∞ is used, which is exact where A has
 * no negative entries and needs no product to be formed.
 */
function rowSumNorm(problem: Problem, beta: number): number {
  const { matrix } = problem;
  const magnitudes: CscMatrix = { ...matrix, values: matrix.values.map(Math.abs) };
  const ones = new Float64Array(matrix.nrows).fill(1);
  if (problem.form === "AAt" || beta === 0)
    return maxAbs(apply({ ...problem, matrix: magnitudes }, beta, ones));
  // The shift may cancel a negative diagonal, so it is added before the absolute value is taken.
  const { colPtr, rowIdx } = matrix;
  for (let j = 0; j < matrix.ncols; j++) {
    for (let p = colPtr[j]; p < colPtr[j + 1]; p++) {
      if (rowIdx[p] === j) magnitudes.values[p] = Math.abs(matrix.values[p] + beta) - beta;
    }
  }
  return maxAbs(apply({ ...problem, matrix: magnitudes }, beta, ones));
}

function maxAbs(values: Float64Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}

interface CholeskyResult {
  readonly n: number;
  readonly nnz: number;
  readonly nnzL: number;
  readonly logDet: number;
  readonly rcond: number;
  readonly residual: number;
  readonly seconds: { readonly analyze: number; readonly factorize: number; readonly solve: number };
  readonly form: string;
  readonly ordering: string;
  readonly beta: number;
}

function resultText(path: string, result: CholeskyResult, { nrows, ncols }: CscMatrix): string {
  const { n, nnz, nnzL, logDet, rcond, residual: error, seconds, form, ordering, beta } = result;
  const what = beta === 0 ? form : `${form} + ${beta} I`;
  const milliseconds = (value: number) => `${(value * 1000).toFixed(2)} ms`;
  return `Cholesky factor of ${what}: ${path}
  matrix         ${nrows} x ${ncols}, ${nnz} entries${form === "A" ? " in one triangle" : ""}
  factor         ${n} x ${n}, ${nnzL} entries (ordering ${ordering})
  log det        ${logDet}
  rcond          ${rcond.toPrecision(3)} (estimate)
  residual       ${error.toExponential(2)}
  time           analyze ${milliseconds(seconds.analyze)}, factorize ${milliseconds(seconds.factorize)}, solve ${milliseconds(seconds.solve)}
`;
}
