import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lmm } from "../fit/lmm";
import { lmmIn } from "./lmm-in";
import { nodeWorkers } from "./node-workers";
import type { Task } from "./task";

const echo: Task<{ readonly text: string }, string> = {
  name: "echo",
  prepare: () => () => {
    throw new Error("runs in the thread only");
  },
};
const execArgv = ["--conditions", "@lmmkit/source"];

describe("threads of Node", () => {
  let folder: string;

  /** A script that reads TypeScript as this test does. */
  function script(name: string, imported: URL, rest: string): URL {
    const file = join(folder, name);
    const tsx = pathToFileURL(
      createRequire(import.meta.url)
        .resolve("tsx/esm/api")
        .replace(/cjs$/, "mjs"),
    );
    writeFileSync(
      file,
      `import { register } from ${JSON.stringify(tsx.href)};
      register();
      const { serveTasks } = await import(${JSON.stringify(imported.href)});
      ${rest}`,
    );
    return pathToFileURL(file);
  }

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "lmmkit-threads-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("do a task, and one that exits fails its chunk alone", async () => {
    const own = script(
      "own.mjs",
      new URL("./serve-tasks.ts", import.meta.url),
      `serveTasks([{ name: "echo", prepare: ({ text }) => (index) => {
        if (index === 13) process.exit(7);
        return text + index;
      } }]);`,
    );
    const pool = nodeWorkers({ size: 2, script: own, execArgv });
    expect(await pool.run(echo, { text: "job " }, 10)).toEqual(
      Array.from({ length: 10 }, (_, i) => ({ status: "ok", value: `job ${i}` })),
    );
    const outcomes = await pool.run(echo, { text: "job " }, 20, { chunk: 2 });
    const failed = outcomes.flatMap(({ status }, i) => (status === "failed" ? [i] : []));
    expect(failed).toEqual([12, 13]);
    expect(outcomes[13]).toMatchObject({
      error: { code: "lost-worker", message: expect.stringContaining("status 7") },
    });
    pool.close();
  });

  it("say so when their script is not there", async () => {
    const pool = nodeWorkers({ size: 1, script: pathToFileURL(join(folder, "absent.mjs")) });
    await expect(pool.run(echo, { text: "" }, 3)).rejects.toMatchObject({ code: "lost-worker" });
  });

  it("of this package fit, bit for bit, can be stopped, and refuse other tasks by name", async () => {
    const served = script("lmm.mjs", new URL("../worker.ts", import.meta.url), "");
    const pool = nodeWorkers({ size: 1, script: served, execArgv });
    const table = { y: [1, 2.5, 2, 4, 3.5, 6, 5, 8], g: ["a", "a", "b", "b", "c", "c", "d", "d"] };
    const formula = "y ~ 1 + (1 | g)";
    const { seconds: _, ...model } = await lmmIn(pool, formula, table);
    const { seconds: __, ...expected } = lmm(formula, table);
    expect(model).toEqual(expected);
    await expect(lmmIn(pool, formula, { ...table, y: Array(8).fill(1) })).rejects.toMatchObject({
      name: "LmmError",
      code: "constant-response",
    });
    await expect(lmmIn(pool, "y ~ x + (1 | g)", table)).rejects.toThrow(/unknown/);
    const control = new AbortController();
    const stopped = lmmIn(pool, formula, table, { signal: control.signal });
    control.abort();
    await expect(stopped).rejects.toMatchObject({ code: "aborted" });
    await expect(pool.run(echo, { text: "" }, 3)).rejects.toMatchObject({ code: "unknown-task" });
    pool.close();
  });
});
