import { describe, expect, it } from "vitest";
import { run } from "../run";
import { memoryIo } from "../testing/memory-io";
import { temporaryFolder } from "../testing/temporary-folder";

const folder = temporaryFolder();

async function lmm(...argv: string[]) {
  const io = memoryIo({ cwd: folder.path });
  const exitCode = await run(["cholesky", ...argv], io);
  return { exitCode, out: io.out(), err: io.err() };
}

const header = "%%MatrixMarket matrix coordinate real";

// The arrow matrix with diagonal (4, 4, 4, 10) and ones in the last row; det = 4³ (10 − 3/4).
const ARROW_LOWER = `${header} symmetric\n4 4 7\n1 1 4\n2 2 4\n3 3 4\n4 4 10\n4 1 1\n4 2 1\n4 3 1\n`;
const ARROW_GENERAL = `${header} general\n4 4 10\n1 1 4\n2 2 4\n3 3 4\n4 4 10\n4 1 1\n4 2 1\n4 3 1\n1 4 1\n2 4 1\n3 4 1\n`;
// The same with the full row first: natural order fills in completely.
const REVERSED = `${header} symmetric\n4 4 7\n1 1 10\n2 2 4\n3 3 4\n4 4 4\n2 1 1\n3 1 1\n4 1 1\n`;

describe("lmm cholesky", () => {
  it.each([
    ["a stored triangle", ARROW_LOWER],
    ["both triangles", ARROW_GENERAL],
  ])("reports size, determinant and accuracy from %s", async (_what, text) => {
    folder.write("a.mtx", text);
    const { exitCode, out, err } = await lmm("a.mtx", "--json");
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
    const result = JSON.parse(out);
    expect(result).toMatchObject({ n: 4, nnz: 7, nnzL: 7 });
    // A few rounding errors of a sum of four logarithms.
    expect(result.logDet).toBeCloseTo(Math.log(64 * 9.25), 13);
    expect(result.residual).toBeLessThan(1e-15);
    expect(result.rcond).toBeGreaterThan(0);
    expect(Object.keys(result.seconds)).toEqual(["analyze", "factorize", "solve"]);
  });

  it("shows what an ordering does for fill-in", async () => {
    folder.write("r.mtx", REVERSED);
    expect(JSON.parse((await lmm("r.mtx", "--ordering", "natural", "--json")).out).nnzL).toBe(10);
    expect(JSON.parse((await lmm("r.mtx", "--ordering", "amd", "--json")).out).nnzL).toBe(7);
    expect((await lmm("r.mtx")).out).toContain("7 entries (ordering amd)");
  });

  it("factorizes A A' + beta I of a rectangular matrix", async () => {
    // A = [1 2 0; 0 1 -1], A A' + 0.5 I = [5.5 2; 2 2.5], determinant 9.75.
    folder.write("w.mtx", `${header} general\n2 3 4\n1 1 1\n1 2 2\n2 2 1\n2 3 -1\n`);
    const result = JSON.parse((await lmm("w.mtx", "--beta", "0.5", "--json")).out);
    expect(result).toMatchObject({ n: 2, nnz: 4, nnzL: 3, form: "AA'" });
    expect(result.logDet).toBeCloseTo(Math.log(9.75), 13);
    expect(result.residual).toBeLessThan(1e-15);
  });

  it("ends with status 1 and the column when the matrix is not positive definite", async () => {
    folder.write("i.mtx", `${header} symmetric\n3 3 4\n1 1 1\n2 2 1\n3 3 1\n3 2 2\n`);
    const { exitCode, out, err } = await lmm("i.mtx", "--ordering", "natural", "--json");
    expect(exitCode).toBe(1);
    expect(JSON.parse(out).error.code).toBe("not-positive-definite");
    expect(err).toContain("at column 3 (counted from 1)");
    expect((await lmm("i.mtx", "--beta", "1.5", "--json")).exitCode).toBe(0);
  });

  it.each([
    [
      "an unsymmetric matrix",
      `${header} general\n2 2 4\n1 1 1\n2 2 1\n2 1 1\n1 2 2\n`,
      2,
      /unsymmetric matrix/,
    ],
    [
      "a matrix with one triangle stored as general",
      `${header} general\n2 2 3\n1 1 1\n2 2 1\n2 1 0.5\n`,
      0,
      /^$/,
    ],
    ["an entry outside", `${header} general\n2 2 1\n3 1 1\n`, 2, /invalid matrix: m\.mtx/],
    ["another format", "1,2\n3,4\n", 2, /invalid matrix: m\.mtx/],
    ["an empty file", "", 2, /empty data: m\.mtx/],
  ])("%s", async (_what, text, expected, message) => {
    folder.write("m.mtx", text);
    const { exitCode, err } = await lmm("m.mtx");
    expect(exitCode).toBe(expected);
    expect(err).toMatch(message);
    expect(err).not.toContain("    at ");
  });
});
