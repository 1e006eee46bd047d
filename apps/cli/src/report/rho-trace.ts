/** The progress of an optimizer in the form of the source document ("Checking profDev"). */
import { numberLabel } from "../io/number-label";

/** One lowering of the trust-region radius. */
export interface TraceStep {
  readonly rho: number;
  readonly evaluations: number;
  readonly criterion: number;
  readonly theta: ArrayLike<number>;
}

/** An optimization as `--verbose` shows it. */
export interface Trace {
  readonly npt: number;
  readonly rhobeg: number;
  readonly rhoend: number;
  readonly steps: readonly TraceStep[];
  readonly evaluations: number;
  readonly criterion: number;
  readonly theta: ArrayLike<number>;
}

/**
 * ```text
 * npt = 5 , n = 2
 * rhobeg = 0.2 , rhoend = 2e-07
 *   0.020: 11:      11396.1;0.465012 0.298249
 * At return
 *  34:      11391.532: 0.335980 0.314536
 * ```
 */
export function formatRhoTrace(trace: Trace): string {
  const lines = [
    `npt = ${trace.npt} , n = ${trace.theta.length}`,
    `rhobeg = ${shortNumber(trace.rhobeg)} , rhoend = ${shortNumber(trace.rhoend)}`,
  ];
  for (const { rho, evaluations, criterion, theta } of trace.steps) {
    const point = significantAll(theta, 6).join(" ");
    lines.push(
      `  ${significant(rho, 2)}: ${String(evaluations).padStart(2)}: ${significant(criterion, 6).padStart(12)};${point}`,
    );
  }
  const end = significantAll(trace.theta, 6).join(" ");
  lines.push("At return");
  lines.push(
    `${String(trace.evaluations).padStart(3)}: ${significant(trace.criterion, 8).padStart(14)}: ${end}`,
  );
  return `${lines.join("\n")}\n`;
}

/** One evaluation of the criterion. */
export interface EvaluationStep {
  readonly criterion: number;
  readonly theta: ArrayLike<number>;
}

/**
 * The evaluations of an optimizer that has no radius to report, in the same form.
 *
 * ```text
 * newton , n = 2
 *   1:      11391.749; 0.333413 0.330117
 *   2:      11391.532; 0.336013 0.314523
 * At return
 *   2:      11391.532: 0.335980 0.314536
 * ```
 */
export function formatEvaluationTrace(
  name: string,
  steps: readonly EvaluationStep[],
  end: EvaluationStep & { readonly evaluations: number },
): string {
  const line = (count: number, { criterion, theta }: EvaluationStep, mark: string) =>
    `${String(count).padStart(3)}: ${significant(criterion, 8).padStart(14)}${mark} ${significantAll(theta, 6).join(" ")}`;
  const lines = [`${name} , n = ${end.theta.length}`];
  for (const [i, step] of steps.entries()) lines.push(line(i + 1, step, ";"));
  lines.push("At return", line(end.evaluations, end, ":"));
  return `${lines.join("\n")}\n`;
}

function significantAll(values: ArrayLike<number>, digits: number): string[] {
  // What is nothing but rounding error beside the largest value is shown as 0.
  const least = 1e-13 * Math.max(...Array.from(values, Math.abs));
  return Array.from(values, (value) => significant(Math.abs(value) <= least ? 0 : value, digits));
}

/**
 * C's `%#.{digits}g`: that many significant digits, trailing zeros kept, exponent notation below
 * 1e-4 and from 10^digits on.
 */
export function significant(value: number, digits: number): string {
  if (!Number.isFinite(value)) return String(value);
  const [mantissa, exponentText] = value.toExponential(digits - 1).split("e");
  const exponent = Number(exponentText);
  if (value === 0) return `0.${"0".repeat(digits - 1)}`;
  if (exponent < -4 || exponent >= digits) {
    const size = Math.abs(exponent);
    return `${mantissa}${digits === 1 ? "." : ""}e${exponent < 0 ? "-" : "+"}${size < 10 ? `0${size}` : size}`;
  }
  const decimals = digits - 1 - exponent;
  return decimals === 0 ? `${value.toFixed(0)}.` : value.toFixed(decimals);
}

/** At most 7 significant digits, none of them needless. */
function shortNumber(value: number): string {
  return numberLabel(Number(value.toPrecision(7)));
}
