import { isSubterm, type Term } from "../terms/term";

/** How one factor of a term is coded: by contrasts, or by an indicator of every level. */
export type FactorCoding = "contrast" | "indicator";

/**
 * For each term and each of its variables, whether a factor there is coded by contrasts.
 *
 * A factor v of a term t is coded by contrasts when what t leaves without v is empty or lies within
 * an earlier term of the list; else its levels get indicators. That the rest need only lie *within*
 * a term (not be one) is R's rule, and looks at numeric variables too. Without an intercept the
 * first factor of the first term that has one gets indicators.
 *
 * `isFactor[v]` tells which variables are factors (or logical). Source: Chambers & Hastie (1992),
 * sections 2.4.1 and 3.3; observed in R 4.2. Cost: O(terms²·variables per term), only for terms
 * that have factors.
 */
export function factorCodings(
  terms: readonly Term[],
  intercept: boolean,
  isFactor: readonly boolean[],
): FactorCoding[][] {
  let needsIndicators = !intercept;
  return terms.map((term, t) => {
    return term.map((variable) => {
      if (!isFactor[variable]) return "contrast";
      if (needsIndicators) {
        needsIndicators = false;
        return "indicator";
      }
      const rest = term.filter((other) => other !== variable);
      if (rest.length === 0) return "contrast";
      for (let u = 0; u < t; u++) if (isSubterm(rest, terms[u])) return "contrast";
      return "indicator";
    });
  });
}
