import type { FactorColumn } from "./column";
import { dropUnusedLevels } from "./factor-column";
import { interactionFactor } from "./interaction-factor";
import type { GroupingFactor } from "./model-frame";

/** The grouping factor of factors that interact (none missing on the rows given), without unused levels. */
export function groupingFactor(name: string, factors: readonly FactorColumn[]): GroupingFactor {
  const { levels, codes } = factors.length === 1 ? dropUnusedLevels(factors[0]) : interactionFactor(factors);
  return { name, levels, codes };
}
