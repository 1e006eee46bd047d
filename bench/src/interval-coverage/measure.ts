import {
  acceleration,
  type BootstrapIntervalType,
  bootstrap,
  bootstrapInterval,
  confint,
  jackknifeGroups,
  type LinearMixedModel,
  parameterEstimates,
  profile,
  refitter,
} from "@lmmkit/lmm";
import { type CoverageDesign, drawDesign } from "./designs";

/** How often the intervals of one kind held the truth. */
export interface Coverage {
  readonly parameter: string;
  readonly method: string;
  /** Data sets with an interval. */
  readonly sets: number;
  readonly covered: number;
  /** The truth was below, above. */
  readonly below: number;
  readonly above: number;
  readonly medianWidth: number;
}

/** The coverage of one design. */
export interface DesignCoverage {
  readonly design: string;
  readonly title: string;
  readonly sets: number;
  readonly replicates: number;
  readonly singular: number;
  readonly seconds: number;
  readonly coverage: readonly Coverage[];
}

const LEVEL = 0.95;
const types: readonly BootstrapIntervalType[] = ["percentile", "basic", "normal", "bca", "shortest"];

type Visit = (parameter: string, method: string, lower: number, upper: number) => void;

/**
 * Draws data sets, makes intervals of every kind from each and counts how often they hold the truth.
 *
 * @param replicates of the bootstrap, for each data set
 * @param onSet called after each data set
 */
export function measureCoverage(
  design: CoverageDesign,
  sets: number,
  replicates: number,
  onSet: (done: number) => void,
): DesignCoverage {
  const begun = performance.now();
  const { responses, first } = drawDesign(design, sets, 2026);
  const { refit } = refitter(first.frame);
  const counts = new Map<string, { covered: number; below: number; above: number; widths: number[] }>();
  let singular = 0;
  responses.forEach((response, i) => {
    const model = refit(response);
    if (model.singular) singular++;
    eachInterval(model, replicates, i, (parameter, method, lower, upper) => {
      const key = `${parameter}\n${method}`;
      const count = counts.get(key) ?? { covered: 0, below: 0, above: 0, widths: [] };
      counts.set(key, count);
      if (Number.isNaN(lower) || Number.isNaN(upper)) return;
      const truth = design.truth[parameter];
      if (truth < lower) count.below++;
      else if (truth > upper) count.above++;
      else count.covered++;
      count.widths.push(upper - lower);
    });
    onSet(i + 1);
  });
  const coverage = [...counts].map(([key, { covered, below, above, widths }]): Coverage => {
    const [parameter, method] = key.split("\n");
    const sorted = widths.toSorted((a, b) => a - b);
    const medianWidth = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
    return { parameter, method, sets: widths.length, covered, below, above, medianWidth };
  });
  return {
    design: design.id,
    title: design.title,
    sets,
    replicates,
    singular,
    seconds: (performance.now() - begun) / 1000,
    coverage,
  };
}

/** Intervals of every kind for every parameter of one fit. */
function eachInterval(model: LinearMixedModel, replicates: number, seed: number, visit: Visit): void {
  const fixed = { method: "wald", level: LEVEL, parameters: ["fixed"] } as const;
  for (const [ddf, name] of [
    ["asymptotic", "Wald, normal"],
    ["satterthwaite", "Wald, Satterthwaite"],
    ["kenward-roger", "Wald, Kenward–Roger"],
  ] as const) {
    for (const row of confint(model, { ...fixed, ddf }).rows) visit(row.name, name, row.lower, row.upper);
  }
  const kinds = ["stdDev", "correlation", "sigma"];
  for (const row of confint(model, { method: "wald", level: LEVEL, parameters: kinds }).rows) {
    visit(row.name, "Wald, log and Fisher's z", row.lower, row.upper);
  }
  for (const { name, lower, upper } of profile(model, { level: LEVEL, cutoff: 0 }).parameters) {
    visit(name, "profile", lower, upper);
  }
  const boot = bootstrap(model, { nsim: replicates, seed });
  const jackknife = jackknifeGroups(model, (fit) => parameterEstimates(fit).values);
  boot.names.forEach((name, j) => {
    const a = acceleration(jackknife.values[j]);
    for (const type of types) {
      const { lower, upper } = bootstrapInterval(boot.observed[j], boot.replicates[j], LEVEL, type, a);
      visit(name, `bootstrap, ${type === "bca" ? "BCa" : type}`, lower, upper);
    }
  });
}
