import { describe, expect, it } from "vitest";
import { fitFrame } from "../fit/fit-frame";
import { nestedMachines } from "../machines.test-support";
import { kenwardRoger } from "./kenward-roger";

describe("Kenward and Roger's adjustment", () => {
  it("estimates its memory first and refuses by name", () => {
    const model = fitFrame(nestedMachines);
    // Three elements of covariance and 6,000 fixed effects: 2.6 GB.
    const wide = { ...model, beta: new Float64Array(6000) };
    expect(() => kenwardRoger(wide)).toThrow(
      /^too large model: Kenward-Roger would need 2\.6 GB for 6000 fixed effects and 3 variance parameters; use satterthwaite$/,
    );
  });
});
