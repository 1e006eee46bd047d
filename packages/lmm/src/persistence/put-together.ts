import { type ModelFrame, type ModelMatrix, parseFormula } from "@lmmkit/formula";
import type { CovarianceStructure } from "../design/covariance-structure";
import type { Design } from "../design/design";
import { type Template, templateOf } from "../design/template";
import { LmmError } from "../errors";
import { fittedValues } from "../model/fitted-values";
import type { FittedTerm, LinearMixedModel } from "../model/linear-mixed-model";
import { keepReductions } from "../model/row-reductions";
import { lacking, lackingVectors, withoutRows } from "../model/without-rows";
import { checkParts } from "./check-parts";
import { broken, SavedModelError } from "./saved-model-error";
import type { FrameOutline, MatrixOutline, SavedDesign, SavedParts, SavedRows } from "./saved-parts";

/**
 * The model from the parts that a file holds, checked for consistency first.
 *
 * @param structures the user's covariance structures, by name
 * @throws SavedModelError `broken-model` when parts do not fit each other, `unknown-structure`
 */
export function putTogether(
  parts: SavedParts,
  structures: Readonly<Record<string, CovarianceStructure>>,
): LinearMixedModel {
  const templates = templatesOf(parts, structures);
  checkParts(
    parts,
    templates.map(({ count }) => count),
  );
  const { fit, products, rows, reductions } = parts;
  const design: Design = {
    ...parts.design,
    terms: parts.design.terms.map((term, t) => ({ ...term, template: templates[t] })),
  };
  const frame = frameOf(parts.frame, parts.design, rows);
  const terms = design.terms.map((term, t): FittedTerm => {
    const factor = design.factors[term.factor];
    const { template, modes } = parts.terms[t];
    return {
      name: term.name,
      group: factor.name,
      columns: term.columns,
      levels: factor.levels,
      template,
      modes,
    };
  });
  const common = {
    kind: "lmm",
    version: 1,
    formula: fit.formula,
    method: fit.method,
    nobs: fit.nobs,
    nrowsTable: frame.nrowsTable,
    criterion: fit.criterion,
    theta: fit.theta,
    thetaNames: design.thetaNames,
    sigma: fit.sigma,
    fixedNames: design.fixedNames,
    beta: fit.beta,
    vcov: fit.vcov,
    dropped: design.dropped,
    terms,
    logDetL2: fit.logDetL2,
    logDetRX2: fit.logDetRX2,
    pwrss: fit.pwrss,
    converged: fit.converged,
    singular: fit.singular,
    certificate: fit.certificate,
    optimizer: fit.optimizer,
    warnings: fit.warnings,
    seconds: fit.seconds,
    responseName: parts.frame.responseName ?? "",
    frame,
    design,
    products,
  } as const;
  if (rows !== null) {
    return {
      ...common,
      response: rows.response ?? new Float64Array(0),
      fitted: fittedValues(frame, design, fit.beta, terms),
      weights: rows.weights,
      offset: rows.offset,
      rows: rows.rows,
    };
  }
  const model: LinearMixedModel = withoutRows(common, frame);
  if (reductions !== null) keepReductions(model, reductions);
  return model;
}

/** The template of each term of the design, by the name of its structure. */
function templatesOf(
  { design, frame }: SavedParts,
  structures: Readonly<Record<string, CovarianceStructure>>,
): Template[] {
  return design.terms.map(({ frameIndex, columns }, t) => {
    if (frameIndex >= frame.random.length) {
      throw broken(`design.terms[${t}].frameIndex`, "is no term of the frame");
    }
    const { structure } = frame.random[frameIndex];
    try {
      return templateOf(structure, columns.length, structures);
    } catch (error) {
      if (!(error instanceof LmmError) || error.code !== "unsupported-structure") throw error;
      throw new SavedModelError(
        "unknown-structure",
        `unknown covariance structure: ${JSON.stringify(structure)}`,
        structure,
        "give the structures that the model was fitted with: loadModel(saved, { structures })",
      );
    }
  });
}

function frameOf(outline: FrameOutline, design: SavedDesign, rows: SavedRows | null): ModelFrame {
  const { nobs, nrowsTable, missing, naAction, schema, responseName } = outline;
  const factorOf = (t: number) => {
    const term = design.terms.find(({ frameIndex }) => frameIndex === t);
    return term === undefined ? 0 : term.factor;
  };
  const groups = design.factors.map(({ name, levels }, f) =>
    rows === null
      ? lacking({ name, levels }, { codes: "the groups of the rows" })
      : { name, levels, codes: rows.codes[f] },
  );
  const common = {
    formula: readFormula(outline.formula),
    nobs,
    nrowsTable,
    missing,
    naAction,
    schema,
    fixed: withColumns(outline.fixed, rows === null ? null : rows.fixed),
    random: outline.random.map(({ label, structure, design: own }, t) => ({
      label,
      structure,
      group: groups[factorOf(t)],
      design: withColumns(own, rows === null ? null : rows.random[t]),
    })),
  };
  if (rows === null) {
    const name = responseName ?? "";
    const response = responseName === null ? null : lacking({ name }, { values: "the response" });
    const { hasWeights, hasOffset, hasSelection } = outline;
    return lackingVectors(
      { ...common, response },
      { weights: hasWeights, offset: hasOffset, rows: hasSelection },
    );
  }
  const { weights, offset, rows: selection, response: values } = rows;
  const response = values === null ? null : { name: responseName ?? "", values };
  return { ...common, response, weights, offset, rows: selection };
}

function readFormula(text: string): ModelFrame["formula"] {
  try {
    return parseFormula(text);
  } catch {
    throw broken("frame.formula", "is no formula");
  }
}

function withColumns(matrix: MatrixOutline, columns: ModelMatrix["columns"] | null): ModelMatrix {
  return columns === null
    ? lacking({ ...matrix }, { columns: "the columns of its designs" })
    : { ...matrix, columns };
}
