import { expect, it } from "vitest";
import { lmm } from "../fit/lmm";
import { loadModel } from "./load-model";
import { saveModel } from "./save-model";

it("a fit that left rows of weight zero out of the likelihood loads again", () => {
  const rows = Array.from({ length: 24 }, (_, r) => r);
  const table = {
    y: rows.map((r) => (r * 7) % 11),
    g: rows.map((r) => `g${r % 4}`),
    w: rows.map((r) => (r === 5 ? 0 : 1)),
  };
  const model = lmm("y ~ 1 + (1 | g)", table, { weights: "w" });
  expect(model.nobs).toBe(23);
  expect(loadModel(JSON.stringify(saveModel(model)))).toEqual(model);
});
