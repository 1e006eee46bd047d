import { describe, expect, it } from "vitest";
import { run } from "../run";
import { memoryIo } from "../testing/memory-io";

async function lmm(...argv: readonly string[]) {
  const io = memoryIo();
  const exitCode = await run(argv, io);
  return { exitCode, out: io.out(), err: io.err() };
}

const SLEEP = ["influence", "Reaction ~ Days + (Days | Subject)", "dataset:sleepstudy"];

describe("lmm influence", () => {
  it("prints what changes most when a subject is left out", async () => {
    const { exitCode, out, err } = await lmm(...SLEEP, "--by", "Subject", "--refit", "full", "--most", "2");
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
    // lme4 1.1-31, influence(m, "Subject"): dfbetas of 309 are 0.41087 and 0.30990; Cook's distances are largest for
    // 309 and 335 (there times 16/18: divided by the groups' degrees of freedom).
    expect(out).toMatch(
      /^Subject +Cook's D +cov\. ratio +dfbetas \(Intercept\) +dfbetas Days\n +309 +0\.1485 +0\.8897 +0\.4109 +0\.3099\n +335 /,
    );
    expect(out).toContain("… 16 more\n");
  });

  it("gives all of them as JSON, by observation unless told otherwise", async () => {
    const json = JSON.parse((await lmm(...SLEEP, "--json")).out);
    expect(json).toMatchObject({
      by: "observation",
      refit: "fixed-theta",
      fixedNames: ["(Intercept)", "Days"],
    });
    expect(json.cooksDistance).toHaveLength(180);
    expect(json.beta).toHaveLength(360);
  });

  it("refuses a unit that is none", async () => {
    expect(await lmm(...SLEEP, "--by", "Subjects")).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/Subjects/),
    });
  });
});
