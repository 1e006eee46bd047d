import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What a run of the command left behind. */
export interface LmmRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const root = fileURLToPath(new URL("../../", import.meta.url));
const built = join(root, "apps/cli/dist/lmm.js");

/**
 * How to start `lmm`: the built command, as users have it; while there is none, or sources are
 * newer than it, the sources through tsx (so that no test ever passes on yesterday's build).
 */
export const command: readonly string[] = buildIsFresh()
  ? [built]
  : ["--conditions=@lmmkit/source", "--import=tsx", join(root, "apps/cli/src/main.ts")];

function buildIsFresh(): boolean {
  if (!existsSync(built)) return false;
  const packages = readdirSync(join(root, "packages")).map((name) => join(root, "packages", name, "src"));
  const newest = Math.max(...[...packages, join(root, "apps/cli/src")].map(newestSource));
  return newest <= statSync(built).mtimeMs;
}

function newestSource(folder: string): number {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    // Tests and fixtures are not part of the command.
    if (!entry.isFile() || !entry.name.endsWith(".ts") || /\.(test|bench|test-support)\.ts$/.test(entry.name))
      continue;
    newest = Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs);
  }
  return newest;
}

/** Runs `lmm` with these arguments in a process of its own. */
export function runLmm(
  args: readonly string[],
  options: { input?: string | Uint8Array } = {},
): Promise<LmmRun> {
  return new Promise((resolve, reject) => {
    // Run from the project's root, where tsx is found; paths in `args` are absolute.
    const child = spawn(process.execPath, [...command, ...args], { cwd: root, stdio: "pipe" });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    // The command may end before it has read its input.
    child.stdin.on("error", () => {});
    child.stdin.end(options.input ?? "");
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, stdout, stderr }));
  });
}
