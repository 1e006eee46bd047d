import type { ModelFrame } from "@lmmkit/formula";
import { buildDesign } from "../design/design";
import { PlsWorkspace } from "../pls/workspace";
import { crossProducts } from "../products/from-frame";
import { minimizeTheta, optimizerNames, type ThetaFit } from "./minimize";
import type { FitOptions, OptimizerName } from "./options";

/** Where one optimizer ended. */
export interface OptimizerComparison extends ThetaFit {
  readonly name: OptimizerName;
  /** Criterion above the lowest that any of them found. */
  readonly above: number;
  readonly seconds: number;
}

/**
 * Fits a model with every optimizer, to compare where they end: agreement is good evidence, disagreement
 * says which of them to doubt. lme4's `allFit`.
 *
 * @param frame not changed
 * @param options as for a fit; the optimizer's name is ignored
 * Cost: as many fits as there are optimizers; design and symbolic factorization once.
 */
export function allFit(frame: ModelFrame, options: FitOptions = {}): OptimizerComparison[] {
  const design = buildDesign(frame, undefined, options.structures);
  const workspace = new PlsWorkspace(design, crossProducts(frame, design));
  const fits = optimizerNames.map((name) => {
    const started = performance.now();
    const fit = minimizeTheta(workspace, { ...options, optimizer: { ...options.optimizer, name } });
    return { ...fit, name, seconds: (performance.now() - started) / 1000 };
  });
  const lowest = Math.min(...fits.map((fit) => fit.criterion));
  return fits.map((fit) => ({ ...fit, above: fit.criterion - lowest }));
}
