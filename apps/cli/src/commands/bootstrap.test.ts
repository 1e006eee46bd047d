import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "../run";
import { memoryIo } from "../testing/memory-io";
import { temporaryFolder } from "../testing/temporary-folder";

const folder = temporaryFolder();

async function lmm(argv: readonly string[], tick?: number) {
  const io = memoryIo({ cwd: folder.path, ...(tick === undefined ? {} : { tick }) });
  const exitCode = await run(argv, io);
  return { exitCode, out: io.out(), err: io.err() };
}

const DYE = ["bootstrap", "Yield ~ 1 + (1 | Batch)", "dataset:Dyestuff", "--nsim", "200", "--seed", "3"];

describe("lmm bootstrap", () => {
  it("prints bias and standard errors near those that theory has", async () => {
    const { exitCode, out } = await lmm([...DYE, "--json"]);
    expect(exitCode).toBe(0);
    const { names, replicates, observed, nsim, failures } = JSON.parse(out);
    expect({ names, nsim, failures }).toEqual({
      names: ["sd_(Intercept)|Batch", "sigma", "(Intercept)"],
      nsim: 200,
      failures: [],
    });
    const mean = replicates[2].reduce((sum: number, x: number) => sum + x, 0) / 200;
    const variance = replicates[2].reduce((sum: number, x: number) => sum + (x - mean) ** 2, 0) / 199;
    // The mean of a balanced design has standard error 19.38; a standard deviation of 200 draws is good to 5 %.
    expect(Math.sqrt(variance) / 19.383).toBeGreaterThan(0.85);
    expect(Math.sqrt(variance) / 19.383).toBeLessThan(1.15);
    expect(Math.abs(mean - observed[2])).toBeLessThan(4.5);
    const text = (await lmm(DYE)).out;
    expect(text).toMatch(/^Parametric bootstrap, 200 replicates\n\n +Observed +Bias +Std\. Error\n/);
    expect(text).toMatch(/\nrefits: \d+ singular\n$/);
  });

  it("writes the replicates in one step and leaves them out of the JSON", async () => {
    const { err, out } = await lmm([...DYE, "--out", "r.csv", "--json", "--quiet"]);
    expect(err).toBe("");
    expect(JSON.parse(out)).not.toHaveProperty("replicates");
    const lines = readFileSync(join(folder.path, "r.csv"), "utf8").trimEnd().split("\n");
    expect(lines[0]).toBe("sd_(Intercept)|Batch,sigma,(Intercept)");
    expect(lines).toHaveLength(201);
    expect((await lmm([...DYE, "--out", "no/r.csv"])).err).toMatch(/^error: invalid output file/);
  });

  it("refuses numbers of threads that are none", async () => {
    for (const workers of ["0", "2.5", "1e9", "many"]) {
      expect((await lmm([...DYE, "--workers", workers])).err).toMatch(/^error: invalid value: --workers/);
    }
  });

  it("shows how far it is where a person watches", async () => {
    expect((await lmm(DYE, 60)).err.replaceAll("\r\u001b[K", "<")).toMatch(/^(<\d+ of 200 refits)+<$/);
  });
});
