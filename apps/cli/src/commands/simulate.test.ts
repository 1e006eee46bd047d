import { describe, expect, it } from "vitest";
import { run } from "../run";
import { memoryIo } from "../testing/memory-io";

async function lmm(...argv: readonly string[]) {
  const io = memoryIo();
  const exitCode = await run(argv, io);
  return { exitCode, out: io.out(), err: io.err() };
}

const DYE = ["Yield ~ 1 + (1 | Batch)", "dataset:Dyestuff"];

describe("lmm simulate", () => {
  it("writes responses that the seed repeats", async () => {
    const { exitCode, out } = await lmm("simulate", ...DYE, "--nsim", "2", "--seed", "1");
    expect(exitCode).toBe(0);
    const lines = out.trimEnd().split("\n");
    expect(lines[0]).toBe("row,sim_1,sim_2");
    expect(lines).toHaveLength(31);
    expect((await lmm("simulate", ...DYE, "--nsim", "2", "--seed", "1")).out).toBe(out);
    // The second response is the same however many are drawn.
    const more = (await lmm("simulate", ...DYE, "--nsim", "3", "--seed", "1")).out.split("\n")[1].split(",");
    expect(more.slice(0, 3).join(",")).toBe(lines[1]);
  });

  it("keeps the random effects that a formula or a group names", async () => {
    const argv = ["simulate", ...DYE, "--seed", "1", "--random"];
    const kept = await lmm(...argv, "~ (1 | Batch)");
    expect(kept.exitCode).toBe(0);
    expect(await lmm(...argv, "Batch")).toEqual(kept);
    expect(await lmm(...argv, "none")).not.toEqual(kept);
  });

  it("refuses more than memory holds", async () => {
    expect(await lmm("simulate", ...DYE, "--nsim", "999999999")).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/^error: too many responses/),
    });
  });
});

describe("lmm profile", () => {
  it("gives points of zeta for every parameter, through zero at the estimate", async () => {
    const { exitCode, out } = await lmm("profile", ...DYE);
    expect(exitCode).toBe(0);
    const rows = out
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => line.split(","));
    expect(new Set(rows.map(([name]) => name))).toEqual(
      new Set(["sd_(Intercept)|Batch", "sigma", "(Intercept)"]),
    );
    const means = rows
      .filter(([name]) => name === "(Intercept)")
      .map(([, value, zeta]) => [Number(value), Number(zeta)]);
    expect(means.find(([, zeta]) => zeta === 0)?.[0]).toBeCloseTo(1527.5, 4);
    expect(
      means.every(([value, zeta], i) => i === 0 || (value > means[i - 1][0] && zeta > means[i - 1][1])),
    ).toBe(true);
  });

  it("gives limits as JSON", async () => {
    const { parameters } = JSON.parse((await lmm("profile", ...DYE, "--parameters", "sigma", "--json")).out);
    // confint(lmer(...)) of lme4 1.1-31: sigma 38.23, 67.66.
    expect(parameters).toEqual([
      expect.objectContaining({
        name: "sigma",
        lower: expect.closeTo(38.22998, 3),
        upper: expect.closeTo(67.65773, 3),
      }),
    ]);
  });
});
