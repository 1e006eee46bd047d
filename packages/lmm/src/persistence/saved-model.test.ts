import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitFrame } from "../fit/fit-frame";
import { nestedMachines, vectorMachines } from "../machines.test-support";
import { fromBase64, toBase64 } from "./base64";
import { plain } from "./codec";
import { loadModel } from "./load-model";
import { floats, integers, number } from "./number-codecs";
import { saveModel } from "./save-model";
import { SavedModelError } from "./saved-model-error";
import { savedModelSchema } from "./saved-model-schema";

const schema = {
  version: 1,
  formula: "y ~ 1 + (1 | g)",
  dotNames: [],
  doubleBar: "lme4",
  columns: {},
  states: {},
  factors: {},
  offset: null,
  groups: {},
} as const;
const model = fitFrame({ ...nestedMachines, schema });
const saved = JSON.parse(JSON.stringify(saveModel(model)));

function codeOf(value: unknown): string {
  try {
    loadModel(value);
    return "loaded";
  } catch (error) {
    if (error instanceof SavedModelError) return error.code;
    throw error;
  }
}

/** A deep copy with one place changed. */
function changed(path: readonly (string | number)[], value: unknown): unknown {
  const copy = structuredClone(saved);
  let at = copy;
  for (const key of path.slice(0, -1)) at = at[key];
  const last = path[path.length - 1];
  if (value === undefined) delete at[last];
  else at[last] = value;
  return copy;
}

describe("numbers in a file", () => {
  it("keep their bits, listed or packed", () => {
    fc.assert(
      fc.property(fc.float64Array({ maxLength: 130 }), (values) => {
        const json = JSON.parse(JSON.stringify(floats().write(values)));
        expect(floats().read(json, "x")).toEqual(values);
      }),
      { seed: 1 },
    );
    fc.assert(
      fc.property(fc.int32Array({ maxLength: 130 }), (values) => {
        const json = JSON.parse(JSON.stringify(integers().write(values)));
        expect(integers().read(json, "x")).toEqual(values);
      }),
      { seed: 2 },
    );
  });

  it.each([0, -0, 5e-324, -1.7976931348623157e308, 0.1, Number.NaN, Infinity, -Infinity])(
    "say %d",
    (value) => {
      expect(number.read(JSON.parse(JSON.stringify(number.write(value))), "x")).toBe(value);
    },
  );

  it("are listed up to 64, packed beyond, and read either way", () => {
    expect(floats().write(new Float64Array(64))).toHaveLength(64);
    expect(floats().write(Float64Array.of(...new Array(65).fill(1)))).toHaveProperty("float64");
    expect(floats().read({ float64: "AAAAAAAA8D8=" }, "x")).toEqual(Float64Array.of(1));
    expect(integers().read({ int32: "/////wEAAAA=" }, "x")).toEqual(Int32Array.of(-1, 1));
  });

  it("are refused when they are none", () => {
    for (const value of ["1", null, true, [], {}, "nan", "__proto__", "toString"]) {
      expect(() => number.read(value, "x")).toThrow("broken saved model: x is no number");
    }
    for (const value of [1.5, 2 ** 31, "1", null])
      expect(() => integers().read([value], "x")).toThrow("x[0]");
    for (const text of [
      "AAAAAAAA8D8",
      "AAAAAAAA8D8=AAAA",
      "AAAA",
      "AAAAAAAA8D9=",
      "AAAAAAAA8D8é",
      " AAAAAAA8D8=",
    ]) {
      expect(() => floats().read({ float64: text }, "x")).toThrow("not base64 of numbers of 8 bytes");
    }
    expect(() => floats().read({ int32: "AAAA" }, "x")).toThrow("neither a list of numbers nor");
  });
});

describe("base64", () => {
  it("is what Buffer makes, there and back", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = toBase64(bytes);
        expect(text).toBe(Buffer.from(bytes).toString("base64"));
        expect(fromBase64(text)).toEqual(bytes);
      }),
      { seed: 3 },
    );
    const long = Uint8Array.from({ length: 30_001 }, (_, i) => (i * 7) & 255);
    expect(toBase64(long)).toBe(Buffer.from(long).toString("base64"));
  });
});

describe("a saved model", () => {
  it("is loaded from its value and from its text", () => {
    for (const given of [nestedMachines, vectorMachines]) {
      for (const method of ["REML", "ML"] as const) {
        const fit = fitFrame({ ...given, schema }, { method });
        expect(loadModel(saveModel(fit))).toEqual(fit);
        expect(loadModel(JSON.stringify(saveModel(fit)))).toEqual(fit);
      }
    }
  });

  it("shares nothing with the file that a later change could reach", () => {
    const copy = structuredClone(saved);
    const loaded = loadModel(copy);
    copy.design.fixedNames[0] = "changed";
    copy.frame.schema.columns.x = { kind: "numeric" };
    expect(loaded.fixedNames[0]).toBe("(Intercept)");
    expect(loaded.frame.schema.columns).toEqual({});
  });

  it("wants the structures that a file can only name", () => {
    const foreign = changed(["frame", "random", 0, "structure"], "constructor");
    expect(() => loadModel(foreign)).toThrow(
      'unknown covariance structure: "constructor"; give the structures',
    );
    expect(codeOf(foreign)).toBe("unknown-structure");
  });

  it("cannot be saved with data once they were left out", () => {
    const light = loadModel(saveModel(model, { data: false }));
    expect(() => saveModel(light)).toThrow("saved without data: the data of this model");
  });

  it("has the schema that is published", async () => {
    await expect(`${JSON.stringify(savedModelSchema(), null, 2)}\n`).toMatchFileSnapshot(
      "../../schema/saved-model-1.schema.json",
    );
  });

  it.each([
    ["{", "invalid-json"],
    ["[]", "unknown-format"],
    ["3", "unknown-format"],
    ["null", "unknown-format"],
    ['{"format": "pickle", "version": 1}', "unknown-format"],
    ['{"format": "lmmkit-model"}', "unknown-version"],
    ['{"format": "lmmkit-model", "version": 2}', "unknown-version"],
    ['{"format": "lmmkit-model", "version": 1}', "broken-model"],
    [undefined, "unknown-format"],
    [() => 1, "unknown-format"],
  ])("is not %s", (value, code) => {
    expect(codeOf(value)).toBe(code);
  });

  it.each<[string, (string | number)[], unknown, string]>([
    ["a missing part", ["products"], undefined, "products is missing"],
    ["a part of another kind", ["products"], [], "products is no object"],
    ["a text for a number", ["fit", "sigma"], "large", "fit.sigma is no number"],
    ["a number for a flag", ["fit", "converged"], 1, "fit.converged is neither true nor false"],
    ["an unknown method", ["fit", "method"], "EM", "fit.method is none of REML, ML"],
    ["a fraction of a row", ["frame", "nobs"], 53.5, "frame.nobs is no whole number"],
    ["more rows than there are", ["frame", "nobs"], 1e15, "design.nobs is 54 where 1000000000000000 belongs"],
    ["θ too short", ["fit", "theta"], [1], "fit.theta has 1 entries where 2 belong"],
    ["β too long", ["fit", "beta"], [1, 2, 3, 4], "fit.beta has 4 entries where 3 belong"],
    ["modes of another term", ["terms", 0, "modes"], [1], "terms[0].modes has 1 entries where 18 belong"],
    [
      "a code without a level",
      ["rows", "codes", 0],
      new Array(54).fill(99),
      "rows.codes[0] has a code without a level",
    ],
    [
      "a negative code",
      ["rows", "codes", 0],
      new Array(54).fill(-1),
      "rows.codes[0] has a code without a level",
    ],
    [
      "columns that are none",
      ["rows", "fixed", 1, "kind"],
      "toString",
      "rows.fixed[1].kind is none of constant, dense, sparse",
    ],
    [
      "rows out of order",
      ["rows", "fixed", 1, "rows"],
      [3, 2, ...new Array(16).fill(9)],
      "rows.fixed[1].rows is not increasing",
    ],
    ["a response too short", ["rows", "response"], [1, 2], "rows.response has 2 entries where 54 belong"],
    ["a response left out", ["rows", "response"], null, "rows.response, whether it is there is false"],
    [
      "weights that the frame has not",
      ["rows", "weights"],
      new Array(54).fill(1),
      "rows.weights, whether they are there is true",
    ],
    ["a pattern that decreases", ["products", "ztz", 0, "colPtr", 1], -1, "products.ztz[0].colPtr decreases"],
    [
      "a pattern beyond its levels",
      ["products", "ztz", 1, "rowIdx", 0],
      1000,
      "products.ztz[1].rowIdx is not increasing within 0 to 5",
    ],
    ["pairs out of order", ["products", "ztz", 1, "rowFactor"], 0, "products.ztz[1] is out of order"],
    [
      "a pair of factors that are not there",
      ["products", "ztz", 0, "colFactor"],
      7,
      "products.ztz[0] is no pair of factors",
    ],
    [
      "a factor that starts elsewhere",
      ["design", "factors", 0, "start"],
      5,
      "design.factors[0].start is 5 where 0 belongs",
    ],
    [
      "a term of no factor",
      ["design", "terms", 0, "factor"],
      9,
      "design.factors[0].ncols is 1 where 0 belongs",
    ],
    [
      "a term of no frame",
      ["design", "terms", 0, "frameIndex"],
      9,
      "design.terms[0].frameIndex is no term of the frame",
    ],
    [
      "two terms in one place",
      ["design", "terms", 1, "frameIndex"],
      1,
      "different ones of the frame is 1 where 2 belongs",
    ],
    ["more columns of Z", ["design", "q"], 2 ** 40, "design.q is 1099511627776 where 24 belongs"],
    ["no levels", ["design", "factors", 0, "levels"], [], "design.factors[0].levels is empty"],
    ["a formula that is none", ["frame", "formula"], "y ~~ 1", "frame.formula is no formula"],
    [
      "a term of X that is not there",
      ["frame", "fixed", "assign", 1],
      12,
      "frame.fixed.assign names a term that is not there",
    ],
    ["packed rubbish", ["products", "ztx"], { float64: "####" }, "products.ztx is not base64"],
  ])("is broken by %s", (_, path, value, message) => {
    expect(codeOf(saved)).toBe("loaded");
    expect(() => loadModel(changed(path, value))).toThrow(
      expect.objectContaining({ code: "broken-model", message: expect.stringContaining(message) }),
    );
  });

  it("changes no prototype and keeps no foreign field", () => {
    const hostile = JSON.stringify(saved).replace('"states":{}', '"states":{"__proto__":{"polluted":1}}');
    expect(codeOf(hostile)).toBe("broken-model");
    const deeper = JSON.stringify(saved).replace(
      '"states":{}',
      '"states":{"f":{"__proto__":{"polluted":1}}}',
    );
    const state = loadModel(deeper).frame.schema.states.f as Record<string, unknown>;
    expect(Object.getPrototypeOf(state)).toBe(Object.prototype);
    expect(state.polluted).toBeUndefined();
    const first = JSON.stringify(saved).replace('{"format"', '{"__proto__":{"polluted":1},"format"');
    expect(codeOf(first)).toBe("broken-model");
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(loadModel({ ...saved, toString: "1", extra: 1 })).not.toHaveProperty("extra");
  });

  it("is not read to the end of the stack", () => {
    let deep: unknown = 1;
    for (let i = 0; i < 1e5; i++) deep = [deep];
    expect(codeOf(changed(["frame", "schema", "states"], { f: deep }))).toBe("broken-model");
  });

  it("is refused or loaded, nothing else, whatever place is changed to whatever", () => {
    const paths: (string | number)[][] = [];
    const walk = (value: unknown, path: (string | number)[]) => {
      paths.push(path);
      if (typeof value !== "object" || value === null) return;
      for (const key of Object.keys(value)) walk((value as Record<string, unknown>)[key], [...path, key]);
    };
    walk(saved, []);
    const values = fc.oneof(fc.jsonValue(), fc.constantFrom(undefined, -1, 1e9, "NaN", 0.5));
    fc.assert(
      fc.property(fc.constantFrom(...paths.slice(1)), values, (path, value) => {
        expect([
          "loaded",
          "broken-model",
          "unknown-structure",
          "unknown-format",
          "unknown-version",
        ]).toContain(codeOf(changed(path, value)));
      }),
      { seed: 4, numRuns: 400 },
    );
  });
});

describe("what JSON has no word for", () => {
  it.each([[() => 1], [10n], [Symbol("x")], [Number.NaN]])("is refused: %s", (value) => {
    expect(() => plain.write({ f: value })).toThrow(expect.objectContaining({ code: "unsavable-value" }));
  });
});
