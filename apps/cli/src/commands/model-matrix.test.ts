import { describe, expect, it } from "vitest";
import { run } from "../run";
import { memoryIo } from "../testing/memory-io";

const CSV = "y,a,x\n1,u,0.5\n2,v,NA\n3,w,2\n4,u,1e-5\n";

async function lmm(...argv: string[]) {
  const io = memoryIo({ stdin: CSV });
  const exitCode = await run(["model-matrix", ...argv], io);
  return { exitCode, out: io.out(), err: io.err() };
}

describe("lmm model-matrix", () => {
  it("prints names and columns as JSON", async () => {
    const { exitCode, out, err } = await lmm("y ~ a + x", "-", "--json");
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
    // The second row misses x; level v is then unused and has no column.
    expect(JSON.parse(out)).toEqual({
      names: ["(Intercept)", "aw", "x"],
      columns: [
        [1, 1, 1],
        [0, 1, 0],
        [0.5, 2, 1e-5],
      ],
    });
  });

  it("codes factors as told", async () => {
    const { out } = await lmm("~ a", "-", "--contrasts", "a=contr.sum", "--json");
    expect(JSON.parse(out).names).toEqual(["(Intercept)", "a1", "a2"]);
    const ordered = await lmm("~ a", "-", "--ordered", "a=w<v<u", "--json");
    expect(JSON.parse(ordered.out).names).toEqual(["(Intercept)", "a.L", "a.Q"]);
    const factor = await lmm("~ y", "-", "--factor", "y", "--json");
    expect(JSON.parse(factor.out).names).toEqual(["(Intercept)", "y2", "y3", "y4"]);
  });

  it("prints the first rows as text", async () => {
    expect((await lmm("~ x", "-", "--rows", "2")).out).toBe(`(Intercept)    x
          1  0.5
          1    2
… 1 more row
`);
  });

  it("underlines what is wrong in the formula, and gives the span as JSON", async () => {
    const { exitCode, out, err } = await lmm("y ~ a + z", "-", "--json");
    expect(exitCode).toBe(2);
    expect(err).toContain("  y ~ a + z\n          ^");
    expect(JSON.parse(out).error).toMatchObject({ code: "unknown-column", span: { start: 8, end: 9 } });
  });

  it("fails on missing values when told to, and on contrasts of no column", async () => {
    expect((await lmm("~ x", "-", "--na", "fail")).exitCode).toBe(2);
    const { exitCode, err } = await lmm("~ a", "-", "--contrasts", "b=sum");
    expect({ exitCode, err }).toEqual({
      exitCode: 2,
      err: 'error: unknown column: "b" in --contrasts; columns: y, a, x\n',
    });
  });
});
