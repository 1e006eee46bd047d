import { randomParts } from "@lmmkit/formula";
import type { IncludedColumns } from "../diagnostics/linear-predictor";
import { InferenceError } from "../inference/inference-error";
import type { LinearMixedModel } from "../model/linear-mixed-model";

/**
 * Which random effects a prediction or a simulation conditions on (lme4's `re.form`): all, none, those of a
 * one-sided formula (`"~ (1 | Subject)"`), or terms by name as `varCorr` gives them, or by grouping factor.
 */
export type RandomSelection = "all" | "none" | (string & {}) | readonly string[];

/**
 * The columns of each term that a selection stands for: null for all of all terms, else per term null (none) or a
 * mask.
 *
 * @throws InferenceError `unknown-term` for a term or an effect that the model has not; FormulaError for a formula
 *   that cannot be read
 */
export function includedColumns(model: LinearMixedModel, selection: RandomSelection): IncludedColumns {
  const { terms } = model.design;
  if (selection === "all") return null;
  if (selection === "none") return terms.map(() => null);
  const chosen = terms.map(({ columns }) => new Array<boolean>(columns.length).fill(false));
  if (typeof selection === "string" && selection.trimStart().startsWith("~")) {
    const parts = randomParts(selection, model.frame.schema);
    if (parts.length === 0 && !/^~\s*0$/.test(selection.trim())) {
      throw new InferenceError(
        "unknown-term",
        `no random effects: ${JSON.stringify(selection)}`,
        selection,
        'write "~ (1 | group)", or "none" ("~ 0")',
      );
    }
    for (const part of parts) {
      if (part.intercept) choose(model, chosen, part.group, null);
      for (const label of part.labels) choose(model, chosen, part.group, label);
    }
  } else {
    for (const name of typeof selection === "string" ? [selection] : selection)
      chooseTerm(model, chosen, name);
  }
  if (chosen.every((mask) => mask.every((use) => use))) return null;
  return chosen.map((mask) => (mask.some((use) => use) ? mask : null));
}

function chooseTerm({ design }: LinearMixedModel, chosen: boolean[][], name: string): void {
  const byName = design.terms.findIndex((term) => term.name === name);
  const several = design.terms.filter((term) => design.factors[term.factor].name === name).length > 1;
  let found = false;
  design.terms.forEach((term, t) => {
    if (t !== byName && !(several && design.factors[term.factor].name === name)) return;
    chosen[t].fill(true);
    found = true;
  });
  if (found) return;
  throw new InferenceError(
    "unknown-term",
    `unknown random-effects term: ${JSON.stringify(name)}`,
    name,
    `the model has ${design.terms.map((term) => term.name).join(", ")}; or use "all", "none" or "~ (1 | group)"`,
  );
}

/** Marks the columns of one effect, the intercept for a null label, in the group's terms. */
function choose(
  { design, frame }: LinearMixedModel,
  chosen: boolean[][],
  group: string,
  label: string | null,
): void {
  let found = false;
  design.terms.forEach((term, t) => {
    if (design.factors[term.factor].name !== group) return;
    const { assign, termLabels } = frame.random[term.frameIndex].design;
    assign.forEach((own, c) => {
      if (label === null ? own !== 0 : own === 0 || termLabels[own - 1] !== label) return;
      chosen[t][c] = true;
      found = true;
    });
  });
  if (found) return;
  const effect = label ?? "1";
  throw new InferenceError(
    "unknown-term",
    `unknown random effect: (${effect} | ${group})`,
    `${effect} | ${group}`,
    `the model has ${frame.random.map((term) => `(${term.label})`).join(", ")}`,
  );
}
