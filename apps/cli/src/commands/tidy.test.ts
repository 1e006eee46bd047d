import { describe, expect, it } from "vitest";
import { run } from "../run";
import { memoryIo } from "../testing/memory-io";

async function lmm(...argv: readonly string[]) {
  const io = memoryIo();
  const exitCode = await run(argv, io);
  return { exitCode, out: io.out(), err: io.err() };
}

const SLEEP = ["Reaction ~ Days + (Days | Subject)", "dataset:sleepstudy"];

describe("lmm tidy", () => {
  it("writes estimates under broom.mixed's names", async () => {
    const { exitCode, out } = await lmm("tidy", ...SLEEP);
    expect(exitCode).toBe(0);
    const lines = out.trimEnd().split("\n");
    expect(lines[0]).toBe("effect,group,term,estimate,std.error,statistic,df,p.value");
    expect(lines).toHaveLength(7);
    expect(lines[2]).toMatch(/^fixed,,Days,10\.46728/);
    expect(lines[6]).toMatch(/^ran_pars,Residual,sd__Observation,25\.5918/);
  });

  it("writes the rows with their diagnostics, the fit in one line, and records as JSON", async () => {
    const rows = (await lmm("tidy", ...SLEEP, "--table", "augment")).out.trimEnd().split("\n");
    expect(rows).toHaveLength(181);
    // hatvalues(m)[1] of lme4 1.1-31: 0.2293030.
    expect(rows[1]).toContain("0.22930");
    const { rows: fit } = JSON.parse((await lmm("tidy", ...SLEEP, "--table", "glance", "--json")).out);
    expect(fit).toEqual([expect.objectContaining({ nobs: 180, REMLcrit: expect.closeTo(1743.6283, 4) })]);
  });

  it("refuses options of another table", async () => {
    const { exitCode, err } = await lmm("tidy", ...SLEEP, "--table", "glance", "--effects", "fixed");
    expect({ exitCode, err }).toEqual({ exitCode: 2, err: expect.stringMatching(/^error: needless option/) });
  });
});

describe("lmm power", () => {
  it("rises with the effect, by the same numbers for the same seed", async () => {
    const argv = ["power", ...SLEEP, "--effect", "Days", "--values", "0,3,9", "--nsim", "60", "--json"];
    const { exitCode, out } = await lmm(...argv);
    expect(exitCode).toBe(0);
    const { points } = JSON.parse(out);
    const [none, some, most] = points.map(({ power }: { power: number }) => power);
    // At no effect it is the level, 0.05: more than 9 of 60 rejections have probability 0.001.
    expect(none).toBeLessThanOrEqual(0.15);
    expect(some).toBeGreaterThan(none);
    expect(most).toBeGreaterThan(0.95);
    expect((await lmm(...argv, "--workers", "2")).out).toBe(out);
  });

  it("refuses an effect that is none", async () => {
    expect(await lmm("power", ...SLEEP, "--effect", "Dayz")).toMatchObject({ exitCode: 2, out: "" });
  });
});
