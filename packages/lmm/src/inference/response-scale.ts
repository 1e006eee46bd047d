import { type Formula, printFormula } from "@lmmkit/formula";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { InferenceError } from "./inference-error";

type Expression = NonNullable<Formula["left"]>;

/** How to get from the fitted scale to that of the response. */
export interface ResponseScale {
  /** What was done: `log`, `sqrt`, …; the whole left-hand side where it is of more than the variable alone. */
  readonly name: string;
  /** h(η) + ½ h″(η) σ². */
  readonly inverse: (value: number) => number;
  /** Its derivative. */
  readonly derivative: (value: number) => number;
  /** Whether the response falls where η rises, as with `log(10 - y)`. */
  readonly falls: boolean;
  /** e^{η/s}: what differences become as ratios; null where they are no ratios of the response. */
  readonly ratio: ((value: number) => number) | null;
}

const TRANSFORMATIONS = ["log", "log2", "log10", "log1p", "sqrt"] as const;

/** a·y + c of one variable; slope 0: a number. */
interface Affine {
  readonly slope: number;
  readonly shift: number;
}

/**
 * The inverse of the transformation that the formula's left-hand side applies, to a variable or to a·y + c: from
 * `log(y + 1)` come values of y, not of y + 1.
 *
 * emmeans 1.8.4 undoes `log(y + 1)` and `sqrt(y + 0.5)` likewise, but takes `log(1 + y)`, `log(y - 1)`, `log(2 * y)`
 * and `log(y / 10)` for logarithms of the variable.
 *
 * @param sigma standard deviation for the second-order correction of bias; 0: none
 * @throws InferenceError `unsupported-design` when the response is not `log`, `log2`, `log10`, `log1p` or `sqrt` of
 *   a·y + c
 */
export function responseScale(model: LinearMixedModel, sigma: number): ResponseScale {
  const [left] = printFormula(model.frame.formula).split(" ~ ");
  const found = transformationOf(model.frame.formula.left);
  if (found === null) {
    throw new InferenceError(
      "unsupported-design",
      `unknown transformation: ${left}`,
      left,
      "log, log2, log10, log1p and sqrt can be undone, of a variable or of a times it plus c",
    );
  }
  const { slope, shift } = found;
  const name = slope === 1 && shift === 0 ? found.name : left;
  const half = (sigma * sigma) / 2;
  const falls = slope < 0;
  if (found.name === "sqrt") {
    return {
      name,
      inverse: (v) => (v * v + 2 * half - shift) / slope,
      derivative: (v) => (2 * v) / slope,
      falls,
      ratio: null,
    };
  }
  const unit = found.name === "log2" ? Math.LN2 : found.name === "log10" ? Math.LN10 : 1;
  const power = (v: number) => Math.exp(unit * v);
  const bias = 1 + half * unit * unit;
  const constant = found.name === "log1p" ? 1 + shift : shift;
  return {
    name,
    inverse: (v) => (power(v) * bias - constant) / slope,
    derivative: (v) => (unit * power(v) * bias) / slope,
    falls,
    ratio: constant === 0 ? power : null,
  };
}

function transformationOf(
  left: Expression | null,
): (Affine & { name: (typeof TRANSFORMATIONS)[number] }) | null {
  let node = left;
  while (node !== null && node.kind === "paren") node = node.inner;
  if (node === null || node.kind !== "call" || node.args.length !== 1) return null;
  const called = node.name;
  const name = TRANSFORMATIONS.find((known) => known === called);
  const inner = affineOf(node.args[0].value);
  return name === undefined || inner === null || inner.slope === 0 ? null : { name, ...inner };
}

/** What an expression is as a·y + c; null where it is not, or of two variables. */
function affineOf(node: Expression): Affine | null {
  switch (node.kind) {
    case "name":
      return { slope: 1, shift: 0 };
    case "number":
      return { slope: 0, shift: node.value };
    case "paren":
      return affineOf(node.inner);
    case "call":
      return node.name === "I" && node.args.length === 1 ? affineOf(node.args[0].value) : null;
    case "unary": {
      const inner = affineOf(node.operand);
      if (inner === null || node.operator === "!") return null;
      return node.operator === "-" ? { slope: -inner.slope, shift: -inner.shift } : inner;
    }
    case "binary": {
      const [a, b] = [affineOf(node.left), affineOf(node.right)];
      return a === null || b === null ? null : combined(node.operator, a, b);
    }
    default:
      return null;
  }
}

function combined(operator: string, a: Affine, b: Affine): Affine | null {
  if (a.slope !== 0 && b.slope !== 0) return null;
  switch (operator) {
    case "+":
      return { slope: a.slope + b.slope, shift: a.shift + b.shift };
    case "-":
      return { slope: a.slope - b.slope, shift: a.shift - b.shift };
    case "*": {
      const [one, by] = a.slope === 0 ? [b, a.shift] : [a, b.shift];
      return { slope: one.slope * by, shift: one.shift * by };
    }
    case "/":
      return b.slope === 0 ? { slope: a.slope / b.shift, shift: a.shift / b.shift } : null;
    case "^":
      return a.slope === 0 && b.slope === 0 ? { slope: 0, shift: a.shift ** b.shift } : null;
    default:
      return null;
  }
}
