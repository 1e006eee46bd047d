import type { LinearMixedModel } from "../model/linear-mixed-model";
import { hasRows, lacking } from "../model/without-rows";
import type { Json } from "./codec";
import { partsCodec } from "./saved-parts";
import { takeApart } from "./take-apart";

/** A fitted model as JSON. What stands in the parts is told by the schema `@lmmkit/lmm/saved-model-1.schema.json`. */
export interface SavedModel {
  readonly format: "lmmkit-model";
  readonly version: 1;
  readonly [part: string]: Json;
}

/** What is saved. */
export interface SaveOptions {
  /** The rows too; default true. */
  readonly data?: boolean;
}

/**
 * A fitted model as a plain value for `JSON.stringify`, from which `loadModel` makes the same model again, bit by
 * bit.
 *
 * Without data, the file holds no row of the table: estimates, the design, the cross-products and what the formula
 * learned are kept, and so is everything that can be asked of them (the summary, tests, marginal means, random
 * effects, predictions for new rows). Levels of factors and of groups are in it either way, and with as few rows as
 * parameters the cross-products may tell the data; do not take such a file for an anonymous one.
 *
 * @param model not changed
 * @throws SavedModelError `unsavable-value` for what JSON cannot say, `saved-without-data` when data are wanted of a
 *   model that was loaded without them
 * Cost: the size of the result: with data about 11 bytes for each number of the frame that is not in Z by
 *   indicators.
 */
export function saveModel(model: LinearMixedModel, options: SaveOptions = {}): SavedModel {
  const { data = true } = options;
  if (data && !hasRows(model.frame)) lacking({}, { data: "the data" }).data;
  const parts = partsCodec().write(takeApart(model, data));
  return { format: "lmmkit-model", version: 1, ...(parts as { readonly [part: string]: Json }) };
}
