import { fitFrame } from "../fit/fit-frame";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { structuresOf } from "./structures-of";

/** At most so many refits; with more groups several are left out at a time. */
const MOST_REFITS = 100;

/** The statistic with groups left out; NaN where what is left cannot be fitted. */
export interface Jackknife {
  /** The grouping factor whose levels are left out. */
  readonly group: string;
  /** One vector per number of the statistic, one entry per refit. */
  readonly values: readonly Float64Array[];
}

/**
 * Leaves out one group after the other and refits, θ included: what the acceleration of BCa intervals is computed
 * from.
 *
 * The groups are those of the factor in whose levels all others nest, as the independent units of a multilevel
 * design; where factors are crossed, those of the factor with most levels. Left-out rows have weight zero, which
 * takes them out of the likelihood exactly. With more than 100 levels blocks of neighbouring levels are left out.
 *
 * @param statistic of a fit
 * Cost: as many fits as there are levels, 100 at most.
 */
export function jackknifeGroups(
  model: LinearMixedModel,
  statistic: (model: LinearMixedModel) => ArrayLike<number>,
): Jackknife {
  const { frame, design } = model;
  const index = jackknifeFactor(model);
  const term = design.terms.find(({ factor }) => factor === index);
  const { name, levels } = design.factors[index];
  const codes = frame.random[term?.frameIndex ?? 0].group.codes;
  const blocks = Math.min(levels.length, MOST_REFITS);
  const structures = structuresOf(design);
  const count = statistic(model).length;
  const values = Array.from({ length: count }, () => new Float64Array(blocks).fill(Number.NaN));
  for (let block = 0; block < blocks; block++) {
    const weights = Float64Array.from(codes, (code, r) =>
      Math.floor((code * blocks) / levels.length) === block ? 0 : (frame.weights?.[r] ?? 1),
    );
    try {
      const left = fitFrame({ ...frame, weights }, { method: model.method, start: model.theta, structures });
      const found = statistic(left);
      for (let j = 0; j < count; j++) values[j][block] = found[j];
    } catch {
      // A column that lived in this group alone: there is no estimate without it.
    }
  }
  return { group: name, values };
}

/**
 * Efron's acceleration, Σd³/(6(Σd²)^{3/2}) with d the mean less the jackknife values; 0 where nothing varies.
 *
 * Source: Efron (1987), "Better bootstrap confidence intervals", JASA 82, §7.
 */
export function acceleration(values: Float64Array): number {
  const finite = values.filter(Number.isFinite);
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length;
  let squares = 0;
  let cubes = 0;
  for (const value of finite) {
    squares += (mean - value) ** 2;
    cubes += (mean - value) ** 3;
  }
  return squares > 0 ? cubes / (6 * squares ** 1.5) : 0;
}

function jackknifeFactor({ design, frame }: LinearMixedModel): number {
  const codesOf = design.factors.map((_, f) => {
    const term = design.terms.find(({ factor }) => factor === f);
    return frame.random[term?.frameIndex ?? 0].group.codes;
  });
  const sizes = design.factors.map(({ levels }) => levels.length);
  const fewest = sizes.indexOf(Math.min(...sizes));
  const nested = codesOf.every((codes, f) => {
    const parent = new Int32Array(sizes[f]).fill(-1);
    return codes.every((code, r) => {
      const known = parent[code];
      parent[code] = codesOf[fewest][r];
      return known < 0 || known === parent[code];
    });
  });
  return nested ? fewest : sizes.indexOf(Math.max(...sizes));
}
