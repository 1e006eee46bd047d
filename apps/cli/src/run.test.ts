import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "./run";
import { memoryIo } from "./testing/memory-io";
import { temporaryFolder } from "./testing/temporary-folder";

const folder = temporaryFolder();

async function lmm(...argv: string[]) {
  const io = memoryIo({ cwd: folder.path });
  const exitCode = await run(argv, io);
  return { exitCode, out: io.out(), err: io.err() };
}

describe("lmm", () => {
  it("colours the first word of a message only where a person may want it", async () => {
    const io = { ...memoryIo(), colors: true };
    await run(["fti"], io);
    expect(io.err()).toContain("\u001b[31merror:\u001b[39m unknown command");
  });

  it("shows help and version on standard output", async () => {
    const help = await lmm("--help");
    expect(help.exitCode).toBe(0);
    expect(help.out).toContain("lmm fit");
    expect(help.err).toBe("");
    expect((await lmm("fit", "--help")).out).toContain("--contrasts <column=name>");
    expect((await lmm("help", "fit")).out).toContain("--contrasts <column=name>");
    const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
    expect((await lmm("--version")).out).toBe(`${version}\n`);
  });

  it.each([
    ["an unknown command", ["fti"], "unknown-command", /unknown command 'fti'; did you mean fit\?/],
    [
      "an unknown option",
      ["fit", "y ~ x + (1|g)", "d.csv", "--mll"],
      "unknown-option",
      /did you mean --ml\?/,
    ],
    ["a missing argument", ["fit", "y ~ x"], "missing-argument", /missing required argument 'data'/],
    ["one argument too many", ["fit", "y ~ x", "d.csv", "e.csv"], "excess-argument", /too many arguments/],
    ["no theta", ["criterion", "y ~ x", "d.csv"], "missing-argument", /--theta/],
    [
      "no number for theta",
      ["criterion", "y ~ x", "d.csv", "--theta", "1,b"],
      "invalid-option",
      /--theta "1,b"/,
    ],
    ["a value left out", ["fit", "y ~ x", "d.csv", "--start"], "missing-argument", /--start/],
    ["an empty start", ["fit", "y ~ x", "d.csv", "--start", ""], "invalid-option", /--start ""/],
    ["an odd npt", ["fit", "y ~ x", "d.csv", "--npt", "2.5"], "invalid-option", /whole number/],
    ["a negative radius", ["fit", "y ~ x", "d.csv", "--rhobeg", "-1"], "invalid-option", /greater than 0/],
    [
      "radii that grow",
      ["fit", "y ~ x", "d.csv", "--rhobeg", "1", "--rhoend", "2"],
      "invalid-option",
      /only shrinks/,
    ],
    [
      "unknown contrasts",
      ["fit", "y ~ x", "d.csv", "--contrasts", "x=summ"],
      "invalid-option",
      /did you mean "sum"\?/,
    ],
    ["contrasts of nothing", ["fit", "y ~ x", "d.csv", "--contrasts", "sum"], "invalid-option", /Sex=sum/],
    ["levels of nothing", ["fit", "y ~ x", "d.csv", "--ordered", "a<b"], "invalid-option", /size=s<m<l/],
    ["a level twice", ["fit", "y ~ x", "d.csv", "--ordered", "g=a<b<a"], "invalid-option", /--ordered/],
    [
      "an unknown action",
      ["fit", "y ~ x", "d.csv", "--na", "omitt"],
      "invalid-option",
      /did you mean "omit"\?/,
    ],
    [
      "an unknown optimizer",
      ["fit", "y ~ x", "d.csv", "--optimizer", "bobyca"],
      "invalid-option",
      /"bobyqa"\?/,
    ],
    [
      "an unknown method of degrees of freedom",
      ["fit", "y ~ x", "d.csv", "--ddf", "satterthwait"],
      "invalid-option",
      /"satterthwaite"\?/,
    ],
    ["swapped arguments", ["fit", "d.csv", "y ~ x"], "usage", /the formula comes first/],
    ["a missing file", ["fit", "y ~ x", "no.csv"], "file-not-found", /"no\.csv" does not exist/],
    ["a missing schema", ["fit", "y ~ x", "d.csv", "--schema", "no.json"], "file-not-found", /schema file/],
    ["a folder to save in", ["fit", "y ~ x", "d.csv", "--save", "sub"], "unwritable-file", /is a folder/],
    [
      "a place to save that is not there",
      ["fit", "y ~ x", "d.csv", "--save", "no/m.json"],
      "unwritable-file",
      /folder/,
    ],
    ["a URL", ["fit", "y ~ x", "http://example.org/d.csv"], "url-refused", /download the data file first/],
  ])("refuses %s with status 2, also as JSON", async (_what, argv, code, message) => {
    folder.write("d.csv", "y,x,g\n1,2,a\n");
    mkdirSync(join(folder.path, "sub"), { recursive: true });
    const text = await lmm(...argv);
    expect(text.exitCode).toBe(2);
    expect(text.out).toBe("");
    expect(text.err).toMatch(/^error: /);
    expect(text.err).toMatch(message);
    const json = await lmm(...argv.slice(0, 1), "--json", ...argv.slice(1));
    expect(json.exitCode).toBe(2);
    const { error } = JSON.parse(json.out);
    expect(error.code).toBe(code);
  });
});
