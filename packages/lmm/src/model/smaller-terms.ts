import type { ModelFrame, RandomTerm } from "@lmmkit/formula";
import type { Design, DesignTerm } from "../design/design";
import { hasEntries } from "../design/template";
import type { SingularDirection } from "./linear-mixed-model";
import { hasRows } from "./without-rows";

/**
 * The singular directions of a fit, each with the term that would say the same with fewer parameters, where a
 * formula can say it.
 */
export function withSmallerTerms(
  frame: ModelFrame,
  design: Design,
  singular: readonly SingularDirection[],
): SingularDirection[] {
  return singular.map((direction) => {
    const term = design.terms.find(({ name }) => name === direction.term);
    if (term === undefined) return direction;
    const own = singular.filter((other) => other.term === direction.term);
    const random = frame.random[term.frameIndex];
    const instead = hasEntries(term.template)
      ? withoutColumns(term, random, own, direction)
      : sameForAll(term, random, own, frame);
    return { ...direction, instead };
  });
}

/** What the singular directions say, for a warning: by terms, with what says the same. */
export function singularWarning(
  frame: ModelFrame,
  design: Design,
  singular: readonly SingularDirection[],
): string {
  if (singular.length === 0) return "singular fit: some covariance among random effects is on its boundary";
  const parts = design.terms.flatMap(({ name, frameIndex }) => {
    const own = singular.filter(({ term }) => term === name);
    if (own.length === 0) return [];
    const says = [...new Set(own.map((direction) => direction.says))].join(", ");
    const instead = own.find((direction) => direction.instead !== null)?.instead ?? null;
    if (instead === null) return [says];
    const { label, structure } = frame.random[frameIndex];
    const whole = `${structure === "us" ? "" : structure}(${label})`;
    return [`${says}; ${instead === "" ? `the model without ${whole}` : instead} says the same`];
  });
  return `singular fit: ${parts.join("; ")}`;
}

/** The term without the columns whose variance is zero. */
function withoutColumns(
  { template, columns }: DesignTerm,
  { design, group }: RandomTerm,
  own: readonly SingularDirection[],
  direction: SingularDirection,
): string | null {
  const alone = ({ loadings }: SingularDirection) =>
    loadings !== null && loadings.filter((x) => x !== 0).length === 1;
  if (!alone(direction)) return null;
  const zero = new Set(own.filter(alone).map(({ loadings }) => loadings?.findIndex((value) => value !== 0)));
  if (zero.size === columns.length) return "";
  const { assign, termLabels } = design;
  const kept = columns.flatMap((_, j) => (zero.has(j) ? [] : [j]));
  const labels = new Set(kept.map((j) => assign[j]));
  // A formula keeps or drops all columns of a factor together.
  if (columns.some((_, j) => zero.has(j) && labels.has(assign[j]))) return null;
  const intercept = labels.has(0);
  const names = [...labels].filter((label) => label > 0).map((label) => termLabels[label - 1]);
  // Without the intercept a factor would be coded otherwise.
  if (!intercept && assign.includes(0) && kept.some((j) => columns[j] !== termLabels[assign[j] - 1]))
    return null;
  const effects = [intercept ? "1" : "0", ...names].join(" + ");
  const structure = kept.length > 1 && template.structure !== "us" ? template.structure : "";
  return `${structure}(${effects} | ${group.name})`;
}

/** One effect for all columns, where they are equal and the columns are the indicators of one factor. */
function sameForAll(
  { template, columns }: DesignTerm,
  { design, group }: RandomTerm,
  own: readonly SingularDirection[],
  frame: ModelFrame,
): string | null {
  const says = (text: string) => own.some((direction) => direction.says.startsWith(text));
  if (says("the variance of the effects")) return "";
  if (!says("the correlation of the effects") || !own.some(({ says }) => says.endsWith(" as 1"))) return null;
  if (["cs", "hetar1"].includes(template.structure) || columns.length < 2 || !hasRows(frame)) return null;
  let covered = 0;
  for (const column of design.columns) {
    if (column.kind !== "sparse" || column.values.some((value) => value !== 1)) return null;
    covered += column.rows.length;
  }
  return covered === frame.nobs && design.termLabels.length === 1 ? `(1 | ${group.name})` : null;
}
