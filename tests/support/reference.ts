import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A reference model: what was fitted to what. */
export interface ReferenceModel {
  readonly id: string;
  /** Name of the data set, see `dataFiles`. */
  readonly data: string;
  readonly formula: string;
  readonly reml: boolean;
  readonly contrasts?: Readonly<Record<string, string>>;
  readonly weights?: string;
  readonly offset?: string;
}

/** lme4's criterion at some θ. */
export interface CriterionAtTheta {
  readonly id: string;
  readonly at: readonly { readonly theta: number | readonly number[]; readonly criterion: number }[];
}

/** One or several: R's JSON writer drops the brackets around a single value. */
export type OneOrMany<T> = T | readonly T[];

/** lme4's fit of a reference model, polished by a second optimizer. */
export interface ExpectedFit {
  readonly id: string;
  readonly method: "ML" | "REML";
  readonly nobs: number;
  readonly p: number;
  readonly q: number;
  readonly ngroups: Readonly<Record<string, number>>;
  readonly criterion: number;
  readonly logLik: number;
  readonly df: number;
  readonly AIC: number;
  readonly BIC: number;
  readonly sigma: number;
  readonly theta: OneOrMany<number>;
  readonly thetaNames: OneOrMany<string>;
  readonly singular: boolean;
  readonly fixed: readonly { term: string; estimate: number; stdError: number; tValue: number }[];
  /** p × p by columns. */
  readonly vcov: OneOrMany<number>;
  readonly random: readonly {
    group: string;
    terms: OneOrMany<string>;
    stdDev: OneOrMany<number>;
    /** Lower triangle by columns, without the diagonal. */
    corr: OneOrMany<number>;
  }[];
  readonly ranef: readonly {
    group: string;
    terms: OneOrMany<string>;
    nlevels: number;
    /** The first eight. */
    levels: readonly string[];
    /** By level; a vector per level where there are several terms. */
    values: readonly OneOrMany<number>[];
    sumsq: OneOrMany<number>;
  }[];
  /** Conditional variance (k × k) of the first level of each grouping factor; null for repeated ones. */
  readonly condVarFirst: readonly (OneOrMany<number> | null)[];
  readonly fittedHead: readonly number[];
  readonly residHead: readonly number[];
  readonly logDetL2: number;
  readonly logDetRX2: number;
  readonly pwrss: number;
  readonly wrss: number;
  readonly ussq: number;
  /** Sum of the hat values; absent for large models. */
  readonly hatSum?: number | null;
  readonly source: string;
}

const fixtures = fileURLToPath(new URL("../fixtures/reference/", import.meta.url));
const shared = fileURLToPath(new URL("../../../shared/reference/", import.meta.url));

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8")) as T;
}

/** The 38 reference models. */
export const models: readonly ReferenceModel[] = readJson(`${fixtures}models.json`);

/** The reference model with this id. */
export function modelById(id: string): ReferenceModel {
  const model = models.find((candidate) => candidate.id === id);
  if (model === undefined) throw new Error(`no reference model "${id}"`);
  return model;
}

/** The committed values, and for data that may not be published those of the optional folder. */
function withShared(): readonly CriterionAtTheta[] {
  const own = readJson<CriterionAtTheta[]>(`${fixtures}criterion-at-theta.json`);
  const path = `${shared}criterion-at-theta.json`;
  const others = existsSync(path) ? readJson<CriterionAtTheta[]>(path) : [];
  return [...own, ...others.filter((entry) => !own.some((known) => known.id === entry.id))];
}

const criteria = withShared();

/** lme4's criterion of this model at some θ; null where the values are not at hand. */
export function criterionAtTheta(id: string): CriterionAtTheta["at"] | null {
  return criteria.find((entry) => entry.id === id)?.at ?? null;
}

/** lme4's fit of this model; null where the values are not at hand. */
export function expectedFit(id: string): ExpectedFit | null {
  const path = [fixtures, shared].map((folder) => `${folder}expected/${id}.json`).find(existsSync);
  return path === undefined ? null : readJson<ExpectedFit>(path);
}

/** A list again of what R's JSON writer may have left bare. */
export function many<T>(value: OneOrMany<T>): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

/** True when every random-effects term of the formula is a simple, scalar one, `(1 | g)`. */
export function hasScalarTermsOnly(model: ReferenceModel): boolean {
  const bars = [...model.formula.matchAll(/\(([^()|]*(?:\([^()]*\)[^()|]*)*)\|/g)];
  return bars.length > 0 && bars.every((bar) => bar[1].trim() === "1");
}
