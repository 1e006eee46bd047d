import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "../run";
import { memoryIo } from "../testing/memory-io";
import { temporaryFolder } from "../testing/temporary-folder";

const folder = temporaryFolder();
const SLEEP = "Reaction ~ Days + (Days | Subject)";

async function lmm(argv: readonly string[], stdin = "") {
  const io = memoryIo({ cwd: folder.path, stdin });
  const exitCode = await run(argv, io);
  return { exitCode, out: io.out(), err: io.err() };
}

/** A balanced table of 4 groups with 5 rows each, from fixed digits. */
function table(): string {
  const noise = "31415926535897932384";
  const rows = [...noise].map(
    (digit, i) => `${i % 5},${(i % 5) + Number(digit) / 4 + (i >> 2)},g${i >> 2},${i}`,
  );
  return `x,y,g,id\n${rows.join("\n")}\n`;
}

describe("lmm fit", () => {
  it("prints a summary that readers of R know, and nothing on standard error", async () => {
    const { exitCode, out, err } = await lmm(["fit", SLEEP, "dataset:sleepstudy"]);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
    // Figures of lmerTest 3.1-3 in R 4.2.2: summary(lmer(Reaction ~ Days + (Days | Subject), sleepstudy)).
    expect(out).toContain(
      "Linear mixed model fit by REML. t-tests use Satterthwaite's method\nFormula: Reaction ~ Days + (Days | Subject)\n   Data: dataset:sleepstudy\n\n",
    );
    expect(out).toContain("REML criterion at convergence: 1743.6");
    expect(out).toContain("Number of obs: 180, groups:  Subject, 18");
    expect(out).toMatch(/^\(Intercept\) +251\.405 +6\.825 +17\.000 +36\.838 +< 2e-16$/m);
    expect(out).toMatch(/^Days +10\.467 +1\.546 +17\.000 +6\.771 3\.26e-06$/m);
  });

  it("has lme4's layout without degrees of freedom, and Kenward and Roger's", async () => {
    const none = (await lmm(["fit", SLEEP, "dataset:sleepstudy", "--ddf", "none"])).out;
    expect(none).toContain("Linear mixed model fit by REML\nFormula");
    expect(none).toMatch(/^ +Estimate Std. Error t value$/m);
    expect(none).toMatch(/^Days +10\.467 +1\.546 +6\.771$/m);
    const run = await lmm(["fit", SLEEP, "dataset:sleepstudy", "--ml", "--json", "--ddf", "kenward-roger"]);
    const { ddf, method, fixed } = JSON.parse(run.out);
    // pbkrtest 0.5.2 on the REML fit: df 17, standard error 1.545789, which ML alone would put at 1.502.
    expect({ ddf, method }).toEqual({ ddf: "kenward-roger", method: "ML" });
    expect(fixed[1].df).toBeCloseTo(17, 7);
    expect(fixed[1].stdError).toBeCloseTo(1.545789, 5);
  });

  it("prints one JSON object of the documented shape", async () => {
    const { out } = await lmm(["fit", SLEEP, "dataset:sleepstudy", "--json"]);
    const fit = JSON.parse(out);
    expect(fit).toMatchObject({
      formula: SLEEP,
      method: "REML",
      nobs: 180,
      groups: { Subject: 18 },
      df: 6,
      converged: true,
      singular: false,
      dropped: [],
      warnings: [],
    });
    // lme4 1.1-31: REMLcrit 1743.628272.
    expect(fit.criterion).toBeCloseTo(1743.628272, 5);
    expect(fit.random[0]).toMatchObject({ group: "Subject", terms: ["(Intercept)", "Days"] });
    expect(fit.theta).toHaveLength(3);
    expect(fit.vcov).toHaveLength(2);
    // lmerTest 3.1-3: df 17, p = 3.263791e-06.
    expect(fit.fixed[1]).toMatchObject({ term: "Days", estimate: expect.any(Number) });
    expect(fit.fixed[1].df).toBeCloseTo(17, 7);
    expect(fit.fixed[1].pValue).toBeCloseTo(3.2638e-6, 9);
    expect(fit.seconds.read).toBeGreaterThanOrEqual(0);
    expect(fit.optimizer.evaluations).toBeGreaterThan(0);
  });

  it("takes maximum likelihood, a start and radii, and shows the trace on standard error", async () => {
    const argv = ["fit", SLEEP, "dataset:sleepstudy", "--ml", "--start", "1,0,1", "--npt", "7"];
    const { exitCode, out, err } = await lmm([...argv, "--rhobeg", "0.2", "--rhoend", "2e-7", "--verbose"]);
    expect(exitCode).toBe(0);
    // lme4 1.1-31: deviance 1751.9393.
    expect(out).toMatch(/1751\.9/);
    expect(err).toMatch(/^npt = 7 , n = 3\nrhobeg = 0\.2 , rhoend = 2e-07\n {2}0\.020: /);
    expect(err).toMatch(/\n {2}2\.0e-07: \d+: +1751\.94;[\s\S]*At return\n *\d+: +1751\.9393: /);
  });

  it.each(["newton", "bobyqa", "nelder-mead", "lbfgs"])("finds the minimum by %s", async (name) => {
    const { exitCode, out } = await lmm(["fit", SLEEP, "dataset:sleepstudy", "--optimizer", name, "--json"]);
    expect(exitCode).toBe(0);
    const fit = JSON.parse(out);
    expect(fit.optimizer.name).toBe(name);
    // R 4.2.2, lme4 1.1-31: REMLcrit of this model; each method stops within its own tolerance.
    expect(Math.abs(fit.criterion - 1743.62827195849)).toBeLessThan(1e-6);
  });

  it("shows the evaluations of an optimizer that has no radius", async () => {
    const argv = ["fit", SLEEP, "dataset:sleepstudy", "--ml", "--optimizer", "newton", "--start", "1,0,1"];
    const { err } = await lmm([...argv, "--verbose"]);
    // The first line is the start; lme4's criterion there is 1784.64229619.
    expect(err).toMatch(/^newton , n = 3\n {2}1: {6}1784\.6423; 1\.00000 0\.00000 1\.00000\n/);
    expect(err).toMatch(/\nAt return\n *\d+: {6}1751\.9393: /);
  });

  it("names weights and offset under the data", async () => {
    const argv = ["fit", "y ~ x + (1 | g)", "-", "--weights", "id + 1", "--offset", "x"];
    const { exitCode, out } = await lmm(argv, table());
    expect(exitCode).toBe(0);
    expect(out).toContain("   Data: standard input\nWeights: id + 1\n Offset: x\n\n");
  });

  it("saves the fit and leaves nothing else behind", async () => {
    const { exitCode } = await lmm(["fit", SLEEP, "dataset:sleepstudy", "--save", "m.json"]);
    expect(exitCode).toBe(0);
    expect(readdirSync(folder.path)).toEqual(["m.json"]);
    const saved = JSON.parse(readFileSync(join(folder.path, "m.json"), "utf8"));
    expect(saved).toMatchObject({
      format: "lmmkit-model",
      version: 1,
      summary: { formula: SLEEP, nobs: 180 },
    });
    // A command that fails does not touch it.
    expect(
      (await lmm(["fit", "Reaction ~ x + (1|g)", "dataset:sleepstudy", "--save", "m.json"])).exitCode,
    ).toBe(2);
    expect(JSON.parse(readFileSync(join(folder.path, "m.json"), "utf8"))).toEqual(saved);
  });

  it("counts rows left out and tells of columns that a stray text spoiled, unless quiet", async () => {
    const csv = table().replace(/^0,/m, ",").replace(/,19$/m, ",none");
    const argv = ["fit", "y ~ x + (1 | g)", "-"];
    expect((await lmm(argv, csv)).err).toContain(
      "note: 1 of 20 rows left out because of missing values: x 1\n",
    );
    expect((await lmm([...argv, "--quiet"], csv)).err).toBe("");
    expect((await lmm(["fit", "y ~ id + (1 | g)", "-"], csv)).err).toContain(
      'note: column "id" was read as text because of "none"',
    );
  });

  it("draws progress over itself on a terminal when a fit takes long", async () => {
    const argv = ["fit", SLEEP, "dataset:sleepstudy", "--optimizer", "bobyqa"];
    const slow = memoryIo({ tick: 60 });
    await run(argv, slow);
    const shown = slow.err().replaceAll("\r\u001b[K", "<");
    expect(shown).toMatch(/^(<evaluation \d+: 17\d\d\.\d+)+<$/);
    const quick = memoryIo({ tick: 0 });
    await run(argv, quick);
    expect(quick.err()).toBe("");
  });

  it("reports a singular fit as a fit", async () => {
    const { exitCode, out } = await lmm(["fit", "Yield ~ 1 + (1 | Batch)", "dataset:Dyestuff2", "--json"]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ singular: true, converged: true });
  });
});

describe("lmm fit reads what it needs", () => {
  // Column "bad" mixes types and cannot be read; "y", "x" and "g" can.
  const json = JSON.stringify(
    Array.from({ length: 12 }, (_, i) => ({ y: (i * 7) % 5, x: i % 4, g: i % 3, bad: i === 5 ? "a" : i })),
  );

  it.each([
    ["y ~ x + (1 | g)", [], 0],
    ["y ~ bad + (1 | g)", [], 2],
    ["y ~ . + (1 | g)", [], 2],
    ["y ~ x + (1 | g)", ["--offset", "log(bad)"], 2],
    ["y ~ x + (1 | g)", ["--factor", "bad"], 2],
    ["y ~ `b\\x61d` + (1 | g)", [], 2],
  ])("%s %j", async (formula, options, expected) => {
    writeFileSync(join(folder.path, "mixed.json"), json);
    const { exitCode, err } = await lmm(["fit", formula, "mixed.json", "--json", ...options]);
    expect(exitCode).toBe(expected);
    if (expected === 2) expect(err).toMatch(/mixed types: column "bad"/);
  });

  it("and still knows the names of the rest", async () => {
    writeFileSync(join(folder.path, "mixed.json"), json);
    expect((await lmm(["fit", "y ~ bda + (1 | g)", "mixed.json"])).err).toContain('did you mean "bad"?');
  });
});

describe("lmm fit refuses", () => {
  it.each([
    [
      "an unknown column, with the nearest name and a caret",
      "y ~ xx + (1 | g)",
      /did you mean "x"\?[\s\S]*\^\^/,
    ],
    ["a syntax error, with a caret", "y ~ x + (1 | g", /\n {2}y ~ x \+ \(1 \| g\n +\^/],
    ["a response that is not numeric", "g ~ x + (1 | g)", /g/],
    ["a grouping factor with one level", "y ~ x + (1 | one)", /one/],
    ["a level for every row", "y ~ x + (1 | id)", /id/],
    ["more random effects than rows", "y ~ x + (x | pair)", /pair/],
    ["no random term", "y ~ x", /random/],
    ["columns without values", "y ~ none + (1 | g)", /none/],
    ["code in place of a function", "y ~ process(1) + (1 | g)", /unknown function/],
  ])("%s", async (_what, formula, message) => {
    const csv = table()
      .split("\n")
      .map((row, i) => (row === "" ? row : i === 0 ? `${row},one,pair,none` : `${row},1,p${i >> 1},`))
      .join("\n");
    const text = await lmm(["fit", formula, "-"], csv);
    expect(text.exitCode).toBe(2);
    expect(text.out).toBe("");
    expect(text.err).toMatch(/^error: /);
    expect(text.err).toMatch(message);
    expect(text.err).not.toContain("    at ");
    const json = await lmm(["fit", formula, "-", "--json"], csv);
    expect(Object.keys(JSON.parse(json.out))).toEqual(["error"]);
  });
});

describe("lmm criterion", () => {
  it("evaluates the criterion at a given theta", async () => {
    const argv = ["criterion", SLEEP, "dataset:sleepstudy", "--theta", "1,0,1"];
    // lme4 1.1-31: lmer(…, devFunOnly = TRUE)(c(1, 0, 1)).
    expect(JSON.parse((await lmm([...argv, "--json"])).out).criterion).toBeCloseTo(1773.68033062, 7);
    expect(JSON.parse((await lmm([...argv, "--ml", "--json"])).out).criterion).toBeCloseTo(1784.64229619, 7);
    expect((await lmm(argv)).out).toMatch(/^REML criterion: 1773\.68033\d*\nat theta\n/);
  });

  it("refuses a theta of the wrong length", async () => {
    const { exitCode, err } = await lmm(["criterion", SLEEP, "dataset:sleepstudy", "--theta", "1,0"]);
    expect(exitCode).toBe(2);
    expect(err).toMatch(/^error: .*3/);
  });
});
