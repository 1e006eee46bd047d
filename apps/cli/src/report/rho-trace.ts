/** The progress of BOBYQA in the form of the source document ("Checking profDev"). */
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

function significantAll(values: ArrayLike<number>, digits: number): string[] {
  return Array.from(values, (value) => significant(value, digits));
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
