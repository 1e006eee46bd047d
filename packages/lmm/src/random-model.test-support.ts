import type { GroupingFactor, ModelColumn, ModelFrame, RandomTerm } from "@lmmkit/formula";
import { expect } from "vitest";
import { dense, frameOf, group, ones, sparse, term } from "./frame.test-support";

/** Uniform numbers in [0, 1) from a linear congruential generator, the same everywhere. */
export function uniforms(seed: number): () => number {
  let state = (seed * 2654435761) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

/** The kinds of model that the engine must get right. */
export const modelKinds = [
  "scalar",
  "slope",
  "crossed",
  "nested",
  "independent slope",
  "diagonal",
  "two vector terms",
  "no intercept",
  "no fixed effects",
  "indicator columns",
] as const;

/** The same for covariance structures whose parameters are not entries of T. */
export const structuredKinds = ["compound symmetry", "autoregressive", "equal variances"] as const;
export type ModelKind = (typeof modelKinds)[number] | (typeof structuredKinds)[number];

/** A small random model of the kind asked for, with weights and offset on request. */
export function randomModel(
  kind: ModelKind,
  seed: number,
  extra: { readonly weights?: boolean; readonly offset?: boolean } = {},
): ModelFrame {
  const next = uniforms(seed);
  const n = 40;
  const numbers = (scale = 1) => Array.from({ length: n }, () => scale * (next() - 0.5));
  const levels = (count: number) =>
    Array.from({ length: n }, (_, r) => (r < count ? r : Math.floor(next() * count)));
  const x = dense(numbers(3).map((value) => value + 2));
  const slope = { "(Intercept)": ones, x };
  const g = group("g", levels(6));
  const h = group("h", levels(4));
  const nested = group("g:h", compact(Array.from(g.codes, (code, r) => code * 4 + h.codes[r])));
  const treated = sparse(numbers().map((value) => (value > 0 ? 1 : 0)));
  const others = sparse(
    Array.from({ length: n }, (_, r) => (treated.kind === "sparse" && treated.rows.includes(r) ? 0 : 1)),
  );
  let fixed: Record<string, ModelColumn> = { "(Intercept)": ones, x, treated };
  let random: RandomTerm[];
  switch (kind) {
    case "scalar":
      random = [term(g)];
      break;
    case "slope":
      random = [term(g, slope)];
      break;
    case "crossed":
      random = [term(h), term(g)];
      break;
    case "nested":
      random = [term(nested), term(g)];
      break;
    case "independent slope":
      random = [term(g), term(g, { x })];
      break;
    case "diagonal":
      random = [term(g, slope, "diag"), term(h)];
      break;
    case "two vector terms":
      random = [term(g, { ...slope, treated }), term(h, slope)];
      break;
    case "compound symmetry":
      random = [term(g, { ...slope, treated }, "cs"), term(h)];
      break;
    case "autoregressive":
      random = [term(g, { ...slope, treated }, "ar1"), term(h, slope, "hetar1")];
      break;
    case "equal variances":
      random = [term(g, { treated, others }, "homcs"), term(h, slope, "homdiag")];
      break;
    case "no intercept":
      fixed = { x, treated };
      random = [term(g, { treated, others })];
      break;
    case "no fixed effects":
      fixed = {};
      random = [term(g, slope), term(h)];
      break;
    case "indicator columns":
      fixed = { treated, others, x };
      random = [term(g, { treated, others }), term(h)];
      break;
  }
  const y = response(next, n, x, g);
  return frameOf({
    y,
    fixed,
    random,
    ...(extra.weights === true ? { weights: numbers().map((value) => value + 0.7) } : {}),
    ...(extra.offset === true ? { offset: numbers(4) } : {}),
  });
}

function response(next: () => number, n: number, x: ModelColumn, g: GroupingFactor): number[] {
  const effects = g.levels.map(() => 2 * (next() - 0.5));
  const slopes = g.levels.map(() => next() - 0.5);
  return Array.from({ length: n }, (_, r) => {
    const value = x.kind === "dense" ? x.values[r] : 0;
    return 5 + value * (0.5 + slopes[g.codes[r]]) + effects[g.codes[r]] + next() - 0.5;
  });
}

/** The same codes without unused ones. */
function compact(codes: readonly number[]): number[] {
  const used = [...new Set(codes)].sort((a, b) => a - b);
  return codes.map((code) => used.indexOf(code));
}

/** A θ of the right length, off-diagonals of either sign; one column of a template may be zero. */
export function randomTheta(lower: Float64Array, seed: number): Float64Array {
  const next = uniforms(seed + 77);
  return lower.map((bound) => (bound === 0 ? (next() < 0.1 ? 0 : 1.5 * next()) : next() - 0.5));
}

/** Every number within half a unit of the given decimal of its counterpart. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, decimals: number): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) expect(actual[i]).toBeCloseTo(expected[i], decimals);
}
