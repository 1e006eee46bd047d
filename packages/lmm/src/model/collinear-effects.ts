import type { Design } from "../design/design";
import { gram } from "../fit/coordinates";
import type { CrossProducts } from "../products/cross-products";

/** What is left of a column, squared, outside the columns before it, below which it depends on them. */
const DEPENDENT = 1e-13;

/**
 * Random-effects columns that depend linearly on columns before them of the same grouping factor, in every row:
 * `(x + z | g)` with z = 2x, `(1 | g) + (1 | g)`. Their variances cannot be told apart: the fit is a minimum, one of
 * many with the same criterion.
 *
 * @returns a sentence each
 * Cost: K³ per factor.
 */
export function collinearEffects(design: Design, products: CrossProducts): string[] {
  return design.factors.flatMap(({ name, ncols: k }, f) => {
    const r = gram(design, products, f);
    const names = design.terms.filter(({ factor }) => factor === f).flatMap(({ columns }) => columns);
    const found: string[] = [];
    for (let j = 0; j < k; j++) {
      const whole = r[j * k + j];
      // Cholesky by columns; a dependent one is left out.
      let rest = whole;
      for (let i = 0; i < j; i++) {
        let value = r[j * k + i];
        for (let m = 0; m < i; m++) value -= r[i * k + m] * r[j * k + m];
        const pivot = r[i * k + i];
        const entry = pivot > 0 ? value / pivot : 0;
        r[j * k + i] = entry;
        rest -= entry * entry;
      }
      const independent = rest > DEPENDENT * whole;
      r[j * k + j] = independent ? Math.sqrt(rest) : 0;
      if (!independent) {
        found.push(
          `collinear random effects: ${names[j]} in ${name} depends on the columns before it; their variances cannot be told apart`,
        );
      }
    }
    return found;
  });
}
