// Running the workspace's tools from plain Node: no shell, output passed through.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The workspace's root folder. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

const onWindows = process.platform === "win32";
// turbo looks for pnpm on the path; the workspace has its own.
const binaries = join(root, "node_modules", ".bin");
const environment = {
  ...process.env,
  PATH: `${binaries}${delimiter}${process.env.PATH}`,
  DO_NOT_TRACK: "1",
  TURBO_TELEMETRY_DISABLED: "1",
};

/** Runs a command at the root and returns its exit status; `quiet` shows its output only if it fails. */
export function run(command, args, { quiet = false, cwd = root, env = {} } = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    env: { ...environment, ...env },
    stdio: quiet ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"],
    encoding: "utf8",
    maxBuffer: 1 << 28,
    shell: onWindows,
  });
  if (error) console.error(`cannot run ${command}: ${error.message}`);
  if (quiet && status !== 0) process.stderr.write(`${stdout ?? ""}${stderr ?? ""}`);
  return status ?? 1;
}

/** A tool installed in the workspace, by the name of its command. */
export function tool(name, args, options) {
  return run(join(binaries, onWindows ? `${name}.cmd` : name), args, options);
}

/** pnpm in the pinned version: the machine's own when it is that one, else through npm. */
function pnpm(args, options) {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const version = packageManager.replace("pnpm@", "");
  const own = spawnSync("pnpm", ["--version"], {
    cwd: root,
    env: environment,
    encoding: "utf8",
    shell: onWindows,
  });
  if (own.status === 0 && own.stdout.trim() === version) return run("pnpm", args, options);
  return run("npx", ["--yes", packageManager, ...args], options);
}

/** Installs what the lock file names, unless the last install already did. */
export function install() {
  const fingerprint = createHash("sha256");
  for (const name of ["pnpm-lock.yaml", "pnpm-workspace.yaml", "package.json"]) {
    fingerprint.update(readFileSync(join(root, name)));
  }
  const digest = fingerprint.digest("hex");
  const stamp = join(root, "node_modules", ".installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return 0;
  console.log("Installing (a minute the first time) …");
  const status = pnpm(["install", "--frozen-lockfile"], { quiet: true });
  if (status === 0) writeFileSync(stamp, digest);
  return status;
}

/** Builds packages and the command; turbo skips what has not changed. */
export function build(...filters) {
  const chosen = filters.flatMap((name) => ["--filter", name]);
  return tool("turbo", ["run", "build", "--output-logs=errors-only", ...chosen], { quiet: true });
}
