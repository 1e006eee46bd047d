import type { ModelColumn, ModelFrame } from "@lmmkit/formula";
import { addColumn } from "../model/fitted-values";
import type { RandomStream } from "../random/random-stream";

/** One random-effects term whose effects are drawn anew. */
export interface DrawnTerm {
  /** Position of the term in the frame's `random`. */
  readonly frameIndex: number;
  /** Covariance root of its effects, σT, k×k, column-major. */
  readonly root: Float64Array;
}

/** What a frame must have of a response's rows. */
export type SimulatedRows = Pick<ModelFrame, "nobs" | "random" | "weights">;

/**
 * Draws responses: mean + Σ_t Z_t b_t + e, b_t = σT_t u_t for the terms that are drawn, e_r = σ/√w_r times a
 * standard normal number.
 *
 * Numbers are taken from the stream in this order: the terms as given, of each its levels, of each level its k
 * numbers; then one per row. Rows of weight zero count nowhere and get noise as if their weight were one.
 */
export class ResponseSimulator {
  private readonly rows: SimulatedRows;
  private readonly mean: Float64Array;
  private readonly drawn: readonly DrawnTerm[];
  private readonly noise: Float64Array | number;

  /** @param mean offset, fixed effects and whatever is not drawn, one number per row; kept */
  constructor(rows: SimulatedRows, mean: Float64Array, drawn: readonly DrawnTerm[], sigma: number) {
    this.rows = rows;
    this.mean = mean;
    this.drawn = drawn;
    this.noise =
      rows.weights === null ? sigma : rows.weights.map((w) => (w > 0 ? sigma / Math.sqrt(w) : sigma));
  }

  /** One response; new. Cost: n + q normal numbers and a pass over the rows for each column of Z. */
  draw(stream: RandomStream): Float64Array {
    const out = this.mean.slice();
    for (const { frameIndex, root } of this.drawn) {
      const { group, design } = this.rows.random[frameIndex];
      addRandomTerm(design.columns, group.codes, group.levels.length, root, stream, out);
    }
    const { noise } = this;
    for (let r = 0; r < out.length; r++) {
      out[r] += (typeof noise === "number" ? noise : noise[r]) * stream.normal();
    }
    return out;
  }
}

/** out += Zb with b = root·u for every level. */
function addRandomTerm(
  columns: readonly ModelColumn[],
  codes: Int32Array,
  nlevels: number,
  root: Float64Array,
  stream: RandomStream,
  out: Float64Array,
): void {
  const k = columns.length;
  const u = new Float64Array(k);
  const effects = new Float64Array(nlevels * k);
  for (let l = 0; l < nlevels; l++) {
    stream.normalsInto(u);
    for (let a = 0; a < k; a++) {
      let sum = 0;
      for (let c = 0; c < k; c++) sum += root[c * k + a] * u[c];
      effects[a * nlevels + l] = sum;
    }
  }
  columns.forEach((column, c) => {
    addColumn(column, codes, effects, c * nlevels, out);
  });
}
