import { LogProduct } from "@lmmkit/dense";
import type { CscMatrix, Permutation } from "@lmmkit/sparse";
import { refillAAtInto } from "@lmmkit/sparse";
import { patternOfFactor } from "./build-symbolic";
import { checkUpdate } from "./check-input";
import { CholmodError } from "./errors";
import { FactorState } from "./factor-state";
import { addRow, deleteRow, modifyByColumns } from "./modify";
import { type SolveSystem, solvePlans } from "./solve-system";
import type { FactorType, Symbolic } from "./symbolic";

/**
 * What came of a factorization: "not-positive-definite" when a pivot of L L' was not positive, "zero-pivot"
 * when one of L D L' was zero.
 */
export type FactorStatus = "ok" | "not-positive-definite" | "zero-pivot";

/** Options of `update`. */
export interface UpdateOptions {
  /** β of A + βI or A A' + βI; 0 by default. */
  readonly beta?: number;
}

/** Options of `factorize`. */
export interface FactorizeOptions extends UpdateOptions {
  /** "LLt" (default) for positive definite matrices, "LDLt" for quasi-definite ones too. */
  readonly type?: FactorType;
}

/**
 * The factor of P (A + βI) P' or P (A A' + βI) P', which `update` computes anew, in place, for other values
 * on the same pattern. Made by `factorize`.
 */
export class CholeskyFactor {
  /** What came of the last matrix; when not "ok", only `update` is of use. */
  status: FactorStatus = "ok";
  /** Row and column of A (or A A') whose pivot failed, −1 when none did. */
  column = -1;
  /** Its place in the elimination order, as CHOLMOD's `minor`; n when no pivot failed. */
  minor: number;
  /** The β of the last matrix. */
  beta = 0;
  private readonly state: FactorState;
  private readonly product: Float64Array;

  /** Use `factorize`. */
  constructor(symbolic: Symbolic, type: FactorType = "LLt") {
    this.state = new FactorState(symbolic, type);
    this.minor = symbolic.n;
    this.product = new Float64Array(symbolic.aat === null ? 0 : symbolic.target.length);
  }

  /** The analysis, with a layout by columns and more entries of L where modifications needed them. */
  get symbolic(): Symbolic {
    return this.state.symbolic;
  }

  /** Whether the factor is L L' or L D L'. */
  get type(): FactorType {
    return this.state.type;
  }

  /** Entries of L, diagonal included. */
  get nnz(): number {
    return this.state.symbolic.nnz;
  }

  /** `permutation[k]` is the row and column of A that is eliminated k-th. */
  get permutation(): Permutation {
    return this.state.symbolic.permutation;
  }

  /**
   * Factorizes a matrix of the analyzed pattern: numeric work only, no allocation. Returns the factor
   * itself; look at `status`.
   *
   * The pattern is compared entry by entry unless the index arrays are those that were analyzed. Throws
   * `CholmodError` "pattern-mismatch" when it differs, "non-finite-value" on NaN or infinite values.
   */
  update(matrix: CscMatrix, options?: UpdateOptions): this {
    const { symbolic, values, layout } = this.state;
    const { n, target, diagonal, pattern, aat } = symbolic;
    const beta = options?.beta ?? 0;
    checkUpdate(matrix, pattern, beta);
    let source = matrix.values;
    if (aat !== null) {
      refillAAtInto(aat, matrix, this.product);
      source = this.product;
    }
    values.fill(0);
    for (let p = 0; p < target.length; p++) if (target[p] >= 0) values[target[p]] = source[p];
    if (beta !== 0) for (let j = 0; j < n; j++) values[diagonal[j]] += beta;
    this.beta = beta;
    this.settle(layout.factorizeInPlace(values));
    return this;
  }

  /**
   * The solution of one of the systems of `SolveSystem` for one or several right-hand sides.
   *
   * @param b right-hand sides of length n, one after the other (column-major); not changed
   * @returns a new array of the same length
   */
  solve(b: ArrayLike<number>, system: SolveSystem = "A"): Float64Array {
    const { n } = this.state.symbolic;
    if (n === 0 ? b.length !== 0 : b.length % n !== 0) {
      throw new CholmodError("dimension-mismatch", "wrong length of b", b.length, `need a multiple of ${n}`);
    }
    const x = Float64Array.from(b);
    this.solveInPlace(x, system, n === 0 ? 0 : b.length / n);
    return x;
  }

  /**
   * As `solve`, overwriting `ncols` right-hand sides that lie one after the other in `x` from `offset` on.
   * Many at once are several times as fast as one by one with a large supernodal factor, and give the same bits.
   * Allocates nothing. Throws `CholmodError` "not-positive-definite" when there is no factor to solve with,
   * "dimension-mismatch" when `ncols` or `offset` is no whole number from 0 on or `x` is too short.
   */
  solveInPlace(x: Float64Array, system: SolveSystem = "A", ncols = 1, offset = 0): void {
    const { values, layout, symbolic } = this.state;
    const last = offset + symbolic.n * ncols;
    if (!(isCount(offset) && isCount(ncols) && last <= x.length))
      throw misplaced(x.length, ncols, offset, last);
    const plan = solvePlans[system];
    if (plan?.lower === undefined) {
      throw new CholmodError(
        "unknown-system",
        "unknown system",
        system,
        'need "A", "LDLt", "LD", "DLt", "L", "Lt", "D", "P" or "Pt"',
      );
    }
    if (system !== "P" && system !== "Pt") this.requireFactor();
    layout.solveInPlace(x, values, ncols, offset, plan);
  }

  /**
   * log |A + βI| = 2 Σ log l_jj, or Σ log |d_j| for L D L' (the sign is that of `inertia`); NaN when a pivot
   * failed. Cost O(n).
   */
  logDet(): number {
    if (this.status !== "ok") return Number.NaN;
    const { values, symbolic, type } = this.state;
    const { n, diagonal } = symbolic;
    const product = new LogProduct();
    for (let j = 0; j < n; j++) product.times(Math.abs(values[diagonal[j]]));
    return type === "LLt" ? 2 * product.log() : product.log();
  }

  /**
   * A cheap estimate of the reciprocal condition number: (min l_jj / max l_jj)², or min |d_j| / max |d_j|;
   * 0 when a pivot failed, 1 for n = 0. The true one can be much smaller: for it see `inverseNorm1`. Cost O(n).
   */
  rcond(): number {
    if (this.status !== "ok") return 0;
    const { values, symbolic, type } = this.state;
    const { n, diagonal } = symbolic;
    if (n === 0) return 1;
    let least = Number.POSITIVE_INFINITY;
    let most = 0;
    for (let j = 0; j < n; j++) {
      const d = Math.abs(values[diagonal[j]]);
      if (d < least) least = d;
      if (d > most) most = d;
    }
    return type === "LLt" ? (least / most) ** 2 : least / most;
  }

  /** How many pivots are positive and negative: by Sylvester's law of inertia, eigenvalues of A + βI. O(n). */
  inertia(): { positive: number; negative: number } {
    this.requireFactor();
    const { values, symbolic } = this.state;
    let positive = 0;
    for (let j = 0; j < symbolic.n; j++) if (values[symbolic.diagonal[j]] > 0) positive++;
    return { positive, negative: symbolic.n - positive };
  }

  /**
   * L as a sparse matrix with exactly the entries that the analysis found; for L D L' its diagonal is one,
   * and `diagonal` has D. Allocates. Cost O(nnz(L)).
   */
  toSparse(): CscMatrix {
    this.requireFactor();
    const L = this.sparseFrom(this.state.values);
    if (this.type === "LDLt") for (let j = 0; j < L.ncols; j++) L.values[L.colPtr[j]] = 1;
    return L;
  }

  /** The diagonal of L, or D of L D L', length n. */
  diagonal(): Float64Array {
    this.requireFactor();
    const { values, symbolic } = this.state;
    return Float64Array.from(symbolic.diagonal, (p) => values[p]);
  }

  /**
   * The entries of (P (A + βI) P')⁻¹ on the pattern of L: the lower triangle, in the permuted order, so entry
   * (i, j) belongs to row `permutation[i]` and column `permutation[j]` of A. Every entry of A has its own
   * there; `inverseEntriesInto` gives them in A's own order, without allocation.
   *
   * Cost about twice that of the factorization. Throws `CholmodError` when a pivot failed.
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
    const { target } = this.state.symbolic;
    if (out.length < target.length) {
      throw new CholmodError("dimension-mismatch", "short out", out.length, `need ${target.length}`);
    }
    const inverse = this.currentInverse();
    for (let p = 0; p < target.length; p++) out[p] = target[p] < 0 ? 0 : inverse[target[p]];
  }

  /** Diagonal of (A + βI)⁻¹, in the order of A. Cost and failure as `inverseSubset`. */
  inverseDiagonal(): Float64Array {
    const { n, diagonal, permutation } = this.state.symbolic;
    const inverse = this.currentInverse();
    const out = new Float64Array(n);
    for (let k = 0; k < n; k++) out[permutation[k]] = inverse[diagonal[k]];
    return out;
  }

  /** Turns the factor into L D L' or L L', in place; throws "not-positive-definite" when D is not positive. */
  changeType(type: FactorType): this {
    this.requireFactor();
    this.state.changeType(type);
    return this;
  }

  /**
   * The factor of A + C C', without factorizing again; `update` starts from A alone again.
   *
   * C is n × k in the numbering of A. The factor becomes simplicial; where C joins rows that L does not join,
   * L gets more entries. Cost: for each column of C the entries of L on the path from its first row to the
   * root. Returns the factor; look at `status`.
   *
   * Source: Davis & Hager (1999), SIAM J. Matrix Anal. Appl. 20(3); (2001), 22(4).
   */
  rankUpdate(matrix: CscMatrix): this {
    return this.modify(() => modifyByColumns(this.state, matrix, 1));
  }

  /**
   * The factor of A − C C'; as `rankUpdate`. When that matrix is not positive definite the status says so,
   * and only `update` is of use afterwards.
   */
  rankDowndate(matrix: CscMatrix): this {
    return this.modify(() => modifyByColumns(this.state, matrix, -1));
  }

  /** The factor of A + βI with row and column `index` replaced by those of the identity. As `rankUpdate`. */
  deleteRow(index: number): this {
    return this.modify(() => deleteRow(this.state, index));
  }

  /**
   * The factor of A with a new row and column `index`, where it has none but the diagonal now, as after `deleteRow`;
   * else throws `CholmodError` "occupied-row" and leaves the factor as it is. As `rankUpdate`.
   *
   * @param column n × 1, the diagonal entry (with β, which is not added) among the others
   */
  addRow(index: number, column: CscMatrix): this {
    return this.modify(() => addRow(this.state, index, column));
  }

  private modify(change: () => number): this {
    this.requireFactor();
    this.state.makeSimplicial();
    this.settle(change());
    return this;
  }

  /** Notes what came of a factorization: −1, or the place of the pivot that failed. */
  private settle(failed: number): void {
    const { symbolic, type } = this.state;
    this.state.inverseIsCurrent = false;
    if (failed === -1) this.status = "ok";
    else this.status = type === "LLt" ? "not-positive-definite" : "zero-pivot";
    this.column = failed === -1 ? -1 : symbolic.permutation[failed];
    this.minor = failed === -1 ? symbolic.n : failed;
  }

  /** The inverse subset in the layout of L, computed once for each matrix. */
  private currentInverse(): Float64Array {
    this.requireFactor();
    const { state } = this;
    state.inverse ??= state.layout.allocate(state.values.length);
    if (!state.inverseIsCurrent) state.layout.inverseInto(state.values, state.inverse);
    state.inverseIsCurrent = true;
    return state.inverse;
  }

  private sparseFrom(values: Float64Array): CscMatrix {
    const { symbolic, layout } = this.state;
    const { colPtr, rowIdx } = patternOfFactor(symbolic);
    const onPattern = layout.onPattern(colPtr, rowIdx, values);
    return {
      nrows: symbolic.n,
      ncols: symbolic.n,
      colPtr: colPtr.slice(),
      rowIdx: rowIdx.slice(),
      values: onPattern,
    };
  }

  private requireFactor(): void {
    if (this.status === "ok") return;
    throw new CholmodError(
      "not-positive-definite",
      this.status === "zero-pivot" ? "zero pivot at column" : "matrix not positive definite at column",
      this.column,
      "look at factor.status before solving",
    );
  }
}

/** Whether a number is a whole one from 0 on. */
function isCount(value: number): boolean {
  return value >= 0 && Number.isInteger(value);
}

/** Why `ncols` columns from `offset` to `last` are not in x. */
function misplaced(length: number, ncols: number, offset: number, last: number): CholmodError {
  const code = "dimension-mismatch";
  for (const [name, value] of [
    ["ncols", ncols],
    ["offset", offset],
  ] as const) {
    if (!isCount(value))
      return new CholmodError(code, `invalid ${name}`, value, "need a whole number from 0 on");
  }
  return new CholmodError(code, "short x", length, `need ${last} numbers`);
}

/**
 * The factor of A + βI, or of A A' + βI, on an analyzed pattern.
 *
 * Not being positive definite is a status of the factor, with the column; see `CholeskyFactor.update` for
 * what throws. Cost: `symbolic.flops`.
 */
export function factorize(matrix: CscMatrix, symbolic: Symbolic, options?: FactorizeOptions): CholeskyFactor {
  return new CholeskyFactor(symbolic, options?.type).update(matrix, options);
}
