import type { Expression, Formula } from "../syntax/ast";
import { FormulaError, withFormulaText } from "../syntax/formula-error";
import { parseFormula } from "../syntax/parse";
import { printExpression } from "../syntax/print";
import { expandTerms, isOffset } from "./expand";
import { mapTree } from "./map-tree";
import { splitRandomTerms, type WrittenRandomTerm } from "./random-terms";

/**
 * Changes a formula: in `change`, `.` stands for what the old formula has on that side.
 *
 * ```ts
 * printFormula(updateFormula("y ~ x + (1 | g)", ". ~ . + z - (1 | g) + (x | g)")); // "y ~ x + z + (x | g)"
 * ```
 *
 * The old random-effects terms stay wherever the change has a `.`; `- (1 | g)` takes one away. The result is
 * written out in its terms, as R's `update` does. Throws `FormulaError` with a place in `change`.
 */
export function updateFormula(formula: string | Formula, change: string | Formula): Formula {
  const old = typeof formula === "string" ? parseFormula(formula) : formula;
  const next = typeof change === "string" ? parseFormula(change) : change;
  try {
    return parseFormula(updatedText(old, next));
  } catch (error) {
    if (error instanceof FormulaError) throw withFormulaText(error, next.text);
    throw error;
  }
}

function updatedText(old: Formula, next: Formula): string {
  const before = splitRandomTerms(old.right);
  const { kept, removed } = removedTerms(next.right);
  const after = splitRandomTerms(kept);
  const oldFixed: Expression = before.fixed ?? { kind: "number", value: 1, integer: false, span: old.span };
  let usesDot = false;
  const fixed = mapTree(
    after.fixed ?? { kind: "number", value: 1, integer: false, span: next.span },
    (node) => {
      if (!isDot(node)) return null;
      usesDot = true;
      return { kind: "paren", inner: oldFixed, span: node.span };
    },
  );

  const random = new Map<string, string>();
  if (usesDot) for (const term of before.random) random.set(randomKey(term), printRandomTerm(term));
  for (const term of after.random) random.set(randomKey(term), printRandomTerm(term));
  for (const term of removed) {
    if (random.delete(randomKey(term))) continue;
    throw new FormulaError("invalid-random-term", `unknown random-effects term: ${printRandomTerm(term)}`, {
      value: printRandomTerm(term),
      hint: `the formula has ${[...random.values()].join(", ") || "none"}`,
      span: term.span,
    });
  }
  const left = next.left === null ? old.left : mapTree(next.left, (node) => (isDot(node) ? old.left : null));
  const right = [...fixedTexts(fixed, left), ...random.values()];
  // An intercept alone need not be written beside random-effects terms, but is easier to read.
  return `${left === null ? "" : `${printExpression(left)} `}~ ${joinTerms(right)}`;
}

const isDot = (node: Expression) => node.kind === "name" && node.name === ".";

/** The terms of a fixed part, `1` when there is the intercept alone, with `- 1` last when there is none. */
function fixedTexts(fixed: Expression, left: Expression | null): string[] {
  // A dot that is still there has no table to ask: it is kept as a name.
  const list = expandTerms(fixed, { response: left, dotNames: ["."] });
  const removed = removedOffsets(fixed);
  const offsets = list.offsets.map((i) => list.variables[i].text).filter((text) => !removed.has(text));
  const terms = list.labels.filter((_, t) => t !== list.responseTerm);
  const all = [...terms, ...offsets];
  if (all.length === 0) return [list.intercept ? "1" : "0"];
  return list.intercept ? all : ["0", ...all];
}

function joinTerms(terms: readonly string[]): string {
  return terms.join(" + ");
}

/** Offsets that a minus takes away: the algebra of terms has none, so they are looked for in the sum. */
function removedOffsets(fixed: Expression): Set<string> {
  const removed = new Set<string>();
  let node = fixed;
  while (node.kind === "binary" && (node.operator === "+" || node.operator === "-")) {
    if (node.operator === "-" && isOffset(node.right)) removed.add(printExpression(node.right));
    node = node.left;
  }
  return removed;
}

/** Parts a change's right side into what is added and the random-effects terms that are taken away. */
function removedTerms(right: Expression): { kept: Expression; removed: WrittenRandomTerm[] } {
  const removed: WrittenRandomTerm[] = [];
  const visit = (node: Expression): Expression => {
    if (node.kind !== "binary" || (node.operator !== "+" && node.operator !== "-")) return node;
    const left = visit(node.left);
    if (node.operator === "-") {
      const { random, fixed } = trySplit(node.right);
      if (random.length > 0 && fixed === null) {
        removed.push(...random);
        return left;
      }
    }
    return { ...node, left };
  };
  return { kept: visit(right), removed };
}

function trySplit(node: Expression): { fixed: Expression | null; random: WrittenRandomTerm[] } {
  return node.kind === "paren" || node.kind === "call" ? splitRandomTerms(node) : { fixed: node, random: [] };
}

/** Equal keys for terms that say the same: `(x | g)` and `(1 + x | g)`. */
function randomKey(term: WrittenRandomTerm): string {
  const { intercept, labels } = expandTerms(term.design, { dotNames: ["."] });
  return JSON.stringify([intercept, labels, printExpression(term.group), term.doubleBar, term.structure]);
}

/** A random-effects term as it is written. */
export function printRandomTerm(term: WrittenRandomTerm): string {
  const bar = term.doubleBar ? "||" : "|";
  const text = `${printExpression(term.design)} ${bar} ${printExpression(term.group)}`;
  return term.structure === "us" ? `(${text})` : `${term.structure}(${text})`;
}
