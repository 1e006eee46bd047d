import type { ModelFrame } from "@lmmkit/formula";
import { checkResponse } from "../design/check-frame";
import { buildDesign } from "../design/design";
import { LmmError } from "../errors";
import { buildModel } from "../model/build-model";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { PlsWorkspace } from "../pls/workspace";
import type { CrossProducts } from "../products/cross-products";
import { refillableProducts } from "../products/from-frame";
import { minimizeTheta } from "./minimize";
import type { FitOptions, Method } from "./options";

/** Share of y'y below which the residual from X is rounding error of y itself. */
const EXPLAINED = 1e-28;

/**
 * Fits a linear mixed model to a model frame made beforehand.
 *
 * The steps, each of them public: `buildDesign` → `crossProducts` → `PlsWorkspace` → `minimizeTheta` →
 * `buildModel`.
 *
 * @param frame not changed; its arrays are kept by the model
 * @throws LmmError for a model that cannot be fitted
 */
export function fitFrame(frame: ModelFrame, options: FitOptions = {}): LinearMixedModel {
  return fitAndKeep(frame, options).model;
}

/** Fits the same model to other responses. */
export interface Refitter {
  /** The fit to the frame's own response. */
  readonly model: LinearMixedModel;
  /**
   * The fit to another response on the same rows. Nothing symbolic and no product of design columns is
   * done again; the search starts at the first fit's θ.
   *
   * @param response one number per row of the frame
   * @throws LmmError as `fitFrame`
   */
  readonly refit: (response: ArrayLike<number>) => LinearMixedModel;
}

/** Fits a model and stands ready to fit it again to new responses: simulation, the bootstrap. */
export function refitter(frame: ModelFrame, options: FitOptions = {}): Refitter {
  const { model, workspace, withResponse, method } = fitAndKeep(frame, options);
  const refit = (response: ArrayLike<number>): LinearMixedModel => {
    const started = performance.now();
    const values = Float64Array.from(response);
    const own = { ...frame, response: { name: model.responseName, values } };
    checkResponse(values, model.responseName);
    if (values.length !== frame.nobs) {
      throw new LmmError(
        "response-length",
        `wrong length of response: ${values.length}`,
        values.length,
        `the model has ${frame.nobs} rows`,
      );
    }
    const products = withResponse(values);
    refuseExplained(own, products);
    workspace.useResponse(products);
    const ready = performance.now();
    const fit = minimizeTheta(workspace, { ...options, start: options.start ?? model.theta });
    const seconds = { design: (ready - started) / 1000, fit: (performance.now() - ready) / 1000 };
    return buildModel(own, workspace, fit, method, seconds);
  };
  return { model, refit };
}

interface Kept {
  readonly model: LinearMixedModel;
  readonly workspace: PlsWorkspace;
  readonly withResponse: (response: Float64Array) => CrossProducts;
  readonly method: Method;
}

function fitAndKeep(frame: ModelFrame, options: FitOptions): Kept {
  const method = options.method ?? "REML";
  if (method !== "REML" && method !== "ML") {
    throw new LmmError("unknown-option", `unknown method: "${method}"`, method, 'choose "REML" or "ML"');
  }
  const started = performance.now();
  const design = buildDesign(frame, undefined, options.structures);
  const { products, withResponse } = refillableProducts(frame, design);
  refuseExplained(frame, products);
  const workspace = new PlsWorkspace(design, products);
  const ready = performance.now();
  const fit = minimizeTheta(workspace, options);
  const seconds = { design: (ready - started) / 1000, fit: (performance.now() - ready) / 1000 };
  return { model: buildModel(frame, workspace, fit, method, seconds), workspace, withResponse, method };
}

/**
 * A response that X explains entirely leaves nothing to fit; a constant one is the usual case.
 *
 * @throws LmmError `constant-response`, `perfect-fit`
 */
export function refuseExplained(frame: ModelFrame, products: CrossProducts): void {
  if (products.yty > EXPLAINED * products.total) return;
  const values = frame.response === null ? [] : frame.response.values;
  const name = frame.response === null ? "" : frame.response.name;
  const first = values[0];
  if (frame.offset === null && values.every((value) => value === first)) {
    throw new LmmError(
      "constant-response",
      `constant response: every value of "${name}" is ${first}`,
      first,
      "there is no variation to explain",
    );
  }
  throw new LmmError(
    "perfect-fit",
    `perfect fit: the fixed effects determine "${name}" entirely`,
    products.yty,
    "leave out the columns that the response was computed from",
  );
}
