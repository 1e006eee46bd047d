import { describe, expect, test } from "vitest";
import {
  type ContrastSpec,
  contrastCoding,
  contrastName,
  indicatorCoding,
  type LevelCoding,
} from "./contrasts";
import { orthogonalPolynomials } from "./orthogonal-polynomials";

function dense(coding: LevelCoding): number[][] {
  return Array.from({ length: coding.ptr.length - 1 }, (_, i) => {
    const row = new Array<number>(coding.suffixes.length).fill(0);
    for (let p = coding.ptr[i]; p < coding.ptr[i + 1]; p++) row[coding.cols[p]] = coding.values[p];
    return row;
  });
}
const levels = ["a", "b", "c", "d"];
const matrix = (spec: ContrastSpec) => dense(contrastCoding(spec, levels, "f"));

describe("contrasts", () => {
  test("have R's matrices", () => {
    expect(matrix("treatment")).toEqual([
      [0, 0, 0],
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
    expect(matrix("contr.SAS")).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [0, 0, 0],
    ]);
    expect(matrix("sum")).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [-1, -1, -1],
    ]);
    expect(matrix("deviation")).toEqual(matrix("sum"));
    expect(matrix("helmert")).toEqual([
      [-1, -1, -1],
      [1, -1, -1],
      [0, 2, -1],
      [0, 0, 3],
    ]);
    expect(matrix("sdif")).toEqual([
      [-0.75, -0.5, -0.25],
      [0.25, -0.5, -0.25],
      [0.25, 0.5, -0.25],
      [0.25, 0.5, 0.75],
    ]);
    expect(dense(indicatorCoding(levels))).toEqual([
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 1],
    ]);
  });

  test("have R's names", () => {
    const names = (spec: ContrastSpec) => contrastCoding(spec, levels, "f").suffixes;
    expect(names("treatment")).toEqual(["b", "c", "d"]);
    expect(names("SAS")).toEqual(["a", "b", "c"]);
    expect(names("sum")).toEqual(["1", "2", "3"]);
    expect(names("poly")).toEqual([".L", ".Q", ".C"]);
    expect(contrastCoding("poly", ["1", "2", "3", "4", "5"], "f").suffixes[3]).toBe("^4");
    expect(names("sdif")).toEqual(["b-a", "c-b", "d-c"]);
    expect(contrastName({ type: "part", of: "contr.sum", columns: 2 })).toBe("sum");
  });

  test("polynomials are orthonormal, with R's signs", () => {
    const p = matrix("poly");
    for (let j = 0; j < 3; j++) {
      for (let k = 0; k < 3; k++) {
        const product = p.reduce((s, row) => s + row[j] * row[k], 0);
        // A handful of roundings of numbers below one.
        expect(Math.abs(product - (j === k ? 1 : 0))).toBeLessThan(1e-15 * 8);
      }
    }
    // R 4.2.2: contr.poly(4)[4, ]
    const last = [0.670820393249937, 0.5, 0.223606797749979];
    last.forEach((v, j) => {
      expect(p[3][j]).toBeCloseTo(v, 14);
    });
  });

  test("a thousand levels of sum contrasts stay sparse", () => {
    const coding = contrastCoding(
      "sum",
      Array.from({ length: 1000 }, (_, k) => String(k)),
      "f",
    );
    expect(coding.values.length).toBe(2 * 999);
  });

  test("polynomials of 60 levels are still orthogonal to rounding", () => {
    const { columns } = orthogonalPolynomials(
      Float64Array.from({ length: 60 }, (_, i) => i + 1e6),
      59,
    );
    let worst = 0;
    for (let j = 0; j < 59; j++) {
      for (let k = 0; k < j; k++) {
        worst = Math.max(worst, Math.abs(columns[j].reduce((s, v, i) => s + v * columns[k][i], 0)));
      }
    }
    // Made orthogonal a second time, columns stay so to a few hundred roundings.
    expect(worst).toBeLessThan(1e-12);
  });
});
