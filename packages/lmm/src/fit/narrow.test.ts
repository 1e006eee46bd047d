import type { ModelColumn, ModelFrame } from "@lmmkit/formula";
import { describe, expect, it } from "vitest";
import { buildDesign } from "../design/design";
import { keptByElimination } from "../design/kept-by-elimination";
import { keptColumns } from "../design/rank";
import { dense, frameOf, group, matrix, ones, sparse, term } from "../frame.test-support";
import { PlsWorkspace } from "../pls/workspace";
import { crossProducts } from "../products/from-frame";
import { uniforms } from "../random-model.test-support";
import { certify } from "./certificate";
import { scaledCoordinates } from "./coordinates";
import { criterionAt } from "./criterion";
import { fitFrame } from "./fit-frame";
import { narrowed } from "./narrow";
import { SecondOrder } from "./second-order";

const L = 90;
const N = 500;

/** A fixed factor of 90 levels, a covariate, and random effects of `groups` groups: more columns than Z has. */
function wide(groups = 8, weights = false): ModelFrame {
  const next = uniforms(groups);
  const codes = Array.from({ length: N }, (_, r) => (r < 2 * L ? r % L : Math.floor(next() * L)));
  const levels = Array.from({ length: L }, () => 2 * next());
  const g = group(
    "g",
    Array.from({ length: N }, (_, r) => r % groups),
  );
  const x = Array.from({ length: N }, () => 3 * next());
  const columns: Record<string, ModelColumn> = { "(Intercept)": ones, x: dense(x) };
  for (let l = 1; l < L; l++) columns[`f${l}`] = sparse(codes.map((code) => (code === l ? 1 : 0)));
  const effects = Array.from({ length: groups }, () => 1.5 * next());
  return frameOf({
    y: codes.map((code, r) => levels[code] + effects[r % groups] + 0.2 * x[r] + next()),
    fixed: columns,
    random: [term(g, { "(Intercept)": ones, x: dense(x) })],
    ...(weights ? { weights: Array.from({ length: N }, () => 0.5 + next()) } : {}),
  });
}

describe("a model with more columns in X than in Z", () => {
  it.each(["REML", "ML"] as const)(
    "has the same criterion, gradient and information on as many as Z has: %s",
    (method) => {
      const frame = wide(8, true);
      const design = buildDesign(frame);
      const whole = new PlsWorkspace(design, crossProducts(frame, design));
      const narrow = narrowed(whole, method);
      expect(narrow?.p).toBe(16);
      if (narrow === null) return;
      const second = [new SecondOrder(whole, method), new SecondOrder(narrow, method)];
      for (const theta of [
        [1, 0, 1],
        [0.4, -0.2, 0.05],
        [0, 0, 0.3],
      ]) {
        expect(criterionAt(narrow, method, theta)).toBeCloseTo(criterionAt(whole, method, theta), 9);
        const gradients = [new Float64Array(3), new Float64Array(3)];
        const hessians = [new Float64Array(9), new Float64Array(9)];
        second.forEach((own, i) => {
          own.evaluateInto(theta, gradients[i], hessians[i]);
        });
        gradients[0].forEach((value, i) => {
          expect(gradients[1][i]).toBeCloseTo(value, 7);
        });
        hessians[0].forEach((value, i) => {
          expect(hessians[1][i]).toBeCloseTo(value, 6);
        });
      }
    },
  );

  it("is fitted as the whole model would be, and certified", () => {
    for (const method of ["REML", "ML"] as const) {
      const frame = wide();
      const fit = fitFrame(frame, { method });
      expect(fit.converged).toBe(true);
      const whole = new PlsWorkspace(fit.design, fit.products);
      expect(fit.criterion).toBe(criterionAt(whole, method, fit.theta));
      const coordinates = scaledCoordinates(fit.design, fit.products);
      expect(certify(whole, method, coordinates, fit.theta).holds).toBe(true);
      expect(fit.beta).toHaveLength(L + 1);
      expect(fit.fitted).toHaveLength(N);
    }
  });

  it("has the covariance matrix of its coefficients, by blocks as one by one", () => {
    const frame = wide(8, true);
    const fit = fitFrame(frame);
    const p = fit.beta.length;
    // (X'V⁻¹X) vcov = σ²I, with X'V⁻¹X = X'WX − …: checked through the normal equations on y = X b.
    const b = fit.beta.map((_, j) => Math.cos(j));
    const values = new Float64Array(N);
    frame.fixed.columns.forEach((column, j) => {
      for (let r = 0; r < N; r++) {
        const value =
          column.kind === "constant" ? column.value : column.kind === "dense" ? column.values[r] : 0;
        values[r] += b[j] * value;
      }
      if (column.kind === "sparse") {
        column.rows.forEach((row, i) => {
          values[row] += b[j] * column.values[i];
        });
      }
    });
    const noise = frame.response?.values ?? new Float64Array(0);
    const moved = fitFrame(
      { ...frame, response: { name: "y", values: noise.map((y, r) => y + values[r]) } },
      { start: fit.theta },
    );
    moved.beta.forEach((value, j) => {
      expect(value - fit.beta[j]).toBeCloseTo(b[j], 6);
    });
    // The same model with the intercept's column last has fewer columns in blocks: standard errors agree.
    const names = [...frame.fixed.names].reverse();
    const columns = [...frame.fixed.columns].reverse();
    const turned = fitFrame({ ...frame, fixed: { ...frame.fixed, names, columns } }, { start: fit.theta });
    for (let j = 0; j < p; j++) {
      const at = p - 1 - j;
      expect(turned.vcov[at * (p + 1)]).toBeCloseTo(fit.vcov[j * (p + 1)], 8);
    }
  });

  it("is refused by name where X'X alone would take gigabytes", () => {
    const column = { kind: "sparse", rows: Int32Array.of(0), values: Float64Array.of(1) } as const;
    const columns = new Array<ModelColumn>(16_000).fill(column);
    const names = columns.map((_, j) => `f${j}`);
    const whole = {
      nrows: 1e5,
      names,
      columns,
      assign: new Int32Array(16_000),
      termLabels: [],
      contrasts: {},
    };
    expect(() => keptColumns(whole)).toThrow(expect.objectContaining({ code: "too-large" }));
  });

  it("keeps the columns that a QR factorization keeps, found by elimination", () => {
    const next = uniforms(6);
    const frame = wide();
    const { names, columns } = frame.fixed;
    const own: Record<string, ModelColumn> = {};
    names.forEach((name, j) => {
      own[name] = columns[j];
      if (j === 20) own.zero = sparse(new Float64Array(N));
      if (j === 30)
        own.twice = sparse(
          new Float64Array(N).map((_, r) => (has(columns[12], r) + has(columns[25], r)) * 2),
        );
    });
    own.baseline = sparse(
      new Float64Array(N).map((_, r) => (columns.slice(2).some((c) => has(c, r) === 1) ? 0 : 1)),
    );
    const x = columns[1];
    own.near = dense(x.kind === "dense" ? x.values.map((value) => value + 1e-5 * next()) : []);
    own.tooNear = dense(x.kind === "dense" ? x.values.map((value) => value + 1e-9 * next()) : []);
    const whole = matrix(N, own);
    const p = whole.columns.length;
    const gram = new Float64Array(p * p);
    const full = whole.columns.map((column) => Float64Array.from({ length: N }, (_, r) => has(column, r)));
    for (let j = 0; j < p; j++)
      for (let i = j; i < p; i++)
        gram[j * p + i] = full[i].reduce((sum, value, r) => sum + value * full[j][r], 0);
    const kept = keptByElimination(gram, whole);
    expect(Array.from(kept)).toEqual(Array.from(keptColumns(whole)));
    const dropped = whole.names.filter((_, j) => !kept.includes(j));
    expect(dropped).toEqual(["zero", "twice", "baseline", "tooNear"]);
  });
});

function has(column: ModelColumn, row: number): number {
  if (column.kind === "constant") return column.value;
  if (column.kind === "dense") return column.values[row];
  const at = column.rows.indexOf(row);
  return at < 0 ? 0 : column.values[at];
}
