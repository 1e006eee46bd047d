import type { ModelColumn, ModelFrame } from "@lmmkit/formula";
import type { LinearMixedModel } from "../model/linear-mixed-model";
import { rowReductions } from "../model/row-reductions";
import type { FrameOutline, SavedParts, SavedRows } from "./saved-parts";

/** A model as the parts that a file holds. Nothing is copied. */
export function takeApart(model: LinearMixedModel, withData: boolean): SavedParts {
  return {
    fit: model,
    terms: model.terms,
    design: model.design,
    products: model.products,
    frame: outlineOf(model.frame),
    reductions: withData ? null : rowReductions(model),
    rows: withData ? rowsOf(model) : null,
  };
}

function outlineOf(frame: ModelFrame): FrameOutline {
  return {
    ...pick(frame, ["nobs", "nrowsTable", "missing", "naAction", "schema"]),
    formula: frame.formula.text,
    responseName: frame.response === null ? null : frame.response.name,
    fixed: frame.fixed,
    random: frame.random.map(({ label, structure, design }) => ({ label, structure, design })),
    hasWeights: isThere(frame, "weights"),
    hasOffset: isThere(frame, "offset"),
    hasSelection: isThere(frame, "rows"),
  };
}

/** Not null, whether it can be read or not. */
function isThere(frame: ModelFrame, name: "weights" | "offset" | "rows"): boolean {
  return Object.getOwnPropertyDescriptor(frame, name)?.get !== undefined || frame[name] !== null;
}

function rowsOf({ frame, design }: LinearMixedModel): SavedRows {
  return {
    response: frame.response === null ? null : frame.response.values,
    weights: frame.weights,
    offset: frame.offset,
    rows: frame.rows,
    fixed: frame.fixed.columns,
    random: frame.random.map((term): readonly ModelColumn[] => term.design.columns),
    codes: design.factors.map((_, f) => {
      const term = design.terms.find(({ factor }) => factor === f);
      return frame.random[term === undefined ? 0 : term.frameIndex].group.codes;
    }),
  };
}

function pick<T, K extends keyof T>(value: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.map((key) => [key, value[key]])) as Pick<T, K>;
}
