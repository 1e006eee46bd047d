/** How time and memory grow with rows and with levels, beside lme4's. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { levelsGrow, rowsOnly } from "./growth/designs";
import { logLogFigure } from "./growth/figures";
import { measureSteps, type Steps } from "./growth/measure";
import type { PeakMemory } from "./growth/memory";
import { type Grown, measureDesign } from "./growth/peers";
import { reportGrowth } from "./growth/report";
import { Lme4Session } from "./support/lme4-session";
import { provenance, writeRecord, writeResult } from "./support/record";

const memory = await peakMemory(1e7);
const rows: Steps[] = [];
// Once without a record: the first run meets code that is not compiled yet.
measureSteps(rowsOnly.formula, rowsOnly.table(5000), 60);
for (const size of rowsOnly.sizes) {
  rows.push(measureSteps(rowsOnly.formula, rowsOnly.table(size), 60));
  console.error(`rows ${size}: ${rows.at(-1)?.evaluation} s an evaluation`);
}
const session = await Lme4Session.start();
if (session === null) console.error("lme4's side is left out: there is no Rscript with lme4 and jsonlite");
const versions = session === null ? {} : await session.versions();
const levels: Grown[] = [];
for (const design of levelsGrow) levels.push(...(await measureDesign(session, design)));
session?.close();

const from = provenance("pnpm bench:growth", versions);
const day = from.date.slice(0, 10);
const byRows = rows.flatMap(({ rows: x, evaluation, derivatives, frame, products }) => [
  { x, seconds: evaluation, line: "evaluation" },
  { x, seconds: derivatives, line: "with derivatives" },
  { x, seconds: frame + products, line: "reading the rows, once" },
]);
writeResult(`growth-rows-${day}.svg`, logLogFigure(byRows, "rows"));
const byLevels = levels.flatMap(({ q: x, design: panel, fit, lme4 }) => [
  ...(fit === null ? [] : [{ x, seconds: fit, line: "lmmkit", panel }]),
  ...(lme4 === null ? [] : [{ x, seconds: lme4, line: "lme4", panel }]),
]);
writeResult(`growth-levels-${day}.svg`, logLogFigure(byLevels, "random effects"));
const data = { memory, rows, levels };
writeRecord("growth", from, "Growth", reportGrowth(data, day), data);

/** A fit of so many rows in a process of its own. */
function peakMemory(size: number): Promise<PeakMemory> {
  return new Promise((resolve, reject) => {
    const script = fileURLToPath(new URL("./growth/memory.ts", import.meta.url));
    const child = fork(script, [String(size)], { execArgv: [...process.execArgv, "--expose-gc"] });
    child.on("message", (message) => resolve(message as PeakMemory));
    child.on("close", (status) => reject(new Error(`the fit of ${size} rows ended with status ${status}`)));
  });
}
