import { asked, invalid, tryAt } from "./checked-structure";
import type { Design } from "./design";

/**
 * Once more at the end of a search: a derivative or a scale may be right at the start and wrong elsewhere, and then
 * nothing that the search found is worth anything.
 *
 * @param theta of the whole model, not changed
 * @throws LmmError `invalid-structure`
 * Cost: two templates for each parameter of a user's structure; none for the known ones.
 */
export function tryStructuresAt({ terms }: Pick<Design, "terms">, theta: Float64Array): void {
  for (const { template, thetaStart } of terms) {
    const { custom, structure: name, k, count } = template;
    if (custom === null) continue;
    const own = theta.slice(thetaStart, thetaStart + count);
    asked(template, () =>
      tryAt(custom, k, own, (problem, value, hint) => {
        throw invalid(name, `${problem}, at ${Array.from(own).join(", ")}`, value, hint);
      }),
    );
  }
}
