import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as lmmkit from "@lmmkit/lmm";
import { expect, test } from "vitest";
import { symbols } from "../.vitepress/theme/symbols/symbols";
import { pictureRows } from "../scripts/draw-patterns";

const docs = join(import.meta.dirname, "..");
const root = join(docs, "..", "..");
const read = (path: string) => readFileSync(join(docs, path), "utf8");

/** All source text below a folder, tests left out. */
function sourcesOf(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !path.includes(".test"))
    .map((path) => readFileSync(join(folder, path), "utf8"))
    .join("\n");
}

test("every name in the symbol table occurs in the code", () => {
  const code = ["lmm", "cholmod-ts", "optim", "formula"]
    .map((name) => sourcesOf(join(root, "packages", name, "src")))
    .join("\n");
  const unknown = symbols.flatMap((s) => s.code).filter((name) => !new RegExp(`\\b${name}\\b`).test(code));
  expect(unknown).toEqual([]);
});

test("every function that R users are told of is exported", () => {
  const rows =
    read("guide/for-r-users.md")
      .split("\n## Formulas")[0]
      .match(/^\|.*\|$/gm) ?? [];
  const here = rows.map((row) => row.replaceAll("\\|", "¦").split("|")[2]);
  const names = here.flatMap((cell) => [...cell.matchAll(/`(?:const m = )?([a-zA-Z]+)\(/g)].map((m) => m[1]));
  expect(names.length).toBeGreaterThan(15);
  // `offset(o)` is part of a formula.
  expect(names.filter((name) => name !== "offset" && !(name in lmmkit))).toEqual([]);
});

test("every option in the table of options is one that the command has", () => {
  const cli = sourcesOf(join(root, "apps", "cli", "src"));
  const table = read("guide/command-line.md").match(/^\| `--.*\|$/gm) ?? [];
  const options = table.flatMap((row) => [...row.split(" | ")[0].matchAll(/--[a-z]+/g)].map((m) => m[0]));
  expect(options.length).toBeGreaterThan(15);
  expect(options.filter((option) => !cli.includes(`"${option} `) && !cli.includes(`"${option}"`))).toEqual(
    [],
  );
});

test("the pattern pictures are those that the engine draws now", async () => {
  const rows = await pictureRows();
  expect(
    Object.keys(rows)
      .map((name) => `${name}.json`)
      .sort(),
  ).toEqual(readdirSync(join(docs, "pictures")).sort());
  for (const [name, row] of Object.entries(rows)) {
    // When this fails, look at the new pictures: pnpm --filter @lmmkit/docs pictures
    expect(row, name).toEqual(JSON.parse(read(`pictures/${name}.json`)));
  }
});
