import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { fitFrame } from "../fit/fit-frame";
import { nodeWorkers } from "../parallel/node-workers";
import { randomModel } from "../random-model.test-support";
import { influence } from "./influence";
import { influenceIn } from "./influence-in";

it("deletions in threads have the bits of those done here", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lmmkit-influence-"));
  const tsx = createRequire(import.meta.url)
    .resolve("tsx/esm/api")
    .replace(/cjs$/, "mjs");
  const file = join(folder, "worker.mjs");
  // A worker that reads TypeScript as this test does.
  writeFileSync(
    file,
    `import { register } from ${JSON.stringify(pathToFileURL(tsx).href)};
    register();
    await import(${JSON.stringify(new URL("../worker.ts", import.meta.url).href)});`,
  );
  const pool = nodeWorkers({
    size: 2,
    script: pathToFileURL(file),
    execArgv: ["--conditions", "@lmmkit/source"],
  });
  try {
    const model = fitFrame(randomModel("slope", 4, { weights: true }));
    const done: number[] = [];
    const onProgress = (count: number) => done.push(count);
    expect(await influenceIn(pool, model, { by: "g", refit: "full", onProgress })).toEqual(
      influence(model, { by: "g", refit: "full" }),
    );
    expect(done[done.length - 1]).toBe(6);
  } finally {
    pool.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
