/**
 * A number as R's `as.character` writes it: at most 15 significant digits, fixed notation
 * unless scientific is shorter. `1e+05`, `0.1`, `100`, `123456`.
 */
export function numberLabel(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "Inf" : value < 0 ? "-Inf" : "NaN";
  if (value === 0) return "0";
  const [mantissa, exponentText] = value.toExponential(14).split("e");
  const digits = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  const exponent = Number(exponentText);
  const size = Math.abs(exponent);
  const scientific = `${digits}e${exponent < 0 ? "-" : "+"}${size < 10 ? `0${size}` : size}`;
  const decimals = Math.max(0, digits.replace(/[-.]/g, "").length - 1 - exponent);
  const fixed = exponent > 20 ? scientific : fixedText(digits, exponent, decimals);
  return fixed.length <= scientific.length ? fixed : scientific;
}

/** `-1.25`, exponent 2 → `-125`. Works on digits, since toFixed would round anew. */
function fixedText(digits: string, exponent: number, decimals: number): string {
  const sign = digits.startsWith("-") ? "-" : "";
  const figures = digits.replace(/[-.]/g, "");
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${figures}`;
  const whole = figures.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return decimals === 0 ? `${sign}${whole}` : `${sign}${whole}.${figures.slice(exponent + 1)}`;
}
