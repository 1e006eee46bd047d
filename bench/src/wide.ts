/** A factor of many levels as a fixed effect beside a random one: fit times beside lme4's, whole calls from a table. */
import { lmm } from "@lmmkit/lmm";
import { Draws } from "./support/draws";
import { Lme4Session } from "./support/lme4-session";
import { provenance, writeRecord } from "./support/record";
import { writeTable } from "./support/table-files";

interface Size {
  readonly levels: number;
  readonly rows: number;
  readonly groups: number;
}

/** lme4 is asked up to this many levels: its time grows with their third power and more. */
const MOST_LEVELS = 1000;
const FORMULA = "y ~ x + f + (1 | g)";
const sizes: readonly Size[] = [
  { levels: 100, rows: 3000, groups: 50 },
  { levels: 300, rows: 10_000, groups: 50 },
  { levels: 1000, rows: 30_000, groups: 200 },
  { levels: 3000, rows: 100_000, groups: 200 },
];

function table({ levels, rows, groups }: Size) {
  const draws = new Draws(levels);
  const fixed = Array.from({ length: levels }, () => draws.normal());
  const random = Array.from({ length: groups }, () => draws.normal());
  const columns = {
    y: new Float64Array(rows),
    x: new Float64Array(rows),
    f: new Array<string>(rows),
    g: new Array<string>(rows),
  };
  for (let r = 0; r < rows; r++) {
    // Every level and every group once, the rest at random.
    const f = r < levels ? r : draws.integer(0, levels - 1);
    const g = r < groups ? r : draws.integer(0, groups - 1);
    const x = draws.normal();
    columns.x[r] = x;
    columns.f[r] = `f${f}`;
    columns.g[r] = `g${g}`;
    columns.y[r] = fixed[f] + random[g] + 0.5 * x + draws.normal();
  }
  return columns;
}

const session = await Lme4Session.start();
if (session === null) console.error("lme4's side is left out: there is no Rscript with lme4 and jsonlite");
const versions = session === null ? {} : await session.versions();
lmm(FORMULA, table(sizes[0]));
const found = [];
for (const size of sizes) {
  const data = table(size);
  const started = performance.now();
  const fit = lmm(FORMULA, data);
  const seconds = (performance.now() - started) / 1000;
  let lme4: { seconds: number; criterion: number } | null = null;
  if (session !== null && size.levels <= MOST_LEVELS) {
    await session.load(writeTable("wide", data));
    lme4 = await session.fit({ formula: FORMULA, reml: true });
  }
  const { criterion, converged } = fit;
  const above = lme4 === null ? null : criterion - lme4.criterion;
  found.push({ ...size, seconds, converged, lme4: lme4?.seconds ?? null, above });
  console.error(`${size.levels} levels: ${seconds.toFixed(2)} s, lme4 ${lme4?.seconds ?? "–"}`);
}
session?.close();

const number = (value: number | null, digits: number) => (value === null ? "–" : value.toFixed(digits));
const lines = found.map(
  ({ levels, rows, seconds, lme4, above }) =>
    `| ${lme4 === null ? "–" : `${(lme4 / seconds).toFixed(0)} ×`} | ${levels} | ${rows} | ${number(seconds, 2)} | ${number(lme4, 1)} | ${above === null ? "–" : above.toExponential(1)} |`,
);
const body = [
  `\`${FORMULA}\`, f a fixed factor. Whole calls from a table in memory, model frame and rank check included.`,
  "",
  "| ratio | levels of f | rows | seconds | lme4, seconds | criterion above lme4's |",
  "|---|---|---|---|---|---|",
  ...lines,
].join("\n");
writeRecord("wide", provenance("pnpm bench:wide", versions), "Thousands of fixed effects", body, { found });
