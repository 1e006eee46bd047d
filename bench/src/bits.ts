/** The same bits from Node 20, 22, 24 and Chromium: ten fits as JSON, compared by their SHA-256. */
import { compareBits, disagreements } from "./bits/compare-bits";
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
const found = await compareBits(engines);
const differ = disagreements(found);
const missing = absent.length > 0 ? `; absent here: ${absent.join(", ")}` : "";
const targets = targetTable([
  {
    asks: "the same JSON from Node 20, 22, 24 and Chromium for ten models",
    measured: differ.length === 0 ? `${found.length} engines agree on all${missing}` : differ.join(", "),
    met: differ.length > 0 ? false : absent.length > 0 ? null : true,
  },
  { asks: "with 1, 2 and 4 workers", measured: "a fit does not use workers", met: null },
]);
const rows = Object.keys(found[0].hashes).map((id) => [
  id,
  ...found.map(({ hashes }) => `\`${hashes[id].slice(0, 12)}\``),
]);
const table = markdownTable(["Model", ...found.map(({ engine }) => engine)], rows);
const body = `${targets}\n\nSHA-256 (first 12 digits) of each fit as JSON: criterion, θ, fixed and random effects with their conditional variances, fitted values, certificate; all numbers in full, timings left out.\n\n${table}`;
writeRecord("bits", provenance("pnpm bench:bits"), "The same bits everywhere", body, { found });
process.exitCode = differ.length > 0 ? 1 : 0;
