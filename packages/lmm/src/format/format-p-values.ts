import { formatNumbers } from "./number-format";

/** Below this a p-value is written as `<2e-16`. */
const SMALLEST = Number.EPSILON;

/**
 * p-values as R's `format.pval` writes them: those from 0.0001 on with common decimals, smaller ones in scientific
 * notation, the smallest as `< 2e-16`. As the documentation of `format.pval` of R describes.
 *
 * @param digits significant digits
 */
export function formatPValues(values: readonly number[], digits: number): string[] {
  const out = values.map(() => "NA");
  const write = (wanted: (value: number) => boolean) => {
    const places = values.flatMap((value, i) => (value >= SMALLEST && wanted(value) ? [i] : []));
    const text = formatNumbers(
      places.map((i) => values[i]),
      digits,
    );
    places.forEach((place, i) => {
      out[place] = text[i];
    });
  };
  write((value) => value >= 1e-4);
  write((value) => value < 1e-4);
  const widest = Math.max(0, ...values.flatMap((value, i) => (value >= SMALLEST ? [out[i].length] : [])));
  values.forEach((value, i) => {
    if (value < SMALLEST) out[i] = widest > 6 ? "< 2e-16" : "<2e-16";
  });
  return out;
}
