import { broken, SavedModelError } from "./saved-model-error";

/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * How values of one type stand in a file: one description writes them, reads and checks them, and gives the JSON
 * Schema, so that the three cannot disagree.
 */
export interface Codec<T> {
  /** @throws SavedModelError `unsavable-value` for what the file has no way to say */
  readonly write: (value: T) => Json;
  /**
   * @param json not changed
   * @param path where in the file it stands, for messages
   * @throws SavedModelError `broken-model` for anything that `write` would not have written
   */
  readonly read: (json: unknown, path: string) => T;
  /** JSON Schema, draft 2020-12. */
  readonly schema: { readonly [key: string]: Json };
  /** What stands for a field that an older file does not have; undefined where every file has it. */
  readonly missing?: () => T;
}

/** Nothing legitimate is nested deeper; a file that is would exhaust the stack. */
const DEEPEST = 40;

/** A key that would reach behind an object when it is set. */
const UNSAFE = "__proto__";

export const text: Codec<string> = {
  write: (value) => value,
  read: (json, path) => {
    if (typeof json !== "string") throw broken(path, "is no text");
    return json;
  },
  schema: { type: "string" },
};

export const flag: Codec<boolean> = {
  write: (value) => value,
  read: (json, path) => {
    if (typeof json !== "boolean") throw broken(path, "is neither true nor false");
    return json;
  },
  schema: { type: "boolean" },
};

/** A whole number from 0 on. */
export const count: Codec<number> = {
  write: (value) => value,
  read: (json, path) => {
    if (typeof json !== "number" || !Number.isSafeInteger(json) || json < 0) {
      throw broken(path, "is no whole number from 0 on");
    }
    return json;
  },
  schema: { type: "integer", minimum: 0 },
};

/** One of some texts or numbers. */
export function oneOf<const T extends string | number>(...choices: readonly T[]): Codec<T> {
  return {
    write: (value) => value,
    read: (json, path) => {
      const found = choices.find((choice) => choice === json);
      if (found === undefined) throw broken(path, `is none of ${choices.join(", ")}`);
      return found;
    },
    schema: { enum: choices },
  };
}

export function nullable<T>(codec: Codec<T>): Codec<T | null> {
  return {
    write: (value) => (value === null ? null : codec.write(value)),
    read: (json, path) => (json === null ? null : codec.read(json, path)),
    schema: { anyOf: [{ type: "null" }, codec.schema] },
  };
}

/** A field that files of earlier releases do not have. */
export function since<T>(codec: Codec<T>, missing: () => T): Codec<T> {
  return { ...codec, missing };
}

/** A field that may be left out, of the type and so of the file. */
export function optional<T>(codec: Codec<T>): Codec<T | undefined> {
  return {
    ...codec,
    write: (value) => (value === undefined ? null : codec.write(value)),
    missing: () => undefined,
  };
}

export function list<T>(codec: Codec<T>): Codec<readonly T[]> {
  return {
    write: (values) => values.map(codec.write),
    read: (json, path) => {
      if (!Array.isArray(json)) throw broken(path, "is no list");
      return json.map((value, i) => codec.read(value, `${path}[${i}]`));
    },
    schema: { type: "array", items: codec.schema },
  };
}

/** An object with any keys. */
export function record<T>(codec: Codec<T>): Codec<Readonly<Record<string, T>>> {
  return {
    write: (values) => fromEntries(Object.entries(values).map(([key, value]) => [key, codec.write(value)])),
    read: (json, path) =>
      fromEntries(
        Object.entries(asObject(json, path)).map(([key, value]) => [
          key,
          codec.read(value, `${path}.${key}`),
        ]),
      ),
    schema: { type: "object", propertyNames: { not: { const: UNSAFE } }, additionalProperties: codec.schema },
  };
}

/**
 * An object with known fields, one codec for each: a field added to the type is a compile error until it is
 * added here. Other fields in a file are passed over, so that this release reads what a later one adds.
 */
export function object<T extends object>(fields: { readonly [K in keyof T]-?: Codec<T[K]> }): Codec<T> {
  const entries = Object.entries(fields) as [string, Codec<unknown>][];
  return {
    write: (value) => {
      const given = value as Readonly<Record<string, unknown>>;
      const present = entries.filter(([key]) => given[key] !== undefined);
      return fromEntries(present.map(([key, codec]) => [key, codec.write(given[key])]));
    },
    read: (json, path) => {
      const found = asObject(json, path);
      return fromEntries(
        entries.flatMap(([key, codec]) => {
          const own = path === "" ? key : `${path}.${key}`;
          if (Object.hasOwn(found, key)) return [[key, codec.read(found[key], own)]];
          if (codec.missing === undefined) throw broken(own, "is missing");
          const value = codec.missing();
          return value === undefined ? [] : [[key, value]];
        }),
      ) as T;
    },
    schema: {
      type: "object",
      properties: fromEntries(entries.map(([key, codec]) => [key, codec.schema])),
      required: entries.filter(([, codec]) => codec.missing === undefined).map(([key]) => key),
    },
  };
}

/** Objects of several kinds, told apart by one field. */
export function tagged<T extends { readonly [K in Key]: string }, Key extends string>(
  key: Key,
  kinds: { readonly [Kind in T[Key]]: Codec<Extract<T, { readonly [K in Key]: Kind }>> },
): Codec<T> {
  const codecs = kinds as unknown as Readonly<Record<string, Codec<T>>>;
  return {
    write: (value) => codecs[value[key]].write(value),
    read: (json, path) => {
      const kind = asObject(json, path)[key];
      if (typeof kind !== "string" || !Object.hasOwn(codecs, kind)) {
        throw broken(`${path}.${key}`, `is none of ${Object.keys(codecs).join(", ")}`);
      }
      return codecs[kind].read(json, path);
    },
    schema: { oneOf: Object.values(codecs).map((codec) => codec.schema) },
  };
}

/** Anything that is JSON already. */
export const plain: Codec<unknown> = {
  write: (value) => copy(value, "", 0, unsavable),
  read: (json, path) => copy(json, path, 0, broken),
  schema: {},
};

function copy(
  value: unknown,
  path: string,
  depth: number,
  refuse: (path: string, problem: string) => Error,
): Json {
  if (depth > DEEPEST) throw refuse(path, "is nested too deep");
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw refuse(path, "is no finite number");
    return value;
  }
  if (Array.isArray(value)) return value.map((entry, i) => copy(entry, `${path}[${i}]`, depth + 1, refuse));
  if (typeof value !== "object") throw refuse(path, `is a ${typeof value}`);
  return fromEntries(
    Object.entries(value)
      .filter(([, entry]) => entry !== undefined)
      .map(([key, entry]) => [key, copy(entry, `${path}.${key}`, depth + 1, refuse)]),
  );
}

function unsavable(path: string, problem: string): SavedModelError {
  return new SavedModelError(
    "unsavable-value",
    `unsavable value: ${path === "" ? "it" : path} ${problem}`,
    path,
    "a model is saved as JSON",
  );
}

function asObject(json: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw broken(path, "is no object");
  // JSON.parse makes it an own key, but assigning it elsewhere would change what an object inherits.
  if (Object.hasOwn(json, UNSAFE)) throw broken(path, `has the key ${UNSAFE}`);
  return json as Readonly<Record<string, unknown>>;
}

/** `Object.fromEntries`, which defines keys and so sets nothing behind the object, typed. */
function fromEntries<T>(entries: readonly (readonly [string, T])[]): { [key: string]: T } {
  return Object.fromEntries(entries);
}
