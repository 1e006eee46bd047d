/** MixedModels.jl's properties, the description of a model, and the fit as an object. */
import { cake } from "@lmmkit/datasets/cake";
import { InstEval } from "@lmmkit/datasets/InstEval";
import { Penicillin } from "@lmmkit/datasets/Penicillin";
import { sleepstudy } from "@lmmkit/datasets/sleepstudy";
import * as lmmkit from "@lmmkit/lmm";
import {
  asObject,
  crossProductBlocks,
  describe as describeModel,
  FittedModel,
  factorBlocks,
  formatDescription,
  formatSummary,
  getME,
  hatvalues,
  lmm,
  loadModel,
  properties,
  saveModel,
  varCorr,
} from "@lmmkit/lmm";
import { stackHorizontally, stackVertically, symmetrize, toDense, zeros } from "@lmmkit/sparse";
import { describe, expect, it } from "vitest";
import { edgeModels } from "../support/edge-models";

const slopes = lmm("Reaction ~ Days + (Days | Subject)", sleepstudy.table);

/** The lower triangle put together from its blocks. */
function whole({ blocks }: lmmkit.BlockMatrix) {
  const widths = blocks.map((row, i) => row[i].ncols);
  return stackVertically(
    ...blocks.map((row, i) =>
      stackHorizontally(...row, ...widths.slice(i + 1).map((width) => zeros(widths[i], width))),
    ),
  );
}

describe.each(Object.entries(edgeModels))(
  "properties of a model with %s",
  (_, { formula, table, options }) => {
    const model = lmm(formula, table, options);
    const own = properties(model);

    it("are those of the accessors", () => {
      expect(own.objective).toBe(model.criterion);
      expect(own.beta).toEqual(model.beta);
      expect(own.leverage).toEqual(hatvalues(model));
      expect(own.dof + own.dof_residual).toBe(model.nobs);
      expect(own.varest).toBe(model.sigma ** 2);
      expect(Object.values(own.sigmas).flatMap((term) => Object.values(term))).toEqual(
        varCorr(model).terms.flatMap((term) => term.stdDev),
      );
      expect(own.b.flatMap(({ values }) => Array.from(values))).toEqual(Array.from(getME(model, "b")));
      expect(own.u.flatMap(({ values }) => Array.from(values))).toEqual(Array.from(getME(model, "u")));
      expect(own.Z.map(({ ncols }) => ncols)).toEqual(getME(model, "q_i"));
      expect(own.pvalues.every((p) => p >= 0 && p <= 1)).toBe(true);
      expect(own.cond.every((value) => value >= 1)).toBe(true);
    });

    it("A = [Z X y]'W[Z X y], and L L' is A with Z turned to ZΛ and I added, with the root of r² in its corner", () => {
      const z = toDense(getME(model, "Z"));
      const a = toDense(getME(model, "A"));
      const x = getME(model, "X");
      const { nrows: n, ncols: q } = getME(model, "Z");
      const y = model.response.map((value, r) => value - (model.offset?.[r] ?? 0));
      const size = q + x.ncols + 1;
      const gram = (random: (r: number, j: number) => number, ridge: number) => {
        const entry = (r: number, j: number) =>
          j < q ? random(r, j) : j < size - 1 ? x.values[(j - q) * n + r] : y[r];
        const out = new Float64Array(size * size);
        for (let j = 0; j < size; j++) {
          for (let i = 0; i < size; i++) {
            let sum = i === j && i < q ? ridge : 0;
            for (let r = 0; r < n; r++) sum += (model.weights?.[r] ?? 1) * entry(r, i) * entry(r, j);
            out[j * size + i] = sum;
          }
        }
        return out;
      };
      const close = (found: Float64Array, wanted: Float64Array) => {
        const scale = Math.max(...wanted.map(Math.abs));
        expect(Math.max(...found.map((value, i) => Math.abs(value - wanted[i]))) / scale).toBeLessThan(1e-13);
      };
      close(
        toDense(symmetrize(whole(crossProductBlocks(model)), "lower")),
        gram((r, j) => z[j * n + r], 0),
      );
      const l = toDense(whole(factorBlocks(model)));
      const product = new Float64Array(size * size);
      for (let j = 0; j < size; j++) {
        for (let i = 0; i < size; i++) {
          for (let m = 0; m <= Math.min(i, j); m++)
            product[j * size + i] += l[m * size + i] * l[m * size + j];
        }
      }
      close(
        product,
        gram((r, j) => a[r * q + j], 1),
      );
      // The corner is a difference of numbers as large as y'y.
      expect(l[size * size - 1] ** 2 / model.pwrss).toBeCloseTo(1, 7);
    });
  },
);

describe("condition numbers of λ", () => {
  it("are ratios of singular values", () => {
    const [, slope] = slopes.theta;
    const [a, , c] = slopes.theta;
    // Of a 2×2 matrix: s1² + s2² = ‖T‖², s1 s2 = |T|.
    const square = a * a + slope * slope + c * c;
    const root = Math.sqrt(square * square - 4 * (a * c) ** 2);
    expect(properties(slopes).cond[0]).toBeCloseTo(Math.sqrt((square + root) / (square - root)), 10);
    const { formula, table } = edgeModels["a singular fit"];
    expect(properties(lmm(formula, table)).cond).toEqual([Number.POSITIVE_INFINITY]);
  });
});

describe("the description of a model", () => {
  it("has its blocks, its factor and its memory", () => {
    const model = lmm("diameter ~ 1 + (1 | plate) + (1 | sample)", Penicillin.table);
    const found = describeModel(model);
    expect(found.blocks.map(({ storage, met }) => [storage, met])).toEqual([
      ["diagonal", 24],
      ["dense", 144],
      ["diagonal", 6],
    ]);
    expect(found.factor).toMatchObject({ nnzSystem: 24 + 144 + 6, nnz: 24 + 144 + 21, ordering: "columns" });
    expect(found.terms[0]).toMatchObject({ name: "plate", structure: "us", levels: 24, parameters: 1 });
    // Response, fitted values and two columns of codes at least.
    expect(found.bytes.rows).toBeGreaterThan(144 * (8 + 8 + 4 + 4));
    // The system, L, and [RZX, c_u] of 30 rows and 2 columns.
    expect(found.bytes.workspace).toBeGreaterThan(8 * (174 + 189 + 60));
    expect(formatDescription(found).split("\n").slice(0, 5)).toEqual([
      "Formula: diameter ~ 1 + (1 | plate) + (1 | sample)",
      "144 rows, 1 fixed effect, 30 random effects, 2 covariance parameters",
      "",
      "Terms:",
      "       structure effects levels parameters columns of Z",
    ]);
    expect(formatDescription(found, { format: "html" })).toContain("<td");
    const light = loadModel(saveModel(model, { data: false }));
    expect(describeModel(light)).toEqual({ ...found, bytes: { ...found.bytes, rows: null } });
  });

  it("says what InstEval costs", () => {
    const model = lmm("y ~ 1 + (1 | s) + (1 | d)", InstEval.table);
    const { blocks, factor } = describeModel(model);
    expect(blocks[1]).toMatchObject({ row: "d", col: "s", storage: "sparse" });
    expect(factor.nnz).toBeGreaterThan(factor.nnzSystem);
  });
});

describe("the fit as an object", () => {
  const m = asObject(slopes);

  it("has every function of a model as a method, with the same results", () => {
    expect(m.fixef()).toEqual(lmmkit.fixef(slopes));
    expect(m.confint({ method: "wald" })).toEqual(lmmkit.confint(slopes, { method: "wald" }));
    expect(m.anova()).toEqual(lmmkit.anova(slopes));
    expect(m.getME("Gp")).toEqual(getME(slopes, "Gp"));
    expect(m.tidy({ effects: "ran_vals" })).toEqual(lmmkit.tidy(slopes, { effects: "ran_vals" }));
    expect(m.predict({ Days: [10], Subject: ["308"] }).fit).toEqual(
      lmmkit.predict(slopes, { Days: [10], Subject: ["308"] }).fit,
    );
    const smaller = lmm("Reaction ~ Days + (1 | Subject)", sleepstudy.table);
    expect(m.compare([smaller])).toEqual(lmmkit.compareModels([slopes, smaller]));
    expect(m.compare([asObject(smaller)])).toEqual(lmmkit.compareModels([slopes, smaller]));
    const means = asObject(lmm("angle ~ recipe + (1 | replicate)", cake.table)).emmeans("recipe");
    expect(means.means).toHaveLength(3);
  });

  it("has a method for each exported function that takes a model alone or first", () => {
    // Of these the object has a form of its own, or they make or read something that is no question to a fit.
    const others = new Set([
      "anova",
      "compareModels",
      "formatSummary",
      "saveModel",
      "asObject",
      "hasRows",
      "modelJson",
      "crossProductBlocks",
      "factorBlocks",
      "parameterCount",
      "typeHypotheses",
      "ddfWork",
      "jackknifeGroups",
      "parameterEstimates",
      "observationDiagnostics",
      "bootstrapTest",
      "criterionDerivatives",
      "formatChecks",
      "criterion",
    ]);
    // The object is put together by concepts: methods stand along the chain of its classes.
    const methods = new Set<string>();
    for (let at = FittedModel.prototype; at !== Object.prototype; at = Object.getPrototypeOf(at)) {
      for (const name of Object.getOwnPropertyNames(at)) methods.add(name);
    }
    const missing = Object.entries(lmmkit).flatMap(([name, value]) => {
      if (typeof value !== "function" || others.has(name) || methods.has(name)) return [];
      return /^(?:async )?function \w+\(model[,) ]/.test(String(value)) ? [name] : [];
    });
    expect(missing).toEqual([]);
  });

  it("is written as its summary, and saved by JSON.stringify", () => {
    expect(String(m)).toBe(formatSummary(slopes));
    expect(m.summary({ format: "markdown" })).toBe(formatSummary(slopes, { format: "markdown" }));
    expect(loadModel(JSON.stringify(m))).toEqual(slopes);
    const light = loadModel(m.save({ data: false }));
    expect(JSON.stringify(asObject(light))).toBe(JSON.stringify(m.save({ data: false })));
  });
});
