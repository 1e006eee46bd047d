import type { BobyqaStatus } from "./bobyqa/status";
import type { LbfgsbStatus } from "./lbfgsb/status";
import type { NelderMeadStatus } from "./nelder-mead/status";
import type { NewtonStatus } from "./newton/status";

/** Every way in which a run of any optimizer of this package can end. */
export type OptimStatus = BobyqaStatus | NewtonStatus | LbfgsbStatus | NelderMeadStatus;

/** One evaluation, as kept by the option `trace`. */
export interface TracePoint {
  /** 1 for the first evaluation. */
  readonly evaluation: number;
  readonly f: number;
  readonly x: Float64Array;
}

/** How often each part of an objective was computed. */
export interface Calls {
  readonly value: number;
  readonly gradient: number;
  readonly hessian: number;
}

/** What the results of all optimizers have in common; code that chooses among them can rely on it. */
export interface OptimResult {
  /** The best point; a fresh array. */
  readonly x: Float64Array;
  /** The objective at exactly this `x`. */
  readonly f: number;
  /** Number of calls of the objective. */
  readonly evaluations: number;
  /** The same by what the calls computed. */
  readonly calls: Calls;
  readonly status: OptimStatus;
  /** The status in a sentence. */
  readonly message: string;
  /** Every evaluation, when the option `trace` is set. */
  readonly trace?: readonly TracePoint[];
}
