import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "../run";
import { memoryIo } from "../testing/memory-io";
import { temporaryFolder } from "../testing/temporary-folder";

const folder = temporaryFolder();

async function sparsity(...argv: string[]) {
  const io = memoryIo({ cwd: folder.path });
  const exitCode = await run(["plot", "sparsity", ...argv], io);
  return { exitCode, out: io.out(), err: io.err() };
}

const CROSSED = "diameter ~ 1 + (1 | plate) + (1 | sample)";
const REVERSED = "diameter ~ 1 + (1 | sample) + (1 | plate)";

describe("lmm plot sparsity", () => {
  it.each([
    // Document, section 3: 189 nonzeros in L; 450 with the factors reversed and not permuted.
    [CROSSED, "natural", 189],
    [REVERSED, "natural", 450],
  ])("counts the nonzeros of the document: %s, %s, %d", async (formula, ordering, nnzL) => {
    const argv = [formula, "dataset:Penicillin", "--theta", "1.2,2.1", "--ordering", ordering];
    const { exitCode, out } = await sparsity(...argv, "--json");
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ n: 30, nnz: 174, nnzL });
  });

  it("permutes to at most 204 nonzeros whatever the order of the factors", async () => {
    const { out } = await sparsity(REVERSED, "dataset:Penicillin", "--json");
    expect(JSON.parse(out).nnzL).toBeLessThanOrEqual(204);
  });

  it("has no fill-in for nested factors", async () => {
    const { out } = await sparsity("strength ~ 1 + (1 | sample) + (1 | batch)", "dataset:Pastes", "--json");
    expect(JSON.parse(out)).toMatchObject({ n: 40, nnz: 70, nnzL: 70 });
  });

  it("writes two panels as one SVG file", async () => {
    const argv = [CROSSED, "dataset:Penicillin", "--theta", "1.2,2.1", "--ordering", "natural"];
    const { exitCode, out, err } = await sparsity(...argv, "--out", "p.svg");
    expect({ exitCode, out }).toEqual({ exitCode: 0, out: "" });
    expect(err).toBe("wrote p.svg: 30 x 30, 174 nonzeros in a triangle, 189 in L\n");
    const svg = readFileSync(join(folder.path, "p.svg"), "utf8");
    expect(svg.match(/<svg /g)).toHaveLength(3);
    expect(svg.match(/<\/svg>/g)).toHaveLength(3);
    // One square per nonzero: both triangles of the first matrix, and L.
    expect(svg.match(/width="1" height="1"/g)).toHaveLength(2 * 174 - 30 + 189);
  });

  it("prints pictures in characters", async () => {
    const { out } = await sparsity(CROSSED, "dataset:Penicillin", "--ordering", "natural");
    expect(out).toContain("Λ'Z'ZΛ + I: 30 x 30, 318 nonzeros\n\nx");
    expect(out).toContain("\nL: 30 x 30, 189 nonzeros\n\nx");
  });

  it.each([
    ["another format", ["--out", "p.png"], /name an \.svg file/],
    ["a theta of the wrong length", ["--theta", "1"], /theta/],
  ])("refuses %s", async (_what, argv, message) => {
    const { exitCode, err } = await sparsity(CROSSED, "dataset:Penicillin", ...argv);
    expect(exitCode).toBe(2);
    expect(err).toMatch(message);
  });
});
