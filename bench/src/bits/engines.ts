import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium, type Page } from "playwright-core";
import type { PlainCase } from "./fit-models";
import type { Bundles } from "./ten-models";

const cache = fileURLToPath(new URL("../../.cache/", import.meta.url));

/** Something that runs JavaScript. */
export interface Engine {
  /** With its exact version. */
  readonly name: string;
  /** One JSON text per case. */
  readonly fit: (bundles: Bundles, cases: readonly PlainCase[]) => Promise<string[]>;
  /** For every number of workers (0: none) one JSON text per case. */
  readonly bootstrap: (
    bundles: Bundles,
    cases: readonly PlainCase[],
    workers: readonly number[],
  ) => Promise<string[][]>;
}

/** The Node that runs this. */
export const thisNode: Engine = nodeEngine(process.execPath);

/**
 * Another version of Node, from npm's `node-<platform>-<arch>` packages, kept in a cache outside the workspace's
 * dependencies.
 *
 * @param fetch whether it may be fetched; else only what the cache holds
 * @returns null where it is absent and cannot be fetched
 */
export function otherNode(major: number, fetch: boolean): Engine | null {
  const folder = join(cache, `node-${major}`);
  const name = `node-${process.platform}-${process.arch}`;
  const binary = join(folder, "node_modules", name, "bin", "node");
  if (!existsSync(binary)) {
    if (!fetch) return null;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    try {
      const options = { cwd: folder, stdio: "ignore", timeout: 300_000 } as const;
      execFileSync(
        "npm",
        ["install", "--ignore-scripts", "--no-audit", "--no-fund", `${name}@${major}`],
        options,
      );
    } catch {
      return null;
    }
  }
  return existsSync(binary) ? nodeEngine(binary) : null;
}

function nodeEngine(binary: string): Engine {
  const name = `Node ${execFileSync(binary, ["--version"], { encoding: "utf8" }).trim().slice(1)}`;
  const run = (folder: string, bundle: string, cases: readonly PlainCase[], expression: string): string => {
    const input = join(folder, "input.json");
    const script = join(folder, "run.mjs");
    writeFileSync(input, JSON.stringify(cases));
    writeFileSync(
      script,
      `import { readFileSync } from "node:fs";\nimport ${JSON.stringify(bundle)};\n` +
        `const cases = JSON.parse(readFileSync(${JSON.stringify(input)}, "utf8"));\n` +
        `process.stdout.write(JSON.stringify(${expression}));\n`,
    );
    return execFileSync(binary, [script], { encoding: "utf8", maxBuffer: 2 ** 30 });
  };
  return {
    name,
    fit: async ({ folder, fit }, cases) =>
      JSON.parse(run(folder, fit, cases, "cases.map(globalThis.fitText)")) as string[],
    bootstrap: async ({ folder, fit, worker }, cases, workers) =>
      workers.map((count) => {
        const address = JSON.stringify(pathToFileURL(worker).href);
        const expression = `await globalThis.bootstrapTexts(cases, ${count}, ${address})`;
        return JSON.parse(run(folder, fit, cases, expression)) as string[];
      }),
  };
}

/** Where systems keep Chromium. */
const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Chromium of the system; null where there is none. */
export function systemChromium(): Engine | null {
  const executablePath = places.find((path) => existsSync(path));
  if (executablePath === undefined) return null;
  const version = execFileSync(executablePath, ["--version"], { encoding: "utf8", stdio: "pipe" });
  return {
    name: version.replace(/^\D*?([A-Z]\w+) (\S+)[\s\S]*$/, "$1 $2"),
    fit: ({ fit }, cases) =>
      onPage(executablePath, fit, async (page) => {
        const texts: string[] = [];
        for (const item of cases) {
          texts.push(await page.evaluate((given) => (globalThis as never as Fitting).fitText(given), item));
        }
        return texts;
      }),
    bootstrap: ({ fit, worker }, cases, workers) =>
      onPage(executablePath, fit, async (page) => {
        const source = readFileSync(worker, "utf8");
        const all: string[][] = [];
        for (const count of workers) {
          const given = { cases, count, source };
          all.push(
            await page.evaluate(({ cases, count, source }) => {
              const script = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
              return (globalThis as never as Fitting).bootstrapTexts(cases, count, script);
            }, given),
          );
        }
        return all;
      }),
  };
}

/** Opens a page that has the bundle. */
async function onPage<T>(
  executablePath: string,
  bundle: string,
  use: (page: Page) => Promise<T>,
): Promise<T> {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: readFileSync(bundle, "utf8") });
    return await use(page);
  } finally {
    await browser.close();
  }
}

/** What the bundle leaves on the global object. */
interface Fitting {
  readonly fitText: (item: PlainCase) => string;
  readonly bootstrapTexts: (
    items: readonly PlainCase[],
    workers: number,
    script: string,
  ) => Promise<string[]>;
}
