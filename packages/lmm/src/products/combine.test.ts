import type { ModelColumn, ModelFrame, ModelMatrix } from "@lmmkit/formula";
import { describe, expect, it } from "vitest";
import { buildDesign } from "../design/design";
import { criterionAt } from "../fit/criterion";
import { PlsWorkspace } from "../pls/workspace";
import { expectClose, modelKinds, randomModel, randomTheta } from "../random-model.test-support";
import { mergeProducts, subtractProducts } from "./combine";
import type { CrossProducts } from "./cross-products";
import { crossProducts } from "./from-frame";

/** Some rows of a frame, all levels kept. */
function rowsOf(frame: ModelFrame, keep: (row: number) => boolean): ModelFrame {
  const rows = Array.from({ length: frame.nobs }, (_, r) => r).filter(keep);
  const pick = (values: Float64Array) => Float64Array.from(rows, (r) => values[r]);
  const column = (from: ModelColumn): ModelColumn => {
    if (from.kind === "constant") return from;
    if (from.kind === "dense") return { kind: "dense", values: pick(from.values) };
    const at = rows.flatMap((r, i) => (from.rows.includes(r) ? [i] : []));
    return { kind: "sparse", rows: Int32Array.from(at), values: new Float64Array(at.length).fill(1) };
  };
  const matrix = (from: ModelMatrix): ModelMatrix => ({
    ...from,
    nrows: rows.length,
    columns: from.columns.map(column),
  });
  return {
    ...frame,
    nobs: rows.length,
    response: frame.response === null ? null : { ...frame.response, values: pick(frame.response.values) },
    fixed: matrix(frame.fixed),
    random: frame.random.map((term) => ({
      ...term,
      design: matrix(term.design),
      group: { ...term.group, codes: Int32Array.from(rows, (r) => term.group.codes[r]) },
    })),
    weights: frame.weights === null ? null : pick(frame.weights),
    offset: frame.offset === null ? null : pick(frame.offset),
  };
}

function expectSame(actual: CrossProducts, expected: CrossProducts): void {
  expect(actual.nobs).toBe(expected.nobs);
  expect(actual.sumLogWeights).toBeCloseTo(expected.sumLogWeights, 12);
  actual.ztz.forEach((pair, i) => {
    expect(pair.colPtr).toEqual(expected.ztz[i].colPtr);
    expect(pair.rowIdx).toEqual(expected.ztz[i].rowIdx);
    expectClose(pair.values, expected.ztz[i].values, 11);
  });
  for (const key of ["ztx", "xtx", "zty", "xty"] as const) expectClose(actual[key], expected[key], 11);
  expect(actual.yty).toBeCloseTo(expected.yty, 11);
  expect(actual.total).toBeCloseTo(expected.total, 10);
}

describe("cross-products of parts", () => {
  it("merge to those of the whole, and subtract back", () => {
    for (const kind of modelKinds) {
      const frame = randomModel(kind, 21, { weights: true, offset: true });
      const design = buildDesign(frame);
      const whole = crossProducts(frame, design);
      const options = { shifts: whole.shifts };
      const part = crossProducts(
        rowsOf(frame, (r) => r % 3 === 0),
        design,
        options,
      );
      const rest = crossProducts(
        rowsOf(frame, (r) => r % 3 !== 0),
        design,
        options,
      );
      const merged = mergeProducts(part, rest);
      expectSame(merged, whole);
      const left = subtractProducts(whole, part);
      const theta = randomTheta(design.lower, 5);
      expect(criterionAt(new PlsWorkspace(design, merged), "REML", theta)).toBeCloseTo(
        criterionAt(new PlsWorkspace(design, whole), "REML", theta),
        10,
      );
      // The pattern stays that of the whole, with zeros where only the part had rows.
      expect(criterionAt(new PlsWorkspace(design, left), "ML", theta)).toBeCloseTo(
        criterionAt(new PlsWorkspace(design, rest), "ML", theta),
        9,
      );
    }
  });

  it("are refused when they were shifted differently or belong to different designs", () => {
    const frame = randomModel("slope", 21);
    const design = buildDesign(frame);
    const whole = crossProducts(frame, design);
    const other = crossProducts(
      rowsOf(frame, (r) => r < 30),
      design,
    );
    expect(() => mergeProducts(whole, other)).toThrow(/their columns were shifted differently/);
    const stranger = randomModel("crossed", 21);
    expect(() => mergeProducts(whole, crossProducts(stranger, buildDesign(stranger)))).toThrow(
      /different designs/,
    );
  });
});
