import { InferenceError } from "./inference-error";

/** Families of contrasts that go by a name. */
export type ContrastFamily =
  | "pairwise"
  | "revpairwise"
  | "trt.vs.ctrl"
  | "trt.vs.ctrlk"
  | "consec"
  | "mean_chg"
  | "eff"
  | "del.eff"
  | "poly"
  | "helmert"
  | "identity";

/** One contrast of the levels of a factor. */
export interface LevelContrast {
  readonly label: string;
  /** One per level. */
  readonly coefficients: readonly number[];
}

/**
 * The contrasts of a family on levels in their order; labels as R's emmeans has them.
 *
 * `pairwise`: each minus each later one; `revpairwise`: each minus each earlier one; `trt.vs.ctrl`: each minus the
 * reference (`trt.vs.ctrlk`: the last); `consec`: each minus the one before; `mean_chg`: the mean of those after a
 * cut minus the mean of those before; `eff`: each minus the mean of all, `del.eff`: of all others; `helmert`: each
 * minus the mean of those before; `poly`: orthogonal polynomials with whole coefficients, up to the sixth degree;
 * `identity`: the means themselves.
 *
 * @param reference position of the control level; default: the first
 */
export function levelContrasts(
  family: ContrastFamily,
  levels: readonly string[],
  reference?: number,
): LevelContrast[] {
  const n = levels.length;
  const all = levels.map((_, i) => i);
  const make = (label: string, value: (i: number) => number): LevelContrast => ({
    label,
    coefficients: all.map(value),
  });
  const minus = (a: number, b: number) =>
    make(`${levels[a]} - ${levels[b]}`, (i) => (i === a ? 1 : i === b ? -1 : 0));
  const against = (control: number) => all.flatMap((i) => (i === control ? [] : [minus(i, control)]));
  switch (family) {
    case "pairwise":
      return all.flatMap((a) => all.slice(a + 1).map((b) => minus(a, b)));
    case "revpairwise":
      return all.flatMap((a) => all.slice(0, a).map((b) => minus(a, b)));
    case "trt.vs.ctrl":
      return against(reference ?? 0);
    case "trt.vs.ctrlk":
      return against(n - 1);
    case "consec":
      return all.slice(1).map((a) => minus(a, a - 1));
    case "mean_chg":
      return all
        .slice(1)
        .map((cut) => make(`${levels[cut - 1]}|${levels[cut]}`, (i) => (i < cut ? -1 / cut : 1 / (n - cut))));
    case "eff":
      return all.map((a) => make(`${levels[a]} effect`, (i) => (i === a ? 1 : 0) - 1 / n));
    case "del.eff":
      return n < 2 ? [] : all.map((a) => make(`${levels[a]} effect`, (i) => (i === a ? 1 : -1 / (n - 1))));
    case "helmert":
      return all
        .slice(1)
        .map((a) => make(`${levels[a]} - mean of earlier`, (i) => (i === a ? 1 : i < a ? -1 / a : 0)));
    case "poly":
      return polynomials(n).map((coefficients, d) => ({ label: DEGREES[d], coefficients }));
    case "identity":
      return all.map((a) => make(levels[a], (i) => (i === a ? 1 : 0)));
    default:
      throw new InferenceError(
        "unknown-option",
        `unknown contrasts: ${JSON.stringify(family)}`,
        family,
        "choose pairwise, revpairwise, trt.vs.ctrl, trt.vs.ctrlk, consec, mean_chg, eff, del.eff, poly, helmert or identity",
      );
  }
}

const DEGREES = ["linear", "quadratic", "cubic", "quartic", "degree 5", "degree 6"];

/**
 * Orthogonal polynomials over n equally spaced points with the smallest whole coefficients, the last one positive.
 *
 * Gram–Schmidt on the powers of the centred position, whose values are whole or half numbers; each polynomial is
 * brought to whole numbers without a common divisor.
 */
function polynomials(n: number): number[][] {
  const x = Array.from({ length: n }, (_, i) => 2 * i - n + 1);
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, i) => sum + value * b[i], 0);
  const basis: number[][] = [x.map(() => 1)];
  for (let degree = 1; degree < Math.min(n, DEGREES.length + 1); degree++) {
    // The three-term recurrence of Forsythe (1957), J. SIAM 5; symmetry leaves two terms.
    const last = basis[degree - 1];
    let next = last.map((value, i) => value * x[i]);
    for (const earlier of basis) {
      const share = dot(next, earlier) / dot(earlier, earlier);
      next = next.map((value, i) => value - share * earlier[i]);
    }
    basis.push(wholeNumbers(next));
  }
  return basis.slice(1);
}

function wholeNumbers(values: readonly number[]): number[] {
  const least = Math.min(...values.map(Math.abs).filter((value) => value > 1e-8));
  const scaled = values.map((value) => value / least);
  for (let factor = 1; factor <= 1000; factor++) {
    const tried = scaled.map((value) => value * factor);
    if (tried.every((value) => Math.abs(value - Math.round(value)) < 1e-6))
      return tried.map((v) => Math.round(v) + 0);
  }
  return scaled;
}
