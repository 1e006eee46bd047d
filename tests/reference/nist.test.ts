/**
 * NIST's one-way analysis of variance data (StRD), nine of them made to have up to 13 constant leading
 * digits: for a balanced design REML is known in closed form, σ² = MSW and σ_g² = (MSB − MSW)/reps.
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { lmm, varCorr } from "@lmmkit/lmm";
import { describe, expect, it } from "vitest";

const folder = fileURLToPath(new URL("../../../shared/reference/nist/", import.meta.url));
const certifiedPath = `${folder}NIST_StRD_anova_certified.json`;
const present = existsSync(certifiedPath);

interface Certified {
  readonly k: number;
  readonly reps: number;
  readonly n: number;
  readonly MSB: number;
  readonly MSW: number;
  readonly reml_sigma2: number;
  readonly reml_sigma2_group: number;
}

const certified: Readonly<Record<string, Certified>> = present
  ? (JSON.parse(readFileSync(certifiedPath, "utf8")) as Record<string, Certified>)
  : {};

function read(name: string): { group: string[]; y: Float64Array } {
  const [, ...lines] = readFileSync(`${folder}${name}.csv`, "utf8").trimEnd().split("\n");
  const rows = lines.map((line) => line.split(","));
  return { group: rows.map((row) => row[0]), y: Float64Array.from(rows, (row) => Number(row[1])) };
}

/**
 * Mean squares of the doubles that the decimals became, by differences from the first value, which
 * are exact for these data: NIST certifies the decimals, and 1000000000000.4 is none of the doubles.
 */
function meanSquares(group: readonly string[], y: Float64Array): { between: number; within: number } {
  const byGroup = new Map<string, number[]>();
  group.forEach((g, i) => {
    byGroup.set(g, [...(byGroup.get(g) ?? []), y[i] - y[0]]);
  });
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const groups = [...byGroup.values()];
  const grand = mean(groups.map(mean));
  const reps = groups[0].length;
  const between = groups.reduce((sum, values) => sum + reps * (mean(values) - grand) ** 2, 0);
  const within = groups.reduce((sum, values) => {
    const m = mean(values);
    return sum + values.reduce((s, value) => s + (value - m) ** 2, 0);
  }, 0);
  return { between: between / (groups.length - 1), within: within / (y.length - groups.length) };
}

describe("REML for NIST's balanced one-way data", () => {
  if (!present) it.skip("(skipped: ../shared/reference/nist is not there)");

  it.each(Object.entries(certified))("%s", (name, { n, k, reps, reml_sigma2, reml_sigma2_group }) => {
    const table = read(name);
    const { between, within } = meanSquares(table.group, table.y);
    // 1e12 + 0.4 is stored to 6e-5, which is 6e-4 of the standard deviation within.
    const stored = (2 ** -53 * Math.abs(table.y[0])) / Math.sqrt(reml_sigma2);
    expect(Math.abs(within / reml_sigma2 - 1)).toBeLessThanOrEqual(Math.max(1e-12, stored));
    const fit = lmm("y ~ 1 + (1 | group)", table);
    expect([fit.nobs, fit.terms[0].levels.length]).toEqual([n, k]);
    expect(fit.converged).toBe(true);
    // θ̂ is where the criterion is flat: known to the square root of its precision.
    expect(Math.abs(fit.sigma / Math.sqrt(within) - 1)).toBeLessThanOrEqual(1e-7);
    const [group] = varCorr(fit).terms;
    const expected = Math.sqrt((between - within) / reps);
    expect(Math.abs(group.stdDev[0] / expected - 1)).toBeLessThanOrEqual(1e-6);
    expect(Math.abs(group.stdDev[0] / Math.sqrt(reml_sigma2_group) - 1)).toBeLessThanOrEqual(
      Math.max(1e-6, 2 * stored),
    );
  });
});
