import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "../run";
import { memoryIo } from "../testing/memory-io";
import { temporaryFolder } from "../testing/temporary-folder";

const folder = temporaryFolder();

async function lmm(argv: readonly string[], stdin = "") {
  const io = memoryIo({ cwd: folder.path, stdin });
  const exitCode = await run(argv, io);
  return { exitCode, out: io.out(), err: io.err() };
}

const SLEEP = ["Reaction ~ Days + (Days | Subject)", "dataset:sleepstudy"];
const NEW = "Days,Subject\n0,308\n3,308\n10,999\n";

describe("lmm predict", () => {
  it("gives the fitted values of lme4", async () => {
    const { exitCode, out, err } = await lmm(["predict", ...SLEEP]);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
    // predict(lmer(...)) of lme4 1.1-31: 253.6637 273.3299 292.9962.
    expect(out.split("\n").slice(1, 4)).toEqual(["1   253.664", "2   273.330", "3   292.996"]);
  });

  it("predicts new rows without a response, from a saved fit without rows", async () => {
    await lmm(["fit", ...SLEEP, "--save", "m.json", "--no-save-data"]);
    const argv = ["predict", "m.json", "--newdata", "-", "--random", "none", "--interval", "mean", "--json"];
    const json = JSON.parse((await lmm(argv, NEW)).out);
    expect(json).toMatchObject({ covers: "mean", level: 0.95 });
    // The population mean at day 0 is the intercept: 251.4051, standard error 6.824557 on 17 degrees of freedom.
    expect(json.fit[0]).toBeCloseTo(251.405105, 5);
    expect(json.stdError[0]).toBeCloseTo(6.824557, 5);
    expect(json.df[0]).toBeCloseTo(17, 5);
    expect(json.fit[2]).toBeCloseTo(251.405105 + 104.672859, 5);
  });

  it("refuses levels that the fit does not know, unless told what they are", async () => {
    await lmm(["fit", ...SLEEP, "--save", "m.json"]);
    const argv = ["predict", "m.json", "--newdata", "-"];
    expect(await lmm(argv, NEW)).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/unknown level: "999"/),
    });
    const limits = await lmm([...argv, "--interval", "new-observation"], NEW);
    expect(limits).toMatchObject({ exitCode: 2, err: expect.stringContaining("--new-levels zero") });
    const zero = await lmm([...argv, "--new-levels", "zero", "--interval", "new-observation"], NEW);
    expect(zero.exitCode).toBe(0);
    expect(zero.out).toMatch(/^3 +356\.078 /m);
    expect(zero.out).toMatch(/^limits: 95 %, of a new observation$/m);
    expect(zero.out).toMatch(/^new levels of Subject: 999$/m);
  });

  it("writes the new rows with their predictions", async () => {
    await lmm(["fit", ...SLEEP, "--save", "m.json"]);
    const { exitCode, err } = await lmm(
      ["predict", "m.json", "--newdata", "-", "--random", "none", "--out", "p.csv"],
      'note,Days,Subject\n"a, b",0,308\n,3,309\n',
    );
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: "wrote p.csv (2 rows)\n" });
    const lines = readFileSync(join(folder.path, "p.csv"), "utf8").split("\n");
    expect(lines[0]).toBe("note,Days,Subject,fit");
    expect(lines[1]).toMatch(/^"a, b",0,308,251\.405/);
    expect(lines[2]).toMatch(/^,3,309,282\.806/);
  });

  it("refuses what cannot be read and what would be followed by nothing", async () => {
    const argv = ["predict", ...SLEEP];
    expect((await lmm([...argv, "--level", "0.9"])).err).toMatch(/^error: needless option: --level/);
    expect((await lmm([...argv, "--newdata", "none.csv"])).err).toMatch(/^error: missing data file/);
    expect((await lmm([...argv, "--newdata", "-"], "Days\n1\n")).err).toMatch(/Subject/);
    expect((await lmm([...argv, "--random", "Subjects"])).err).toMatch(
      /^error: unknown random-effects term: "Subjects"/,
    );
    const csv = "Reaction,Days,Subject\n1,1,a\n2,2,a\n2,1,b\n4,3,b\n3,1,c\n3,2,c\n";
    const twice = ["predict", "Reaction ~ Days + (1 | Subject)", "-", "--newdata", "-"];
    expect((await lmm(twice, csv)).err).toMatch(/^error: /m);
  });
});
