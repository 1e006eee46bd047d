import { describe, expect, it } from "vitest";
import { modelFrame } from "../data/build-frame";
import { parseFormula } from "../syntax/parse";
import { printFormula } from "../syntax/print";

const table = { y: [1, 2, 3, 4], x: [1, 2, 1, 2], g: ["a", "a", "b", "b"] };

const structureOf = (term: string) => modelFrame(`y ~ 1 + ${term}`, table).random[0].structure;

describe("covariance structures in a formula", () => {
  it.each([
    ["us(x | g)", "us"],
    ["diag(x | g)", "diag"],
    ["diag(x | g, hom = TRUE)", "homdiag"],
    ["homdiag(x | g)", "homdiag"],
    ["cs(x | g)", "cs"],
    ["cs(x | g, hom = FALSE)", "cs"],
    ["cs(x | g, hom = TRUE)", "homcs"],
    ["homcs(x | g)", "homcs"],
    ["ar1(0 + x | g)", "ar1"],
    ["ar1(0 + x | g, hom = FALSE)", "hetar1"],
    ["hetar1(0 + x | g)", "hetar1"],
  ])("%s is %s", (term, structure) => {
    expect(structureOf(term)).toBe(structure);
    expect(printFormula(parseFormula(`y ~ 1 + ${term}`))).toBe(`y ~ 1 + ${term}`);
  });

  it("refuses anything but hom = TRUE or FALSE beside the term", () => {
    expect(() => structureOf("cs(x | g, homo = TRUE)")).toThrow("invalid covariance structure");
    expect(() => structureOf("cs(x | g, hom = 1)")).toThrow("invalid covariance structure");
  });

  it("knows the user's structures by name, on new rows too", () => {
    const frame = modelFrame("y ~ 1 + toep(0 + x | g)", table, { structures: { toep: {} } });
    expect(frame.random[0].structure).toBe("toep");
    expect(frame.schema.structures).toEqual(["toep"]);
    expect(() => modelFrame("y ~ 1 + toep(0 + x | g)", table)).toThrow("toep");
  });
});
