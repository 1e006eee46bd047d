import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import type { PlainCase } from "./fit-models";

const cache = fileURLToPath(new URL("../../.cache/", import.meta.url));

/** Something that runs JavaScript. */
export interface Engine {
  /** With its exact version. */
  readonly name: string;
  /** One JSON text per case. */
  readonly fit: (bundle: string, cases: readonly PlainCase[]) => Promise<string[]>;
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
  return {
    name,
    fit: async (bundle, cases) => {
      const input = join(cache, "bits-input.json");
      const script = join(cache, "bits-run.mjs");
      writeFileSync(input, JSON.stringify(cases));
      writeFileSync(
        script,
        `import { readFileSync } from "node:fs";\nimport ${JSON.stringify(bundle)};\n` +
          `const cases = JSON.parse(readFileSync(${JSON.stringify(input)}, "utf8"));\n` +
          "process.stdout.write(JSON.stringify(cases.map(globalThis.fitText)));\n",
      );
      const output = execFileSync(binary, [script], { encoding: "utf8", maxBuffer: 2 ** 30 });
      return JSON.parse(output) as string[];
    },
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
    fit: async (bundle, cases) => {
      const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
      try {
        const page = await browser.newPage();
        await page.addScriptTag({ content: readFileSync(bundle, "utf8") });
        const texts: string[] = [];
        for (const item of cases) {
          texts.push(await page.evaluate((given) => (globalThis as never as Fitting).fitText(given), item));
        }
        return texts;
      } finally {
        await browser.close();
      }
    },
  };
}

/** What the bundle leaves on the global object. */
interface Fitting {
  readonly fitText: (item: PlainCase) => string;
}
