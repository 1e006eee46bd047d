import { printFormula } from "@lmmkit/formula";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { InferenceError } from "./inference-error";

/** How to get from the fitted scale to that of the response. */
export interface ResponseScale {
  readonly name: "log" | "log2" | "log10" | "log1p" | "sqrt";
  /** h(η) + ½ h″(η) σ². */
  readonly inverse: (value: number) => number;
  /** Its derivative. */
  readonly derivative: (value: number) => number;
  /** e^{η/s}: what differences become as ratios; null where they have no such meaning. */
  readonly ratio: ((value: number) => number) | null;
}

type Name = ResponseScale["name"];

/**
 * The inverse of the transformation that the formula's left-hand side applies.
 *
 * @param sigma standard deviation for the second-order correction of bias; 0: none
 * @throws InferenceError `unsupported-design` when the response is not one of `log(y)`, `log2`, `log10`, `log1p`,
 *   `sqrt`
 */
export function responseScale(model: LinearMixedModel, sigma: number): ResponseScale {
  const name = transformationOf(model);
  if (name === null) {
    const [left] = printFormula(model.frame.formula).split(" ~ ");
    throw new InferenceError(
      "unsupported-design",
      `unknown transformation: ${left}`,
      left,
      "log, log2, log10, log1p and sqrt can be undone",
    );
  }
  const half = (sigma * sigma) / 2;
  if (name === "sqrt") {
    return { name, inverse: (v) => v * v + 2 * half, derivative: (v) => 2 * v, ratio: null };
  }
  const unit = name === "log2" ? Math.LN2 : name === "log10" ? Math.LN10 : 1;
  const power = (v: number) => Math.exp(unit * v);
  const shift = name === "log1p" ? 1 : 0;
  return {
    name,
    inverse: (v) => power(v) * (1 + half * unit * unit) - shift,
    derivative: (v) => unit * power(v) * (1 + half * unit * unit),
    ratio: name === "log1p" ? null : power,
  };
}

function transformationOf(model: LinearMixedModel): Name | null {
  let node = model.frame.formula.left;
  while (node !== null && node.kind === "paren") node = node.inner;
  if (node === null || node.kind !== "call" || node.args.length !== 1) return null;
  const known: readonly string[] = ["log", "log2", "log10", "log1p", "sqrt"] satisfies Name[];
  return known.includes(node.name) ? (node.name as Name) : null;
}
