import type { CscMatrix, Permutation } from "@lmmkit/sparse";
import { refillAAtInto } from "@lmmkit/sparse";
import { patternOfFactor } from "./analyze";
import { samePattern } from "./check-input";
import { CholmodError } from "./errors";
import { createLayout, type FactorLayout } from "./layout";
import type { Symbolic } from "./symbolic";

/**
 * Which system `solve` solves, named as CHOLMOD names them. The factor is P A P' = L L', so D is the
 * identity: "LDLt" solves L L' x = b, "LD" is "L", "DLt" is "Lt", and "D" gives b back.
 * "P" gives P b and "Pt" gives P' b.
 */
export type SolveSystem = "A" | "LDLt" | "LD" | "DLt" | "L" | "Lt" | "D" | "P" | "Pt";

/** Options of `factorize` and `update`. */
export interface FactorizeOptions {
  /** β of A + βI or A A' + βI; 0 by default. */
  readonly beta?: number;
}

/**
 * The Cholesky factor of P (A + βI) P' or P (A A' + βI) P', which `update` computes anew, in place, for
 * other values on the same pattern.
 */
export class CholeskyFactor {
  readonly symbolic: Symbolic;
  /** Whether the last matrix was positive definite; when not, only `update` is of use. */
  status: "ok" | "not-positive-definite" = "ok";
  /** Row and column of A (or A A') at which the pivot was not positive, −1 when all were. */
  column = -1;
  /** Its place in the elimination order, as CHOLMOD's `minor`; n when all pivots were positive. */
  minor: number;
  /** The values of L, laid out as `symbolic` says. */
  private readonly values: Float64Array;
  private readonly product: Float64Array;
  private readonly layout: FactorLayout;
  private readonly vector: Float64Array;
  /** Entries of the inverse in the same layout; made when first asked for. */
  private inverse: Float64Array | null = null;
  private inverseIsCurrent = false;

  /** Use `factorize`. */
  constructor(symbolic: Symbolic) {
    this.symbolic = symbolic;
    this.minor = symbolic.n;
    this.values = new Float64Array(symbolic.valueCount);
    this.product = new Float64Array(symbolic.aat === null ? 0 : symbolic.target.length);
    this.layout = createLayout(symbolic);
    this.vector = new Float64Array(symbolic.n);
  }

  /** Entries of L, diagonal included. */
  get nnz(): number {
    return this.symbolic.nnz;
  }

  /** `permutation[k]` is the row and column of A that is eliminated k-th. */
  get permutation(): Permutation {
    return this.symbolic.permutation;
  }

  /**
   * Factorizes a matrix of the analyzed pattern: numeric work only, no allocation. Returns the factor
   * itself; look at `status`.
   *
   * The pattern is compared entry by entry unless the index arrays are those that were analyzed. Throws
   * `CholmodError` "pattern-mismatch" when it differs, "non-finite-value" on NaN or infinite values.
   */
  update(matrix: CscMatrix, options?: FactorizeOptions): this {
    const { symbolic, values } = this;
    const { n, target, diagonal, pattern } = symbolic;
    const beta = options?.beta ?? 0;
    if (!samePattern(matrix, pattern)) {
      throw new CholmodError(
        "pattern-mismatch",
        "pattern differs from the analyzed one",
        `${matrix.nrows} x ${matrix.ncols}`,
        "call analyze for the new pattern",
      );
    }
    checkValues(matrix, beta);
    let source = matrix.values;
    if (symbolic.aat !== null) {
      refillAAtInto(symbolic.aat, matrix, this.product);
      source = this.product;
    }
    values.fill(0);
    for (let p = 0; p < target.length; p++) if (target[p] >= 0) values[target[p]] = source[p];
    if (beta !== 0) for (let j = 0; j < n; j++) values[diagonal[j]] += beta;
    this.inverseIsCurrent = false;
    const failed = this.layout.factorizeInPlace(values);
    this.status = failed === -1 ? "ok" : "not-positive-definite";
    this.column = failed === -1 ? -1 : symbolic.permutation[failed];
    this.minor = failed === -1 ? n : failed;
    return this;
  }

  /**
   * The solution of one of the systems of `SolveSystem` for one or several right-hand sides.
   *
   * @param b right-hand sides of length n, one after the other (column-major); not changed
   * @returns a new array of the same length
   */
  solve(b: ArrayLike<number>, system: SolveSystem = "A"): Float64Array {
    const { n } = this.symbolic;
    if (n === 0 ? b.length !== 0 : b.length % n !== 0) {
      throw new CholmodError("dimension-mismatch", "wrong length of b", b.length, `need a multiple of ${n}`);
    }
    const x = Float64Array.from(b);
    this.solveInPlace(x, system, n === 0 ? 0 : b.length / n);
    return x;
  }

  /**
   * As `solve`, overwriting `ncols` right-hand sides that lie one after the other in `x` from `offset` on.
   * Allocates nothing. Throws `CholmodError` "not-positive-definite" when there is no factor to solve with.
   */
  solveInPlace(x: Float64Array, system: SolveSystem = "A", ncols = 1, offset = 0): void {
    const { n } = this.symbolic;
    if (!(offset >= 0 && ncols >= 0 && offset + n * ncols <= x.length)) {
      throw new CholmodError("dimension-mismatch", "short x", x.length, `need ${offset} + ${ncols} * ${n}`);
    }
    switch (system) {
      case "A":
        this.permuteInPlace(x, ncols, offset);
        this.solveLowerInPlace(x, ncols, offset);
        this.solveUpperInPlace(x, ncols, offset);
        this.unpermuteInPlace(x, ncols, offset);
        return;
      case "LDLt":
        this.solveLowerInPlace(x, ncols, offset);
        this.solveUpperInPlace(x, ncols, offset);
        return;
      case "L":
      case "LD":
        this.solveLowerInPlace(x, ncols, offset);
        return;
      case "Lt":
      case "DLt":
        this.solveUpperInPlace(x, ncols, offset);
        return;
      case "D":
        return;
      case "P":
        this.permuteInPlace(x, ncols, offset);
        return;
      case "Pt":
        this.unpermuteInPlace(x, ncols, offset);
        return;
      default:
        throw new CholmodError(
          "unknown-system",
          "unknown system",
          system,
          'need "A", "LDLt", "LD", "DLt", "L", "Lt", "D", "P" or "Pt"',
        );
    }
  }

  /** log |A + βI| = 2 Σ log l_jj; NaN when the matrix was not positive definite. Cost O(n). */
  logDet(): number {
    if (this.status !== "ok") return Number.NaN;
    const { n, diagonal } = this.symbolic;
    let sum = 0;
    for (let j = 0; j < n; j++) sum += Math.log(this.values[diagonal[j]]);
    return 2 * sum;
  }

  /**
   * A cheap estimate of the reciprocal condition number, (min l_jj / max l_jj)²: 0 when the matrix was not
   * positive definite, 1 for n = 0. It is never below the reciprocal of the true one's square root's square
   * by design; see the README for what it can and cannot tell. Cost O(n).
   */
  rcond(): number {
    if (this.status !== "ok") return 0;
    const { n, diagonal } = this.symbolic;
    if (n === 0) return 1;
    let least = this.values[diagonal[0]];
    let most = least;
    for (let j = 1; j < n; j++) {
      const d = this.values[diagonal[j]];
      if (d < least) least = d;
      else if (d > most) most = d;
    }
    return (least / most) ** 2;
  }

  /** L as a sparse matrix with exactly the entries that the analysis found; allocates. Cost O(nnz(L)). */
  toSparse(): CscMatrix {
    this.requireFactor();
    return this.sparseFrom(this.values);
  }

  /**
   * The entries of (P (A + βI) P')⁻¹ on the pattern of L: the lower triangle, in the permuted order, so entry
   * (i, j) belongs to row `permutation[i]` and column `permutation[j]` of A. Every entry of A has its own
   * there; `inverseEntriesInto` gives them in A's own order, without allocation.
   *
   * Cost about twice that of the factorization. Throws `CholmodError` when A was not positive definite.
   *
   * Source: Takahashi, Fagan & Chin (1973); Erisman & Tinney (1975), CACM 18(3).
   */
  inverseSubset(): CscMatrix {
    return this.sparseFrom(this.currentInverse());
  }

  /**
   * The entries of (A + βI)⁻¹ at the places where A has entries: `out[p]` belongs to the entry whose value is
   * `A.values[p]`; entries of the triangle that is not read get 0. For A A' the places are those of
   * `symbolic.aat.pattern`.
   *
   * These are the derivatives of log |A + βI| with respect to the values (twice, off the diagonal). The
   * first call allocates, later ones do not. Cost and failure as `inverseSubset`.
   *
   * @param out length of A's entries, overwritten
   */
  inverseEntriesInto(out: Float64Array): void {
    const { target } = this.symbolic;
    if (out.length < target.length) {
      throw new CholmodError("dimension-mismatch", "short out", out.length, `need ${target.length}`);
    }
    const inverse = this.currentInverse();
    for (let p = 0; p < target.length; p++) out[p] = target[p] < 0 ? 0 : inverse[target[p]];
  }

  /** Diagonal of (A + βI)⁻¹, in the order of A. Cost and failure as `inverseSubset`. */
  inverseDiagonal(): Float64Array {
    const { n, diagonal, permutation } = this.symbolic;
    const inverse = this.currentInverse();
    const out = new Float64Array(n);
    for (let k = 0; k < n; k++) out[permutation[k]] = inverse[diagonal[k]];
    return out;
  }

  /** The inverse subset in the layout of L, computed once for each matrix. */
  private currentInverse(): Float64Array {
    this.requireFactor();
    this.inverse ??= new Float64Array(this.values.length);
    if (!this.inverseIsCurrent) this.layout.inverseInto(this.values, this.inverse);
    this.inverseIsCurrent = true;
    return this.inverse;
  }

  private sparseFrom(values: Float64Array): CscMatrix {
    const { n } = this.symbolic;
    const { colPtr, rowIdx } = patternOfFactor(this.symbolic);
    const onPattern = this.layout.onPattern(colPtr, rowIdx, values);
    return { nrows: n, ncols: n, colPtr: colPtr.slice(), rowIdx: rowIdx.slice(), values: onPattern };
  }

  private requireFactor(): void {
    if (this.status === "ok") return;
    throw new CholmodError(
      "not-positive-definite",
      "matrix not positive definite at column",
      this.column,
      "look at factor.status before solving",
    );
  }

  private solveLowerInPlace(x: Float64Array, ncols: number, offset: number): void {
    this.requireFactor();
    this.layout.solveLowerInPlace(x, this.values, ncols, offset);
  }

  private solveUpperInPlace(x: Float64Array, ncols: number, offset: number): void {
    this.requireFactor();
    this.layout.solveUpperInPlace(x, this.values, ncols, offset);
  }

  private permuteInPlace(x: Float64Array, ncols: number, offset: number): void {
    const { n, permutation } = this.symbolic;
    const { vector } = this;
    for (let c = 0, base = offset; c < ncols; c++, base += n) {
      for (let k = 0; k < n; k++) vector[k] = x[base + permutation[k]];
      for (let k = 0; k < n; k++) x[base + k] = vector[k];
    }
  }

  private unpermuteInPlace(x: Float64Array, ncols: number, offset: number): void {
    const { n, permutation } = this.symbolic;
    const { vector } = this;
    for (let c = 0, base = offset; c < ncols; c++, base += n) {
      for (let k = 0; k < n; k++) vector[permutation[k]] = x[base + k];
      for (let k = 0; k < n; k++) x[base + k] = vector[k];
    }
  }
}

/** Throws unless β and every value is finite. x − x is 0 for a finite x and NaN otherwise. */
function checkValues(matrix: CscMatrix, beta: number): void {
  const { values } = matrix;
  const count = matrix.colPtr[matrix.ncols];
  if (values.length < count) {
    throw new CholmodError(
      "dimension-mismatch",
      "short values",
      values.length,
      `the pattern has ${count} entries`,
    );
  }
  let sum = beta - beta;
  for (let p = 0; p < count; p++) sum += values[p] - values[p];
  if (sum === 0) return;
  const at = values.subarray(0, count).findIndex((x) => !Number.isFinite(x));
  if (at === -1)
    throw new CholmodError("non-finite-value", "non-finite beta", beta, "beta must be a finite number");
  throw new CholmodError(
    "non-finite-value",
    `non-finite value at entry ${at}`,
    values[at],
    "every value must be finite",
  );
}

/**
 * The Cholesky factor of A + βI, or of A A' + βI, on an analyzed pattern.
 *
 * Not being positive definite is a status of the factor, with the column; see `CholeskyFactor.update` for
 * what throws. Cost: `symbolic.flops`.
 */
export function factorize(matrix: CscMatrix, symbolic: Symbolic, options?: FactorizeOptions): CholeskyFactor {
  return new CholeskyFactor(symbolic).update(matrix, options);
}
