import type { ModelFrame } from "@lmmkit/formula";
import { SavedModelError } from "../persistence/saved-model-error";
import type { LinearMixedModel } from "./linear-mixed-model";

/**
 * The object with properties that are not there: each is refused by name when it is read, so that whatever needs
 * rows says so, and whatever does not need them works.
 *
 * @param value gets the properties
 * @param names property → what it is, for the message
 */
export function lacking<T extends object, K extends string>(
  value: T,
  names: Readonly<Record<K, string>>,
): T & Readonly<Record<K, never>> {
  for (const [name, what] of Object.entries<string>(names)) {
    Object.defineProperty(value, name, {
      enumerable: true,
      configurable: true,
      get: () => {
        throw new SavedModelError(
          "saved-without-data",
          `saved without data: ${what} of this model`,
          name,
          "save it with its data, or fit it again",
        );
      },
    });
  }
  return value as T & Readonly<Record<K, never>>;
}

/** Whether a frame has its rows: false for that of a model that was saved without data. */
export function hasRows(frame: ModelFrame): boolean {
  return Object.getOwnPropertyDescriptor(frame.fixed, "columns")?.get === undefined;
}

/** What a model or a frame says of rows beside its columns. */
type RowVectors = Pick<LinearMixedModel, "weights" | "offset" | "rows">;

/**
 * The frame's vectors that belong to rows: null where there are none, refused by name where there are but the rows
 * are not kept.
 *
 * @param value gets the properties
 */
export function lackingVectors<T extends object>(
  value: T,
  has: { readonly weights: boolean; readonly offset: boolean; readonly rows: boolean },
): T & RowVectors {
  const vectors: T & RowVectors = Object.assign(value, { weights: null, offset: null, rows: null });
  if (has.weights) lacking(vectors, { weights: "the weights" });
  if (has.offset) lacking(vectors, { offset: "the offset" });
  if (has.rows) lacking(vectors, { rows: "the positions of the rows" });
  return vectors;
}

/**
 * A model on a frame without rows: what the rows would give is refused by name.
 *
 * @param value the model but for those properties, which it gets
 */
export function withoutRows<T extends object>(
  value: T,
  frame: ModelFrame,
): T & RowVectors & Pick<LinearMixedModel, "response" | "fitted"> {
  const { weights, offset, rows } = Object.getOwnPropertyDescriptors(frame);
  Object.defineProperties(value, { weights, offset, rows });
  return lacking(value as T & RowVectors, { response: "the response", fitted: "the fitted values" });
}
