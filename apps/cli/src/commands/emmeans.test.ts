import { describe, expect, it } from "vitest";
import { run } from "../run";
import { memoryIo } from "../testing/memory-io";

async function lmm(argv: readonly string[]) {
  const io = memoryIo();
  const exitCode = await run(argv, io);
  return { exitCode, out: io.out(), err: io.err() };
}

const CAKE = ["emmeans", "angle ~ recipe * temperature + (1 | recipe:replicate)", "dataset:cake"];

describe("lmm emmeans", () => {
  it("prints means and pairs", async () => {
    const { exitCode, out, err } = await lmm([...CAKE, "--by", "recipe", "--pairs"]);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
    // emmeans 1.8.4: 33.12222 (SE 1.736833, df 42), …; all pairs far from significance.
    expect(out).toMatch(/^recipe +mean +SE +df +lower +upper\nA +33\.12 +1\.737 +42 +29\.62 +36\.63$/m);
    expect(out).toMatch(/^averaged over: temperature$/m);
    expect(out).toMatch(/^A - B +1\.47778 +2\.456 +42 /m);
    expect(out).toMatch(/^p-values: adjusted by tukey$/m);
  });

  it("gives JSON, and holds numeric variables where it is told", async () => {
    const argv = ["emmeans", "Reaction ~ Days * half + (1 | Subject)", "dataset:sleepstudy", "--by", "half"];
    expect((await lmm(argv)).exitCode).toBe(2);
    const json = JSON.parse((await lmm([...CAKE, "--by", "recipe,temperature", "--json"])).out);
    expect(json).toMatchObject({ factors: ["recipe", "temperature"], averagedOver: [], at: {}, level: 0.95 });
    expect(json.means).toHaveLength(18);
  });

  it("refuses factors and values that are none", async () => {
    expect((await lmm([...CAKE, "--by", "recipes"])).err).toMatch(
      /unknown factor: "recipes"; the factors are/,
    );
    const number = ["emmeans", "Reaction ~ Days + (Days | Subject)", "dataset:sleepstudy", "--by", "Days"];
    expect((await lmm(number)).err).toBe(
      'error: unknown factor: "Days"; the fixed effects have no factors; for Days, a number, add --at Days=1,2,3\n',
    );
    expect((await lmm([...CAKE, "--by", "recipe", "--at", "x"])).err).toMatch(/--at "x"; write a variable/);
    expect((await lmm([...CAKE, "--by", "recipe", "--at", "x=3"])).err).toMatch(
      /unknown variable: "x"; the fixed effects have/,
    );
  });
});
