import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as sparse from "@lmmkit/sparse";
import { expect, test } from "vitest";
import * as cholmod from "./index";

test("the README's first example prints what it says", () => {
  const readme = readFileSync(fileURLToPath(new URL("../README.md", import.meta.url)), "utf8");
  const code = /```ts\n([\s\S]*?)```/.exec(readme)![1];
  const names = [...code.matchAll(/import \{ ([^}]*) \} from/g)].flatMap((m) => m[1].split(", "));
  const library: Record<string, unknown> = { ...sparse, ...cholmod };
  const printed: string[] = [];
  // Plain JavaScript once the imports are gone.
  const body = code.replace(/^import .*$/gm, "");
  const run = new Function("console", ...names, body);
  const show = (x: unknown) =>
    Array.isArray(x) ? `[ ${x.map((v) => JSON.stringify(v).replaceAll('"', "'")).join(", ")} ]` : String(x);
  run({ log: (x: unknown) => printed.push(show(x)) }, ...names.map((name) => library[name]));
  const expected: string[] = [];
  for (const line of code.split("\n")) {
    const after = /console\.log\(.*\);(?: \/\/ (.*))?$/.exec(line);
    if (after !== null) expected.push(after[1] ?? "");
    else if (line.startsWith("// ") && expected.length > 0)
      expected[expected.length - 1] += `\n${line.slice(3)}`;
  }
  expect(printed).toEqual(expected.map((text) => text.trim()));
});
