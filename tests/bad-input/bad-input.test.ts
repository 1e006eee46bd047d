/** Bad input through the command: a clear message, exit status 2, no stack trace, no fit. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dataFiles } from "../support/data-files";
import { runLmm } from "../support/run-lmm";

const sleepstudy = dataFiles("lme4-sleepstudy");
if (sleepstudy === null) throw new Error("no sleepstudy fixture");
const FORMULA = "Reaction ~ Days + (Days | Subject)";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lmm-bad-input-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One case: what is run, and what the message must say. */
interface Case {
  readonly title: string;
  readonly formula?: string;
  /** Contents of a CSV file; sleepstudy where absent. */
  readonly csv?: string | Uint8Array;
  /** Arguments in place of the data file's path. */
  readonly data?: (folder: string) => string;
  readonly options?: readonly string[];
  /** Each must be found in the message. */
  readonly says: readonly (string | RegExp)[];
  /** Half-open range of the formula that the error object's span must equal. */
  readonly span?: string;
}

/** Twelve rows, three levels of g, no problem: neither x nor g determines y. */
const rows = Array.from({ length: 12 }, (_, i) => [`${i * 1.5 + ((i * i) % 5)}`, `${i}`, "abc"[i % 3]]);
const csvOf = (header: string, lines: readonly (readonly string[])[]) =>
  `${[header, ...lines.map((line) => line.join(","))].join("\n")}\n`;
const good = csvOf("y,x,g", rows);

const cases: readonly Case[] = [
  {
    title: "a formula that names no column of the data: the nearest name",
    formula: "Reaction ~ Dayz + (Days | Subject)",
    says: ["Dayz", "Days"],
    span: "Dayz",
  },
  {
    title: "a grouping factor that is not there",
    formula: "Reaction ~ Days + (Days | Subjct)",
    says: ["Subjct", "Subject"],
    span: "Subjct",
  },
  {
    title: "a formula that does not parse: a caret under the place",
    formula: "Reaction ~ Days + * (Days | Subject)",
    says: ["Reaction ~ Days + * (Days | Subject)", /^ +\^/m],
  },
  {
    title: "an unclosed parenthesis: a caret under the place",
    formula: "Reaction ~ Days + (Days | Subject",
    says: ["Reaction ~ Days + (Days | Subject", /^ +\^/m],
  },
  {
    title: "an unknown function: the nearest name",
    formula: "lgo(Reaction) ~ Days + (1 | Subject)",
    says: ["lgo", "log"],
  },
  {
    title: "an unknown function that is a method of every JavaScript object",
    formula: "Reaction ~ constructor(Days) + (1 | Subject)",
    says: ["constructor"],
  },
  {
    title: "a column name that is a property of every JavaScript object",
    formula: "Reaction ~ __proto__ + (1 | Subject)",
    says: ["__proto__"],
  },
  {
    title: "a response that is not numeric",
    formula: "Subject ~ Days + (1 | Subject)",
    options: ["--factor", "Subject"],
    says: ["Subject", /numeric|number/],
  },
  {
    title: "a response of text",
    formula: "g ~ x + (1 | g)",
    csv: good,
    says: ["g", /numeric|number/],
  },
  {
    title: "no row without a missing value",
    formula: "y ~ x + (1 | g)",
    csv: csvOf(
      "y,x,g",
      rows.map(([y, x, g], i) => (i % 2 === 0 ? ["", x, g] : [y, "NA", g])),
    ),
    says: [/missing/],
  },
  {
    title: "missing values where they are not allowed",
    formula: "y ~ x + (1 | g)",
    csv: csvOf(
      "y,x,g",
      rows.map(([y, x, g], i) => (i === 4 ? ["", x, g] : [y, x, g])),
    ),
    options: ["--na", "fail"],
    says: [/missing/, "y"],
  },
  {
    title: "a grouping factor with one level only",
    formula: "y ~ x + (1 | g)",
    csv: csvOf(
      "y,x,g",
      rows.map(([y, x]) => [y, x, "a"]),
    ),
    says: ["g", /level/],
  },
  {
    title: "a factor among the fixed effects with one level only",
    formula: "y ~ f + (1 | g)",
    csv: csvOf(
      "y,x,g,f",
      rows.map((row) => [...row, "only"]),
    ),
    says: ["f", /level/],
  },
  {
    title: "as many levels as observations",
    formula: "y ~ 1 + (1 | x)",
    csv: good,
    says: ["x", /level|observations/],
  },
  {
    title: "more random effects than observations",
    formula: "y ~ 1 + (x | h)",
    csv: csvOf(
      "y,x,h",
      rows.map(([y, x], i) => [y, x, `h${i % 7}`]),
    ),
    says: [/random effects/, /observations/],
  },
  { title: "no random effects at all", formula: "Reaction ~ Days", says: [/random/] },
  {
    title: "a random-effects term without parentheses",
    formula: "Reaction ~ Days + 1 | Subject",
    says: [/parenthes/],
  },
  {
    title: "a row with too few fields: its line",
    formula: "y ~ x + (1 | g)",
    csv: good.replace("\n7,4,b\n", "\n7,4\n"),
    says: [/line 6/, /field|column/],
  },
  {
    title: "a row with too many fields: its line",
    formula: "y ~ x + (1 | g)",
    csv: `${good}1,2,a,4\n`,
    says: [/line 14/, /field|column/],
  },
  {
    title: "bytes that are not UTF-8: their place",
    formula: "y ~ x + (1 | g)",
    csv: Buffer.concat([Buffer.from(good), Buffer.from([0x31, 0x2c, 0x32, 0x2c, 0xe9, 0x0a])]),
    says: [/UTF-8/],
  },
  { title: "an empty file", formula: "y ~ x + (1 | g)", csv: "", says: [/empty/] },
  {
    title: "a header and no rows",
    formula: "y ~ x + (1 | g)",
    csv: "y,x,g\n",
    says: [/no rows|no data|empty/],
  },
  {
    title: "two columns of one name",
    formula: "y ~ x + (1 | g)",
    csv: good.replace("y,x,g", "y,x,x"),
    says: [/x/, /twice|duplicate/],
  },
  {
    title: "an infinite number: its place",
    formula: "y ~ x + (1 | g)",
    csv: good.replace(/\n[^\n]*\n$/, "\nInf,3,a\n"),
    says: [/y/, /Inf/],
  },
  {
    title: "a file that is not there",
    data: (path) => join(path, "nowhere.csv"),
    says: ["nowhere.csv"],
  },
  { title: "a folder", data: (path) => path, says: [/folder|directory/] },
  {
    title: "a web address",
    data: () => "https://example.org/data.csv",
    says: [/https|URL|address|download/],
  },
  { title: "an unknown option", options: ["--reml-please"], says: ["--reml-please"] },
  { title: "an option without its value", options: ["--weights"], says: ["--weights"] },
  { title: "a weights column that is not there", options: ["--weights", "Dayz"], says: ["Dayz", "Days"] },
  {
    title: "unknown contrasts",
    options: ["--contrasts", "Subject=treatmnt"],
    says: ["treatmnt", "treatment"],
  },
  { title: "a start of the wrong length", options: ["--start", "1,2"], says: [/3/, /start|theta/] },
  { title: "an unknown optimizer", options: ["--optimizer", "bobyka"], says: ["bobyka", "bobyqa"] },
];

/** A stack frame as Node prints it. */
const STACK = /^ {4}at /m;

function argumentsOf(oneCase: Case, name: string): string[] {
  const { formula = FORMULA, csv, data, options = [] } = oneCase;
  if (data !== undefined) return ["fit", formula, data(folder), ...options];
  if (csv === undefined) return ["fit", formula, sleepstudy?.csv ?? "", ...options];
  const path = join(folder, `${name}.csv`);
  writeFileSync(path, csv);
  return ["fit", formula, path, ...options];
}

describe.concurrent.each(cases.map((oneCase, i) => [oneCase.title, oneCase, `case-${i}`] as const))(
  "lmm fit refuses %s",
  (_, oneCase, name) => {
    it("on standard error, with exit status 2", async () => {
      const run = await runLmm(argumentsOf(oneCase, name));
      expect(run.status, run.stderr).toBe(2);
      expect(run.stdout).toBe("");
      expect(run.stderr).not.toMatch(STACK);
      expect(run.stderr).not.toMatch(/internal error|undefined|\[object/);
      for (const said of oneCase.says) expect(run.stderr).toMatch(said);
    });

    it("with --json as an error object too", async () => {
      const run = await runLmm([...argumentsOf(oneCase, name), "--json"]);
      expect(run.status, run.stderr).toBe(2);
      const { error, ...rest } = JSON.parse(run.stdout) as {
        error: { code: string; message: string; span?: { start: number; end: number } };
      };
      expect(rest).toEqual({});
      expect(error.code).toMatch(/^[a-z]+(-[a-z0-9]+)*$/);
      expect(error.message).not.toBe("");
      expect(run.stderr).not.toMatch(STACK);
      expect(run.stderr).not.toBe("");
      if (oneCase.span !== undefined) {
        expect(oneCase.formula?.slice(error.span?.start, error.span?.end)).toBe(oneCase.span);
      }
    });
  },
);

describe("lmm refuses", () => {
  it("an unknown command, naming the nearest", async () => {
    const run = await runLmm(["fti", FORMULA, sleepstudy.csv]);
    expect(run.status).toBe(2);
    expect(run.stdout).toBe("");
    expect(run.stderr).toContain("fti");
    expect(run.stderr).toContain("fit");
    expect(run.stderr).not.toMatch(STACK);
  });

  it("an empty standard input", async () => {
    const run = await runLmm(["fit", FORMULA, "-"], { input: "" });
    expect(run.status).toBe(2);
    expect(run.stdout).toBe("");
    expect(run.stderr).toMatch(/empty/);
  });

  it("a schema that does not describe the data, naming the column", async () => {
    const schema = join(folder, "other.schema.json");
    writeFileSync(schema, JSON.stringify({ fields: [{ name: "Reaktion", type: "number" }] }));
    const run = await runLmm(["fit", FORMULA, sleepstudy.csv, "--schema", schema]);
    expect(run.status, run.stderr).toBe(2);
    expect(run.stdout).toBe("");
    expect(run.stderr).toContain("Reaktion");
    expect(run.stderr).not.toMatch(STACK);
  });
});

describe("lmm fit fails, with exit status 1,", () => {
  it("where x and g determine y entirely, and says so", async () => {
    const path = join(folder, "determined.csv");
    writeFileSync(
      path,
      csvOf(
        "y,x,g",
        rows.map(([, x, g]) => [`${1.5 * Number(x) + "abc".indexOf(g)}`, x, g]),
      ),
    );
    const run = await runLmm(["fit", "y ~ x + (1 | g)", path]);
    expect(run.status).toBe(1);
    expect(run.stdout).toBe("");
    expect(run.stderr).toMatch(/perfect fit/);
    expect(run.stderr).not.toMatch(STACK);
  });
});

describe("lmm fit accepts", () => {
  it("the small data that the refused ones were made from", async () => {
    const path = join(folder, "good.csv");
    writeFileSync(path, good);
    const run = await runLmm(["fit", "y ~ x + (1 | g)", path, "--json"]);
    expect(run.status, run.stderr).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({ nobs: 12, groups: { g: 3 } });
  });
});
