/** Estimated marginal means and their pairwise differences against R's emmeans. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { emmeans, InferenceError, lmm, pairwise } from "@lmmkit/lmm";
import { describe, expect, it } from "vitest";
import { dataFiles } from "../support/data-files";
import { readTable } from "../support/read-table";
import { modelById } from "../support/reference";

interface Mean {
  readonly emmean: number;
  readonly SE: number;
  readonly df: number;
  readonly "lower.CL": number;
  readonly "upper.CL": number;
}

interface Pair {
  readonly estimate: number;
  readonly SE: number;
  readonly df: number;
  readonly "p.value": number;
}

const ids = [
  "cake-reml",
  "chickweight-reml",
  "exam-slope-ml",
  "machines-nested-reml",
  "npk-reml",
  "oats-reml",
  "orthodont-reml",
  "ratpup-reml",
];

// Both sides know θ to about 1e-6.
const TOLERANCE = 1e-5;

describe.each(ids)("%s", (id) => {
  const path = ["../fixtures/reference/inference/", "../../../shared/reference/inference/"]
    .map((folder) => fileURLToPath(new URL(`${folder}${id}.json`, import.meta.url)))
    .find(existsSync);
  const { data, formula, reml, contrasts } = modelById(id);
  const files = dataFiles(data);
  const absent = path === undefined || files === null;
  const because = absent ? " (skipped: its data may not be published and ../shared does not have them)" : "";

  it.skipIf(absent)(`has the means and pairs of emmeans${because}`, () => {
    if (path === undefined || files === null) return;
    const reference = JSON.parse(readFileSync(path, "utf8"));
    const model = lmm(formula, readTable(files) as Parameters<typeof lmm>[1], {
      method: reml ? "REML" : "ML",
      ...(contrasts === undefined ? {} : { contrasts }),
    });
    for (const ddf of ["satterthwaite", "kenward-roger"] as const) {
      const means: Mean[] | undefined = reference[`emmeans_${ddf}`];
      const pairs: Pair[] | undefined = reference[`pairs_${ddf}`];
      if (means === undefined || pairs === undefined) continue;
      const ours = emmeans(model, reference.emmeansFactor, { ddf });
      const close = (actual: number, expected: number, scale: number) =>
        expect(Math.abs(actual - expected) / scale).toBeLessThan(TOLERANCE);
      means.forEach((row, i) => {
        const { estimate, stdError, df, lower, upper } = ours.means[i];
        close(estimate, row.emmean, row.SE);
        close(stdError, row.SE, row.SE);
        close(df, row.df, row.df);
        close(lower, row["lower.CL"], row.SE);
        close(upper, row["upper.CL"], row.SE);
      });
      const { rows } = pairwise(model, ours);
      expect(rows).toHaveLength(pairs.length);
      pairs.forEach((row, i) => {
        close(rows[i].estimate, row.estimate, row.SE);
        close(rows[i].df, row.df, row.df);
        close(rows[i].pValue, row["p.value"], 1);
      });
    }
  });
});

describe("marginal means", () => {
  const table = JSON.parse(
    readFileSync(new URL("../fixtures/reference/inference/more-anova.json", import.meta.url), "utf8"),
  ).data;

  it("of empty cells are not invented", () => {
    const model = lmm("y ~ a * b + (1 | g)", table.empty);
    const { means } = emmeans(model, ["a", "b"]);
    expect(means).toHaveLength(9);
    for (const { levels, estimate } of means) {
      if (levels.a === "q" && levels.b === "w") expect(estimate).toBeNaN();
      else expect(estimate).toBeTypeOf("number");
    }
    // Averages that would need the empty cell are not there either.
    expect(emmeans(model, "a").means.map(({ estimate }) => Number.isNaN(estimate))).toEqual([
      false,
      true,
      false,
    ]);
  });

  it("are held where they are told, and refuse what they cannot know", () => {
    const model = lmm("y ~ a * x + (1 | g)", table.full);
    const at = (x: number) => emmeans(model, "a", { at: { x } }).means.map(({ estimate }) => estimate);
    const slope = at(1).map((value, i) => value - at(0)[i]);
    expect(slope[1] - slope[0]).toBeCloseTo(model.beta[model.fixedNames.indexOf("aq:x")], 12);
    const code = (run: () => unknown) => {
      try {
        run();
      } catch (error) {
        if (error instanceof InferenceError) return error.code;
        throw error;
      }
      return "none";
    };
    expect(code(() => emmeans(model, "b"))).toBe("unknown-term");
    expect(code(() => emmeans(model, "a", { at: { z: 1 } }))).toBe("unknown-term");
    expect(code(() => emmeans(model, "x"))).toBe("unknown-term");
    expect(code(() => emmeans(model, "a", { at: { a: "absent" } }))).toBe("unknown-term");
    // A function of a number is taken at the number's mean.
    const curved = lmm("y ~ a + exp(x) + (1 | g)", table.full);
    const { means, at: held } = emmeans(curved, "a");
    expect(means[0].contrast[curved.fixedNames.indexOf("exp(x)")]).toBeCloseTo(Math.exp(held.x), 12);
  });

  it("have adjustments that order as they should", () => {
    const model = lmm("y ~ a + x + (1 | g)", table.full);
    const means = emmeans(model, "a");
    const p = (adjust: "none" | "tukey" | "holm" | "sidak" | "bonferroni") =>
      pairwise(model, means, { adjust }).rows.map(({ pValue }) => pValue);
    const [none, tukey, holm, sidak, bonferroni] = [
      p("none"),
      p("tukey"),
      p("holm"),
      p("sidak"),
      p("bonferroni"),
    ];
    none.forEach((value, i) => {
      expect(tukey[i]).toBeGreaterThan(value);
      expect(sidak[i]).toBeCloseTo(1 - (1 - value) ** 3, 12);
      expect(bonferroni[i]).toBe(Math.min(1, 3 * value));
      expect(sidak[i]).toBeLessThanOrEqual(bonferroni[i]);
      expect(holm[i]).toBeLessThanOrEqual(bonferroni[i]);
      expect(holm[i]).toBeGreaterThanOrEqual(value);
    });
  });
});
