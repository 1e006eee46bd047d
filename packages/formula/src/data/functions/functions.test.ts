/** Every function against R 4.2.2 (fixtures/function-values.json, made by scripts/function-values.R). */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { caughtError, matrixRows } from "../../formula.test-support";
import { applyFrame } from "../apply-frame";
import { modelFrame } from "../build-frame";
import { factorColumn } from "../factor-column";
import type { TableLike } from "../table";

interface Reference {
  readonly data: Record<string, (number | string)[]>;
  readonly new: Record<string, (number | string)[]>;
  readonly values: {
    expression: string;
    names: string[];
    fitted: number[][];
    predicted: number[][] | null;
  }[];
}
const reference = JSON.parse(
  readFileSync(new URL("../../../fixtures/function-values.json", import.meta.url), "utf8"),
) as Reference;
const levels = ["t", "u", "v", "w"];
const table = (data: Reference["data"]): TableLike => ({ ...data, f: factorColumn(data.f, { levels }) });

function expectClose(actual: number[][], wanted: number[][]) {
  expect(actual.length).toBe(wanted.length);
  actual.forEach((row, i) => {
    row.forEach((v, j) => {
      // Extrapolated splines reach 1e3; R's own way (a Taylor polynomial) loses a few digits there.
      expect(Math.abs(v - wanted[i][j])).toBeLessThanOrEqual(1e-10 * Math.max(1, Math.abs(wanted[i][j])));
    });
  });
}

describe("functions give R's values, on their data and on new data", () => {
  test.each(reference.values.map((r) => [r.expression, r] as const))("%s", (expression, wanted) => {
    const frame = modelFrame(`~ ${expression}`, table(reference.data));
    expect(frame.fixed.names).toEqual(wanted.names);
    expectClose(matrixRows(frame.fixed), wanted.fitted);
    if (wanted.predicted === null) return;
    expectClose(matrixRows(applyFrame(frame.schema, table(reference.new)).fixed), wanted.predicted);
  });
});

describe("the user's functions", () => {
  test("a function of one number is applied to every row", () => {
    const frame = modelFrame("~ cube(x)", { x: [1, 2, 3] }, { functions: { cube: (x) => x ** 3 } });
    expect(frame.fixed.names).toEqual(["(Intercept)", "cube(x)"]);
    expect(matrixRows(frame.fixed).map((row) => row[1])).toEqual([1, 8, 27]);
  });

  test("a full definition may learn from the data", () => {
    const functions = {
      range01: {
        parameters: [{ name: "x", required: true }],
        evaluate: (call: import("../function-call").FunctionCall) => {
          const x = call.numbers("x");
          const [low, high] = call.learn(() => [Math.min(...x), Math.max(...x)]);
          return { kind: "numeric" as const, values: x.map((v) => (v - low) / (high - low)) };
        },
      },
    };
    const frame = modelFrame("~ range01(x)", { x: [2, 4, 6] }, { functions });
    expect(matrixRows(applyFrame(frame.schema, { x: [8] }, { functions }).fixed)).toEqual([[1, 1.5]]);
  });

  test("a name of Object.prototype is just an unknown name", () => {
    for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf"]) {
      expect(caughtError(() => modelFrame(`~ \`${name}\`(x)`, { x: [1, 2] })).code).toBe("unknown-function");
      expect(caughtError(() => modelFrame(`~ \`${name}\``, { x: [1, 2] })).code).toBe("unknown-column");
      const columns = Object.fromEntries([[name, [1, 2, 4]]]);
      expect(modelFrame(`~ \`${name}\``, columns).fixed.names[1]).toContain(name);
    }
  });
});

describe("wrong calls are located and explained", () => {
  test.each([
    ["~ «lgo»(x)", "unknown-function", "did you mean log()?"],
    ["~ poly(x, «2.5»)", "wrong-arguments", "whole number"],
    ["~ «poly(x, 9)»", "wrong-arguments", "number of distinct values, 3"],
    ["~ «poly()»", "wrong-arguments", "missing argument: x"],
    ["~ log(x, 2, «3»)", "wrong-arguments", "takes 2"],
    ["~ ns(x, dg = «3»)", "wrong-arguments", "did you mean df?"],
    ["~ ns(x, df = 2, df = «3»)", "wrong-arguments", "repeated argument: df"],
    ["~ ns(x, df = «-1»)", "wrong-arguments", "at least"],
    ["~ ns(x, df = «1e53»)", "wrong-arguments", "at most 1000 knots"],
    ["~ bs(x, knots = «c(2, 9)»)", "wrong-arguments", "between the boundary knots 1 and 3"],
    ["~ poly(x, «1e9», raw = TRUE)", "wrong-arguments", "from 1 to 1000"],
    ["~ ns(«k», 3)", "wrong-arguments", "different, finite values"],
    ["~ log(«f»)", "wrong-type", "a factor"],
    ["~ I(«f» + x)", "wrong-type", "as.numeric()"],
    ["~ scale(«f»)", "wrong-type", "a factor"],
    ["~ poly(x, «x»)", "wrong-type", "do not depend on the rows"],
    ["~ relevel(f, ref = «'q'»)", "unknown-level", "the levels are a, b"],
    ["~ C(f, «summ»)", "unknown-contrast", 'did you mean "sum"'],
    ["~ I(f «<» 'a')", "wrong-type", "ordered()"],
    ["~ «I(3)»", "wrong-type", "one value per row"],
    ["~ cut(x, «1»)", "wrong-arguments", "give 2 to"],
    ["~ ifelse(x > 1, «f», 2)", "wrong-type", "chooses between numbers, or two texts"],
    ["~ c(«x», 1)", "wrong-type", "joins constants"],
  ])("%s", (marked, code, text) => {
    const start = marked.indexOf("«");
    const end = marked.indexOf("»") - 1;
    const data = { x: [1, 2, 3], k: [2, 2, 2], f: ["a", "b", "a"] };
    const error = caughtError(() => modelFrame(marked.replace(/[«»]/g, ""), data));
    expect([error.code, error.span]).toEqual([code, { start, end }]);
    expect(error.message).toContain(text);
  });
});
