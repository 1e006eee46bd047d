import { describe, expect, it } from "vitest";
import { buildDesign, type Design } from "../design/design";
import { LmmError } from "../errors";
import { vectorMachines } from "../machines.test-support";
import { memoryEstimate, memoryOfMachine, refuseBeyondMemory } from "./memory";

const design = buildDesign(vectorMachines);

function refusal(changed: Partial<Design>, entries: number, limit: number): LmmError | null {
  try {
    refuseBeyondMemory(memoryEstimate({ ...design, ...changed }, entries), limit);
    return null;
  } catch (error) {
    if (error instanceof LmmError) return error;
    throw error;
  }
}

describe("the memory of a fit", () => {
  it("is known before it is asked for", () => {
    // q = 18, p = 3, six parameters, 36 entries of L.
    expect(memoryEstimate(design, 36)).toEqual({
      factor: 8 * 3 * 36,
      effects: 8 * 6 * 18 * 4,
      fixed: 8 * 7 * 9,
      parameters: 8 * 3 * 18 * 6,
      total: 864 + 3456 + 504 + 2592,
    });
    expect(memoryOfMachine()).toBeGreaterThan(2 ** 28);
  });

  it("is refused by name where there is less, with what takes most of it", () => {
    expect(refusal({}, 36, 7416)).toBeNull();
    expect(refusal({}, 36, 7415)).toMatchObject({ code: "too-large", value: 7416 });
    expect(refusal({}, 1e9, 8 * 2 ** 30)?.message).toBe(
      "too large model: it needs about 23 GB of memory, its Cholesky factor 23 GB of them; there are 8.0 GB; " +
        "grouping factors that cross fill it in; use fewer levels or leave a term out",
    );
    expect(refusal({ q: 1e8, theta0: new Float64Array(200) }, 0, 2 ** 30)?.message).toMatch(/derivatives/);
    expect(refusal({ fixedNames: Array(1e5).fill("x") }, 0, 2 ** 30)?.message).toMatch(/its fixed effects/);
  });
});
