/**
 * Numbers as R's `format` writes them: one number of decimals for all, just enough that each shows
 * `digits` significant ones (fewer where they would be zeros), or scientific notation for all where that
 * is shorter. As the documentation of `format` and `print.default` of R describes.
 *
 * @param values NA-like values are written `NaN`, `Inf`, `-Inf`
 * @returns strings, not padded
 */
export function formatNumbers(values: ArrayLike<number>, digits: number): string[] {
  let decimals = 0;
  let left = 1;
  let significant = 1;
  let negative = 0;
  let exponentDigits = 2;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) continue;
    const { exponent, nsignificant } = significantDigits(value, digits);
    if (value < 0) negative = 1;
    decimals = Math.max(decimals, nsignificant - exponent - 1);
    left = Math.max(left, exponent + 1);
    significant = Math.max(significant, nsignificant);
    if (Math.abs(exponent) >= 100) exponentDigits = 3;
  }
  const fixedWidth = negative + left + (decimals > 0 ? decimals + 1 : 0);
  const scientificWidth = negative + significant + (significant > 1 ? 1 : 0) + 2 + exponentDigits;
  return Array.from(values, (value) => {
    if (Number.isNaN(value)) return "NaN";
    if (!Number.isFinite(value)) return value > 0 ? "Inf" : "-Inf";
    if (fixedWidth <= scientificWidth) return value.toFixed(Math.min(decimals, 100));
    return scientific(value, significant - 1);
  });
}

/** Strings padded on the left to one width. */
export function padLeft(strings: readonly string[], width = 0): string[] {
  const widest = Math.max(width, ...strings.map((text) => text.length));
  return strings.map((text) => text.padStart(widest));
}

/** Strings padded on the right to one width. */
export function padRight(strings: readonly string[], width = 0): string[] {
  const widest = Math.max(width, ...strings.map((text) => text.length));
  return strings.map((text) => text.padEnd(widest));
}

/** Rounds to a number of decimals as R's `round` does for what gets printed. */
export function roundTo(value: number, decimals: number): number {
  if (!Number.isFinite(value)) return value;
  return Number(value.toFixed(Math.min(100, Math.max(0, decimals))));
}

function significantDigits(value: number, digits: number): { exponent: number; nsignificant: number } {
  if (value === 0) return { exponent: 0, nsignificant: 1 };
  const [mantissa, exponent] = Math.abs(value)
    .toExponential(digits - 1)
    .split("e");
  const kept = mantissa.replace(".", "").replace(/0+$/, "");
  return { exponent: Number(exponent), nsignificant: Math.max(1, kept.length) };
}

function scientific(value: number, decimals: number): string {
  const [mantissa, exponent] = value.toExponential(decimals).split("e");
  const size = Math.abs(Number(exponent)).toString().padStart(2, "0");
  return `${mantissa}e${exponent.startsWith("-") ? "-" : "+"}${size}`;
}
