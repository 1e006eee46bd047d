import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "../run";
import { memoryIo } from "../testing/memory-io";
import { temporaryFolder } from "../testing/temporary-folder";

const folder = temporaryFolder();
const SLEEP = ["Reaction ~ Days + (Days | Subject)", "dataset:sleepstudy"];

async function lmm(...argv: readonly string[]) {
  const io = memoryIo({ cwd: folder.path });
  const exitCode = await run(argv, io);
  return { exitCode, out: io.out(), err: io.err() };
}

const COMMANDS = [
  ["anova"],
  ["anova", "--ddf", "kenward-roger", "--json"],
  ["emmeans", "--by", "Days", "--at", "Days=0,9", "--pairs"],
  ["ranef"],
];

describe("a saved fit in the place of formula and data", () => {
  it.each(COMMANDS)("%s says the same of it", async (command, ...options) => {
    await lmm("fit", ...SLEEP, "--save", "m.json");
    await lmm("fit", ...SLEEP, "--save", "rowless.json", "--no-save-data");
    const direct = await lmm(command, ...SLEEP, ...options);
    expect(direct).toMatchObject({ exitCode: 0, err: "" });
    expect(await lmm(command, "m.json", ...options)).toEqual(direct);
    expect(await lmm(command, "rowless.json", ...options)).toEqual(direct);
  });

  it("is refused where it is broken, foreign, of another version or not there", async () => {
    await lmm("fit", ...SLEEP, "--save", "m.json");
    const text = readFileSync(join(folder.path, "m.json"), "utf8");
    const cases: Readonly<Record<string, [string, RegExp]>> = {
      cut: [
        text.slice(0, 900),
        /^error: no saved fit: "cut.json"; give a formula and the data, or a fit that lmm fit --save wrote$/m,
      ],
      foreign: ['{"a": 1}', /^error: no saved fit: "foreign.json"/],
      later: [
        text.replace('"version":1', '"version":2'),
        /^error: "later.json": unknown version of saved model: 2; /,
      ],
      shorter: [
        text.replace(/"theta":\[[^\]]*\]/, '"theta":[1]'),
        /^error: "shorter.json": broken saved model: /,
      ],
      infinite: [
        text.replace(/"theta":\[[^,]*/, '"theta":[1e999'),
        /^error: "infinite.json": broken saved model: fit.theta/,
      ],
      longer: [
        text.replace('"nobs":180', '"nobs":181'),
        /^error: "longer.json": broken saved model: fit.nobs/,
      ],
      polluted: [
        `{"__proto__":{"x":1},${text.slice(1)}`,
        /^error: "polluted.json": broken saved model: the whole has the key __proto__/,
      ],
    };
    for (const [name, [content, message]] of Object.entries(cases)) {
      writeFileSync(join(folder.path, `${name}.json`), content);
      const { exitCode, err } = await lmm("anova", `${name}.json`);
      expect(err, name).toMatch(message);
      expect(exitCode, name).toBe(2);
    }
    expect((await lmm("anova", "none.json")).err).toBe(
      'error: missing saved fit: "none.json" does not exist\n',
    );
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it("is refused with options that only a new fit can follow", async () => {
    await lmm("fit", ...SLEEP, "--save", "m.json");
    expect((await lmm("anova", "m.json", "--ml")).err).toMatch(
      /^error: needless option: --ml with a saved fit/,
    );
    expect((await lmm("anova", "m.json", "--weights", "w")).err).toMatch(
      /^error: needless option: --weights/,
    );
  });

  it("stands alone", async () => {
    await lmm("fit", ...SLEEP, "--save", "m.json");
    expect(await lmm("predict", "m.json", "new.csv")).toMatchObject({
      exitCode: 2,
      err: 'error: needless data: "new.csv" after "m.json"; a saved fit stands alone; rows to predict go to --newdata\n',
    });
  });

  it("is asked for by its name when a formula stands alone", async () => {
    expect((await lmm("anova", "y ~ x + (1 | g)")).err).toMatch(
      /^error: missing data: "y ~ x \+ \(1 \| g\)" is a formula/,
    );
  });
});
