/**
 * BOBYQA beside NLopt's and R's minqa on the 53 smooth problems of Moré and Wild, without bounds and in the box x0 ± 1:
 * how many evaluations until the value is within tau (f(x0) - least) of the least value known.
 *
 *   npx pnpm@10.34.9 bench:profiles
 *
 * Builds and runs `reference/nlopt-runs.c` and `reference/minqa-runs.R` (a C compiler, libnlopt0; R with minqa), writes
 * `reference/counts.json` and `data-profile.svg`, prints the figures. A program that is not there is named, and its
 * recorded runs are taken instead; nothing is written then.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MORE_WILD } from "../src/test-problems/more-wild.test-support";
import {
  countsOf,
  REFERENCE_TAUS,
  type ReferenceRun,
  type RunRecord,
} from "../src/test-problems/reference-counts.test-support";

interface Line extends RunRecord {
  readonly index: number;
  readonly box: boolean;
  readonly f: number;
}

type Program = (least: readonly number[] | null) => readonly Line[];

const RECORD = new URL("./reference/counts.json", import.meta.url);
const PROFILE = new URL("./data-profile.svg", import.meta.url);
const source = (name: string) => fileURLToPath(new URL(`reference/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "data-profile-"));

/** Runs a command in the folder; null, and a sentence, where it or what it needs is missing. */
function attempt(missing: string, command: string, args: readonly string[]): string | null {
  try {
    return execFileSync(command, args, {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    console.log(`no ${missing}: its recorded runs are taken instead`);
    return null;
  }
}

const parse = (text: string): Line[] =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);

/** `least.txt` in the folder, where the programs read it. */
function leastArguments(least: readonly number[] | null): string[] {
  if (least === null) return [];
  writeFileSync(join(folder, "least.txt"), `${least.join("\n")}\n`);
  return ["least.txt"];
}

const compiler = process.env.CC ?? "cc";
const rscript = process.env.RSCRIPT ?? "Rscript";
const compile = ["-O2", "-ffp-contract=off", "-o"];

function nloptProgram(): Program | null {
  const missing = "C compiler or NLopt (Debian: libnlopt0)";
  const sources = [source("nlopt-runs.c"), source("problems.c"), "-l:libnlopt.so.0", "-lm"];
  if (attempt(missing, compiler, [...compile, "nlopt-runs", ...sources]) === null) return null;
  return (least) =>
    parse(execFileSync(join(folder, "nlopt-runs"), leastArguments(least), { cwd: folder, encoding: "utf8" }));
}

function minqaProgram(): Program | null {
  const missing = "C compiler or R with minqa (Debian: r-cran-minqa)";
  const library = [...compile, "problems.so", "-shared", "-fPIC", source("problems.c"), "-lm"];
  if (attempt(missing, compiler, library) === null) return null;
  if (attempt(missing, rscript, ["-e", "library(minqa)"]) === null) return null;
  return (least) =>
    parse(
      execFileSync(rscript, [source("minqa-runs.R"), ...leastArguments(least)], {
        cwd: folder,
        encoding: "utf8",
      }),
    );
}

try {
  const recorded = (JSON.parse(readFileSync(RECORD, "utf8")) as { runs: ReferenceRun[] }).runs;
  const nlopt = nloptProgram();
  const minqa = minqaProgram();
  let runs = recorded;
  if (nlopt !== null || minqa !== null) {
    // First to learn the least values, then to count.
    const first = [nlopt?.(null) ?? [], minqa?.(null) ?? []];
    const least = recorded.map((run, k) => {
      const found = first.map((lines) => lines[k]?.f ?? run.least);
      return Math.min(countsOf(MORE_WILD[run.index - 1], run.box, 0).f, ...found);
    });
    const theirs = { nlopt: nlopt?.(least), minqa: minqa?.(least) };
    const recordOf = ({ evaluations, hash, counts }: RunRecord) => ({ evaluations, hash, counts });
    runs = recorded.map((run, k) => ({
      index: run.index,
      box: run.box,
      least: least[k],
      nlopt: recordOf(theirs.nlopt?.[k] ?? run.nlopt),
      minqa: recordOf(theirs.minqa?.[k] ?? run.minqa),
    }));
  }
  const ours = runs.map((run) => countsOf(MORE_WILD[run.index - 1], run.box, run.least));
  report(runs, ours);
  if (nlopt !== null && minqa !== null) {
    const provenance =
      "NLopt 2.7.1 (Debian libnlopt0) by nlopt-runs.c; minqa 1.2.5 (Debian r-cran-minqa, R 4.2.2) by minqa-runs.R; gcc 12, x86-64, no contraction; npt = 2n + 1, rhoend = 1e-6; least: the lowest value of the three programs; written by bench:profiles";
    writeFileSync(RECORD, recordText(provenance, runs));
    const counts = ours.map((run) => run.counts);
    writeFileSync(PROFILE, draw(runs, counts));
    console.log("written: reference/counts.json, data-profile.svg");
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The record as the formatter leaves it. */
function recordText(provenance: string, runs: readonly ReferenceRun[]): string {
  const record = (name: string, { evaluations, hash, counts }: RunRecord) => {
    const lines = [`"evaluations": ${evaluations}`, `"hash": ${hash}`, `"counts": [${counts.join(", ")}]`];
    return `      "${name}": {\n        ${lines.join(",\n        ")}\n      }`;
  };
  const blocks = runs.map(({ index, box, least, nlopt, minqa }) => {
    const lines = [`      "index": ${index}`, `      "box": ${box}`, `      "least": ${least}`];
    return `    {\n${[...lines, record("nlopt", nlopt), record("minqa", minqa)].join(",\n")}\n    }`;
  });
  const head = `  "provenance": ${JSON.stringify(provenance)},\n  "taus": [${REFERENCE_TAUS.join(", ")}]`;
  return `{\n${head},\n  "runs": [\n${blocks.join(",\n")}\n  ]\n}\n`;
}

function report(runs: readonly ReferenceRun[], ours: readonly RunRecord[]): void {
  for (const name of ["nlopt", "minqa"] as const) {
    const same = runs.filter((run, k) => run[name].hash === ours[k].hash);
    const count = runs.filter((run, k) => run[name].evaluations === ours[k].evaluations);
    console.log(
      `${name}: ${same.length} of ${runs.length} runs the same in every point and value, ${count.length} in their count`,
    );
  }
  console.log("tau     solved ours/nlopt/minqa   below both at   median (greatest) ratio to nlopt, to minqa");
  REFERENCE_TAUS.forEach((tau, t) => {
    const all = [ours, runs.map((run) => run.nlopt), runs.map((run) => run.minqa)];
    const solved = all.map((records) => records.filter(({ counts }) => counts[t] > 0).length);
    const ratios = all.slice(1).map((theirs) => {
      const sorted = ours
        .map(({ counts }, k) => counts[t] / theirs[k].counts[t])
        .filter((r) => r > 0 && Number.isFinite(r))
        .sort((a, b) => a - b);
      return `${sorted[sorted.length >> 1]} (${sorted[sorted.length - 1]})`;
    });
    // Every budget at which any profile steps.
    const budgets = all.flatMap((records) =>
      records.map(({ counts }, k) => counts[t] / (MORE_WILD[runs[k].index - 1].n + 1)),
    );
    const within = (records: readonly RunRecord[], budget: number) =>
      records.filter(
        ({ counts }, k) => counts[t] > 0 && counts[t] / (MORE_WILD[runs[k].index - 1].n + 1) <= budget,
      ).length;
    const below = budgets.filter((budget) => {
      const [here, ...theirs] = all.map((records) => within(records, budget));
      return here < Math.min(...theirs);
    });
    console.log(
      `${tau.toExponential()}    ${solved.join("/")}               ${below.length} budgets       ${ratios.join(", ")}`,
    );
  });
}

/** Four panels: the share of runs solved within alpha (n + 1) evaluations, alpha on a logarithmic axis. */
function draw(runs: readonly ReferenceRun[], ours: readonly (readonly number[])[]): string {
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
