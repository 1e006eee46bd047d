import { median } from "../support/statistics";
import { duration, markdownTable, short, type Target, targetTable } from "../support/tables";
import type { Comparison } from "./compare";
import type { ProfileLine } from "./profile";
import type { Refits } from "./refits";

/** Everything one run measured. */
export interface Lme4Report {
  readonly comparisons: readonly Comparison[];
  readonly profiles: readonly { readonly id: string; readonly lines: readonly ProfileLine[] }[];
  readonly refits: Refits | null;
}

/** Where lme4's default is known to stop early. */
const stopsEarly = ["bodyweight-ml", "scotssec-slope-ml", "orthodont-reml"];

/** From how many parameters on a model counts as large. */
const LARGE = 6;

/** How many times faster than lme4 a model should be; below, its profile goes into the record. */
export function timeTarget({ id, parameters }: Comparison): number {
  if (id.startsWith("insteval")) return 10;
  return parameters >= LARGE ? 50 : 20;
}

/** How far above the reference a criterion may be. */
function allowance(criterion: number): number {
  return 1e-7 * Math.max(1, Math.abs(criterion) / 1000);
}

function ratio({ lme4, seconds }: Comparison): number {
  return lme4 === null ? Number.NaN : lme4.seconds / seconds;
}

/** The record's body: ratios and targets first, then every model. */
export function reportLme4(report: Lme4Report): string {
  const { comparisons, profiles } = report;
  const parts = [
    targetTable(targets(report)),
    "Times are medians of warm fits (ours after 3,000 fits or two seconds, when the compiler has settled), from typed columns and a formula to the fitted model, both programs in turn in one run; lme4 with its defaults. *Ratio* is lme4's time divided by ours. *Above reference* and *lme4 above ours* are differences of the criterion: the reference is the lowest value of several optimizers, and where lme4 is above ours it stopped early.",
    modelTable(comparisons),
  ];
  if (profiles.length > 0) parts.push("## Where the time goes", ...profiles.map(profileText(comparisons)));
  return parts.join("\n\n");
}

function targets({ comparisons, refits }: Lme4Report): Target[] {
  const timed = comparisons.filter(({ lme4 }) => lme4 !== null);
  const referenced = comparisons.filter(({ reference }) => reference !== null);
  const timedReferences = timed.filter(({ reference }) => reference !== null);
  const ratios = timedReferences.map(ratio);
  const large = timed.filter(({ parameters }) => parameters >= LARGE).map(ratio);
  const smallest = timed.toSorted((a, b) => ratio(a) - ratio(b))[0];
  const insteval = timed.find(({ id }) => id === "insteval-three-ml") ?? largestMl(timed);
  const gaps = referenced.map((c) => (c.criterion - (c.reference as number)) / allowance(c.criterion));
  const high = referenced.filter((_, i) => gaps[i] > 1).map(({ id }) => id);
  const evaluations = referenced.map((c) => c.evaluations);
  const most = referenced.toSorted((a, b) => b.evaluations - a.evaluations)[0];
  const untrue = comparisons.filter(({ converged }) => !converged).map(({ id }) => id);
  const early = timed.filter((c) => (c.lme4?.criterion ?? 0) - c.criterion > allowance(c.criterion));
  const times = (value: number) => (Number.isNaN(value) ? "–" : `${value.toFixed(1)} ×`);
  const list: Target[] = [
    {
      asks: `reference models (${ratios.length}): at the median ≥ 20 × faster than lme4`,
      measured: times(median(ratios)),
      met: ratios.length === 0 ? null : median(ratios) >= 20,
    },
    {
      asks: `${LARGE} or more parameters (${large.length}): at the median ≥ 50 ×`,
      measured: times(median(large)),
      met: large.length === 0 ? null : median(large) >= 50,
    },
    {
      asks: "InstEval, three scalar terms, ML: ≥ 10 ×",
      measured: insteval === undefined ? "–" : times(ratio(insteval)),
      met: insteval === undefined ? null : ratio(insteval) >= 10,
    },
    {
      asks: "no model slower than lme4",
      measured: smallest === undefined ? "–" : `least ${times(ratio(smallest))} (${smallest.id})`,
      met: smallest === undefined ? null : ratio(smallest) >= 1,
    },
    {
      asks: "never above the reference by more than 1e-7 per 1,000",
      measured: high.length === 0 ? `worst ${short(Math.max(...gaps))} of that` : high.join(", "),
      met: high.length === 0,
    },
    {
      asks: "below lme4's default where it stops early (BodyWeight, ScotsSec with slopes, Orthodont)",
      measured: early.length === 0 ? "nowhere" : early.map(({ id }) => id).join(", "),
      met: timed.length === 0 ? null : stopsEarly.every((id) => early.some((c) => c.id === id)),
    },
    {
      asks: "evaluations on reference models: median ≤ 8, worst ≤ 14",
      measured:
        most === undefined
          ? "–"
          : `median ${median(evaluations)}, worst ${most.evaluations} (${most.id}), above 14: ${evaluations.filter((n) => n > 14).length}`,
      met: most === undefined ? null : median(evaluations) <= 8 && most.evaluations <= 14,
    },
    {
      asks: "no false convergence warning",
      measured: untrue.length === 0 ? "none" : untrue.join(", "),
      met: untrue.length === 0,
    },
  ];
  if (refits !== null) list.push(...refitTargets(refits));
  return list;
}

/** InstEval with three scalar terms by ML: the model with most random effects. */
function largestMl(timed: readonly Comparison[]): Comparison | undefined {
  return timed
    .filter(({ id }) => id.startsWith("insteval") && id.endsWith("-ml"))
    .toSorted((a, b) => b.q - a.q)[0];
}

function refitTargets({ seconds, lme4Seconds, bootstrap, worstGap }: Refits): Target[] {
  const gap = `, criterion within ${short(worstGap)} of a fit from scratch`;
  return [
    {
      asks: "sleepstudy refit ≥ 50 × faster than lme4's",
      measured:
        lme4Seconds === null
          ? duration(seconds)
          : `${(lme4Seconds / seconds).toFixed(1)} × (${duration(seconds)} against ${duration(lme4Seconds)}${gap})`,
      met: lme4Seconds === null ? null : lme4Seconds / seconds >= 50,
    },
    {
      asks: `parametric bootstrap of sleepstudy, ${bootstrap.samples} samples: ≤ 6 s on two cores`,
      measured: `${duration(bootstrap.sharedSeconds)} in two threads, ${duration(bootstrap.seconds)} in one, by \`bootstrap\`, the same bits; ${bootstrap.failed} failed, ${bootstrap.unconverged} not converged`,
      met: bootstrap.sharedSeconds <= 6 && bootstrap.failed === 0,
    },
  ];
}

function modelTable(comparisons: readonly Comparison[]): string {
  const header = [
    "Model",
    "Ratio",
    "Ours",
    "lme4",
    "Parameters",
    "Rows",
    "q",
    "Evaluations",
    "lme4's",
    "Above reference",
    "lme4 above ours",
  ];
  const rows = comparisons.map((c) => [
    `${c.id}${c.converged ? "" : " (not converged)"}`,
    Number.isNaN(ratio(c)) ? "–" : ratio(c).toFixed(1),
    duration(c.seconds),
    duration(c.lme4?.seconds),
    String(c.parameters),
    String(c.nobs),
    String(c.q),
    String(c.evaluations),
    c.lme4 === null ? "–" : String(c.lme4.evaluations),
    c.reference === null ? "–" : short(c.criterion - c.reference),
    c.lme4 === null ? "–" : short(c.lme4.criterion - c.criterion),
  ]);
  return markdownTable(header, rows);
}

function profileText(comparisons: readonly Comparison[]) {
  return ({ id, lines }: Lme4Report["profiles"][number]): string => {
    const found = comparisons.find((comparison) => comparison.id === id);
    const phases =
      found === undefined
        ? ""
        : `: ${duration(found.seconds)}, of which cross-products ${duration(found.phases.design)}, search ${duration(found.phases.fit)} in ${found.evaluations} evaluations`;
    const rows = lines.map(({ where, share }) => [where, `${(100 * share).toFixed(1)} %`]);
    return `### ${id}${phases}\n\n${markdownTable(["Function", "Share of samples"], rows)}`;
  };
}
