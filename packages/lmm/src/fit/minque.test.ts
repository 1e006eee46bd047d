import { describe, expect, it } from "vitest";
import { buildDesign } from "../design/design";
import { frameOf, group, ones, term } from "../frame.test-support";
import { PlsWorkspace } from "../pls/workspace";
import { crossProducts } from "../products/from-frame";
import { modelKinds, randomModel, uniforms } from "../random-model.test-support";
import { scaledCoordinates } from "./coordinates";
import { minimizeTheta } from "./minimize";
import { minqueStart } from "./minque";

describe("MINQUE(0) starting values", () => {
  it("are the REML estimates of balanced nested and crossed data", () => {
    const next = uniforms(12);
    const rows = Array.from({ length: 120 }, (_, r) => r);
    const g = group(
      "g",
      rows.map((r) => Math.floor(r / 12)),
    );
    const h = group(
      "h",
      rows.map((r) => r % 4),
    );
    const effects = g.levels.map(() => 3 * (next() - 0.5));
    const others = h.levels.map(() => 2 * (next() - 0.5));
    const y = rows.map((r) => 5 + effects[g.codes[r]] + others[h.codes[r]] + next());
    const frame = frameOf({ y, fixed: { "(Intercept)": ones }, random: [term(g), term(h)] });
    const design = buildDesign(frame);
    const workspace = new PlsWorkspace(design, crossProducts(frame, design));
    const start = minqueStart(workspace);
    const fit = minimizeTheta(workspace, { method: "REML", optimizer: { name: "bobyqa" } });
    expect(start).not.toBeNull();
    // BOBYQA's last radius is 2e-7.
    fit.theta.forEach((value, i) => {
      expect(start?.[i]).toBeCloseTo(value, 5);
    });
  });

  it("are regular for every kind of model", () => {
    for (const kind of modelKinds) {
      for (let seed = 1; seed <= 5; seed++) {
        const frame = randomModel(kind, seed, { weights: true });
        const design = buildDesign(frame);
        const products = crossProducts(frame, design);
        const workspace = new PlsWorkspace(design, products);
        workspace.maps = scaledCoordinates(design, products).maps;
        const start = minqueStart(workspace);
        expect(start).not.toBeNull();
        design.lower.forEach((bound, i) => {
          if (bound === 0) expect(start?.[i]).toBeGreaterThan(1e-4);
        });
        expect(workspace.evaluate(start ?? [])).toBe(true);
      }
    }
  });
});
