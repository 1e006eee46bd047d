import { describe, expect, it } from "vitest";
import { run } from "../run";
import { memoryIo } from "../testing/memory-io";

async function lmm(...argv: readonly string[]) {
  const io = memoryIo();
  const exitCode = await run(argv, io);
  return { exitCode, out: io.out(), err: io.err() };
}

const SLEEP = ["confint", "Reaction ~ Days + (Days | Subject)", "dataset:sleepstudy"];

describe("lmm confint", () => {
  it("prints the profile intervals of lme4", async () => {
    const { exitCode, out, err } = await lmm(...SLEEP);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
    // confint(lmer(...), oldNames = FALSE) of lme4 1.1-31.
    expect(out).toBe(`                             Estimate    2.5 %  97.5 %
sd_(Intercept)|Subject          24.74    14.38   37.72
cor_Days.(Intercept)|Subject  0.06555 -0.48149 0.68502
sd_Days|Subject                 5.922    3.801   8.753
sigma                           25.59    22.90   28.86
(Intercept)                     251.4    237.7   265.1
Days                           10.467    7.359  13.576
`);
  });

  it("takes Wald intervals, single parameters and another level", async () => {
    const argv = [
      ...SLEEP,
      "--method",
      "wald",
      "--ddf",
      "asymptotic",
      "--parameters",
      "Days",
      "--level",
      "0.9",
    ];
    const { rows, method, level } = JSON.parse((await lmm(...argv, "--json")).out);
    expect({ method, level }).toEqual({ method: "wald", level: 0.9 });
    // 10.467286 ± 1.644854 × 1.545790.
    expect(rows).toEqual([
      expect.objectContaining({
        name: "Days",
        lower: expect.closeTo(7.92469, 4),
        upper: expect.closeTo(13.00989, 4),
      }),
    ]);
  });

  it("writes tables for reports", async () => {
    const argv = [...SLEEP, "--parameters", "sigma", "--format"];
    expect((await lmm(...argv, "markdown")).out).toMatch(
      /^\| *\| *Estimate \|[^\n]*\n\|[-:| ]+\|\n\| sigma +\| +25\.59 \|/m,
    );
    expect((await lmm(...argv, "html")).out).toMatch(/<th[^>]*>sigma<\/th>/);
    expect((await lmm(...argv, "latex")).out).toContain("\\begin{tabular}");
    expect((await lmm(...argv, "word")).err).toMatch(/^error: invalid value: --format "word"/);
  });

  it("draws a bootstrap that a seed repeats, on any number of threads", async () => {
    const argv = [...SLEEP, "--method", "boot", "--nsim", "60", "--interval", "basic", "--json"];
    const first = await lmm(...argv, "--seed", "7");
    expect(first.exitCode).toBe(0);
    expect(await lmm(...argv, "--seed", "7", "--workers", "2")).toEqual(first);
    const other = await lmm(...argv, "--seed", "8");
    expect(JSON.parse(other.out).rows[0].lower).not.toBe(JSON.parse(first.out).rows[0].lower);
  });

  it("refuses options of another method and unknown parameters", async () => {
    expect((await lmm(...SLEEP, "--nsim", "10")).err).toMatch(/^error: needless option: --nsim/);
    expect((await lmm(...SLEEP, "--ddf", "satterthwaite")).err).toMatch(
      /^error: needless option: --ddf with/,
    );
    expect((await lmm(...SLEEP, "--parameters", "Dayz")).err).toMatch(/^error: unknown parameter: "Dayz"/);
    expect((await lmm(...SLEEP, "--level", "95")).err).toMatch(/^error: invalid value: --level "95"/);
    const huge = await lmm(...SLEEP, "--method", "boot", "--nsim", "1000000000");
    expect(huge).toMatchObject({ exitCode: 2, err: expect.stringMatching(/^error: too many replicates/) });
  });
});
