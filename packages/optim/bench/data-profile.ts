/**
 * BOBYQA against NLopt's and R's minqa on the 53 smooth problems of Moré and Wild, without bounds and in the box
 * x0 ± 1: how many evaluations until the value is within tau (f(x0) - least) of the least value known.
 *
 *   tsx --conditions @lmmkit/source bench/data-profile.ts least FOLDER     least.txt from runs without thresholds
 *   tsx --conditions @lmmkit/source bench/data-profile.ts merge FOLDER     reference/counts.json and data-profile.svg
 *
 * FOLDER holds nlopt.jsonl and minqa.jsonl, as `reference/nlopt-runs.c` and `reference/minqa-runs.R` print them: first
 * without, then with least.txt.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MORE_WILD } from "../src/test-problems/more-wild.test-support";
import {
  countsOf,
  REFERENCE_TAUS,
  type ReferenceRun,
} from "../src/test-problems/reference-counts.test-support";

interface Line {
  index: number;
  box: boolean;
  evaluations: number;
  f: number;
  counts: number[];
}

const [command, folder] = process.argv.slice(2);
const read = (name: string): Line[] =>
  readFileSync(join(folder, name), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
const nlopt = read("nlopt.jsonl");
const minqa = read("minqa.jsonl");

if (command === "least") {
  const least = nlopt.map((line, k) => {
    const ours = countsOf(MORE_WILD[line.index - 1], line.box, 0);
    return Math.min(line.f, minqa[k].f, ours.f);
  });
  writeFileSync(join(folder, "least.txt"), `${least.join("\n")}\n`);
} else {
  const least = readFileSync(join(folder, "least.txt"), "utf8").trim().split("\n").map(Number);
  const runs: ReferenceRun[] = nlopt.map(({ index, box, counts, evaluations }, k) => ({
    index,
    box,
    least: least[k],
    nlopt: { evaluations, counts },
    minqa: { evaluations: minqa[k].evaluations, counts: minqa[k].counts },
  }));
  const ours = runs.map((run) => countsOf(MORE_WILD[run.index - 1], run.box, run.least).counts);
  const text = runs.map((run) => `    ${JSON.stringify(run)}`).join(",\n");
  const provenance =
    "NLopt 2.7.1 (Debian libnlopt0) by nlopt-runs.c; minqa 1.2.5 (Debian r-cran-minqa, R 4.2.2) by minqa-runs.R; gcc 12, x86-64, no contraction; npt = 2n + 1, rhoend = 1e-6; least: the lowest value of the three programs";
  writeFileSync(
    new URL("./reference/counts.json", import.meta.url),
    `{\n  "provenance": ${JSON.stringify(provenance)},\n  "taus": ${JSON.stringify(REFERENCE_TAUS)},\n  "runs": [\n${text}\n  ]\n}\n`,
  );
  report(runs, ours);
  writeFileSync(new URL("./data-profile.svg", import.meta.url), draw(runs, ours));
}

function report(runs: ReferenceRun[], ours: readonly (readonly number[])[]): void {
  console.log("tau     solved ours/nlopt/minqa    median ratio to nlopt, to minqa");
  REFERENCE_TAUS.forEach((tau, t) => {
    const solved = (counts: readonly (readonly number[])[]) => counts.filter((c) => c[t] > 0).length;
    const ratio = (theirs: readonly (readonly number[])[]) => {
      const ratios = ours.map((c, k) => c[t] / theirs[k][t]).filter((r) => r > 0 && Number.isFinite(r));
      return ratios.sort((a, b) => a - b)[ratios.length >> 1];
    };
    const theirNlopt = runs.map((run) => run.nlopt.counts);
    const theirMinqa = runs.map((run) => run.minqa.counts);
    console.log(
      tau,
      solved(ours),
      solved(theirNlopt),
      solved(theirMinqa),
      ratio(theirNlopt),
      ratio(theirMinqa),
    );
  });
}

/** Four panels: the share of runs solved within alpha (n + 1) evaluations, alpha on a logarithmic axis. */
function draw(runs: ReferenceRun[], ours: readonly (readonly number[])[]): string {
  const width = 320;
  const height = 220;
  const most = 1000;
  const curves: [string, string, string, readonly (readonly number[])[]][] = [
    ["lmmkit", "#1b6ca8", "", ours],
    ["NLopt", "#c8553d", "6 3", runs.map((run) => run.nlopt.counts)],
    ["minqa", "#588157", "2 3", runs.map((run) => run.minqa.counts)],
  ];
  const x = (alpha: number) => 40 + ((width - 60) * Math.log10(Math.max(1, alpha))) / Math.log10(most);
  const y = (share: number) => height - 34 - (height - 60) * share;
  const panels = [0, 2, 4, 6].map((t, panel) => {
    const lines = curves.map(([, colour, dash, counts]) => {
      const alphas = counts.map((c, k) => c[t] / (MORE_WILD[runs[k].index - 1].n + 1)).filter((a) => a > 0);
      alphas.sort((a, b) => a - b);
      let path = `M${x(1).toFixed(1)},${y(0).toFixed(1)}`;
      alphas.forEach((alpha, k) => {
        path += `H${x(Math.min(alpha, most)).toFixed(1)}V${y((k + 1) / runs.length).toFixed(1)}`;
      });
      path += `H${x(most).toFixed(1)}`;
      return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="1.6" stroke-dasharray="${dash}"/>`;
    });
    const ticks = [1, 10, 100, 1000].map(
      (a) =>
        `<text x="${x(a)}" y="${height - 18}" text-anchor="middle">${a}</text><path d="M${x(a)},${y(0)}v4" stroke="#555"/>`,
    );
    const shares = [0, 0.5, 1].map(
      (s) =>
        `<text x="34" y="${y(s) + 4}" text-anchor="end">${s}</text><path d="M40,${y(s)}H${width - 20}" stroke="#ddd"/>`,
    );
    return `<g transform="translate(${(panel % 2) * width},${Math.floor(panel / 2) * height + 20})">${shares.join("")}${ticks.join("")}${lines.join("")}<text x="${width / 2}" y="14" text-anchor="middle" font-weight="bold">tau = 1e-${t + 1}</text></g>`;
  });
  const legend = curves.map(
    ([name, colour, dash], k) =>
      `<path d="M${60 + 110 * k},12h24" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/><text x="${90 + 110 * k}" y="16">${name}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${2 * width} ${2 * height + 40}" font-family="system-ui, sans-serif" font-size="11" role="img" aria-label="Data profiles of BOBYQA: share of 106 runs solved against evaluations per n + 1, for four tolerances"><rect width="100%" height="100%" fill="white"/>${legend.join("")}${panels.join("")}<text x="${width}" y="${2 * height + 34}" text-anchor="middle">evaluations / (n + 1)</text></svg>\n`;
}
