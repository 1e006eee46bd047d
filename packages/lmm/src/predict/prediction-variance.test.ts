import { cholesky, solveLowerInPlace, solveLowerTransposeInPlace } from "@lmmkit/dense";
import type { ModelFrame } from "@lmmkit/formula";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { entry } from "../dense-oracle.test-support";
import { addRandomPart, fixedPart, type IncludedColumns } from "../diagnostics/linear-predictor";
import type { RowSource } from "../diagnostics/row-source";
import { fitFrame } from "../fit/fit-frame";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { workspaceOf } from "../model/workspace-of";
import { modelKinds, randomModel, structuredKinds, uniforms } from "../random-model.test-support";
import { predictionVariances, thetaGradients, unconditionedVariances } from "./prediction-variance";

/** Rows with other combinations of levels than the data have; code 99 is a new level. */
function shuffled(frame: ModelFrame, seed: number): RowSource {
  const next = uniforms(seed);
  // Terms on one factor share its codes.
  const codes = new Map<string, Int32Array>();
  for (const { group } of frame.random) {
    if (codes.has(group.name)) continue;
    codes.set(
      group.name,
      group.codes.map(() => (next() < 0.15 ? 99 : Math.floor(next() * group.levels.length))),
    );
  }
  return {
    nobs: frame.nobs,
    fixed: frame.fixed,
    random: frame.random.map((term) => ({
      ...term,
      group: { codes: codes.get(term.group.name) ?? term.group.codes },
    })),
  };
}

/** A row of Z (by term, level, column), with what is not included left out. */
function rowOfZ(model: LinearMixedModel, rows: RowSource, r: number, included: IncludedColumns): number[] {
  return model.design.terms.flatMap((term, t) => {
    const source = rows.random[term.frameIndex];
    const levels = model.terms[t].levels.length;
    const out = new Array<number>(levels * term.columns.length).fill(0);
    if (source === null || source.group.codes[r] >= levels) return out;
    term.columns.forEach((_, c) => {
      if (included !== null && included[t]?.[c] !== true) return;
      out[source.group.codes[r] * term.columns.length + c] = entry(source.design.columns[c], r);
    });
    return out;
  });
}

/**
 * Universal kriging with dense matrices: for the target x'β + z'b with c = ZΓz,
 * z'Γz − c'V⁻¹c + (x − X'V⁻¹c)'(X'V⁻¹X)⁻¹(x − X'V⁻¹c).
 */
function kriging(model: LinearMixedModel, rows: RowSource, included: IncludedColumns): number[] {
  const { frame, design } = model;
  const n = frame.nobs;
  const gamma = (z: number[]): number[] => {
    let at = 0;
    return design.terms.flatMap((term, t) => {
      const { template, levels } = model.terms[t];
      const k = term.columns.length;
      const own = z.slice(at, at + levels.length * k);
      at += levels.length * k;
      return own.map((_, i) => {
        const [level, a] = [Math.floor(i / k), i % k];
        let sum = 0;
        for (let c = 0; c < k; c++) {
          for (let b = 0; b < k; b++) {
            sum += template[c * k + a] * template[c * k + b] * own[level * k + b];
          }
        }
        return sum;
      });
    });
  };
  const zs = Array.from({ length: n }, (_, r) => rowOfZ(model, frame, r, null));
  const zg = zs.map(gamma);
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => {
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
    return sum;
  };
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) v[j * n + i] = dot(zs[i], zg[j]);
    v[i * n + i] += frame.weights === null ? 1 : 1 / frame.weights[i];
  }
  const solver = (matrix: Float64Array, size: number) => {
    const result = cholesky(matrix, size);
    if (result.status !== "ok") throw new Error("not positive definite");
    return (b: ArrayLike<number>) => {
      const out = Float64Array.from(b);
      solveLowerInPlace(out, result.factor, size);
      solveLowerTransposeInPlace(out, result.factor, size);
      return out;
    };
  };
  const solve = solver(v, n);
  const x = Array.from(design.fixedColumns, (j) =>
    Array.from({ length: n }, (_, r) => entry(frame.fixed.columns[j], r)),
  );
  const p = x.length;
  const vx = x.map(solve);
  const solveFixed = solver(Float64Array.from(vx.flatMap((a) => x.map((b) => dot(a, b)))), p);
  return Array.from({ length: rows.nobs }, (_, r) => {
    const z = rowOfZ(model, rows, r, included);
    const c = zg.map((own) => dot(own, z));
    const vc = solve(c);
    const rest = x.map((column, j) => entry(rows.fixed.columns[design.fixedColumns[j]], r) - dot(column, vc));
    return dot(z, gamma(z)) - dot(c, vc) + dot(rest, solveFixed(rest));
  });
}

function masks(model: LinearMixedModel): IncludedColumns[] {
  const { terms } = model.design;
  return [
    null,
    terms.map(() => null),
    terms.map(({ columns }, t) => (t === 0 ? columns.map((_, c) => c === columns.length - 1) : null)),
  ];
}

describe("the variance of predictions", () => {
  it.each([...modelKinds, ...structuredKinds])("is that of universal kriging: %s", (kind) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.boolean(), (seed, weights) => {
        const model = fitFrame(randomModel(kind, seed, { weights }));
        for (const rows of [model.frame, shuffled(model.frame, seed)]) {
          for (const included of masks(model)) {
            const expected = kriging(model, rows, included);
            predictionVariances(model, rows, included).forEach((value, r) => {
              // Kriging subtracts numbers of the size of the prior variance.
              expect(Math.abs(value - expected[r])).toBeLessThan(
                1e-8 * Math.max(1, expected[r], ...model.theta) ** 2,
              );
            });
          }
        }
      }),
      { seed: 5, numRuns: 4 },
    );
  });

  it("has what a new level adds: z'TT'z", () => {
    const model = fitFrame(randomModel("two vector terms", 12));
    predictionVariances(model, model.frame, null);
    const none = unconditionedVariances(model, model.frame, null);
    expect(none.every((value) => value === 0)).toBe(true);
    const all = unconditionedVariances(model, model.frame, masks(model)[1]);
    const r = 7;
    let expected = 0;
    model.design.terms.forEach((term, t) => {
      const k = term.columns.length;
      const { columns } = model.frame.random[term.frameIndex].design;
      for (let c = 0; c < k; c++) {
        let sum = 0;
        for (let a = 0; a < k; a++) sum += model.terms[t].template[c * k + a] * entry(columns[a], r);
        expected += sum * sum;
      }
    });
    expect(all[r]).toBeCloseTo(expected, 12);
  });
});

describe("the derivatives of predictions by theta", () => {
  it.each([...modelKinds, ...structuredKinds])("are those of refits nearby: %s", (kind) => {
    const model = fitFrame(randomModel(kind, 31, { weights: true }));
    if (model.singular) return;
    const rows = shuffled(model.frame, 9);
    for (const included of masks(model)) {
      const gradients = thetaGradients(model, rows, included);
      const workspace = workspaceOf(model);
      const at = (theta: Float64Array) => {
        workspace.evaluate(theta);
        const { beta, u } = workspace.solution();
        const out = fixedPart(model, rows, beta);
        const modes = model.design.terms.map(({ factor, columnStart, columns }) => {
          const { start, ncols, levels } = model.design.factors[factor];
          const template = workspace.relative[factor];
          const own = new Float64Array(levels.length * columns.length);
          for (let l = 0; l < levels.length; l++) {
            for (let a = 0; a < columns.length; a++) {
              let sum = 0;
              for (let c = 0; c < ncols; c++) {
                sum += template[c * ncols + columnStart + a] * u[start + l * ncols + c];
              }
              own[a * levels.length + l] = sum;
            }
          }
          return own;
        });
        addRandomPart(model, rows, modes, included, out);
        return out;
      };
      model.theta.forEach((value, i) => {
        const h = 1e-5;
        const high = at(model.theta.map((t, j) => (j === i ? value + h : t)));
        const low = at(model.theta.map((t, j) => (j === i ? value - h : t)));
        gradients[i].forEach((slope, r) => {
          // Central differences of this step are good to about 1e-7 of predictions of order 10.
          expect(Math.abs(slope - (high[r] - low[r]) / (2 * h))).toBeLessThan(1e-6);
        });
      });
    }
  });
});
