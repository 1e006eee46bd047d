import { describe, expect, it } from "vitest";
import { termOrder } from "./term-order";

// Each expectation was read off lme4 1.1-31 (R 4.2.2): names(lFormula(...)$reTrms$cnms).
describe("the order of random-effects terms", () => {
  it("keeps the formula's order when levels do not increase", () => {
    expect(termOrder([5, 5])).toEqual([0, 1]);
    expect(termOrder([5, 5, 3])).toEqual([0, 1, 2]);
    expect(termOrder([])).toEqual([]);
  });

  it("puts most levels first and reverses ties when anything has to move", () => {
    expect(termOrder([5, 7, 5, 7])).toEqual([3, 1, 2, 0]);
    expect(termOrder([3, 7, 7, 5, 5])).toEqual([2, 1, 4, 3, 0]);
    expect(termOrder([3, 5, 5])).toEqual([2, 1, 0]);
    expect(termOrder([5, 3, 5])).toEqual([2, 0, 1]);
    expect(termOrder([5, 5, 7])).toEqual([2, 1, 0]);
  });
});
