/** The same bits from Node 20, 22, 24 and Chromium: ten fits as JSON, compared by their SHA-256. */
import { compareBits, disagreements, type EngineBits, workerCounts } from "./bits/compare-bits";
import { type Engine, otherNode, systemChromium } from "./bits/engines";
import { provenance, writeRecord } from "./support/record";
import { markdownTable, targetTable } from "./support/tables";

const wanted: [string, Engine | null][] = [
  ["Node 20", otherNode(20, true)],
  ["Node 22", otherNode(22, true)],
  ["Node 24", otherNode(24, true)],
  ["Chromium", systemChromium()],
];
const absent = wanted.filter(([, engine]) => engine === null).map(([name]) => name);
const engines = wanted.flatMap(([, engine]) => (engine === null ? [] : [engine]));
const { fits, bootstraps } = await compareBits(engines);
const differ = disagreements(fits);
const differBootstraps = disagreements(bootstraps);
const missing = absent.length > 0 ? `; absent here: ${absent.join(", ")}` : "";
const met = (ids: readonly string[]) => (ids.length > 0 ? false : absent.length > 0 ? null : true);
const targets = targetTable([
  {
    asks: "the same JSON from Node 20, 22, 24 and Chromium for ten models",
    measured: differ.length === 0 ? `${fits.length} engines agree on all${missing}` : differ.join(", "),
    met: met(differ),
  },
  {
    asks: "bootstrap samples of the ten models with no, 1, 2 and 4 workers in each of them",
    measured:
      differBootstraps.length === 0
        ? `${bootstraps.length} runs agree on all${missing}`
        : differBootstraps.join(", "),
    met: met(differBootstraps),
  },
]);
const tableOf = (found: readonly EngineBits[]) =>
  markdownTable(
    ["Model", ...found.map(({ engine }) => engine)],
    Object.keys(found[0].hashes).map((id) => [
      id,
      ...found.map(({ hashes }) => `\`${hashes[id].slice(0, 12)}\``),
    ]),
  );
const firstOf = bootstraps.filter((_, i) => i % workerCounts.length === 0);
const body = `${targets}\n\nSHA-256 (first 12 digits) of each fit as JSON: criterion, θ, fixed and random effects with their conditional variances, fitted values, certificate; all numbers in full, timings left out.\n\n${tableOf(fits)}\n\nThe same of 50 parametric bootstrap samples of each model (2 of InstEval): every parameter of every refit. Shown without workers; those with 1, 2 and 4 are compared with them.\n\n${tableOf(firstOf)}`;
writeRecord("bits", provenance("pnpm bench:bits"), "The same bits everywhere", body, { fits, bootstraps });
process.exitCode = differ.length + differBootstraps.length > 0 ? 1 : 0;
