/**
 * Simulated models on which optimizers go astray, none of them used to build the engine: never above the best of four
 * of lme4's optimizers (`fixtures/reference/held-out/held-out.R`), and always certified.
 */
import { readFileSync } from "node:fs";
import { lmm } from "@lmmkit/lmm";
import { describe, expect, it } from "vitest";

interface Best {
  readonly criterion: number;
  readonly sigma: number;
}
interface HeldOutModel {
  readonly id: string;
  readonly formula: string;
  readonly reml: Best | null;
  readonly ml: Best;
  readonly weights: readonly number[] | null;
  readonly offset: readonly number[] | null;
  readonly table: Readonly<Record<string, readonly number[] | readonly string[]>>;
}

const { models } = JSON.parse(
  readFileSync(new URL("../fixtures/reference/held-out/held-out.json", import.meta.url), "utf8"),
) as { models: HeldOutModel[] };

function fit(model: HeldOutModel, method: "REML" | "ML", response = model.table.y as readonly number[]) {
  const { weights, offset } = model;
  return lmm(
    model.formula,
    { ...model.table, y: response },
    {
      method,
      ...(weights === null ? {} : { weights }),
      ...(offset === null ? {} : { offset }),
    },
  );
}

describe("held-out models end no higher than any of lme4's optimizers", () => {
  it.each(models.map((model) => [model.id, model] as const))("%s", (_, model) => {
    for (const method of ["REML", "ML"] as const) {
      const best = method === "REML" ? model.reml : model.ml;
      const ours = fit(model, method);
      expect(ours.converged).toBe(true);
      if (best === null) continue;
      expect(ours.criterion).toBeLessThanOrEqual(
        best.criterion + 1e-6 * Math.max(1, Math.abs(best.criterion) / 1000),
      );
      // Where both found the same minimum; lme4's θ is within 1e-5 of it at best, and its sums carry y + 1e8 along.
      if (best.criterion - ours.criterion < 1e-5)
        expect(Math.abs(ours.sigma / best.sigma - 1)).toBeLessThan(1e-5);
    }
  });

  it("without fixed effects REML is ML", () => {
    const model = models.find(({ id }) => id === "no fixed effects");
    if (model === undefined) throw new Error("no such model");
    expect(fit(model, "REML").criterion).toBe(fit(model, "ML").criterion);
  });

  it("a response 1e8 away fits as the same rows shifted back", () => {
    const model = models.find(({ id }) => id === "far response");
    if (model === undefined) throw new Error("no such model");
    const far = model.table.y as readonly number[];
    const back = fit(
      model,
      "REML",
      // Exact: both numbers have the same last place.
      far.map((value) => value - 1e8),
    );
    // The same numbers after centring, so rounding errors of the last sums alone: 1e-9 of a criterion of a few hundred.
    expect(Math.abs(fit(model, "REML").criterion - back.criterion)).toBeLessThan(1e-9);
  });
});
