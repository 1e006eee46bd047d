import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, test, vi } from "vitest";

// What a page shows is a file, and each of these files is run here. `vitest run -u` writes the outputs anew;
// what changed is then read as a diff.
const docs = join(import.meta.dirname, "..");
const folder = join(docs, "snippets");
const programs = readdirSync(folder)
  .filter((name) => name.endsWith(".out.txt"))
  .map((name) => name.replace(".out.txt", ".ts"));
const commands = readdirSync(join(folder, "cli")).filter((name) => name.endsWith(".sh"));

/** Numbers of more than ten digits, rounded to ten: the last ones may move with the order of a sum. */
const rounded = (text: string) =>
  text.replace(/-?\d+\.\d{7,}/g, (digits) => String(Number(Number(digits).toPrecision(10))));

/** Compares with the file that pages show; `-u` rewrites it only when more than rounding has changed. */
async function expectShown(printed: string, file: string) {
  const text = `${printed.trimEnd()}\n`;
  if (existsSync(file) && rounded(readFileSync(file, "utf8")) === rounded(text)) return;
  await expect(text).toMatchFileSnapshot(file);
}

describe("every program shown on a page prints what the page says", () => {
  test.each(programs)("%s", async (program) => {
    const lines: string[] = [];
    const spy = vi.spyOn(console, "log").mockImplementation((...values) => {
      lines.push(values.join(" "));
    });
    try {
      await import(join(folder, program));
    } finally {
      spy.mockRestore();
    }
    await expectShown(lines.join("\n"), join(folder, program.replace(".ts", ".out.txt")));
  });
});

describe("every command shown on a page prints what the page says", () => {
  const empty = mkdtempSync(join(tmpdir(), "lmm-docs-"));
  afterAll(() => rmSync(empty, { recursive: true, force: true }));
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const main = join(docs, "..", "cli", "src", "main.ts");

  test.each(commands)("%s", async (script) => {
    const line = readFileSync(join(folder, "cli", script), "utf8").trim();
    const [name, ...args] = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((m) => m[1] ?? m[2]);
    expect(name).toBe("lmm");
    const printed = await new Promise<string>((resolve) => {
      execFile(
        process.execPath,
        ["--import", tsx, "--conditions=@lmmkit/source", main, ...args],
        { cwd: empty, env: { PATH: process.env.PATH, NO_COLOR: "1" } },
        (_error, stdout, stderr) => resolve(`${stdout}${stderr}`),
      );
    });
    await expectShown(printed, join(folder, "cli", script.replace(".sh", ".out.txt")));
  });
});

describe("pages and snippets know of each other", () => {
  const pages = readdirSync(docs, { recursive: true, encoding: "utf8" }).filter(
    (path) => path.endsWith(".md") && !/node_modules|^\.|generated/.test(path),
  );
  const shown = new Set(
    pages.flatMap((page) =>
      [...readFileSync(join(docs, page), "utf8").matchAll(/^<<< @\/snippets\/([^\s#{]+)/gm)].map((m) => m[1]),
    ),
  );

  test("every output is shown on a page, beside what printed it", () => {
    const all = [
      ...programs.map((name) => name.replace(".ts", ".out.txt")),
      ...commands.flatMap((name) => [`cli/${name}`, `cli/${name.replace(".sh", ".out.txt")}`]),
    ];
    expect(all.filter((name) => !shown.has(name))).toEqual([]);
  });

  test("no page shows TypeScript that is neither run nor part of what is run", () => {
    const sources = readdirSync(folder).filter((name) => name.endsWith(".ts"));
    const imported = sources.flatMap((name) =>
      [...readFileSync(join(folder, name), "utf8").matchAll(/from "\.\/([^"]+)"/g)].map((m) => `${m[1]}.ts`),
    );
    const run = new Set([...programs, ...imported]);
    expect([...shown].filter((name) => name.endsWith(".ts") && !run.has(name))).toEqual([]);
  });
});
