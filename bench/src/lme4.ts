/** Every reference model and some larger ones, fitted by us and by lme4 in turn. */
import { referenceCases, simulatedCases } from "./lme4/cases";
import { type Comparison, compare, fitterOf } from "./lme4/compare";
import { type ProfileLine, profile } from "./lme4/profile";
import { measureRefits } from "./lme4/refits";
import { reportLme4, timeTarget } from "./lme4/report";
import { Lme4Session } from "./support/lme4-session";
import { provenance, writeRecord } from "./support/record";
import { duration } from "./support/tables";

const only = process.argv[2];
const cases = [...referenceCases(), ...simulatedCases()].filter(
  ({ id }) => only === undefined || id.includes(only),
);
const session = await Lme4Session.start();
if (session === null) console.error("lme4's side is left out: there is no Rscript with lme4 and jsonlite");
const versions = session === null ? {} : await session.versions();

const comparisons: Comparison[] = [];
const profiles: { id: string; lines: ProfileLine[] }[] = [];
for (const item of cases) {
  const found = await compare(session, item);
  comparisons.push(found);
  const ratio = found.lme4 === null ? "" : `, ${(found.lme4.seconds / found.seconds).toFixed(1)} × lme4`;
  console.error(`${found.id}: ${duration(found.seconds)}${ratio}, ${found.evaluations} evaluations`);
  const missed = found.lme4 !== null && found.lme4.seconds / found.seconds < timeTarget(found);
  if (missed) profiles.push({ id: item.id, lines: await profile(fitterOf(item)) });
}
const sleepstudy = cases.find(({ id }) => id === "sleepstudy-slope-reml");
const refits = sleepstudy === undefined ? null : await measureRefits(session, sleepstudy, 10_000);
session?.close();

const data = { comparisons, profiles, refits };
const body = reportLme4(data);
// A run of some models only is for the eye.
if (only !== undefined) console.log(body);
else writeRecord("lme4", provenance("pnpm bench:lme4", versions), "Beside lme4", body, data);
