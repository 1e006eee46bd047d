import type { CovarianceStructure } from "../design/covariance-structure";
import { LmmError } from "../errors";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { putTogether } from "./put-together";
import { broken, SavedModelError } from "./saved-model-error";
import { partsCodec } from "./saved-parts";

/** What a file cannot hold. */
export interface LoadOptions {
  /** The covariance structures that the user defined for the fit, by the names that they have in the formula. */
  readonly structures?: Readonly<Record<string, CovarianceStructure>>;
}

/**
 * The model that `saveModel` saved.
 *
 * Every length and position is checked; nothing in the file is run. A model saved without data answers everything
 * that needs no rows; the rest (`fitted`, `residuals`, simulation, …) throws `saved-without-data`.
 *
 * @param saved the value, or its JSON text; not changed
 * @throws SavedModelError for anything that is not a model which this release can read; LmmError
 *   `invalid-structure` for a structure that does not work
 * Cost: the size of the file.
 */
export function loadModel(saved: unknown, options: LoadOptions = {}): LinearMixedModel {
  const json = typeof saved === "string" ? parse(saved) : saved;
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw foreign(json);
  const { format, version } = json as Readonly<Record<string, unknown>>;
  if (format !== "lmmkit-model") throw foreign(format);
  if (version !== 1) {
    throw new SavedModelError(
      "unknown-version",
      `unknown version of saved model: ${typeof version === "number" ? version : typeof version}`,
      version,
      "this release reads version 1; a later one wrote the file",
    );
  }
  const parts = partsCodec().read(json, "");
  try {
    return putTogether(parts, options.structures ?? {});
  } catch (error) {
    if (error instanceof SavedModelError || error instanceof LmmError) throw error;
    throw broken("", `cannot be put together: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SavedModelError(
      "invalid-json",
      `invalid JSON: ${error instanceof Error ? error.message : String(error)}`,
      text.slice(0, 40),
      "give the text that JSON.stringify made of a saved model",
    );
  }
}

function foreign(value: unknown): SavedModelError {
  return new SavedModelError(
    "unknown-format",
    `unknown format: ${typeof value === "string" ? JSON.stringify(value.slice(0, 40)) : typeof value}`,
    value,
    'a saved model has "format": "lmmkit-model"',
  );
}
