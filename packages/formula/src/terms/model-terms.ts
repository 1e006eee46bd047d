import type { Expression, Formula } from "../syntax/ast";
import { FormulaError } from "../syntax/formula-error";
import { printExpression } from "../syntax/print";
import type { Span } from "../syntax/span";
import { expandTerms, type TermList, unwrapParens } from "./expand";
import { mapTree } from "./map-tree";
import {
  type CovarianceStructure,
  type GroupingExpression,
  groupingFactors,
  splitRandomTerms,
  type WrittenRandomTerm,
} from "./random-terms";

/** One random-effects term after expansion. */
export interface RandomTermList {
  readonly label: string;
  readonly design: TermList;
  readonly group: GroupingExpression;
  readonly structure: CovarianceStructure;
  /** Positions of design variables that are always coded by indicators. */
  readonly fullDummy: ReadonlySet<number>;
  readonly span: Span;
}

/** A formula after the algebra of terms. */
export interface ParsedModel {
  readonly response: Expression | null;
  readonly fixed: TermList;
  readonly random: readonly RandomTermList[];
  readonly dotNames: readonly string[];
}

const INTERCEPT: Expression = { kind: "number", value: 1, integer: false, span: { start: 0, end: 0 } };

/**
 * Expands a whole formula: fixed effects, and random-effects terms in lme4's order.
 * `columnNames` are what `.` may stand for; those that the left-hand side names are left out.
 * `isFactor` tells which columns are factors, for `||`; `structures` are names of covariance structures beside
 * the known ones.
 */
export function parseModel(
  formula: Formula,
  columnNames: readonly string[] | null,
  doubleBar: "diagonal" | "lme4",
  isFactor: (expression: Expression) => boolean = () => false,
  structures: readonly string[] = [],
): ParsedModel {
  const response = formula.left === null ? null : unwrapParens(formula.left);
  const onLeft = response === null ? new Set<string>() : namesIn(response);
  const dotNames = (columnNames ?? []).filter((name) => !onLeft.has(name));
  const { fixed, random } = splitRandomTerms(formula.right, structures);
  const list = expandTerms(fixed ?? INTERCEPT, {
    dotNames: columnNames === null ? null : dotNames,
    response,
  });
  const terms = random.flatMap((term) => expandRandomTerm(term, doubleBar, isFactor));
  return { response, fixed: list, random: terms, dotNames };
}

function expandRandomTerm(
  term: WrittenRandomTerm,
  doubleBar: "diagonal" | "lme4",
  isFactor: (expression: Expression) => boolean,
): RandomTermList[] {
  // fulldummy(f) is MixedModels.jl's word for an indicator of every level, beside an intercept too.
  const dummies = new Set<string>();
  const plain = mapTree(term.design, (node) => {
    if (node.kind !== "call" || node.name !== "fulldummy" || node.args.length !== 1) return null;
    const inner = unwrapParens(node.args[0].value);
    dummies.add(printExpression(inner));
    return inner;
  });
  const design = expandTerms(plain);
  for (const i of design.offsets) {
    const { text, expression } = design.variables[i];
    throw new FormulaError("invalid-random-term", `misplaced offset: ${text}`, {
      value: text,
      hint: "an offset belongs to the fixed part",
      span: expression.span,
    });
  }
  const groups = groupingFactors(term.group);
  const fullDummy = new Set(design.variables.flatMap((v, i) => (dummies.has(v.text) ? [i] : [])));
  const whole = (group: GroupingExpression, structure: CovarianceStructure): RandomTermList => ({
    label: `${printExpression(unwrapParens(term.design))} | ${group.name}`,
    design,
    group,
    structure,
    fullDummy,
    span: term.span,
  });
  if (!term.doubleBar) return groups.map((group) => whole(group, term.structure));

  const hasFactor = design.variables.some((variable) => isFactor(variable.expression));
  if (hasFactor && doubleBar === "diagonal") return groups.map((group) => whole(group, "diag"));
  // lme4 parts the effects first, then the grouping factors: (x || a/b) is 1 | b:a, 1 | a, x | b:a, x | a.
  const parts: { readonly list: TermList; readonly text: string }[] = [];
  const { variables, offsets } = design;
  const alone = { variables, offsets, responseTerm: -1 };
  if (design.intercept) parts.push({ list: { ...alone, intercept: true, terms: [], labels: [] }, text: "1" });
  design.terms.forEach((t, k) => {
    const label = design.labels[k];
    parts.push({ list: { ...alone, intercept: false, terms: [t], labels: [label] }, text: `0 + ${label}` });
  });
  return parts.flatMap(({ list, text }) =>
    groups.map((group) => ({ ...whole(group, "us"), design: list, label: `${text} | ${group.name}` })),
  );
}

/** Every name in an expression (not those of functions). */
export function namesIn(expression: Expression): Set<string> {
  const names = new Set<string>();
  const pending = [expression];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    switch (node.kind) {
      case "name":
        names.add(node.name);
        break;
      case "paren":
        pending.push(node.inner);
        break;
      case "unary":
        pending.push(node.operand);
        break;
      case "binary":
        pending.push(node.left, node.right);
        break;
      case "call":
        for (const arg of node.args) pending.push(arg.value);
        break;
    }
  }
  return names;
}
