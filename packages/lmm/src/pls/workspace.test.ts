import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { denseOracle } from "../dense-oracle.test-support";
import { buildDesign } from "../design/design";
import { criterionAt } from "../fit/criterion";
import { dense, matrix, ones } from "../frame.test-support";
import { crossProducts } from "../products/from-frame";
import { expectClose, modelKinds, randomModel, randomTheta } from "../random-model.test-support";
import { PlsWorkspace } from "./workspace";

const anyModel = fc.record({
  kind: fc.constantFrom(...modelKinds),
  seed: fc.integer({ min: 1, max: 1e6 }),
  weights: fc.boolean(),
  offset: fc.boolean(),
});

describe("an evaluation of the penalized least-squares problem", () => {
  it("agrees with generalized least squares on the dense covariance matrix", () => {
    fc.assert(
      fc.property(anyModel, ({ kind, seed, ...extra }) => {
        const frame = randomModel(kind, seed, extra);
        const design = buildDesign(frame);
        const workspace = new PlsWorkspace(design, crossProducts(frame, design));
        const theta = randomTheta(design.lower, seed);
        const oracle = denseOracle(frame, design, theta);
        // Both sides lose a few digits of sixteen to the condition of V, about 100 here.
        expect(criterionAt(workspace, "ML", theta)).toBeCloseTo(oracle.ml, 9);
        expect(criterionAt(workspace, "REML", theta)).toBeCloseTo(oracle.reml, 9);
        expect(workspace.pwrss / oracle.pwrss).toBeCloseTo(1, 10);
        const { beta } = workspace.solution();
        expectClose(beta, oracle.beta, 8);
        expectClose(workspace.unscaledVcov(), oracle.unscaledVcov.flat(), 8);
      }),
      { seed: 20110111, numRuns: 150 },
    );
  });

  it("gives the same criterion wherever covariates and response have their zero", () => {
    const at = (shift: number) => {
      const frame = randomModel("crossed", 5);
      const moved = {
        ...frame,
        response: {
          name: "y",
          values: (frame.response?.values ?? new Float64Array(0)).map((y) => y + 100 * shift),
        },
        fixed: {
          ...frame.fixed,
          columns: frame.fixed.columns.map((column) =>
            column.kind === "dense" ? { ...column, values: column.values.map((x) => x + shift) } : column,
          ),
        },
      };
      const design = buildDesign(moved);
      return criterionAt(new PlsWorkspace(design, crossProducts(moved, design)), "REML", [0.7, 0.4]);
    };
    // Moving the data by 1e6 and 1e8 rounds them to 1e-10 and 1e-8: that much may change, no more.
    expect(at(1e6)).toBeCloseTo(at(0), 6);
  });

  it("does not depend on the order of rows or the names of levels", () => {
    const frame = randomModel("two vector terms", 11);
    const n = frame.nobs;
    const order = Array.from({ length: n }, (_, r) => (r * 7 + 3) % n);
    const pick = (values: Float64Array) => Float64Array.from(order, (r) => values[r]);
    const matrix = (from: typeof frame.fixed): typeof frame.fixed => ({
      ...from,
      columns: from.columns.map((column) => {
        if (column.kind === "constant") return column;
        if (column.kind === "dense") return { kind: "dense", values: pick(column.values) };
        const at = order.flatMap((r, i) => (column.rows.includes(r) ? [i] : []));
        return { kind: "sparse", rows: Int32Array.from(at), values: new Float64Array(at.length).fill(1) };
      }),
    });
    const shuffled = {
      ...frame,
      response: frame.response === null ? null : { name: "y", values: pick(frame.response.values) },
      fixed: matrix(frame.fixed),
      random: frame.random.map((term) => ({
        ...term,
        design: matrix(term.design),
        group: {
          ...term.group,
          codes: Int32Array.from(order, (r) => term.group.levels.length - 1 - term.group.codes[r]),
        },
      })),
    };
    const value = (from: typeof frame) => {
      const design = buildDesign(from);
      const theta = randomTheta(design.lower, 4);
      return criterionAt(new PlsWorkspace(design, crossProducts(from, design)), "REML", theta);
    };
    expect(value(shuffled)).toBeCloseTo(value(frame), 11);
  });

  it("says that a huge θ cannot be evaluated and recovers", () => {
    const frame = randomModel("slope", 3);
    const design = buildDesign(frame);
    const workspace = new PlsWorkspace(design, crossProducts(frame, design));
    const before = criterionAt(workspace, "REML", [1, 0, 1]);
    expect(criterionAt(workspace, "REML", [1e200, 0, 1])).toBe(Number.POSITIVE_INFINITY);
    expect(criterionAt(workspace, "REML", [Number.NaN, 0, 1])).toBe(Number.POSITIVE_INFINITY);
    expect(criterionAt(workspace, "REML", [1, 0, 1])).toBe(before);
    expect(() => workspace.evaluate([1, 2])).toThrow(/wrong length of theta: 2/);
  });
});

describe("nearly collinear fixed effects", () => {
  it("lose no digits: raw powers of a covariate give the criterion of orthogonal ones", () => {
    const frame = randomModel("crossed", 14);
    const column = frame.fixed.columns[1];
    const x = column.kind === "dense" ? column.values : new Float64Array(0);
    const withFixed = (columns: Record<string, Float64Array>) => {
      const fixed = matrix(frame.nobs, {
        "(Intercept)": ones,
        ...Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, dense(values)])),
      });
      const moved = { ...frame, fixed };
      const design = buildDesign(moved);
      expect(design.fixedNames).toHaveLength(1 + Object.keys(columns).length);
      const products = crossProducts(moved, design);
      const workspace = new PlsWorkspace(design, products);
      workspace.evaluate([0.6, 0.3]);
      return { workspace, products, beta: workspace.solution().beta };
    };
    // x + 1e3 is one column, its square another: their Gram matrix keeps few digits even when both are centred.
    const far = x.map((value) => value + 1000);
    const raw = withFixed({ far, square: far.map((value) => value * value) });
    const centred = withFixed({ x, square: x.map((value) => value * value) });
    expect(raw.products.shifts.triangle).not.toBeNull();
    expect(centred.products.shifts.triangle).toBeNull();
    // The map between the two bases has determinant 1, so log|RX|² agrees too; x + 1000 is rounded to 1e-13
    // and its square to 1e-10, which moves r² by about 1e-9.
    expect(raw.workspace.pwrss).toBeCloseTo(centred.workspace.pwrss, 8);
    expect(raw.workspace.logDetRX2).toBeCloseTo(centred.workspace.logDetRX2, 6);
    expect(raw.beta[2]).toBeCloseTo(centred.beta[2], 7);
  });
});
