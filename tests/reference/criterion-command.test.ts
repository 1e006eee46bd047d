/** `lmm criterion` and `lmm model-matrix` on the options that change what they compute. */
import { describe, expect, it } from "vitest";
import { dataFiles } from "../support/data-files";
import { criterionAtTheta, expectedFit, many, modelById } from "../support/reference";
import { runLmm } from "../support/run-lmm";

/** The arguments that tell the command about a reference model, FORMULA and DATA first. */
function modelArguments(id: string): string[] {
  const model = modelById(id);
  const files = dataFiles(model.data);
  if (files === null) throw new Error(`no fixture for ${model.data}`);
  const args = [model.formula, files.csv, "--schema", files.schema, "--json"];
  for (const [column, name] of Object.entries(model.contrasts ?? {}))
    args.push("--contrasts", `${column}=${name}`);
  if (model.weights !== undefined) args.push("--weights", model.weights);
  if (model.offset !== undefined) args.push("--offset", model.offset);
  return args;
}

describe("lmm criterion", () => {
  it.each([
    "sleepstudy-slope-reml",
    "orthodont-sum-ml",
    "quinidine-weights-ml",
    "owls-offset-reml",
    "machines-vector-reml",
    "egsingle-reml",
  ])("gives lme4's criterion of %s", async (id) => {
    const at = criterionAtTheta(id)?.[2];
    if (at === undefined) throw new Error(`no criterion for ${id}`);
    const method = modelById(id).reml ? [] : ["--ml"];
    const run = await runLmm([
      "criterion",
      ...modelArguments(id),
      ...method,
      "--theta",
      many(at.theta).join(","),
    ]);
    expect(run.status, run.stderr).toBe(0);
    const { criterion } = JSON.parse(run.stdout) as { criterion: number };
    // As for the criterion in process: 15 digits of lme4's value, rounding of n log r².
    expect(Math.abs(criterion / at.criterion - 1)).toBeLessThanOrEqual(1e-9);
  });
});

describe("lmm model-matrix", () => {
  it.each(["cake-reml", "orthodont-sum-ml", "theoph-ns-ml"])(
    "names the columns of %s as lme4 does",
    async (id) => {
      const run = await runLmm(["model-matrix", ...modelArguments(id)]);
      expect(run.status, run.stderr).toBe(0);
      const { names, columns } = JSON.parse(run.stdout) as { names: string[]; columns: number[][] };
      const expected = expectedFit(id);
      expect(names).toEqual(expected?.fixed.map((effect) => effect.term));
      expect(columns.map((column) => column.length)).toEqual(names.map(() => expected?.nobs));
      expect(columns[0].every((value) => value === 1)).toBe(true);
    },
  );
});
