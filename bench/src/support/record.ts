import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { fileURLToPath } from "node:url";

const results = fileURLToPath(new URL("../../results/", import.meta.url));

/** What a figure was measured with. */
export interface Provenance {
  readonly date: string;
  readonly command: string;
  readonly commit: string;
  readonly machine: string;
  /** Runnable processes at the end, averaged over a minute: above the number of cores, times are not calm. */
  readonly load: number;
  readonly versions: Readonly<Record<string, string>>;
}

/** Machine, versions and commit of this run. */
export function provenance(command: string, peers: Readonly<Record<string, string>> = {}): Provenance {
  const [first] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return {
    date: new Date().toISOString(),
    command,
    commit: commit(),
    machine: `${first?.model.trim() ?? "unknown"}, ${availableParallelism()} cores, ${gigabytes} GB`,
    load: Math.round(loadavg()[0] * 10) / 10,
    versions: { node: process.version, v8: process.versions.v8, ...peers },
  };
}

function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf8", cwd: results }).trim();
    const changed = git("status", "--porcelain", "--", "../../packages") !== "";
    return `${git("rev-parse", "--short", "HEAD")}${changed ? " with local changes" : ""}`;
  } catch {
    return "unknown";
  }
}

/** The paragraph that opens every record. */
function opening({ date, command, commit: at, machine, load, versions }: Provenance): string {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `\`${command}\`, ${date.slice(0, 16).replace("T", " ")} UTC, commit ${at}. ${machine}, load ${load}; ${named.join(", ")}.`;
}

/**
 * Writes `results/<name>-<date>.md` and `.json` beside each other; a second run of a day replaces the first.
 *
 * @param name of the benchmark
 * @param body Markdown below the opening paragraph
 * @param data everything measured
 */
export function writeRecord(name: string, from: Provenance, title: string, body: string, data: object): void {
  mkdirSync(results, { recursive: true });
  const stem = `${results}${name}-${from.date.slice(0, 10)}`;
  writeFileSync(`${stem}.md`, `# ${title}\n\n${opening(from)}\n\n${body.trim()}\n`);
  writeFileSync(`${stem}.json`, `${compactJson({ provenance: from, ...data })}\n`);
  console.log(`\n${body.trim()}\n\nwritten: bench/results/${name}-${from.date.slice(0, 10)}.md and .json`);
}

/** JSON with every list of numbers on one line. */
function compactJson(data: object): string {
  return JSON.stringify(data, null, 1).replace(/\[[\s\d.,eE+-]+\]/g, (list) => list.replace(/\s+/g, ""));
}

/** Writes a file beside the records. */
export function writeResult(file: string, text: string): void {
  mkdirSync(results, { recursive: true });
  writeFileSync(`${results}${file}`, text);
}
