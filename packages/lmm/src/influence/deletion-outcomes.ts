import { cholesky, gemmInto, LogProduct, logarithm } from "@lmmkit/dense";
import { inverseBlocksWork } from "../diagnostics/inverse-blocks";
import { RowReader } from "../diagnostics/row-reader";
import { LmmError } from "../errors";
import { fixedEffectsRoot } from "../inference/projected-system";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { workspaceOf } from "../model/workspace-of";
import { type DeletedFit, deletedSystem, deleteRows, deletionPairs } from "./deleted-system";
import type { DeletionSets } from "./deletion-sets";
import { type FitWithout, fitWithout } from "./refit-without";
import { RemainingRows } from "./remaining-rows";

/**
 * What came of one deletion.
 *
 * Numbers are there for `ok`, `singular` (the refit has a covariance on its boundary), `not-converged`, and at θ̂ for
 * `one-level` (a grouping factor has one level left, so its variance could not be estimated again). They are NaN for
 * `rank-deficient` (some fixed effect could not be estimated), `too-few-rows`, `perfect-fit`, `one-level` with θ
 * refitted, and `failed`. For `no-rows` nothing was deleted: every row of the set has weight zero.
 */
export type DeletionStatus =
  | "ok"
  | "singular"
  | "not-converged"
  | "one-level"
  | "rank-deficient"
  | "too-few-rows"
  | "perfect-fit"
  | "no-rows"
  | "failed";

/** What a deletion may change: everything but θ, or all. */
export type InfluenceRefit = "fixed-theta" | "full";

/** One deletion, before it is written into the tables. */
export interface DeletionOutcome {
  readonly status: DeletionStatus;
  readonly beta: Float64Array;
  readonly theta: ArrayLike<number>;
  readonly sigma: number;
  readonly criterion: number;
  /** Of β̂ without the rows. */
  readonly stdErrors: Float64Array;
  /** log(|vcov₍₎|/|vcov|). */
  readonly logCovRatio: number;
}

/** The outcome of each deletion, by its number. */
export function outcomes(
  model: LinearMixedModel,
  sets: DeletionSets,
  refit: InfluenceRefit,
  signal?: AbortSignal,
): (set: number) => DeletionOutcome {
  const remaining = new RemainingRows(model);
  const nothing = failedDeletion(model);
  const rowsOf = (s: number) => sets.rows.slice(sets.ptr[s], sets.ptr[s + 1]);
  const full = refit === "full";
  const quick = full || !worthPreparing(model, sets) ? null : quickOutcomes(model, sets);
  return (s) => {
    const rows = rowsOf(s);
    const p = model.beta.length;
    if (rows.length === 0) return { ...unchanged(model), status: "no-rows" };
    if (model.nobs - rows.length <= p) return { ...nothing, status: "too-few-rows" };
    const oneLevel = remaining.factorsOfOneLevel(rows).length > 0;
    if (oneLevel && full) return { ...nothing, status: "one-level" };
    const known = quick?.(rows) ?? null;
    if (known === null || known.doubtful) {
      if (remaining.losesRank(rows)) return { ...nothing, status: "rank-deficient" };
    }
    const outcome = known?.outcome ?? refitted(model, rows, !full, nothing, signal);
    return oneLevel && outcome.status === "ok" ? { ...outcome, status: "one-level" } : outcome;
  };
}

function refitted(
  model: LinearMixedModel,
  rows: Int32Array,
  keepTheta: boolean,
  nothing: DeletionOutcome,
  signal: AbortSignal | undefined,
): DeletionOutcome {
  let fit: FitWithout;
  try {
    fit = fitWithout(model, rows, keepTheta, signal);
  } catch (error) {
    if (!(error instanceof LmmError) || error.code === "aborted") throw error;
    return { ...nothing, status: error.code === "collinear-columns" ? "rank-deficient" : "failed" };
  }
  if (fit.status === "perfect-fit") return { ...nothing, status: "perfect-fit" };
  const p = model.beta.length;
  return {
    ...fit,
    stdErrors: Float64Array.from({ length: p }, (_, j) => Math.sqrt(fit.vcov[j * p + j])),
    logCovRatio: logDetOf(fit.vcov, p) - logDetOf(model.vcov, p),
  };
}

/** A deletion that leaves no numbers. */
export function failedDeletion({
  beta,
  theta,
}: LinearMixedModel): Omit<DeletionOutcome, "status"> & { status: "failed" } {
  const p = beta.length;
  return {
    status: "failed",
    beta: new Float64Array(p).fill(Number.NaN),
    theta: new Float64Array(theta.length).fill(Number.NaN),
    sigma: Number.NaN,
    criterion: Number.NaN,
    stdErrors: new Float64Array(p).fill(Number.NaN),
    logCovRatio: Number.NaN,
  };
}

function unchanged({
  beta,
  theta,
  sigma,
  criterion,
  vcov,
}: LinearMixedModel): Omit<DeletionOutcome, "status"> {
  const p = beta.length;
  const stdErrors = Float64Array.from({ length: p }, (_, j) => Math.sqrt(vcov[j * p + j]));
  return { beta, theta, sigma, criterion, stdErrors, logCovRatio: 0 };
}

/** From here on products of blocks pay. */
const MANY_COLUMNS = 64;
/** A pivot below this leaves it open whether the rest determines the fixed effects. */
const DOUBTFUL = 1e-6;

/** Outcomes at θ̂ from the inverse subset. */
function quickOutcomes(
  model: LinearMixedModel,
  sets: DeletionSets,
): (rows: Int32Array) => { outcome: DeletionOutcome; doubtful: boolean } | null {
  const deleted = deletedSystem(model, sets);
  const root = fixedEffectsRoot(deleted.system.workspace);
  const { beta, theta, pwrss, nobs, method, weights } = model;
  const p = beta.length;
  return (rows) => {
    const fit = deleteRows(deleted, rows);
    if (fit === null) return null;
    const df = nobs - rows.length - (method === "REML" ? p : 0);
    const left = Math.max(0, pwrss - fit.drop);
    const sigma = Math.sqrt(left / df);
    const out = betaWithout(beta, root, fit.change);
    const logSpread = logDetOfSpread(fit.spread, p);
    let logWeights = model.products.sumLogWeights;
    if (weights !== null) for (const r of rows) logWeights -= logarithm(weights[r]);
    // log|M| = log|L|² + log|RX|² falls by −log|I − H_SS| without the rows, log|RX|² by log|I + C|.
    const determinant = model.logDetL2 + fit.logDet + (method === "REML" ? model.logDetRX2 : logSpread);
    const outcome: DeletionOutcome = {
      status: "ok",
      beta: out,
      theta,
      sigma,
      criterion: determinant + df * (1 + logarithm((2 * Math.PI * left) / df)) - logWeights,
      stdErrors: stdErrorsWithout(root, fit.spread, p, sigma),
      logCovRatio: 2 * p * logarithm(sigma / model.sigma) + logSpread,
    };
    return { outcome, doubtful: fit.pivot < DOUBTFUL };
  };
}

/** β̂ − root·c; a function of its own, for engines optimize it as such. */
function betaWithout(beta: Float64Array, root: Float64Array, change: Float64Array): Float64Array {
  const p = beta.length;
  const out = beta.slice();
  for (let j = 0; j < p; j++) {
    const by = change[j];
    for (let i = 0; i < p; i++) out[i] -= root[j * p + i] * by;
  }
  return out;
}

/** log|I + S'S| = log|I + SS'|, by whichever is smaller. */
function logDetOfSpread({ root, rows }: DeletedFit["spread"], p: number): number {
  const size = Math.min(rows, p);
  const matrix = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    for (let i = 0; i <= j; i++) {
      let sum = i === j ? 1 : 0;
      if (rows <= p) for (let k = 0; k < p; k++) sum += root[k * rows + i] * root[k * rows + j];
      else for (let k = 0; k < rows; k++) sum += root[i * rows + k] * root[j * rows + k];
      matrix[j * size + i] = sum;
      matrix[i * size + j] = sum;
    }
  }
  return logDetOf(matrix, size);
}

/** σ√ of the diagonal of root (I + S'S) root'. */
function stdErrorsWithout(
  root: Float64Array,
  { root: s, rows }: DeletedFit["spread"],
  p: number,
  sigma: number,
): Float64Array {
  const squares = new Float64Array(p);
  for (let j = 0; j < p; j++) for (let i = 0; i < p; i++) squares[i] += root[j * p + i] ** 2;
  if (p >= MANY_COLUMNS) {
    const product = new Float64Array(p * rows);
    gemmInto("none", "transpose", p, rows, p, root, s, product);
    for (let m = 0; m < rows; m++) for (let i = 0; i < p; i++) squares[i] += product[m * p + i] ** 2;
    return squares.map((value) => sigma * Math.sqrt(value));
  }
  const row = new Float64Array(p);
  for (let m = 0; m < rows; m++) {
    row.fill(0);
    for (let j = 0; j < p; j++) for (let i = 0; i < p; i++) row[i] += root[j * p + i] * s[j * rows + m];
    for (let i = 0; i < p; i++) squares[i] += row[i] * row[i];
  }
  return squares.map((value) => sigma * Math.sqrt(value));
}

function logDetOf(matrix: Float64Array, p: number): number {
  const result = cholesky(matrix, p);
  if (result.status !== "ok") return Number.NaN;
  const product = new LogProduct();
  for (let j = 0; j < p; j++) product.times(result.factor[j * p + j]);
  return 2 * product.log();
}

/** Pairs of levels, beyond which cliques are not even listed. */
const MOST_PAIRS = 2.5e7;

/**
 * Whether the inverse between all levels of each set, and the small systems, are less work than one evaluation for
 * each set: levels nested in large sets speak against it, crossed factors for it.
 */
function worthPreparing(model: LinearMixedModel, sets: DeletionSets): boolean {
  const workspace = workspaceOf(model);
  const { factors } = model.design;
  const reader = new RowReader(workspace, model.frame);
  const p = model.beta.length;
  let pairs = 0;
  let dense = 0;
  let several = 0;
  for (let s = 0; s + 1 < sets.ptr.length; s++) {
    const count = sets.ptr[s + 1] - sets.ptr[s];
    if (count < 2) continue;
    several++;
    let levels = 0;
    let width = p;
    factors.forEach(({ ncols }, f) => {
      const own = new Set<number>();
      for (let i = sets.ptr[s]; i < sets.ptr[s + 1]; i++) own.add(reader.level(f, sets.rows[i]));
      levels += own.size;
      width += own.size * ncols;
    });
    pairs += (levels * (levels - 1)) / 2;
    // As `deleteRows` goes: rows as they are, or in the space that they span.
    dense +=
      count <= width
        ? count ** 3 / 3 + count * count * (10 * factors.length ** 2 + p) + count * p * p
        : width ** 3 + count * (reader.width + p) ** 2;
  }
  if (several === 0) return true;
  if (pairs > MOST_PAIRS) return false;
  const { symbolic } = workspace.factor;
  const each =
    symbolic.flops +
    4 * (p + 1) * symbolic.nnz +
    30 * workspace.system.rowIdx.length +
    3 * p * p * model.design.q +
    4 * p ** 3;
  if (dense > several * each) return false;
  const { pairs: list } = deletionPairs(model, reader, sets);
  const { flops, numbers } = inverseBlocksWork(workspace, list);
  return numbers < 1e8 && flops + dense < several * each;
}
