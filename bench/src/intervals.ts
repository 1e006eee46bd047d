/** Profile likelihood intervals of some reference models, by us and by lme4 in one run. */
import { lmm, profile } from "@lmmkit/lmm";
import { referenceCases } from "./lme4/cases";
import type { Case } from "./lme4/compare";
import { Lme4Session } from "./support/lme4-session";
import { provenance, writeRecord } from "./support/record";
import { median } from "./support/statistics";
import { duration, markdownTable, short, targetTable } from "./support/tables";

const ids = [
  "sleepstudy-slope-reml",
  "sleepstudy-uncorrelated-reml",
  "penicillin-reml",
  "pastes-nested-reml",
  "oats-reml",
  "machines-nested-reml",
  "ratpup-reml",
  "classroom-ml",
];
const ROUNDS = 15;
/** What sleepstudy may take. */
const LIMIT = 0.15;

const only = process.argv[2];
const session = await Lme4Session.start();
if (session === null) console.error("lme4's side is left out: there is no Rscript with lme4 and jsonlite");
const versions = session === null ? {} : await session.versions();

/** What both made of a model. */
interface ProfileComparison {
  readonly id: string;
  readonly parameters: number;
  readonly seconds: number;
  /** Of the first call in this process. */
  readonly firstSeconds: number;
  readonly evaluations: number;
  readonly lme4Seconds: number | null;
  /** Largest difference of a limit, as a share of the interval's width. */
  readonly worst: number | null;
}

async function compare(item: Case): Promise<ProfileComparison> {
  const { formula, table, reml, contrasts, files } = item;
  const model = lmm(formula, table, {
    method: reml ? "REML" : "ML",
    ...(contrasts === undefined ? {} : { contrasts }),
  });
  const time = () => {
    const begun = performance.now();
    const found = profile(model);
    return { found, seconds: (performance.now() - begun) / 1000 };
  };
  const first = time();
  const seconds = median(Array.from({ length: ROUNDS }, () => time().seconds));
  const { parameters, evaluations } = first.found;
  const own = {
    id: item.id,
    parameters: parameters.length,
    seconds,
    firstSeconds: first.seconds,
    evaluations,
  };
  if (session === null) return { ...own, lme4Seconds: null, worst: null };
  await session.load(files);
  await session.fit(item);
  const theirs = await session.intervals();
  const gaps = parameters.flatMap(({ name, lower, upper }) => {
    const i = theirs.names.indexOf(name);
    return [Number(theirs.lower[i]) - lower, Number(theirs.upper[i]) - upper].map(
      (gap) => Math.abs(gap) / (upper - lower),
    );
  });
  return { ...own, lme4Seconds: theirs.seconds, worst: Math.max(...gaps) };
}

const comparisons: ProfileComparison[] = [];
for (const item of referenceCases().filter(({ id }) =>
  only === undefined ? ids.includes(id) : id === only,
)) {
  comparisons.push(await compare(item));
  console.error(item.id);
}
session?.close();
const sleepstudy = comparisons.find(({ id }) => id === "sleepstudy-slope-reml");
const body = [
  targetTable([
    {
      asks: `profile of sleepstudy ≤ ${duration(LIMIT)}`,
      measured: `${duration(sleepstudy?.seconds)}, first call ${duration(sleepstudy?.firstSeconds)}`,
      met: sleepstudy === undefined ? null : sleepstudy.seconds <= LIMIT,
    },
    {
      asks: "limits within 1e-3 of an interval's width of lme4's",
      measured: `worst ${short(Math.max(...comparisons.map(({ worst }) => worst ?? 0)))}`,
      met: session === null ? null : comparisons.every(({ worst }) => (worst ?? 1) <= 1e-3),
    },
  ]),
  'All parameters: standard deviations, correlations, σ and fixed effects, traced to 99 % and with limits at 95 %. Ours: the median of 15 calls; lme4: one call of `confint(method = "profile")`, in the same run. *Worst* is the largest difference of a limit as a share of its interval\'s width.',
  markdownTable(
    ["Model", "Parameters", "Evaluations", "Ours", "lme4", "Ratio", "Worst"],
    comparisons.map(({ id, parameters, evaluations, seconds, lme4Seconds, worst }) => [
      id,
      `${parameters}`,
      `${evaluations}`,
      duration(seconds),
      duration(lme4Seconds),
      lme4Seconds === null ? "–" : `${Math.round(lme4Seconds / seconds)} ×`,
      short(worst),
    ]),
  ),
].join("\n\n");
if (only !== undefined) console.log(body);
else
  writeRecord("intervals", provenance("pnpm bench:intervals", versions), "Profiles beside lme4", body, {
    comparisons,
  });
