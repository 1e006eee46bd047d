// npm test: installs, builds, checks and runs every test; the last line counts them.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build, install, root, tool } from "./lib/run.mjs";

let passed = 0;
let failed = 0;
let skipped = 0;

function check(name, step) {
  const started = performance.now();
  const status = step();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${status === 0 ? "✓" : "✗"} ${name} (${seconds} s)`);
  if (status === 0) passed++;
  else failed++;
  return status === 0;
}

function unitTests() {
  const folder = join(root, "node_modules", ".cache");
  const report = join(folder, "vitest.json");
  mkdirSync(folder, { recursive: true });
  rmSync(report, { force: true });
  const status = tool("vitest", [
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ]);
  let counts;
  try {
    counts = JSON.parse(readFileSync(report, "utf8"));
  } catch {
    counts = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
  }
  passed += counts.numPassedTests;
  failed += counts.numFailedTests;
  skipped += counts.numPendingTests + counts.numTodoTests;
  // A file that does not even load has no failed test to count.
  if (status !== 0 && counts.numFailedTests === 0) failed++;
  if (counts.numPassedTests === 0) failed++;
}

if (check("install", install) && check("build", () => build("@lmmkit/*", "!@lmmkit/docs"))) {
  check("types", () => tool("tsc", ["-b"], { quiet: true }));
  check("format and lint", () => tool("biome", ["ci", "--colors=off", "."], { quiet: true }));
  check("who imports whom", () =>
    tool("depcruise", ["--config", ".dependency-cruiser.mjs", "packages", "apps", "tests", "bench"], {
      quiet: true,
    }),
  );
  check("nothing unused", () => tool("knip", [], { quiet: true }));
  unitTests();
}

console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exit(failed > 0 ? 1 : 0);
