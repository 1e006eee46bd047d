import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildDesign } from "../design/design";
import { fillTemplateInto, templateDerivativeInto } from "../design/template";
import { criterionAt } from "../fit/criterion";
import type { Method } from "../fit/options";
import { crossProducts } from "../products/from-frame";
import {
  modelKinds,
  randomModel,
  randomTheta,
  structuredKinds,
  uniforms,
} from "../random-model.test-support";
import { PlsDerivatives } from "./derivatives";
import { PlsWorkspace } from "./workspace";

/** Central differences, extrapolated twice (Richardson): errors of order step⁶. */
function richardson(f: (x: number) => number, step: number): number {
  const central = (h: number) => (f(h) - f(-h)) / (2 * h);
  const [a, b, c] = [central(step), central(step / 2), central(step / 4)];
  const first = [(4 * b - a) / 3, (4 * c - b) / 3];
  return (16 * first[1] - first[0]) / 15;
}

const anyModel = fc.record({
  kind: fc.constantFrom(...modelKinds, ...structuredKinds),
  seed: fc.integer({ min: 1, max: 1e6 }),
  weights: fc.boolean(),
  method: fc.constantFrom<Method>("ML", "REML"),
});

describe("the derivatives of the criterion", () => {
  it("agree with Richardson differences, at singular templates too", () => {
    fc.assert(
      fc.property(anyModel, ({ kind, seed, weights, method }) => {
        const frame = randomModel(kind, seed, { weights });
        const design = buildDesign(frame);
        const workspace = new PlsWorkspace(design, crossProducts(frame, design));
        const theta = randomTheta(design.lower, seed);
        workspace.evaluate(theta);
        const gradient = new Float64Array(theta.length);
        new PlsDerivatives(workspace).gradientInto(method, gradient);
        theta.forEach((value, i) => {
          const along = (t: number) => {
            const trial = theta.slice();
            trial[i] = value + t;
            return criterionAt(workspace, method, trial);
          };
          // The differences carry rounding of order 1e-14 · 100 / step and truncation of order step⁶.
          const expected = richardson(along, 2e-2);
          expect(Math.abs(gradient[i] - expected)).toBeLessThan(1e-6 * Math.max(1, Math.abs(expected)));
        });
      }),
      { seed: 1975, numRuns: 100 },
    );
  });

  it("give D with ∂f/∂T = 2DT and the exact curvature where the response carries it all", () => {
    const frame = randomModel("two vector terms", 9);
    const design = buildDesign(frame);
    const workspace = new PlsWorkspace(design, crossProducts(frame, design));
    const theta = design.theta0.map((value) => value + 0.1);
    workspace.evaluate(theta);
    const derivatives = new PlsDerivatives(workspace);
    const gradient = new Float64Array(theta.length);
    derivatives.gradientInto("REML", gradient);
    const d = design.terms.map(({ template: { k } }) => new Float64Array(k * k));
    derivatives.covarianceDerivativesInto(d);
    design.terms.forEach(({ template: { k, rows, cols }, thetaStart }, t) => {
      const at = (row: number, col: number) => {
        for (let i = 0; i < rows.length; i++)
          if (rows[i] === row && cols[i] === col) return theta[thetaStart + i];
        return 0;
      };
      for (let i = 0; i < rows.length; i++) {
        let value = 0;
        for (let m = 0; m < k; m++) value += 2 * d[t][m * k + rows[i]] * at(m, cols[i]);
        expect(value).toBeCloseTo(gradient[thetaStart + i], 8);
      }
    });
  });

  it("give D with ∂f/∂θ = 2 tr(D ∂T T') for structures, also where T is all but singular", () => {
    for (const kind of structuredKinds) {
      const frame = randomModel(kind, 9);
      const design = buildDesign(frame);
      const workspace = new PlsWorkspace(design, crossProducts(frame, design));
      for (const near of [0.3, 1e-6]) {
        const theta = design.theta0.slice();
        // The first parameter of the last term near its bound at zero.
        theta[design.terms[design.terms.length - 1].thetaStart] = near;
        workspace.evaluate(theta);
        const derivatives = new PlsDerivatives(workspace);
        const gradient = new Float64Array(theta.length);
        derivatives.gradientInto("ML", gradient);
        const d = design.terms.map(({ template: { k } }) => new Float64Array(k * k));
        derivatives.covarianceDerivativesInto(d);
        design.terms.forEach(({ template, thetaStart }, t) => {
          const { k, count } = template;
          const own = theta.slice(thetaStart, thetaStart + count);
          const matrix = new Float64Array(k * k);
          const slope = new Float64Array(k * k);
          fillTemplateInto(template, own, 0, matrix, k, 0);
          for (let i = 0; i < count; i++) {
            templateDerivativeInto(template, own, i, slope);
            let value = 0;
            for (let c = 0; c < k; c++)
              for (let a = 0; a < k; a++)
                for (let b = 0; b < k; b++)
                  value += 2 * d[t][b * k + a] * slope[c * k + a] * matrix[c * k + b];
            // T⁻¹ of size 1e6 costs six of sixteen digits, and D is as large as the gradient over T.
            expect(value).toBeCloseTo(gradient[thetaStart + i], 7);
          }
        });
      }
    }
  });

  it("give the average information that the curvature of r² belongs to", () => {
    for (const kind of ["crossed", "diagonal", "two vector terms"] as const) {
      const frame = randomModel(kind, 21, { weights: true });
      const design = buildDesign(frame);
      const products = crossProducts(frame, design);
      const workspace = new PlsWorkspace(design, products);
      const theta = randomTheta(design.lower, 21).map(
        (value, i) => value + (design.lower[i] === 0 ? 0.3 : 0),
      );
      const n = theta.length;
      const derivatives = new PlsDerivatives(workspace);
      workspace.evaluate(theta);
      const { pwrss } = workspace;
      derivatives.gradientInto("ML", new Float64Array(n));
      const information = new Float64Array(n * n);
      const none = design.terms.map(({ template: { k } }) => new Float64Array(k * k));
      derivatives.informationInto("ML", none, information);
      const residual = (k: number, s: number, l: number, t: number) => {
        const trial = theta.slice();
        trial[k] += s;
        trial[l] += t;
        workspace.evaluate(trial);
        return workspace.pwrss;
      };
      const column = design.terms.flatMap(({ template }, t) => Array.from(template.cols, (c) => `${t} ${c}`));
      let pairs = 0;
      for (let k = 0; k < n; k++) {
        for (let l = 0; l < n; l++) {
          expect(information[k * n + l]).toBe(information[l * n + k]);
          // V is linear in two parameters that belong to different columns of Λ: only there no more is needed.
          if (column[k] === column[l]) continue;
          pairs++;
          const first = (i: number) => richardson((t) => residual(i, t, i, 0), 2e-2);
          const mixed = richardson((s) => richardson((t) => residual(k, s, l, t), 2e-2), 2e-2);
          const expected = (products.nobs / pwrss) * (mixed / 2 - (first(k) * first(l)) / pwrss);
          // As above, with the rounding errors of a difference of differences.
          expect(Math.abs(information[k * n + l] - expected)).toBeLessThan(
            1e-5 * Math.max(1, Math.abs(expected)),
          );
        }
      }
      expect(pairs).toBeGreaterThan(0);
    }
  });

  it("give an average-information matrix that is the mean of Hessians over simulated responses", () => {
    // For one scalar term and ML, E[AI] = E[Hessian] when the responses come from the model at θ.
    const theta = [0.8];
    let information = 0;
    let hessian = 0;
    const draws = 400;
    const next = uniforms(3);
    const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
    const frame = randomModel("scalar", 1);
    const design = buildDesign(frame);
    const codes = frame.random[0].group.codes;
    for (let draw = 0; draw < draws; draw++) {
      const effects = frame.random[0].group.levels.map(() => theta[0] * normal());
      const values = Float64Array.from(codes, (code) => effects[code] + normal());
      const drawn = { ...frame, response: { name: "y", values } };
      const workspace = new PlsWorkspace(design, crossProducts(drawn, design));
      const derivatives = new PlsDerivatives(workspace);
      const at = (value: number) => {
        workspace.evaluate([value]);
        const gradient = new Float64Array(1);
        derivatives.gradientInto("REML", gradient);
        return gradient[0];
      };
      hessian += richardson((t) => at(theta[0] + t), 1e-2) / draws;
      at(theta[0]);
      const out = new Float64Array(1);
      const curvature = [new Float64Array(1)];
      derivatives.covarianceDerivativesInto(curvature);
      derivatives.informationInto("REML", curvature, out);
      information += out[0] / draws;
    }
    // Standard error of the mean difference over 400 draws is about 1 %.
    expect(information / hessian).toBeGreaterThan(0.95);
    expect(information / hessian).toBeLessThan(1.05);
  });
});
