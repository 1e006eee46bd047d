import { factorizeSmallInPlace, solveSmallInPlace } from "./small-solve";

/**
 * A limited-memory BFGS matrix in compact form, `B = theta I - W M W'`, from the last few steps s and gradient
 * changes y: `W = [Y, theta S]`, `M = [[-D, L'], [L, theta S'S]]^-1`, with D and L the diagonal and the strictly lower
 * triangle of S'Y.
 *
 * Source: Byrd, Nocedal, Schnabel (1994), Representations of quasi-Newton matrices; Byrd, Lu, Nocedal, Zhu (1995), A
 * limited memory algorithm for bound constrained optimization, SIAM J. Sci. Comput. 16, equations (3.2) to (3.4).
 */
export class LbfgsMemory {
  /** Number of pairs that are kept. */
  count = 0;
  /** Scale of the identity, `y'y / s'y` of the last pair. */
  theta = 1;
  private readonly steps: Float64Array[];
  private readonly changes: Float64Array[];
  private readonly factors: Float64Array;
  private readonly pivots: Int32Array;

  constructor(
    readonly n: number,
    readonly capacity: number,
  ) {
    this.steps = Array.from({ length: capacity }, () => new Float64Array(n));
    this.changes = Array.from({ length: capacity }, () => new Float64Array(n));
    this.factors = new Float64Array(4 * capacity * capacity);
    this.pivots = new Int32Array(2 * capacity);
  }

  /** Columns of W. */
  get width(): number {
    return 2 * this.count;
  }

  /** Forgets all pairs: B = I. */
  clear(): void {
    this.count = 0;
    this.theta = 1;
  }

  /**
   * Takes in a pair, dropping the oldest when full. Pairs without positive curvature are left out.
   *
   * @param step s, length n
   * @param change y, length n
   */
  add(step: Float64Array, change: Float64Array): void {
    let curvature = 0;
    let changeSq = 0;
    for (let i = 0; i < this.n; i++) {
      curvature += step[i] * change[i];
      changeSq += change[i] * change[i];
    }
    if (!(curvature > Number.EPSILON * changeSq)) return;
    if (this.count === this.capacity) {
      this.steps.push(this.steps.shift() as Float64Array);
      this.changes.push(this.changes.shift() as Float64Array);
      this.count--;
    }
    this.steps[this.count].set(step);
    this.changes[this.count].set(change);
    this.count++;
    this.theta = changeSq / curvature;
    this.factorize();
  }

  /** Row i of W, into `out` (length `width`). */
  rowInto(i: number, out: Float64Array): void {
    const { count, theta } = this;
    for (let k = 0; k < count; k++) {
      out[k] = this.changes[k][i];
      out[count + k] = theta * this.steps[k][i];
    }
  }

  /** `out = W' v`. */
  transposeTimesInto(vector: Float64Array, out: Float64Array): void {
    const { count, n, theta } = this;
    for (let k = 0; k < count; k++) {
      let byChange = 0;
      let byStep = 0;
      for (let i = 0; i < n; i++) {
        byChange += this.changes[k][i] * vector[i];
        byStep += this.steps[k][i] * vector[i];
      }
      out[k] = byChange;
      out[count + k] = theta * byStep;
    }
  }

  /** `vector = M vector`. */
  middleInPlace(vector: Float64Array): void {
    solveSmallInPlace(this.width, this.factors, this.pivots, vector);
  }

  private factorize(): void {
    const { count, theta, n } = this;
    const width = 2 * count;
    for (let a = 0; a < count; a++) {
      for (let b = 0; b < count; b++) {
        let stepChange = 0;
        let stepStep = 0;
        for (let i = 0; i < n; i++) {
          stepChange += this.steps[a][i] * this.changes[b][i];
          stepStep += this.steps[a][i] * this.steps[b][i];
        }
        this.factors[a * width + b] = a === b ? -stepChange : 0;
        const lower = a > b ? stepChange : 0;
        this.factors[(count + a) * width + b] = lower;
        this.factors[b * width + count + a] = lower;
        this.factors[(count + a) * width + count + b] = theta * stepStep;
      }
    }
    for (let a = 0; a < count; a++) for (let b = 0; b < a; b++) this.factors[a * width + b] = 0;
    if (!factorizeSmallInPlace(width, this.factors, this.pivots)) this.clear();
  }
}
