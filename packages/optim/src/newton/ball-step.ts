/** The vectors of {@link ballStepInto}; allocated once for the largest n. */
export interface BallWork {
  /** Eigenvalues of the (sub)matrix, ascending. */
  readonly values: Float64Array;
  /** Eigenvectors by rows, stride n. */
  readonly vectors: Float64Array;
  /** Components of the gradient along the eigenvectors. */
  readonly projections: Float64Array;
}

/** What {@link ballStepInto} found besides the step. */
export type BallOutcome = "interior" | "boundary" | "hard-case";

/** Allocates the vectors of {@link ballStepInto} for n variables. */
export function createBallWork(n: number): BallWork {
  return {
    values: new Float64Array(n),
    vectors: new Float64Array(n * n),
    projections: new Float64Array(n),
  };
}

/**
 * Minimizes a quadratic in a ball, exactly: `min g'd + 1/2 d'H d` over `|d| <= radius`.
 *
 * With the eigenvectors q_i of H (values v_i), the solution is `d = -sum (q_i'g) / (v_i + shift) q_i` for the one
 * shift >= max(0, -v_1) with |d| = radius, or shift 0 when that step is inside. The shift comes from Newton's method
 * on `1/|d| - 1/radius`, which is nearly linear in it. In the hard case the gradient has no part along q_1 and v_1 is
 * negative: the shift is -v_1, and a multiple of q_1 fills the radius; this is how the method leaves saddle points.
 *
 * Source: Moré and Sorensen (1983), Computing a trust region step, SIAM J. Sci. Stat. Comput. 4, sections 2 and 3;
 * Conn, Gould and Toint (2000), Trust-region methods, section 7.3.
 *
 * @param n number of variables
 * @param work `values` and `vectors` (stride n) are the eigen-decomposition of H; `projections` is overwritten
 * @param gradient g, length n
 * @param radius positive
 * @param outStep length n
 * @returns where the step lies; in the hard case the opposite sign along q_1 is as good
 *
 * Cost: 2 n² multiplications. No allocation.
 */
export function ballStepInto(
  n: number,
  work: BallWork,
  gradient: Float64Array,
  radius: number,
  outStep: Float64Array,
): BallOutcome {
  const { values, vectors, projections } = work;
  let largest = 0;
  let gradientSq = 0;
  for (let k = 0; k < n; k++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += vectors[k * n + i] * gradient[i];
    projections[k] = sum;
    gradientSq += sum * sum;
    largest = Math.max(largest, Math.abs(values[k]));
  }
  const gradientNorm = Math.sqrt(gradientSq);
  const least = values[0];
  // Below this a curvature is rounding error of the largest one.
  const flat = 1e-14 * largest;

  if (least > flat) {
    if (stepLength(n, work, least, 0) <= radius) {
      assemble(n, work, least, 0, outStep);
      return "interior";
    }
  } else {
    // The part of the gradient in the lowest eigenspace decides between the easy and the hard case.
    let lowest = 0;
    while (lowest < n && values[lowest] <= least + flat) lowest++;
    let lowestSq = 0;
    for (let k = 0; k < lowest; k++) lowestSq += projections[k] * projections[k];
    if (lowestSq <= 1e-30 * gradientSq || gradientNorm === 0) {
      const excess = Math.max(0, least);
      const length = stepLength(n, work, excess, lowest);
      if (length <= radius) {
        assemble(n, work, excess, lowest, outStep);
        if (least >= -flat) return "interior"; // flat, not downhill: nothing to gain along q_1
        const along = Math.sqrt(Math.max(0, radius * radius - length * length));
        for (let i = 0; i < n; i++) outStep[i] += along * vectors[i];
        return "hard-case";
      }
    }
  }

  assemble(n, work, findExcess(n, work, radius, gradientNorm), 0, outStep);
  return "boundary";
}

/**
 * Length of the step for a shift of `excess - v_1`, leaving out the first `skip` eigenvectors.
 *
 * The excess over the least admissible shift is kept instead of the shift itself: near the hard case the two differ
 * by a rounding error of v_1, on which everything depends.
 */
function stepLength(n: number, work: BallWork, excess: number, skip: number): number {
  const { values, projections } = work;
  let sum = 0;
  for (let k = skip; k < n; k++) {
    if (projections[k] === 0) continue;
    const component = projections[k] / (values[k] - values[0] + excess);
    sum += component * component;
  }
  return Math.sqrt(sum);
}

/** Puts the step for a shift of `excess - v_1` together. */
function assemble(n: number, work: BallWork, excess: number, skip: number, outStep: Float64Array): void {
  const { values, vectors, projections } = work;
  for (let i = 0; i < n; i++) outStep[i] = 0;
  for (let k = skip; k < n; k++) {
    if (projections[k] === 0) continue;
    const component = -projections[k] / (values[k] - values[0] + excess);
    for (let i = 0; i < n; i++) outStep[i] += component * vectors[k * n + i];
  }
}

/** Finds the excess, between max(0, v_1) and |g| / radius, for which the step has the length of the radius. */
function findExcess(n: number, work: BallWork, radius: number, gradientNorm: number): number {
  const { values, projections } = work;
  let low = Math.max(0, values[0]);
  let high = Math.max(low, gradientNorm / radius);
  // Start where the lowest component alone has the length of the radius: to the left of the root.
  let excess = Math.max(low, Math.abs(projections[0]) / radius);
  if (!(excess > low)) excess = low + 0.5 * (high - low);
  for (let iteration = 0; iteration < 200; iteration++) {
    let lengthSq = 0;
    let slopeSq = 0;
    for (let k = 0; k < n; k++) {
      if (projections[k] === 0) continue;
      const shifted = values[k] - values[0] + excess;
      const component = projections[k] / shifted;
      lengthSq += component * component;
      slopeSq += (component * component) / shifted;
    }
    const length = Math.sqrt(lengthSq);
    if (Math.abs(length - radius) <= 1e-12 * radius) break;
    if (length > radius) low = excess;
    else high = excess;
    let next = excess + ((length - radius) / radius) * (lengthSq / slopeSq);
    if (!(next > low && next < high)) next = low + 0.5 * (high - low);
    if (next === excess || !(high - low > 1e-16 * high)) break;
    excess = next;
  }
  return excess;
}
