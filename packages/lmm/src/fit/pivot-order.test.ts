import { describe, expect, it } from "vitest";
import { buildDesign } from "../design/design";
import { randomModel } from "../random-model.test-support";
import { pivotOrders } from "./pivot-order";

describe("the order of pivots", () => {
  it("puts the largest remaining variance first", () => {
    const design = buildDesign(randomModel("slope", 1));
    expect(pivotOrders(design, [1, 0, 1])).toEqual([null]);
    expect(pivotOrders(design, [0.1, 0, 1])).toEqual([Int32Array.of(1, 0)]);
    expect(pivotOrders(design, [0, 0.7, 0.7])).toEqual([Int32Array.of(1, 0)]);
    expect(pivotOrders(design, [0, 0, 0])).toEqual([null]);
  });

  it("is that of the remaining variances, not of the first ones", () => {
    const design = buildDesign(randomModel("two vector terms", 1));
    // Columns of the first term: variances 4, 4.01 and 1; the second is almost a multiple of the first.
    expect(pivotOrders(design, [2, 2, 0, 0.1, 0, 1, 1, 0, 1])).toEqual([Int32Array.of(0, 2, 1), null]);
  });

  it("is left alone where a term has no unstructured covariance", () => {
    const design = buildDesign(randomModel("diagonal", 1));
    expect(pivotOrders(design, [0.1, 1, 1])).toEqual([null, null]);
  });
});
