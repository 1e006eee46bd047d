/**
 * The number that a field of text stands for, or null when it is not one.
 *
 * Decimal notation with optional exponent, `Inf`, `Infinity` and `NaN` in any case; no
 * hexadecimal, no thousands separators, no decimal comma. Rounded correctly to binary64.
 */
export function parseNumber(text: string): number | null {
  const value = Number(text);
  if (Number.isNaN(value)) return parseSpecial(text);
  // What Number() reads and starts with 1 to 9 is decimal; only the rest needs a closer look,
  // for Number() reads "" and blanks as 0, and 0x1F, 0b1, 0o7 as integers.
  const first = text.charCodeAt(0);
  if ((first > 0x30 && first <= 0x39) || PLAIN.test(text)) return value;
  return parseSpecial(text);
}

const PLAIN = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

function parseSpecial(text: string): number | null {
  switch (text.trim().toLowerCase()) {
    case "inf":
    case "+inf":
    case "infinity":
    case "+infinity":
      return Number.POSITIVE_INFINITY;
    case "-inf":
    case "-infinity":
      return Number.NEGATIVE_INFINITY;
    case "nan":
      return Number.NaN;
    default:
      return null;
  }
}

/**
 * Whether the text is an integer that binary64 cannot tell from its neighbours: more than 15
 * digits and beyond 2^53. Two such labels could become one number.
 */
export function isInexactInteger(text: string, value: number): boolean {
  return text.length > 15 && !Number.isSafeInteger(value) && /^\s*[+-]?\d+\s*$/.test(text);
}

/** true, false, or null when the text is neither. */
export function parseBoolean(text: string): boolean | null {
  switch (text) {
    case "true":
    case "TRUE":
    case "True":
      return true;
    case "false":
    case "FALSE":
    case "False":
      return false;
    default:
      return null;
  }
}
