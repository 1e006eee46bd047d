import { solveTrapezoidsInPlace } from "@lmmkit/dense";
import type { SolvePlan } from "./solve-system";
import { mostSides, type SupernodalWorkspace } from "./supernodal-workspace";
import type { SupernodePartition } from "./symbolic";

/**
 * Triangular solves with a supernodal L.
 *
 * A factor in the memory of the WebAssembly kernels is solved with there, up to `mostSides` right-hand sides at
 * a time: they are copied in (permuted on the way, if they are to be), entries of one row side by side, so that
 * every entry of L is read once for all of them, and copied back. One or two go one by one, without padding. A
 * small factor, or one without WebAssembly, is solved with in TypeScript, where the right-hand sides are. The
 * bits are the same either way, and do not depend on how many right-hand sides there are.
 */
export class SupernodalSolver {
  /** Right-hand sides at work; null where they are worked on where they are. */
  private readonly panel: Float64Array | null;

  constructor(
    private readonly n: number,
    private readonly work: SupernodalWorkspace,
  ) {
    this.panel = work.packing.instance === null ? null : work.allocate(n * mostSides);
  }

  /** Whether `solveInPlace` takes whole plans, permutations included. */
  get whole(): boolean {
    return this.panel !== null;
  }

  /** x ← L⁻¹ x (or L'⁻¹ x) for `ncols` columns from `offset` on, where they are. Allocates nothing. */
  solveTriangleInPlace(
    x: Float64Array,
    values: Float64Array,
    ncols: number,
    offset: number,
    trans: "none" | "transpose",
  ): void {
    for (let c = 0, base = offset; c < ncols; c++, base += this.n) {
      solveTrapezoidsInPlace(x, base, 1, trans, this.work.blocks, values, this.work.packing);
    }
  }

  /** All steps of a plan that has at least one triangle, for `ncols` columns from `offset` on. Allocates nothing. */
  solveInPlace(
    x: Float64Array,
    values: Float64Array,
    ncols: number,
    offset: number,
    plan: SolvePlan,
    permutation: Int32Array,
  ): void {
    const { n } = this;
    const { blocks, packing } = this.work;
    const panel = this.panel!;
    for (let c = 0, width = 0; c < ncols; c += width) {
      width = ncols - c < fewest ? 1 : Math.min(mostSides, ncols - c);
      const sides = width === 1 ? 1 : (width + 3) & ~3;
      const base = offset + c * n;
      loadPanel(x, base, n, width, sides, plan.permute ? permutation : null, panel);
      if (plan.lower) solveTrapezoidsInPlace(panel, 0, sides, "none", blocks, values, packing);
      if (plan.upper) solveTrapezoidsInPlace(panel, 0, sides, "transpose", blocks, values, packing);
      storePanel(x, base, n, width, sides, plan.unpermute ? permutation : null, panel);
    }
  }
}

/** Fewer right-hand sides than this go one by one. */
const fewest = 3;

/** Entry (k, c) of the panel from entry `from[k]`, or k, of column c; what pads the panel is zero. */
function loadPanel(
  x: Float64Array,
  base: number,
  n: number,
  width: number,
  sides: number,
  from: Int32Array | null,
  panel: Float64Array,
): void {
  for (let k = 0, to = 0; k < n; k++, to += sides) {
    let at = base + (from === null ? k : from[k]);
    for (let c = 0; c < width; c++, at += n) panel[to + c] = x[at];
    for (let c = width; c < sides; c++) panel[to + c] = 0;
  }
}

function storePanel(
  x: Float64Array,
  base: number,
  n: number,
  width: number,
  sides: number,
  to: Int32Array | null,
  panel: Float64Array,
): void {
  for (let k = 0, from = 0; k < n; k++, from += sides) {
    let at = base + (to === null ? k : to[k]);
    for (let c = 0; c < width; c++, at += n) x[at] = panel[from + c];
  }
}

/** The values of the entries of a pattern of L (rows sorted within columns) taken out of the blocks. */
export function gatherFromSupernodes(
  partition: SupernodePartition,
  colPtr: Int32Array,
  rowIdx: Int32Array,
  values: Float64Array,
): Float64Array {
  const { first, rowPtr, rows, valuePtr, ofColumn } = partition;
  const n = ofColumn.length;
  const out = new Float64Array(colPtr[n]);
  for (let j = 0; j < n; j++) {
    const s = ofColumn[j];
    const length = rowPtr[s + 1] - rowPtr[s];
    const column = valuePtr[s] + (j - first[s]) * length;
    let r = j - first[s];
    for (let p = colPtr[j]; p < colPtr[j + 1]; p++) {
      // Both lists increase, and the block has all rows of the pattern.
      while (rows[rowPtr[s] + r] !== rowIdx[p]) r++;
      out[p] = values[column + r];
    }
  }
  return out;
}
