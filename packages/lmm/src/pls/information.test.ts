import { describe, expect, it } from "vitest";
import { buildDesign } from "../design/design";
import { crossProducts } from "../products/from-frame";
import { randomModel, uniforms } from "../random-model.test-support";
import { InformationProducts } from "./information";
import { addInverseTracesInto, addRegularTracesInto } from "./inverse-traces";
import { invertInto } from "./invert";
import { timesTemplatesInto } from "./refill";
import { PlsWorkspace } from "./workspace";

const kinds = ["scalar", "crossed", "two vector terms", "diagonal"] as const;

/** A workspace at a multiple of the identity, with the inverses of its templates. */
function workspaceAt(kind: (typeof kinds)[number], scale: number) {
  const frame = randomModel(kind, 4, { weights: true });
  const design = buildDesign(frame);
  const workspace = new PlsWorkspace(design, crossProducts(frame, design));
  workspace.evaluate(design.theta0.map((value) => scale * value));
  const inverses = design.factors.map(({ ncols: k }, f) => {
    const inverse = new Float64Array(k * k);
    invertInto(workspace.templates[f], k, new Float64Array(k * k), inverse);
    return inverse;
  });
  return { design, workspace, inverses };
}

describe("the average information by Λ⁻¹v", () => {
  it.each(kinds)("is that by products with Z'Z, however small Λ is (%s)", (kind) => {
    for (const scale of [3, 0.1, 1e-3, 1e-6]) {
      const { design, workspace, inverses } = workspaceAt(kind, scale);
      const { q } = design;
      const { p } = workspace;
      const n = design.theta0.length;
      const next = uniforms(8);
      const v = new Float64Array(q * n);
      for (const { factor, template, thetaStart } of design.terms) {
        const { start, levels, ncols } = design.factors[factor];
        for (let k = thetaStart; k < thetaStart + template.count; k++) {
          for (let i = 0; i < levels.length * ncols; i++) v[k * q + start + i] = next() - 0.5;
        }
      }
      // Any h and G do, with u = Λ'h and B = Λ'G.
      const residual = Float64Array.from({ length: q * (p + 1) }, () => (next() - 0.5) / q);
      const solved = new Float64Array(q * (p + 1));
      timesTemplatesInto(design, workspace.templates, residual, p + 1, solved);
      const [byInverse, direct] = [inverses, null].map((given) => {
        const spread = new Float64Array(n * n);
        const s = new Float64Array(n);
        new InformationProducts(workspace).spreadInto(v, solved, residual, given, spread, s);
        return { spread, s };
      });
      for (let k = 0; k < n; k++) {
        // Six digits may be lost in I − W, not more.
        expect(byInverse.s[k]).toBeCloseTo(direct.s[k], 9);
        for (let l = 0; l <= k; l++) {
          const size = Math.sqrt(direct.spread[k * n + k] * direct.spread[l * n + l]);
          const gap = Math.abs(byInverse.spread[l * n + k] - direct.spread[l * n + k]);
          expect(gap).toBeLessThan(1e-9 * size);
        }
      }
    }
  });
});

describe("the traces of Z'ZΛW from the diagonal blocks of W", () => {
  it.each(kinds)(
    "are those from all its blocks, and refused where they would lose their digits (%s)",
    (kind) => {
      for (const scale of [3, 0.1, 1e-2]) {
        const { design, workspace, inverses } = workspaceAt(kind, scale);
        const room = design.factors.map(({ ncols }) => new Float64Array(ncols * ncols));
        const few = room.map((block) => block.slice());
        const all = room.map((block) => block.slice());
        const inverse = workspace.inverseOnSystem();
        expect(addRegularTracesInto(workspace, inverse, inverses, room, few)).toBe(true);
        addInverseTracesInto(workspace, inverse, all);
        few.forEach((block, f) => {
          const size = Math.max(...all[f].map(Math.abs));
          // Ten digits: I − W has lost at most six of sixteen.
          block.forEach((value, i) => {
            expect(Math.abs(value - all[f][i])).toBeLessThan(1e-10 * size);
          });
        });
      }
      const { design, workspace, inverses } = workspaceAt(kind, 1e-6);
      const room = design.factors.map(({ ncols }) => new Float64Array(ncols * ncols));
      const out = room.map((block) => block.slice());
      expect(addRegularTracesInto(workspace, workspace.inverseOnSystem(), inverses, room, out)).toBe(false);
      expect(out.every((block) => block.every((value) => value === 0))).toBe(true);
    },
  );
});
