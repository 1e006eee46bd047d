import { modelFrame } from "@lmmkit/formula";
import {
  buildDesign,
  criterionAt,
  crossProducts,
  fitFrame,
  LmmError,
  type OptimizerOptions,
  PlsWorkspace,
} from "@lmmkit/lmm";
import { bobyqa } from "@lmmkit/optim";
import type { StressModel } from "./stress-model";

/** Where one optimizer ended. */
export interface Finish {
  readonly criterion: number;
  readonly converged: boolean;
  readonly evaluations: number;
  readonly theta: readonly number[];
}

/** One model fitted in every way there is. */
export interface Contest {
  readonly finishes: Readonly<Record<string, Finish>>;
  /** Ways that gave no fit, with the reason: an error code, or what was thrown beside the named errors. */
  readonly refusals: Readonly<Record<string, string>>;
  /** The lowest value of a search of its own, from far and near, without the engine's optimizers. */
  readonly searched: number;
  readonly singular: boolean;
  readonly parameters: number;
}

/** The ways: a name and what `lmm` is told. Optimizers that the package does not have are left out. */
const ways: readonly { readonly name: string; readonly optimizer?: string; readonly fromIdentity?: true }[] =
  [
    { name: "auto" },
    { name: "newton from I", optimizer: "newton", fromIdentity: true },
    { name: "bobyqa", optimizer: "bobyqa" },
    { name: "nelder-mead", optimizer: "nelder-mead" },
    { name: "lbfgs", optimizer: "lbfgs" },
    { name: "newuoa", optimizer: "newuoa" },
  ];

/** Fits a stress model in every way. */
export function contest({ formula, table, reml }: StressModel): Contest {
  const method = reml ? "REML" : "ML";
  const frame = modelFrame(formula, table);
  const design = buildDesign(frame);
  const finishes: Record<string, Finish> = {};
  const refusals: Record<string, string> = {};
  let singular = false;
  for (const { name, optimizer, fromIdentity } of ways) {
    try {
      const model = fitFrame(frame, {
        method,
        optimizer: { name: (optimizer ?? "auto") as OptimizerOptions["name"] },
        ...(fromIdentity ? { start: design.theta0 } : {}),
      });
      if (name === "auto") singular = model.singular;
      finishes[name] = {
        criterion: model.criterion,
        converged: model.converged,
        evaluations: model.optimizer.evaluations,
        theta: Array.from(model.theta),
      };
    } catch (error) {
      if (!(error instanceof LmmError)) refusals[name] = `crash: ${error}`;
      else if (error.code !== "unknown-option") refusals[name] = error.code;
    }
  }
  const workspace = new PlsWorkspace(design, crossProducts(frame, design));
  const objective = (theta: ArrayLike<number>) => criterionAt(workspace, method, theta);
  return {
    finishes,
    refusals,
    searched: wideSearch(objective, design.theta0, columnScales(design.theta0.length, finishes)),
    singular,
    parameters: design.theta0.length,
  };
}

/** Sizes at which θ lives, entry by entry: what the fits found, 1 where they found next to nothing. */
function columnScales(n: number, finishes: Readonly<Record<string, Finish>>): Float64Array {
  const scales = new Float64Array(n);
  for (const { theta } of Object.values(finishes)) {
    for (let i = 0; i < n; i++) scales[i] = Math.max(scales[i], Math.abs(theta[i]));
  }
  const largest = scales.reduce((a, b) => Math.max(a, b), 0);
  return scales.map((value) => (value > 1e-6 * largest ? value : largest > 0 ? largest : 1));
}

/** BOBYQA without bounds from several multiples of the identity; the lowest value met. */
function wideSearch(
  objective: (theta: ArrayLike<number>) => number,
  theta0: Float64Array,
  scale: Float64Array,
): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (const multiple of [0.05, 1, 6, 60]) {
    const start = theta0.map((value, i) => multiple * value * scale[i]);
    const guarded = (theta: Float64Array) => {
      const value = objective(theta);
      return Number.isFinite(value) ? value : 1e12;
    };
    const { f } = bobyqa(guarded, start, {
      scale,
      rhobeg: 0.3 * Math.max(0.1, multiple),
      rhoend: 1e-7,
      maxEvaluations: 600 * Math.max(2, theta0.length),
    });
    if (f < lowest) lowest = f;
  }
  return lowest;
}
