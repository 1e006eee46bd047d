import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { datasets } from "@lmmkit/datasets";
import { describe, expect, it } from "vitest";
import { readTable } from "../io/read-table";
import { run } from "../run";
import { memoryIo } from "../testing/memory-io";
import { temporaryFolder } from "../testing/temporary-folder";

const folder = temporaryFolder();

async function lmm(...argv: string[]) {
  const io = memoryIo({ cwd: folder.path });
  const exitCode = await run(["datasets", ...argv], io);
  return { exitCode, out: io.out(), err: io.err() };
}

describe("lmm datasets", () => {
  it("lists every data set", async () => {
    const { exitCode, out } = await lmm();
    expect(exitCode).toBe(0);
    for (const { name, title } of datasets)
      expect(out).toMatch(new RegExp(`^${name} .*${title.slice(0, 10)}`, "m"));
    expect(JSON.parse((await lmm("--json")).out).datasets).toHaveLength(datasets.length);
  });

  it("describes one", async () => {
    const { out } = await lmm("sleepstudy");
    expect(out).toContain("180 rows");
    expect(out).toContain("18 levels: 308, 309, 310, …");
    expect(out).toMatch(/lmm fit "Reaction ~ .*" dataset:sleepstudy/);
  });

  it("exports one so that it reads back the same", async () => {
    const { exitCode, out, err } = await lmm("cake", "--out", "cake.csv");
    expect({ exitCode, out }).toEqual({ exitCode: 0, out: "" });
    expect(err).toContain("cake.schema.json");
    const io = memoryIo({ cwd: folder.path });
    const back = await readTable("cake.csv", { schema: "cake.schema.json", factor: [], ordered: [] }, io);
    expect(back).toEqual(await readTable("dataset:cake", { factor: [], ordered: [] }, io));
    // Nothing temporary is left behind.
    expect(readdirSync(folder.path).sort()).toEqual(["cake.csv", "cake.schema.json"]);
    expect(readFileSync(join(folder.path, "cake.csv"), "utf8").split("\n")).toHaveLength(272);
  });

  it.each([
    ["an unknown name", ["sleepstdy"], /unknown data set: "sleepstdy"; did you mean "sleepstudy"\?/],
    ["an export without a name", ["--out", "x.csv"], /which data set/],
    ["an export to another format", ["cake", "--out", "cake.xlsx"], /name a \.csv file/],
  ])("refuses %s", async (_what, argv, message) => {
    const { exitCode, err } = await lmm(...argv);
    expect(exitCode).toBe(2);
    expect(err).toMatch(message);
  });
});
