/** The given Hessian is doubted when it misses the change of the objective by more than this share of it. */
const DOUBTFUL = 0.2;
/** And the correction is believed when it would have missed by less than this share of that. */
const BETTER = 0.5;

/**
 * What an approximate Hessian leaves out, learned from the gradients along the way.
 *
 * The correction S is updated after every step, symmetrically and with rank one, to satisfy (H + S)s = y, the change of
 * the gradient. It is used for the next step only where it would have foretold the last change of the objective much
 * better than H alone; so it changes nothing where H is good.
 *
 * Source: Dennis, Gay and Welsch (1981), An adaptive nonlinear least-squares algorithm, ACM TOMS 7(3), section 3 (the
 * choice between the two models); Conn, Gould and Toint (2000), Trust-region methods, section 8.4.1.2 (the update).
 */
export class SecantCorrection {
  /** S, n x n, symmetric. */
  readonly matrix: Float64Array;
  /** Whether the next step should use H + S. */
  inUse = false;
  private readonly n: number;
  private readonly missing: Float64Array;

  constructor(n: number) {
    this.n = n;
    this.matrix = new Float64Array(n * n);
    this.missing = new Float64Array(n);
  }

  /**
   * Takes in a step that was taken.
   *
   * @param step s, length n
   * @param before gradient and given Hessian where the step began
   * @param after the same where it ended
   * @param actual change of the objective
   */
  learn(
    step: Float64Array,
    before: { readonly gradient: Float64Array; readonly hessian: Float64Array },
    after: { readonly gradient: Float64Array; readonly hessian: Float64Array },
    actual: number,
  ): void {
    const { n, matrix, missing } = this;
    let linear = 0;
    let quadratic = 0;
    let corrected = 0;
    for (let i = 0; i < n; i++) {
      let given = 0;
      let later = 0;
      let own = 0;
      for (let j = 0; j < n; j++) {
        given += before.hessian[i * n + j] * step[j];
        later += after.hessian[i * n + j] * step[j];
        own += matrix[i * n + j] * step[j];
      }
      missing[i] = after.gradient[i] - before.gradient[i] - later - own;
      linear += before.gradient[i] * step[i];
      quadratic += 0.5 * step[i] * given;
      corrected += 0.5 * step[i] * own;
    }
    const miss = Math.abs(linear + quadratic - actual);
    const missCorrected = Math.abs(linear + quadratic + corrected - actual);
    this.inUse = miss > DOUBTFUL * Math.abs(actual) && missCorrected < BETTER * miss;
    let lengthSq = 0;
    let restSq = 0;
    let rest = 0;
    for (let i = 0; i < n; i++) {
      rest += missing[i] * step[i];
      restSq += missing[i] * missing[i];
      lengthSq += step[i] * step[i];
    }
    // Skipped where it would be huge, with the source's constant.
    if (!(Math.abs(rest) > 1e-8 * Math.sqrt(restSq) * Math.sqrt(lengthSq))) return;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) matrix[i * n + j] += (missing[i] * missing[j]) / rest;
    }
    if (!matrix.every(Number.isFinite)) matrix.fill(0);
  }
}
