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
    expect(out).toContain("deleted by Subject, theta found again; largest 2 of 18:\n");
    expect(out).toMatch(/^309 +10 +0\.1485 +0\.8897 +26\.25 +0\.4109\d* +0\.3099 +ok$/m);
    expect(out).toMatch(/^335 /m);
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
