import { FormulaError } from "./formula-error";
import type { Span } from "./span";

/** One token; `text` is its content (a name without backticks, a string without quotes). */
export interface Token {
  readonly kind: "name" | "number" | "string" | "operator" | "end";
  readonly text: string;
  readonly span: Span;
  /** For a name: written in backticks, so never a keyword. */
  readonly quoted: boolean;
}

// Sticky patterns, each tried at one position; none can backtrack over more than its own match.
const SPACE = /[\s\u00a0]+/uy;
const NUMBER = /(?:0[xX][0-9a-fA-F]+|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)L?/y;
const NAME = /(?:\p{L}|\.(?![0-9]))(?:\p{L}|\p{M}|\p{Nd}|[._])*/uy;
const OPERATOR = /%%|%\/%|%in%|\*\*|\|\||&&|==|!=|<=|>=|::|[-~+*/^:()|&<>!=,]/y;

/**
 * Splits a formula into tokens; the last is `end`.
 * Throws `FormulaError` (unexpected-character, unterminated-text) at the place. Cost: O(length).
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    return found === null ? null : found[0];
  };
  const push = (kind: Token["kind"], content: string, length: number, quoted = false) => {
    tokens.push({ kind, text: content, span: { start: at, end: at + length }, quoted });
    at += length;
  };
  while (at < text.length) {
    const space = match(SPACE);
    if (space !== null) {
      at += space.length;
      continue;
    }
    const ch = text[at];
    if (ch === '"' || ch === "'" || ch === "`") {
      const { content, length } = quotedText(text, at);
      push(ch === "`" ? "name" : "string", content, length, ch === "`");
      continue;
    }
    const number = match(NUMBER);
    if (number !== null) {
      push("number", number, number.length);
      continue;
    }
    const name = match(NAME);
    if (name !== null) {
      push("name", name, name.length);
      continue;
    }
    const operator = match(OPERATOR);
    if (operator !== null) {
      push("operator", operator === "**" ? "^" : operator, operator.length);
      continue;
    }
    throw unexpectedCharacter(text, at);
  }
  tokens.push({ kind: "end", text: "", span: { start: text.length, end: text.length }, quoted: false });
  return tokens;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "0": "\0" };

function quotedText(text: string, start: number): { content: string; length: number } {
  const quote = text[start];
  const parts: string[] = [];
  for (let i = start + 1; i < text.length; i++) {
    const ch = text[i];
    if (ch === quote) return { content: parts.join(""), length: i + 1 - start };
    if (ch === "\\" && i + 1 < text.length) {
      i++;
      parts.push(Object.hasOwn(ESCAPES, text[i]) ? ESCAPES[text[i]] : text[i]);
    } else parts.push(ch);
  }
  throw new FormulaError("unterminated-text", `unterminated ${quote === "`" ? "name" : "string"}: ${quote}`, {
    value: quote,
    hint: `add the closing ${quote}`,
    span: { start, end: text.length },
    text,
  });
}

function unexpectedCharacter(text: string, at: number): FormulaError {
  const ch = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const hints: Readonly<Record<string, string>> = {
    $: "name the column alone, without its table",
    "[": "indexing is not part of the formula language; make the column first",
    "{": "braces are not part of the formula language",
    _: "put a name that starts with an underscore in backticks",
    "%": "the percent operators are %in%, %% and %/%",
    "\u2212": "this is a typographic minus; type -",
    "\u00d7": "type * for crossing",
    "\u2236": "type : for an interaction",
  };
  return new FormulaError("unexpected-character", `unexpected character: ${JSON.stringify(ch)}`, {
    value: ch,
    hint: Object.hasOwn(hints, ch) ? hints[ch] : "put unusual column names in backticks",
    span: { start: at, end: at + ch.length },
    text,
  });
}
