/** 300 random models made to be hard, each fitted in every way the engine has. */
import { type Contest, contest } from "./stress/contest";
import { LowestKnown } from "./stress/lowest";
import { reportStress, type StressResult } from "./stress/report";
import { type StressModel, stressModel } from "./stress/stress-model";
import { provenance, writeRecord } from "./support/record";

const count = 300;
const only = process.argv[2];
const lowest = new LowestKnown();
const results: StressResult[] = [];
for (let seed = 0; seed < count; seed++) {
  if (only !== undefined && only !== String(seed)) continue;
  const model = stressModel(seed);
  const found = contest(model);
  results.push(resultOf(model, found));
}
lowest.save();
const body = reportStress(results);
if (only !== undefined) console.log(body, JSON.stringify(results, null, 1));
else writeRecord("stress", provenance("pnpm bench:stress"), "Under stress", body, { results });

function resultOf({ seed, trouble, formula, reml }: StressModel, found: Contest): StressResult {
  const met = Math.min(found.searched, ...Object.values(found.finishes).map(({ criterion }) => criterion));
  return { seed, trouble, formula, reml, lowest: lowest.lower(seed, met), ...found };
}
