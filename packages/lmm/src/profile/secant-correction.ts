/** Evaluations that go by before corrections begin: mostly the run has ended by then. */
const PATIENCE = 4;
/** Shorter steps, relative to the point, say more of rounding than of curvature. */
const SHORT = 1e-7;
/** An update whose denominator is this small against its factors is left out. */
const SAFE = 1e-6;

/**
 * Makes an approximate Hessian right along the steps taken: H + C with C built by symmetric rank-one updates, so that
 * (H + C)(x − x₋) = g − g₋ holds for the last step, and a run that would crawl converges superlinearly.
 *
 * Source: Nocedal & Wright (2006), *Numerical optimization*, §6.2 (SR1) and §10.3 (the structured secant condition).
 */
export class SecantCorrection {
  private readonly correction: Float64Array;
  private readonly x: Float64Array;
  private readonly gradient: Float64Array;
  private readonly step: Float64Array;
  private readonly rest: Float64Array;
  private count = 0;

  constructor(size: number) {
    this.correction = new Float64Array(size * size);
    this.x = new Float64Array(size);
    this.gradient = new Float64Array(size);
    this.step = new Float64Array(size);
    this.rest = new Float64Array(size);
  }

  /**
   * Learns from the step since the last call, and adds the correction.
   *
   * @param x, gradient where the objective was evaluated
   * @param hessian its approximation, size × size, symmetric; overwritten
   */
  correctInPlace(x: Float64Array, gradient: Float64Array, hessian: Float64Array): void {
    const { correction, step, rest } = this;
    const n = x.length;
    if (++this.count > PATIENCE) {
      let length = 0;
      let size = 1;
      for (let i = 0; i < n; i++) {
        step[i] = x[i] - this.x[i];
        length = Math.max(length, Math.abs(step[i]));
        size = Math.max(size, Math.abs(x[i]));
      }
      let along = 0;
      let restLength = 0;
      for (let i = 0; i < n; i++) {
        let value = gradient[i] - this.gradient[i];
        for (let j = 0; j < n; j++) value -= (hessian[j * n + i] + correction[j * n + i]) * step[j];
        rest[i] = value;
        along += value * step[i];
        restLength = Math.max(restLength, Math.abs(value));
      }
      if (length > SHORT * size && Math.abs(along) > SAFE * length * restLength) {
        for (let j = 0; j < n; j++) {
          for (let i = 0; i < n; i++) correction[j * n + i] += (rest[i] * rest[j]) / along;
        }
      }
    }
    this.x.set(x);
    this.gradient.set(gradient);
    for (let i = 0; i < hessian.length; i++) hessian[i] += correction[i];
  }
}
