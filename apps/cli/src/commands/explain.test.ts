import { describe, expect, it } from "vitest";
import { run } from "../run";
import { memoryIo } from "../testing/memory-io";

async function lmm(...argv: string[]) {
  const io = memoryIo();
  const exitCode = await run(["explain", ...argv], io);
  return { exitCode, out: io.out(), err: io.err() };
}

describe("lmm explain", () => {
  it("names terms, contrasts and groups in words", async () => {
    const { exitCode, out, err } = await lmm(
      "angle ~ recipe * temperature + (1 | recipe:replicate)",
      "dataset:cake",
    );
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
    expect(out).toContain("fixed effects: 18 columns\n");
    expect(out).toContain("ordered factor of 6 levels (175, 185, 195, 205, 215, …), poly contrasts\n");
    expect(out).toContain("  1 | recipe:replicate: 45 levels × 1 ((Intercept)) = 45 columns\n");
  });

  it("finds nesting, as JSON", async () => {
    const { out } = await lmm("strength ~ 1 + (1 | batch/cask)", "dataset:Pastes", "--json");
    expect(JSON.parse(out).relations).toEqual([
      { first: "cask:batch", second: "batch", relation: "nested", combinations: 30 },
    ]);
  });

  it("underlines what it does not understand", async () => {
    const { exitCode, err } = await lmm("angle ~ recipee + (1 | replicate)", "dataset:cake");
    expect(exitCode).toBe(2);
    expect(err).toContain('unknown column: "recipee"; did you mean "recipe"?');
    expect(err).toContain("        ^^^^^^^");
  });
});
