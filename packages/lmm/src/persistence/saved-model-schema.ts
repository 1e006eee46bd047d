import type { Json } from "./codec";
import { numberSchemas } from "./number-codecs";
import { partsCodec } from "./saved-parts";

/**
 * The JSON Schema (draft 2020-12) of saved models of version 1; published as
 * `@lmmkit/lmm/saved-model-1.schema.json`.
 *
 * It says what each field is. That lengths and positions fit each other is beyond it; `loadModel` checks that.
 */
export function savedModelSchema(): { readonly [key: string]: Json } {
  const { type, properties, required } = partsCodec().schema;
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A linear mixed model fitted by lmmkit",
    type,
    properties: {
      format: { const: "lmmkit-model" },
      version: { const: 1 },
      ...(properties as { readonly [key: string]: Json }),
    },
    required: ["format", "version", ...(required as readonly string[])],
    $defs: numberSchemas(),
  };
}
