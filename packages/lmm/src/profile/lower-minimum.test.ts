import { describe, expect, it, vi } from "vitest";
import { fitFrame } from "../fit/fit-frame";
import type { FitOptions } from "../fit/options";
import { serialPool } from "../parallel/serial";
import { randomModel } from "../random-model.test-support";
import { profile } from "./profile";
import { profileIn } from "./profile-in";

// The default search would find the lower minimum; BOBYQA ends in the higher of two, 82.749 and 71.517.
vi.mock("../fit/minimize", async (original) => {
  const module = await original<typeof import("../fit/minimize")>();
  return {
    ...module,
    minimizeTheta: (workspace: Parameters<typeof module.minimizeTheta>[0], options: FitOptions) =>
      module.minimizeTheta(workspace, { ...options, optimizer: { name: "bobyqa" } }),
  };
});

describe("a profile of a fit that ended too high", () => {
  it("begins again from the lower minimum that it meets, and says so", async () => {
    const model = fitFrame(randomModel("no fixed effects", 6), { method: "ML" });
    const { parameters, deviance, diagnostics } = profile(model);
    expect(diagnostics).toEqual([
      expect.stringMatching(/^lower minimum: the deviance falls by .*profiled from there/),
    ]);
    expect(await profileIn(serialPool(), model)).toEqual(profile(model));
    expect(deviance).toBeLessThan(model.criterion - 1);
    for (const { zeta, name } of parameters) {
      zeta.slice(1).forEach((value, i) => {
        expect(value, name).toBeGreaterThanOrEqual(zeta[i] - 1e-6);
      });
    }
  });
});
