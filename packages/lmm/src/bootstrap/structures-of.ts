import type { CovarianceStructure } from "../design/covariance-structure";
import type { Design } from "../design/design";

/** The user's covariance structures that a design was built with, by name: what a refit needs besides its frame. */
export function structuresOf(design: Design): Record<string, CovarianceStructure> {
  const own: Record<string, CovarianceStructure> = {};
  for (const { template } of design.terms)
    if (template.custom !== null) own[template.structure] = template.custom;
  return own;
}
