/** Parsers of option values; each throws a `CliError` that names the option. */
import { CliError } from "../errors";
import type { OrderedDeclaration } from "../io/declared-columns";
import { suggestName } from "../nearest";

/** `1,0,1` → [1, 0, 1]. */
export function parseNumberList(option: string): (text: string) => readonly number[] {
  return (text) => {
    const parts = text.split(",");
    return parts.map((part) => {
      const value = Number(part);
      if (part.trim() === "" || !Number.isFinite(value)) {
        throw invalidOption(option, text, "write numbers with commas between them, as in 1,0,1");
      }
      return value;
    });
  };
}

/** A number that is greater than 0. */
export function parsePositive(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value) || value <= 0) {
      throw invalidOption(option, text, "write a number greater than 0");
    }
    return value;
  };
}

/** A probability between 0 and 1. */
export function parseLevel(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !(value > 0 && value < 1)) {
      throw invalidOption(option, text, "write a number between 0 and 1, as in 0.95");
    }
    return value;
  };
}

/** A number of threads. */
export function parseWorkers(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value) || value < 1 || value > 1024) {
    throw invalidOption("--workers", text, "write a whole number from 1 to 1024");
  }
  return value;
}

/** A whole number from 0 to 2³² − 1. */
export function parseSeed(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isInteger(value) || value < 0 || value > 0xffffffff) {
      throw invalidOption(option, text, "write a whole number from 0 to 4294967295");
    }
    return value;
  };
}

/** A number ≥ 0. */
export function parseNonNegative(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value) || value < 0) {
      throw invalidOption(option, text, "write a number that is not negative");
    }
    return value;
  };
}

/** A whole number ≥ 1. */
export function parseCount(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isSafeInteger(value) || value < 1) {
      throw invalidOption(option, text, "write a whole number of at least 1");
    }
    return value;
  };
}

/** One of a few words. */
export function parseChoice<Choice extends string>(
  option: string,
  choices: readonly Choice[],
): (text: string) => Choice {
  return (text) => {
    const found = choices.find((choice) => choice === text);
    if (found !== undefined) return found;
    throw invalidOption(option, text, suggestName(text, choices, "choices"));
  };
}

/** `A,B` (repeatable) → column names. */
export function collectNames(
  option: string,
): (text: string, previous?: readonly string[]) => readonly string[] {
  return (text, previous = []) => {
    const names = text.split(",").map((name) => name.trim());
    if (names.includes("")) throw invalidOption(option, text, "write column names with commas between them");
    return [...previous, ...names];
  };
}

/** `size=s<m<l` (repeatable). */
export function collectOrdered(
  text: string,
  previous: readonly OrderedDeclaration[] = [],
): readonly OrderedDeclaration[] {
  const at = text.indexOf("=");
  const column = text.slice(0, at).trim();
  const levels = text
    .slice(at + 1)
    .split("<")
    .map((level) => level.trim());
  const distinct = new Set(levels).size === levels.length;
  if (at < 1 || column === "" || levels.length < 2 || levels.includes("") || !distinct) {
    throw invalidOption(
      "--ordered",
      text,
      'write a column and its levels, smallest first, as in "size=s<m<l"',
    );
  }
  return [...previous, { column, levels }];
}

/** Names of contrasts that `--contrasts` knows. */
export const CONTRASTS: readonly string[] = ["treatment", "sum", "helmert", "poly", "sdif", "SAS"];

/** `Sex=sum` (repeatable) → column → contrasts. */
export function collectContrasts(
  text: string,
  previous: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const at = text.lastIndexOf("=");
  const column = text.slice(0, at).trim();
  const name = text.slice(at + 1).trim();
  if (at < 1 || column === "" || name === "") {
    throw invalidOption("--contrasts", text, "write a column and its contrasts, as in Sex=sum");
  }
  // R's names are accepted too.
  const plain = name
    .replace(/^contr\./, "")
    .replace(/^sas$/i, "SAS")
    .replace(/^treat$/, "treatment");
  if (!CONTRASTS.includes(plain)) {
    throw invalidOption("--contrasts", text, suggestName(plain, CONTRASTS, "contrasts"));
  }
  return Object.assign(Object.create(null) as Record<string, string>, previous, { [column]: plain });
}

function invalidOption(option: string, text: string, hint: string): CliError {
  return new CliError("invalid-option", `invalid value: ${option} ${JSON.stringify(text)}`, hint, text);
}
