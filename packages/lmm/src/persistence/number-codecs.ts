import { fromBase64, toBase64 } from "./base64";
import type { Codec, Json } from "./codec";
import { broken } from "./saved-model-error";

/** Longer vectors are packed. */
const READABLE = 64;

/** What JSON has no number for. */
const SPECIAL: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  "-Infinity": Number.NEGATIVE_INFINITY,
  "-0": -0,
};

/** A number, any: those that JSON cannot say are texts. */
export const number: Codec<number> = {
  write: (value) => {
    if (Number.isFinite(value) && !Object.is(value, -0)) return value;
    return Object.is(value, -0) ? "-0" : String(value);
  },
  read: (json, path) => {
    if (typeof json === "number") return json;
    if (typeof json === "string" && Object.hasOwn(SPECIAL, json)) return SPECIAL[json];
    throw broken(path, "is no number");
  },
  schema: { $ref: "#/$defs/number" },
};

/**
 * A Float64Array: up to 64 numbers as a list that a person can read, more as `{"float64": …}`, the bytes, least
 * significant first, in base64. Either form gives back the bits: JSON's decimal numbers are the shortest that
 * do (ECMA-262, Number::toString).
 */
export function floats(): Codec<Float64Array> {
  return packed("float64", 8, number, {
    fromBytes: (bytes) => new Float64Array(bytes.buffer),
    fromList: (values) => Float64Array.from(values),
  });
}

/** An Int32Array, likewise, packed as `{"int32": …}`. */
export function integers(): Codec<Int32Array> {
  return packed("int32", 4, integer, {
    fromBytes: (bytes) => new Int32Array(bytes.buffer),
    fromList: (values) => Int32Array.from(values),
  });
}

const integer: Codec<number> = {
  write: (value) => value,
  read: (json, path) => {
    if (typeof json !== "number" || (json | 0) !== json) throw broken(path, "is no whole number of 32 bits");
    return json;
  },
  schema: { type: "integer", minimum: -2147483648, maximum: 2147483647 },
};

function packed<T extends Float64Array | Int32Array>(
  key: string,
  width: number,
  entry: Codec<number>,
  array: {
    readonly fromBytes: (bytes: Uint8Array) => T;
    readonly fromList: (values: readonly number[]) => T;
  },
): Codec<T> {
  return {
    write: (values): Json => {
      if (values.length <= READABLE) return Array.from(values, (value) => entry.write(value));
      return { [key]: toBase64(inFileOrder(bytesOf(values), width)) };
    },
    read: (json, path) => {
      if (Array.isArray(json))
        return array.fromList(json.map((value, i) => entry.read(value, `${path}[${i}]`)));
      const held = typeof json === "object" && json !== null && Object.hasOwn(json, key);
      const content: unknown = held ? (json as Readonly<Record<string, unknown>>)[key] : undefined;
      if (typeof content !== "string") throw broken(path, `is neither a list of numbers nor {"${key}": …}`);
      const bytes = fromBase64(content);
      if (bytes === null || bytes.length % width !== 0) {
        throw broken(path, `is not base64 of numbers of ${width} bytes`);
      }
      return array.fromBytes(inFileOrder(bytes, width));
    },
    schema: { $ref: `#/$defs/${key}s` },
  };
}

/** What `number`, `floats` and `integers` refer to. */
export function numberSchemas(): { readonly [name: string]: Json } {
  const vector = (key: string, entry: Codec<number>, description: string): Json => ({
    description,
    oneOf: [
      { type: "array", items: entry.schema },
      {
        type: "object",
        properties: { [key]: { type: "string", contentEncoding: "base64" } },
        required: [key],
        additionalProperties: false,
      },
    ],
  });
  return {
    number: { oneOf: [{ type: "number" }, { enum: Object.keys(SPECIAL) }] },
    float64s: vector("float64", number, "numbers, or their 8 bytes each, least significant first"),
    int32s: vector("int32", integer, "whole numbers, or their 4 bytes each, least significant first"),
  };
}

function bytesOf(values: Float64Array | Int32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Least significant byte first, whatever the processor; the same bytes where that is its own order. */
function inFileOrder(bytes: Uint8Array, width: number): Uint8Array {
  if (bytesOf(Int32Array.of(1))[0] === 1) return bytes;
  const out = bytes.slice();
  for (let first = 0; first < out.length; first += width) out.subarray(first, first + width).reverse();
  return out;
}
