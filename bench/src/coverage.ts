/** How often nominal 95 % intervals of every kind hold the truth, by simulation. */
import { coverageDesigns } from "./interval-coverage/designs";
import { coverageFigure } from "./interval-coverage/figure";
import { type DesignCoverage, measureCoverage } from "./interval-coverage/measure";
import { reportCoverage } from "./interval-coverage/report";
import { provenance, writeRecord, writeResult } from "./support/record";

// pnpm bench:coverage [sets [replicates [design]]]; anything but the whole is for the eye.
const [setsGiven, replicatesGiven, only] = process.argv.slice(2);
const sets = Number(setsGiven ?? 1000);
const replicates = Number(replicatesGiven ?? 499);
const designs: DesignCoverage[] = coverageDesigns
  .filter(({ id }) => only === undefined || id === only)
  .map((design) =>
    measureCoverage(design, sets, replicates, (done) => {
      if (done % 100 === 0) console.error(`${design.id}: ${done} of ${sets}`);
    }),
  );
const body = reportCoverage(designs);
if (only !== undefined || sets < 1000) console.log(body);
else {
  const made = provenance("pnpm bench:coverage");
  writeRecord("coverage", made, "Coverage of intervals", body, { level: 0.95, designs });
  for (const design of designs) {
    writeResult(`coverage-${design.design}-${made.date.slice(0, 10)}.svg`, coverageFigure(design));
  }
}
