/** 300 random models made to be hard, each fitted in every way the engine has. */
import { type Contest, contest } from "./stress/contest";
import { LowestKnown } from "./stress/lowest";
import { reportStress, type StressResult } from "./stress/report";
import { type StressModel, stressModel } from "./stress/stress-model";
import { provenance, writeRecord } from "./support/record";

// One seed, or a range as 300-999, is for the eye; without, the 300 models of the record.
const only = process.argv[2];
const [first, last = first] = (only ?? "0-299").split("-").map(Number);
const lowest = new LowestKnown();
const results: StressResult[] = [];
for (let seed = first; seed <= last; seed++) {
  const model = stressModel(seed);
  const found = contest(model);
  results.push(resultOf(model, found));
}
const body = reportStress(results);
if (only !== undefined) console.log(first === last ? `${body}\n${JSON.stringify(results, null, 1)}` : body);
else {
  lowest.save();
  writeRecord("stress", provenance("pnpm bench:stress"), "Under stress", body, { results });
}

function resultOf({ seed, trouble, formula, reml }: StressModel, found: Contest): StressResult {
  const met = Math.min(found.searched, ...Object.values(found.finishes).map(({ criterion }) => criterion));
  return { seed, trouble, formula, reml, lowest: lowest.lower(seed, met), ...found };
}
