import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const docs = join(import.meta.dirname, "..");
const root = join(docs, "..", "..");
const dist = join(docs, ".vitepress", "dist");

/** Everything that the site is made from. */
const sources = [
  ...readdirSync(join(root, "packages")).map((name) => join(root, "packages", name, "src")),
  ...["api", "guide", "theory", "snippets", "pictures", "public", "scripts"].map((name) => join(docs, name)),
  join(docs, ".vitepress", "theme"),
  join(docs, ".vitepress", "config.ts"),
  join(docs, "index.md"),
  join(docs, "try.md"),
  join(docs, "package.json"),
];

function newest(path: string): number {
  if (!existsSync(path)) return 0;
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  const times = readdirSync(path)
    .filter((name) => name !== "generated" && !name.endsWith(".test.ts"))
    .map((name) => newest(join(path, name)));
  return Math.max(0, ...times);
}

/** The folder of the built site, built first when it is missing or older than one of its sources. */
export function builtSite(): string {
  const index = join(dist, "index.html");
  const built = existsSync(index) ? statSync(index).mtimeMs : 0;
  if (built <= Math.max(...sources.map(newest))) {
    // Not as a test: Vite and Vue would build themselves for development.
    const env: NodeJS.ProcessEnv = { ...process.env, NODE_ENV: "production" };
    delete env.VITEST;
    const build = spawnSync(process.execPath, [join(docs, "scripts", "build.mjs")], {
      cwd: docs,
      env,
      encoding: "utf8",
    });
    if (build.status !== 0) {
      const start = `${build.stdout}${build.stderr}`.split("\n").slice(0, 20).join("\n");
      throw new Error(`the site could not be built:\n${start}`);
    }
  }
  return dist;
}
