import { RandomStream } from "../random/random-stream";
import { chiSquareTails } from "./distributions/tails";
import { symmetricEigen } from "./symmetric-eigen";

/** A cone R^free × (positive semidefinite matrices of several sizes), with the metric of the parameters in it. */
export interface VarianceCone {
  /** Directions that no bound limits. */
  readonly free: number;
  /** Sizes m of the semidefinite blocks, each of m(m + 1)/2 entries by columns of the lower triangle. */
  readonly blocks: readonly number[];
  /**
   * The information of all these parameters, nuisance parameters profiled out: d×d, free ones first, then blocks;
   * null where it does not matter (a single variance).
   */
  readonly information: Float64Array | null;
}

/** The reference distribution of a likelihood ratio at a boundary, and the p-value that it gives. */
export interface ChiBarSquare {
  readonly kind: "chi-bar-square";
  readonly pValue: number;
  /** Weights of χ² distributions by degrees of freedom; null where the cone has no such finite mixture at hand. */
  readonly mixture: readonly { readonly df: number; readonly weight: number }[] | null;
  /** Of a p-value averaged over simulated directions; null where it is exact. */
  readonly simulation: { readonly draws: number; readonly seed: number; readonly stdError: number } | null;
}

/**
 * P(χ̄² ≥ t), χ̄² the squared length of the projection of a normal vector onto a cone of variances.
 *
 * One variance: ½χ²_f + ½χ²_{f+1}, f the number of free directions (covariances that come with it). Two independent
 * ones: weights by the angle between them. More, or a covariance matrix: the vector's length is χ² on d degrees of
 * freedom whatever its direction u, so that P = E{P(χ²_d ≥ t / |Π(u)|²)}, averaged over simulated directions; the
 * projection Π onto semidefinite matrices in the information metric is found by accelerated gradient steps.
 *
 * Source: Self & Liang (1987), J. Am. Stat. Assoc. 82; Stram & Lee (1994), Biometrics 50; Shapiro (1988), Int. Stat.
 * Rev. 56.
 */
export function chiBarSquare(t: number, cone: VarianceCone, draws = 4000, seed = 1): ChiBarSquare {
  const { free, blocks, information } = cone;
  const exact = exactWeights(cone);
  if (exact !== null) {
    const mixture = exact.map((weight, i) => ({ df: free + i, weight }));
    const pValue = mixture.reduce((sum, { df, weight }) => sum + weight * tail(t, df), 0);
    return { kind: "chi-bar-square", pValue, mixture, simulation: null };
  }
  if (information === null)
    return { kind: "chi-bar-square", pValue: Number.NaN, mixture: null, simulation: null };
  const d = free + blocks.reduce((sum, m) => sum + (m * (m + 1)) / 2, 0);
  const projector = new ConeProjector(cone, information, d);
  const stream = new RandomStream(seed);
  const z = new Float64Array(d);
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < draws; i++) {
    stream.normalsInto(z);
    const share = projector.share(z);
    const value = share > 0 ? tail(t / share, d) : t > 0 ? 0 : 1;
    sum += value;
    squares += value * value;
  }
  const pValue = sum / draws;
  const stdError = Math.sqrt(Math.max(0, squares / draws - pValue * pValue) / draws);
  return { kind: "chi-bar-square", pValue, mixture: null, simulation: { draws, seed, stdError } };
}

function tail(t: number, df: number): number {
  if (t <= 0) return 1;
  return df === 0 ? 0 : chiSquareTails(t, df).upper;
}

/** Weights of χ² on free, free + 1, … degrees of freedom; null when they are not known in closed form. */
function exactWeights({ free, blocks, information }: VarianceCone): number[] | null {
  if (blocks.length === 0) return [1];
  if (blocks.some((m) => m > 1)) return null;
  if (blocks.length === 1) return [0.5, 0.5];
  if (blocks.length > 2 || information === null) return null;
  const [a, b, c] = schurComplement(information, free, free + 2);
  // Covariance is the inverse of [a b; b c]: its correlation is −b/√(ac).
  const both = 0.25 + Math.asin(Math.max(-1, Math.min(1, -b / Math.sqrt(a * c)))) / (2 * Math.PI);
  return [0.5 - both, 0.5, both];
}

/** [s11, s12, s22] of what is left of the last two parameters when the first ones are profiled out. */
function schurComplement(information: Float64Array, first: number, d: number): [number, number, number] {
  const s = profiledInformation(
    information,
    d,
    Array.from({ length: first }, (_, i) => i),
    [first, first + 1],
  );
  return [s[0], s[1], s[3]];
}

/**
 * Information of some parameters when others are profiled out: I_kk − I_ko I_oo⁻¹ I_ok, by Gaussian elimination on
 * the parameters taken out, those without information left alone.
 *
 * @param information d×d
 */
export function profiledInformation(
  information: ArrayLike<number>,
  d: number,
  out: readonly number[],
  keep: readonly number[],
): Float64Array {
  const a = Float64Array.from(information);
  const left = new Set(out);
  for (let step = 0; step < out.length; step++) {
    let pivot = -1;
    let best = 0;
    for (const i of left) {
      const share = information[i * d + i] > 0 ? a[i * d + i] / information[i * d + i] : 0;
      if (share > best) [best, pivot] = [share, i];
    }
    if (best < 1e-10) break;
    left.delete(pivot);
    const own = a[pivot * d + pivot];
    const row = Float64Array.from({ length: d }, (_, j) => a[pivot * d + j]);
    for (let i = 0; i < d; i++) {
      if (i === pivot) continue;
      const factor = row[i] / own;
      for (let j = 0; j < d; j++) a[i * d + j] -= factor * row[j];
    }
  }
  const n = keep.length;
  const kept = new Float64Array(n * n);
  keep.forEach((i, r) => {
    keep.forEach((j, c) => {
      kept[r * n + c] = a[i * d + j];
    });
  });
  return kept;
}

/** Largest number of steps of a projection, and the change at which it is done. */
const MOST_STEPS = 500;
const DONE = 1e-7;

/** Projects normal vectors onto a cone in the metric of an information matrix. */
class ConeProjector {
  private readonly d: number;
  /** J = R'R scaled to coordinates in which semidefinite projections are orthogonal. */
  private readonly metric: Float64Array;
  /** J^{-1/2}: what makes standard normal vectors have covariance J⁻¹. */
  private readonly root: Float64Array;
  private readonly steepest: number;
  private readonly free: number;
  private readonly blocks: readonly number[];

  constructor({ free, blocks }: VarianceCone, information: Float64Array, d: number) {
    this.d = d;
    this.free = free;
    this.blocks = blocks;
    // Units: variances to information 1, covariances to match (scaling columns keeps a matrix semidefinite), and
    // √2 on entries off the diagonal, so that sums of squares are Frobenius norms.
    const scale = new Float64Array(d);
    for (let i = 0; i < free; i++) scale[i] = 1 / Math.sqrt(Math.max(information[i * d + i], 1e-300));
    let at = free;
    for (const m of blocks) {
      const own = Float64Array.from({ length: m }, (_, c) => {
        const position = at + diagonalPosition(m, c);
        return information[position * d + position] ** -0.25;
      });
      for (let c = 0; c < m; c++) {
        for (let r = c; r < m; r++) scale[at++] = (own[r] * own[c]) / (r === c ? 1 : Math.SQRT2);
      }
    }
    this.metric = information.map((value, i) => value * scale[i % d] * scale[Math.floor(i / d)]);
    const { values, vectors } = symmetricEigen(this.metric, d);
    this.steepest = values[0];
    this.root = new Float64Array(d * d);
    values.forEach((value, e) => {
      const factor = value > 1e-12 * values[0] ? 1 / Math.sqrt(value) : 0;
      for (let j = 0; j < d; j++) {
        for (let i = 0; i < d; i++) this.root[j * d + i] += factor * vectors[e * d + i] * vectors[e * d + j];
      }
    });
  }

  /** |Π(z)|²/|z|² in the metric, z = J^{-1/2} times the given standard normal vector. */
  share(normal: Float64Array): number {
    const { d, metric, steepest } = this;
    const z = this.times(this.root, normal);
    // Fast iterative shrinkage with restarts (Beck & Teboulle 2009; O'Donoghue & Candès 2015).
    let x = this.onCone(z.slice());
    let y = x.slice();
    let momentum = 1;
    const gap = new Float64Array(d);
    for (let step = 0; step < MOST_STEPS; step++) {
      for (let i = 0; i < d; i++) gap[i] = y[i] - z[i];
      const gradient = this.times(metric, gap);
      const next = this.onCone(y.map((value, i) => value - gradient[i] / steepest));
      let change = 0;
      let size = 0;
      let uphill = 0;
      for (let i = 0; i < d; i++) {
        change += (next[i] - x[i]) ** 2;
        size += next[i] ** 2;
        uphill += gradient[i] * (next[i] - x[i]);
      }
      const grown = uphill > 0 ? 1 : (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2;
      const factor = uphill > 0 ? 0 : (momentum - 1) / grown;
      y = next.map((value, i) => value + factor * (value - x[i]));
      momentum = grown;
      x = next;
      if (change <= DONE * DONE * Math.max(size, 1e-12)) break;
    }
    // |z|² is that of the standard normal vector; Π(z) is orthogonal to z − Π(z).
    let length = 0;
    for (const value of normal) length += value * value;
    const product = this.times(metric, x);
    let own = 0;
    for (let i = 0; i < d; i++) own += x[i] * product[i];
    return Math.min(1, own / length);
  }

  private times(matrix: Float64Array, x: Float64Array): Float64Array {
    const { d } = this;
    const out = new Float64Array(d);
    for (let j = 0; j < d; j++) for (let i = 0; i < d; i++) out[i] += matrix[j * d + i] * x[j];
    return out;
  }

  /** Each block without its negative eigenvalues, in place. */
  private onCone(x: Float64Array): Float64Array {
    let at = this.free;
    for (const m of this.blocks) {
      if (m === 1) x[at] = Math.max(0, x[at]);
      else {
        const matrix = new Float64Array(m * m);
        let from = at;
        for (let c = 0; c < m; c++) {
          for (let r = c; r < m; r++) {
            const value = r === c ? x[from] : x[from] / Math.SQRT2;
            matrix[c * m + r] = value;
            matrix[r * m + c] = value;
            from++;
          }
        }
        const { values, vectors } = symmetricEigen(matrix, m);
        if (values[m - 1] < 0) {
          from = at;
          for (let c = 0; c < m; c++) {
            for (let r = c; r < m; r++) {
              let sum = 0;
              for (let e = 0; e < m; e++) {
                if (values[e] > 0) sum += values[e] * vectors[e * m + r] * vectors[e * m + c];
              }
              x[from++] = r === c ? sum : sum * Math.SQRT2;
            }
          }
        }
      }
      at += (m * (m + 1)) / 2;
    }
    return x;
  }
}

/** Position of (c, c) in the lower triangle of an m×m matrix by columns. */
function diagonalPosition(m: number, c: number): number {
  return c * m - (c * (c - 1)) / 2;
}
