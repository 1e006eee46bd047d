import type { OptimizerReport } from "../model/linear-mixed-model";
import type { PlsWorkspace } from "../pls/workspace";
import type { Derivatives } from "./certificate";
import type { Coordinates } from "./coordinates";
import type { FitOptions, Method } from "./options";

/** What every step of a search works with. */
export interface Search {
  readonly workspace: PlsWorkspace;
  readonly method: Method;
  readonly options: FitOptions;
  readonly coordinates: Coordinates;
}

/** What a single run of an optimizer gives. */
export interface OptimizerRun {
  /** Signs as the run left them. */
  readonly theta: Float64Array;
  readonly criterion: number;
  readonly optimizer: OptimizerReport;
  /** What the run knows at `theta`, in scaled coordinates; spares the certificate an evaluation. */
  readonly derivatives?: Derivatives;
}
