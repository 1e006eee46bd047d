import type { LinearMixedModel } from "../model/linear-mixed-model";
import { type Adjustment, adjustTests, type NumericalError } from "./adjust";
import type { DdfMethod, TTest } from "./coef-tests";
import { type ContrastFamily, type LevelContrast, levelContrasts } from "./contrast-families";
import { InferenceError } from "./inference-error";
import { type KeptColumns, keptColumnsOf, linearFunction } from "./linear-function";
import type { MarginalMean, MarginalMeans } from "./marginal-means";
import { type ResponseScale, responseScale } from "./response-scale";

/** A family of contrasts, or coefficients of one's own by name, one per mean of a family. */
export type ContrastMethod = ContrastFamily | Readonly<Record<string, ArrayLike<number>>>;

/** How contrasts of marginal means are taken. */
export interface ContrastOptions {
  /** Default: `tukey` for pairwise, `dunnett` for trt.vs.ctrl, consec and mean_chg, `fdr` for eff, del.eff; else `none`. */
  readonly adjust?: Adjustment;
  /** Coverage of the intervals; default that of the means. */
  readonly level?: number;
  /** Factors whose levels part the means into families; default those of the means. */
  readonly by?: string | readonly string[];
  /** Position or name of the control level for `trt.vs.ctrl`. */
  readonly reference?: number | string;
  /** Value of the contrasts under the hypothesis; default 0. */
  readonly null?: number;
  /** `response`: differences of logarithms become ratios. Default: `response` when the means are on that scale. */
  readonly scale?: "fitted" | "response";
  /** Of the quasi-Monte Carlo integration that `dunnett` may need. */
  readonly seed?: number;
}

/** The test of one contrast. */
export interface ContrastTest extends TTest {
  /** Levels of the factors in `by`. */
  readonly by: Readonly<Record<string, string>>;
  readonly lower: number;
  readonly upper: number;
}

/** Contrasts of marginal means. */
export interface Contrasts {
  readonly method: string;
  readonly by: readonly string[];
  readonly adjust: Adjustment;
  readonly ddf: DdfMethod;
  readonly level: number;
  /** What was undone: estimates are ratios then; null on the fitted scale. */
  readonly transformation: ResponseScale["name"] | null;
  /** `pValue`, `lower` and `upper` are adjusted. */
  readonly rows: readonly ContrastTest[];
  readonly diagnostics: readonly string[];
  /** Of p-values found by quasi-Monte Carlo; null where they are exact. */
  readonly numericalError: NumericalError | null;
}

const ADJUSTMENTS: Partial<Record<ContrastFamily, Adjustment>> = {
  pairwise: "tukey",
  revpairwise: "tukey",
  "trt.vs.ctrl": "dunnett",
  "trt.vs.ctrlk": "dunnett",
  consec: "dunnett",
  mean_chg: "dunnett",
  eff: "fdr",
  "del.eff": "fdr",
};

/**
 * Contrasts of marginal means or slopes, family by family, with tests and intervals adjusted for their number.
 *
 * Each contrast is one linear function of the fixed effects, with its own degrees of freedom; what empty cells leave
 * undetermined in the means may cancel in a contrast.
 *
 * @param means of `emmeans` or `emtrends` on the same model
 * @throws InferenceError `contrast-length` for coefficients that do not fit the means
 */
export function contrast(
  model: LinearMixedModel,
  means: MarginalMeans,
  method: ContrastMethod,
  options: ContrastOptions = {},
): Contrasts {
  const { groups, by } = familiesOf(means, options.by);
  // Levels that look like numbers are named after their factor: "N0 - N0.2".
  const numeric = new Set(
    means.factors.filter((name) => means.means.some(({ levels }) => /^[-+.]?\d/.test(levels[name]))),
  );
  const sets = groups.map((group) => {
    const labels = group.map(({ levels }) => labelOf(levels, means.factors, by, numeric));
    if (typeof method === "string")
      return levelContrasts(method, labels, positionOf(options.reference, labels));
    return Object.entries(method).map(([label, values]) => ({
      label,
      coefficients: checked(values, group.length),
    }));
  });
  const name = typeof method === "string" ? method : "custom";
  return testSets(model, means, groups, by, sets, name, options);
}

/**
 * Interaction contrasts: products of contrasts of each factor, one family of contrasts per factor.
 *
 * @param methods by factor, in any order; factors left out are taken as `pairwise`
 */
export function interactionContrast(
  model: LinearMixedModel,
  means: MarginalMeans,
  methods: Readonly<Record<string, ContrastMethod>>,
  options: ContrastOptions = {},
): Contrasts {
  const { groups, by } = familiesOf(means, options.by);
  const factors = means.factors.filter((name) => !by.includes(name));
  for (const name of Object.keys(methods)) {
    if (factors.includes(name)) continue;
    throw new InferenceError(
      "unknown-term",
      `unknown factor: ${JSON.stringify(name)}`,
      name,
      `the means are of ${factors.join(", ")}`,
    );
  }
  const sets = groups.map((group) => {
    let product: LevelContrast[] = [{ label: "", coefficients: group.map(() => 1) }];
    for (const factor of factors) {
      const levels = [...new Set(group.map((mean) => mean.levels[factor]))];
      const method = methods[factor] ?? "pairwise";
      const own =
        typeof method === "string"
          ? levelContrasts(method, levels, positionOf(options.reference, levels))
          : Object.entries(method).map(([label, values]) => ({
              label,
              coefficients: checked(values, levels.length),
            }));
      const place = group.map((mean) => levels.indexOf(mean.levels[factor]));
      // The first factor varies fastest.
      product = own.flatMap(({ label, coefficients }) =>
        product.map((so) => ({
          label: so.label === "" ? label : `${so.label} : ${label}`,
          coefficients: so.coefficients.map((value, i) => value * coefficients[place[i]]),
        })),
      );
    }
    return product;
  });
  return testSets(model, means, groups, by, sets, "interaction", options);
}

function familiesOf(means: MarginalMeans, given: string | readonly string[] | undefined) {
  const by = given === undefined ? means.by : typeof given === "string" ? [given] : given;
  for (const name of by) {
    if (means.factors.includes(name)) continue;
    throw new InferenceError(
      "unknown-term",
      `unknown factor: ${JSON.stringify(name)}`,
      name,
      `the means are of ${means.factors.join(", ")}`,
    );
  }
  const groups = new Map<string, MarginalMean[]>();
  for (const mean of means.means) {
    const key = JSON.stringify(by.map((name) => mean.levels[name]));
    groups.set(key, [...(groups.get(key) ?? []), mean]);
  }
  return { groups: [...groups.values()], by };
}

function labelOf(
  levels: Readonly<Record<string, string>>,
  factors: readonly string[],
  by: readonly string[],
  numeric: ReadonlySet<string>,
): string {
  return factors
    .flatMap((name) =>
      by.includes(name) ? [] : [numeric.has(name) ? `${name}${levels[name]}` : levels[name]],
    )
    .join(" ");
}

function positionOf(reference: number | string | undefined, levels: readonly string[]): number | undefined {
  if (reference === undefined) return undefined;
  const position = typeof reference === "number" ? reference : levels.indexOf(reference);
  if (Number.isInteger(position) && position >= 0 && position < levels.length) return position;
  throw new InferenceError(
    "unknown-term",
    `unknown reference: ${JSON.stringify(reference)}`,
    reference,
    `the levels are ${levels.join(", ")}`,
  );
}

function checked(values: ArrayLike<number>, n: number): number[] {
  const out = Array.from(values);
  if (out.length === n && out.every(Number.isFinite)) return out;
  throw new InferenceError(
    out.length === n ? "not-finite" : "contrast-length",
    `wrong coefficients: ${out.length} numbers`,
    values,
    `give one finite number for each of ${n} means`,
  );
}

function testSets(
  model: LinearMixedModel,
  means: MarginalMeans,
  groups: readonly (readonly MarginalMean[])[],
  by: readonly string[],
  sets: readonly (readonly LevelContrast[])[],
  method: string,
  options: ContrastOptions,
): Contrasts {
  const { ddf } = means;
  const { level = means.level, null: hypothesis = 0 } = options;
  if (!(level > 0 && level < 1)) {
    throw new InferenceError(
      "unknown-option",
      `invalid level: ${level}`,
      level,
      "give a number between 0 and 1",
    );
  }
  const dropped = keptColumnsOf(model);
  checkOwnMeans(model, dropped, means);
  const wanted = options.scale ?? (means.transformation === null ? "fitted" : "response");
  const scale = wanted === "response" ? responseScale(model, 0) : null;
  const families = sets.map((set, g) =>
    set.map(({ label, coefficients }) => {
      const row = new Float64Array(groups[g][0].row.length);
      let offset = 0;
      coefficients.forEach((value, i) => {
        if (value === 0) return;
        offset += value * groups[g][i].offset;
        for (let j = 0; j < row.length; j++) row[j] += value * groups[g][i].row[j];
      });
      const own = linearFunction(model, dropped, row, ddf);
      const sum = coefficients.reduce((total, value) => total + value, 0);
      const size = coefficients.reduce((total, value) => total + Math.abs(value), 0);
      return { ...own, estimate: own.estimate + offset, label, isDifference: Math.abs(sum) < 1e-10 * size };
    }),
  );
  const tests = families.flat();
  const family = Math.max(1, families[0]?.length ?? 0);
  const adjust = options.adjust ?? ADJUSTMENTS[method as ContrastFamily] ?? "none";
  const adjusted = adjustTests(
    tests.map((test) => ({ ...test, null: hypothesis })),
    {
      kind: method === "pairwise" || method === "revpairwise" ? "pairwise" : "other",
      size: groups[0]?.length ?? 0,
      family,
      adjust,
      level,
      model,
      ddf,
      ...(options.seed === undefined ? {} : { seed: options.seed }),
    },
  );
  const diagnostics = [...adjusted.diagnostics];
  const ratio = scale?.ratio ?? null;
  const ratios = ratio !== null && tests.every((test) => test.isDifference);
  if (scale !== null && !ratios)
    diagnostics.push(`on the ${scale.name} scale: these contrasts are no ratios there`);
  const back = ratios ? ratio : (value: number) => value;
  const rows = tests.map((test, i): ContrastTest => {
    const group = groups[Math.floor(i / family)];
    const slope = !ratios || scale === null ? 1 : Math.abs(scale.derivative(test.estimate));
    const reach = adjusted.reach[i] * test.stdError;
    return {
      term: ratios ? test.label.replace(/ - /g, " / ") : test.label,
      by: Object.fromEntries(by.map((name) => [name, group[0].levels[name]])),
      estimate: back(test.estimate),
      stdError: test.stdError * slope,
      df: test.df,
      tValue: (test.estimate - hypothesis) / test.stdError,
      pValue: adjusted.pValues[i],
      lower: back(test.estimate - reach),
      upper: back(test.estimate + reach),
    };
  });
  return {
    method,
    by: [...by],
    adjust: adjusted.adjust,
    ddf,
    level,
    transformation: ratios && scale !== null ? scale.name : null,
    rows,
    diagnostics,
    numericalError: adjusted.error,
  };
}

/** Shares of an estimate and its standard error that two ways of adding it up may differ by. */
const SAME = 1e-6;

/** Refuses means of another model, by their columns or by what they come to. */
function checkOwnMeans(model: LinearMixedModel, dropped: KeptColumns, means: MarginalMeans): void {
  const columns = model.frame.fixed.names.length;
  const foreign = means.means.some(({ row, estimate, offset }) => {
    if (row.length !== columns) return true;
    if (means.transformation !== null || Number.isNaN(estimate)) return false;
    const own = linearFunction(model, dropped, row, means.ddf);
    const size = Math.abs(estimate) + Math.abs(offset) + own.stdError;
    return !(Math.abs(own.estimate + offset - estimate) <= SAME * size);
  });
  if (!foreign) return;
  throw new InferenceError(
    "different-data",
    `foreign means: they are not those of ${model.formula}`,
    means.factors,
    "give the model that emmeans was given",
  );
}
