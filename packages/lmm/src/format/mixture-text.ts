import type { ChiBarSquare } from "../inference/chi-bar-square";

/** A reference distribution in words: `0.5 chi2(1) + 0.5 chi2(2)`. */
export function mixtureText({ mixture, simulation }: ChiBarSquare): string {
  if (mixture !== null) {
    return mixture.map(({ df, weight }) => `${Number(weight.toPrecision(3))} chi2(${df})`).join(" + ");
  }
  return simulation === null
    ? "not known"
    : `chi-bar-square, p averaged over ${simulation.draws} directions (seed ${simulation.seed}), standard error ${simulation.stdError.toPrecision(1)}`;
}
