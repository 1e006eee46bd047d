import type { Expression, Formula } from "../syntax/ast";
import { parseFormula } from "../syntax/parse";
import { printExpression, printFormula } from "../syntax/print";
import { expandTerms, type TermList } from "./expand";
import { splitRandomTerms } from "./random-terms";
import { isSubterm, type Term, termKey } from "./term";
import { printRandomTerm } from "./update-formula";

/**
 * The shortest text that we find for the same model: the formula as it is, its terms written out, or with
 * `a * b` and `a/b` where all that they stand for is there. Candidates are parsed and expanded again, and only
 * taken when they give the same terms in the same order.
 */
export function simplifyFormula(formula: string | Formula): Formula {
  const parsed = typeof formula === "string" ? parseFormula(formula) : formula;
  const { fixed, random } = splitRandomTerms(parsed.right);
  const left = parsed.left;
  const one: Expression = { kind: "number", value: 1, integer: false, span: parsed.span };
  const list = expandTerms(fixed ?? one, { response: left, dotNames: ["."] });
  const tail = random.map(printRandomTerm);
  const head = left === null ? "~ " : `${printExpression(left)} ~ `;
  let best = printFormula(parsed);
  for (const sum of [writtenOut(list), crossed(list, "*"), crossed(list, "/")]) {
    const text = head + [...sum, ...tail].join(" + ");
    if (text.length < best.length && sameTerms(text, list)) best = text;
  }
  return parseFormula(best);
}

function sameTerms(text: string, list: TermList): boolean {
  const { left, right } = parseFormula(text);
  const { fixed } = splitRandomTerms(right);
  const again = expandTerms(fixed ?? { kind: "number", value: 1, integer: false, span: right.span }, {
    response: left,
    dotNames: ["."],
  });
  const shape = (l: TermList) => JSON.stringify([l.intercept, l.labels, l.variables.map((v) => v.text)]);
  return shape(again) === shape(list);
}

function ends(list: TermList, terms: string[]): string[] {
  const all = [...terms, ...list.offsets.map((i) => list.variables[i].text)];
  if (all.length === 0) return [list.intercept ? "1" : "0"];
  return list.intercept ? all : ["0", ...all];
}

function writtenOut(list: TermList): string[] {
  return ends(list, [...list.labels]);
}

/** Takes the largest terms first; one whose parts are all there is written with the operator, and covers them. */
function crossed(list: TermList, operator: "*" | "/"): string[] {
  const keys = new Set(list.terms.map(termKey));
  const covered = new Set<string>();
  const written: { at: number; text: string }[] = [];
  for (let t = list.terms.length - 1; t >= 0; t--) {
    const term = list.terms[t];
    if (covered.has(termKey(term))) continue;
    const parts = operator === "*" ? subterms(term) : chain(term);
    const complete = term.length > 1 && term.length <= 8 && parts.every((part) => keys.has(termKey(part)));
    const names = term.map((i) => list.variables[i].text);
    written.push({
      at: complete ? firstOf(list, parts) : t,
      text: names.join(complete ? ` ${operator} ` : ":"),
    });
    if (complete) for (const part of parts) covered.add(termKey(part));
  }
  const texts = written.filter(({ at }) => at >= 0).sort((a, b) => a.at - b.at);
  return ends(
    list,
    texts.map(({ text }) => text.replaceAll(" / ", "/")),
  );
}

function firstOf(list: TermList, parts: readonly Term[]): number {
  return list.terms.findIndex((term) => parts.some((part) => termKey(part) === termKey(term)));
}

/** Every term within a term. */
function subterms(term: Term): Term[] {
  const out: Term[] = [];
  for (let mask = 1; mask < 1 << term.length; mask++) {
    const part = term.filter((_, k) => mask & (1 << k));
    if (isSubterm(part, term)) out.push(part);
  }
  return out;
}

/** a, a:b, a:b:c. */
function chain(term: Term): Term[] {
  return term.map((_, k) => term.slice(0, k + 1));
}
