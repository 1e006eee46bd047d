import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const bin = fileURLToPath(new URL("../dist/lmm.js", import.meta.url));
const built = existsSync(bin);
const title = built ? "the built command" : "the built command (skipped: dist/lmm.js is there after a build)";
const elsewhere = mkdtempSync(join(tmpdir(), "lmm-bin-"));
afterAll(() => rmSync(elsewhere, { recursive: true, force: true }));

function lmm(argv: readonly string[], stdin = ""): Promise<{ status: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [bin, ...argv], { cwd: elsewhere }, (error, out, err) => {
      resolve({ status: error === null ? 0 : Number(error.code), out, err });
    });
    child.stdin?.end(stdin);
  });
}

describe.skipIf(!built)(title, () => {
  it("starts with a line that shells understand", () => {
    expect(readFileSync(bin, "utf8").split("\n")[0]).toBe("#!/usr/bin/env node");
  });

  it("fits from any folder, from standard input, and reads its own export", async () => {
    expect(await lmm(["datasets", "Dyestuff", "--out", "d.csv"])).toMatchObject({ status: 0, out: "" });
    const fromFile = await lmm(["fit", "Yield ~ 1 + (1 | Batch)", "d.csv", "--json"]);
    expect(fromFile).toMatchObject({ status: 0, err: "" });
    const csv = readFileSync(join(elsewhere, "d.csv"), "utf8");
    const fromInput = await lmm(["fit", "Yield ~ 1 + (1 | Batch)", "-", "--json"], csv);
    const withoutTimes = ({ seconds: _seconds, ...fit }: Record<string, unknown>) => fit;
    expect(withoutTimes(JSON.parse(fromInput.out))).toEqual(withoutTimes(JSON.parse(fromFile.out)));
    // lme4 1.1-31: REMLcrit(lmer(Yield ~ 1 + (1 | Batch), Dyestuff)) is 319.6543.
    expect(JSON.parse(fromFile.out).criterion).toBeCloseTo(319.6543, 4);
  });

  it("reads Parquet and Arrow although their readers are loaded late", async () => {
    const parquet = fileURLToPath(new URL("../fixtures/mixed-zstd.parquet", import.meta.url));
    const { status, out } = await lmm(["model-matrix", "y ~ even", parquet, "--json"]);
    expect(status).toBe(0);
    expect(JSON.parse(out).names).toEqual(["(Intercept)", "evenTRUE"]);
  });

  it("draws the same bootstrap on two threads", async () => {
    const argv = ["bootstrap", "Yield ~ 1 + (1 | Batch)", "dataset:Dyestuff", "--nsim", "40", "--json"];
    const one = await lmm(argv);
    expect(one).toMatchObject({ status: 0, err: "" });
    expect(await lmm([...argv, "--workers", "2"])).toEqual(one);
  });

  it("ends with status 2 and a message, without a stack", async () => {
    const { status, out, err } = await lmm(["fit", "y ~ x + (1 | g", "-"], "y,x,g\n1,2,a\n");
    expect({ status, out }).toEqual({ status: 2, out: "" });
    expect(err).toMatch(/^error: .*\n {2}y ~ x \+ \(1 \| g\n +\^/);
    expect(err).not.toContain("    at ");
  });

  it("is quiet when its reader has seen enough", async () => {
    const child = spawn(process.execPath, [bin, "model-matrix", "y ~ dept", "dataset:InstEval", "--json"]);
    let err = "";
    child.stderr.on("data", (part) => {
      err += part;
    });
    child.stdout.once("data", () => child.stdout.destroy());
    const status = await new Promise((resolve) => child.on("close", resolve));
    expect({ status, err }).toEqual({ status: 0, err: "" });
  });
});
