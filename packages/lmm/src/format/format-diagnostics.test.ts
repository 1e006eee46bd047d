import { describe, expect, it } from "vitest";
import { fitFrame } from "../fit/fit-frame";
import { influence } from "../influence/influence";
import { nestedMachines, vectorMachines } from "../machines.test-support";
import { predict } from "../predict/predict";
import { formatChecks } from "./format-checks";
import { formatInfluence } from "./format-influence";
import { formatPrediction } from "./format-prediction";

const vector = fitFrame(vectorMachines);
const nested = fitFrame(nestedMachines);

describe("predictions as text", () => {
  it("say what their limits cover", () => {
    const text = formatPrediction(predict(vector, null, { interval: "mean", ddf: "asymptotic" }), 5, 3);
    expect(text).toBe(
      [
        "     fit      SE  df  lower  upper",
        "1 52.668 0.54367 Inf 51.602 53.733",
        "2 52.668 0.54367 Inf 51.602 53.733",
        "3 52.668 0.54367 Inf 51.602 53.733",
        "… and 51 more rows",
        "",
        "limits: 95 %, of the mean at the levels given",
        "",
      ].join("\n"),
    );
  });

  it("are numbers alone when nothing else was asked for", () => {
    expect(formatPrediction(predict(vector), 5, 1)).toBe("     fit\n1 52.668\n… and 53 more rows\n");
  });
});

describe("influence as text", () => {
  it("begins with what changes most", () => {
    const table = influence(nested, { by: "Worker" });
    const lines = formatInfluence(table, 4, 2).split("\n");
    expect(lines[0]).toBe("deleted by Worker, theta as it is; largest 2 of 6:");
    expect(lines[1]).toMatch(/rows +Cook's D +COVRATIO +sigma +dfbetas \(Intercept\)/);
    const largest = table.labels[table.cooksDistance.indexOf(Math.max(...table.cooksDistance))];
    expect(lines[2].startsWith(`${largest} `)).toBe(true);
    expect(lines[2].trim().endsWith("ok")).toBe(true);
    expect(lines.slice(4)).toEqual(["", "6 ok", ""]);
  });
});

describe("the checks of a fit as text", () => {
  it("are one page", () => {
    const text = formatChecks(nested);
    expect(text).toMatch(/^R squared: 0\.\d+ marginal, 0\.\d+ conditional\nICC: 0\.\d+ adjusted/);
    expect(text).toContain("Worker:Machine: ");
    expect(text).toContain("between Worker (Levene)");
    expect(text).not.toContain("NaN");
    expect(text.endsWith("\n")).toBe(true);
  });
});
