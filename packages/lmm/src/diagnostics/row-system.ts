import { LmmError } from "../errors";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { workspaceOf } from "../model/workspace-of";
import { rightSolveTransposedInPlace } from "../pls/blocks";
import type { PlsWorkspace } from "../pls/workspace";
import { type InverseBlocks, inverseBlocks } from "./inverse-blocks";
import type { ExtraPairs } from "./level-pairs";
import type { RowReader } from "./row-reader";

/** Rows read at once. */
const CHUNK = 512;
/** Multiply–adds beyond which rows are refused (minutes): thousands of columns of X in a hundred thousand rows. */
const MOST_WORK = 2e11;

/**
 * What is known of single rows from the factor at hand.
 *
 * With a = Λ'z, W = (Λ'Z'ZΛ + I)⁻¹ and X brought to a basis in which X'V⁻¹X = I, the variance of
 * x'β̂ + z'b̂ − x'β − z'b is σ²(a'Wa + g'g), where g is the row of X less what the random effects take of it.
 */
export interface RowSystem {
  readonly workspace: PlsWorkspace;
  readonly inverse: InverseBlocks;
  /** WΛ'Z'X in that basis: q×p, column-major. */
  readonly onRandom: Float64Array;
}

/**
 * Evaluates at θ (θ̂ by default) and prepares for rows.
 *
 * @param extra pairs of levels that the rows need and the data have not; see `PairCollector`
 * Cost: one evaluation, one inverse subset, p solves.
 */
export function rowSystem(
  model: LinearMixedModel,
  extra?: ExtraPairs,
  theta: ArrayLike<number> = model.theta,
): RowSystem {
  const workspace = workspaceOf(model);
  workspace.evaluate(theta);
  const { design, factor, rzx, rxt, p } = workspace;
  const { q } = design;
  const onRandom = rzx.slice(0, p * q);
  factor.solveInPlace(onRandom, "Lt", p);
  factor.solveInPlace(onRandom, "Pt", p);
  rightSolveTransposedInPlace(onRandom, q, rxt, p);
  return { workspace, inverse: inverseBlocks(workspace, extra), onRandom };
}

/** One row as `eachRow` shows it; the arrays are used again for the next row. */
export interface RowView {
  row: number;
  /** a'Wa. */
  random: number;
  /** g, length p. */
  readonly fixed: Float64Array;
  /** a, factor by factor. */
  readonly scaled: Float64Array;
}

/**
 * Visits the rows in order with a'Wa and g.
 *
 * @param visit reads the view at once: it is overwritten
 * @throws LmmError `too-large` where X is so wide that it would take many minutes
 * Cost: for each row p² (p for each entry of X where they are few) and the square of its columns of Z.
 */
export function eachRow(system: RowSystem, reader: RowReader, visit: (view: RowView) => void): void {
  const { workspace, onRandom } = system;
  const { design, rxt, p } = workspace;
  const sparse = reader.sparseFixed();
  const work = reader.nobs * (sparse === null ? p * p : sparse.workPerRow + p * reader.width);
  if (work > MOST_WORK) {
    throw new LmmError(
      "too-large",
      `too large question: ${work.toExponential(1)} operations for ${reader.nobs} rows and ${p} fixed effects`,
      work,
      "ask for fewer rows at a time, or make the widest factor a random effect",
    );
  }
  const basis = new Float64Array(sparse === null ? CHUNK * p : 0);
  const view: RowView = {
    row: 0,
    random: 0,
    fixed: new Float64Array(p),
    scaled: new Float64Array(reader.width),
  };
  const { offsets } = reader;
  for (let first = 0; first < reader.nobs; first += CHUNK) {
    const count = Math.min(CHUNK, reader.nobs - first);
    if (sparse === null) {
      reader.fixedBasisInto(first, count, basis);
      rightSolveTransposedInPlace(basis, count, rxt, p);
    }
    for (let r = 0; r < count; r++) {
      view.row = first + r;
      reader.scaledRandomInto(view.row, view.scaled, 0);
      if (sparse === null) for (let j = 0; j < p; j++) view.fixed[j] = basis[j * count + r];
      else sparse.rowInto(view.row, view.fixed);
      design.factors.forEach(({ start, ncols: k }, f) => {
        const level = reader.level(f, view.row);
        if (level < 0) return;
        const at = start + level * k;
        for (let c = 0; c < k; c++) {
          const weight = view.scaled[offsets[f] + c];
          if (weight === 0) continue;
          for (let j = 0; j < p; j++) view.fixed[j] -= weight * onRandom[j * design.q + at + c];
        }
      });
      view.random = randomForm(system.inverse, reader, view);
      visit(view);
    }
  }
}

/** a'Wa of one row. */
function randomForm(inverse: InverseBlocks, reader: RowReader, { row, scaled }: RowView): number {
  const { offsets } = reader;
  let sum = 0;
  for (let f = 0; f + 1 < offsets.length; f++) {
    const own = reader.level(f, row);
    if (own < 0) continue;
    sum += inverse.form(f, own, scaled, offsets[f], f, own, scaled, offsets[f]);
    for (let g = f + 1; g + 1 < offsets.length; g++) {
      const other = reader.level(g, row);
      if (other < 0) continue;
      sum += 2 * inverse.form(f, own, scaled, offsets[f], g, other, scaled, offsets[g]);
    }
  }
  return sum;
}
