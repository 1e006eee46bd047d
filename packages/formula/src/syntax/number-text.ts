/**
 * A number as R's `as.character` writes it: the fewest of at most 15 significant digits that
 * give the same 15 digits, in fixed notation unless the scientific one is shorter.
 * `100000` is `1e+05`, `0.0001` is `1e-04`, `123456` is `123456`.
 */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Inf" : "-Inf";
  if (value === 0) return "0";
  if (Number.isInteger(value) && Math.abs(value) < 100_000) return String(value);
  const [mantissaText, exponentText] = Math.abs(value).toExponential(14).split("e");
  const exponent = Number(exponentText);
  const digits = mantissaText.replace(".", "").replace(/0+$/, "");
  const sign = value < 0 ? "-" : "";
  const magnitude = String(Math.abs(exponent)).padStart(2, "0");
  const scientific = `${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ""}e${exponent < 0 ? "-" : "+"}${magnitude}`;
  let fixed: string;
  if (exponent < 0) fixed = `0.${"0".repeat(-exponent - 1)}${digits}`;
  else if (exponent >= 15) fixed = BigInt(Math.abs(value)).toString();
  else if (digits.length <= exponent + 1) fixed = digits + "0".repeat(exponent + 1 - digits.length);
  else fixed = `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
  return sign + (fixed.length <= scientific.length ? fixed : scientific);
}
