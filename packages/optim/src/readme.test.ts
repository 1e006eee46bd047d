import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BOBYQA_MESSAGES, bobyqa, trustRegionNewton } from "./index";

const README = readFileSync(new URL("../README.md", import.meta.url), "utf8");

/** The code blocks of the README, as they stand, without the import lines and types. */
const blocks = [...README.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) =>
  code.replace(/^import .*\n/gm, "").replace(/: Float64Array\)/g, ")"),
);

function run(code: string, ...names: string[]): unknown[] {
  const body = `${code}\nreturn [${names.join(", ")}];`;
  return new Function("bobyqa", "trustRegionNewton", "console", body)(bobyqa, trustRegionNewton, {
    log() {},
  }) as unknown[];
}

describe("the README", () => {
  it("shows BOBYQA's result as it is", () => {
    const [result] = run(blocks[0], "result") as ReturnType<typeof bobyqa>[];
    expect(result.x[0]).toBe(0.5);
    expect(result.x[1]).toBeCloseTo(0.25, 6);
    expect(result.f).toBeCloseTo(0.25, 12);
    expect(result.status).toBe("converged");
  });

  it("shows how to watch a run", () => {
    expect(() => run(`${blocks[0]}\n${blocks[1]}`)).not.toThrow();
  });

  it("shows Newton's certificate as it is", () => {
    const [result] = run(blocks[2], "result") as ReturnType<typeof trustRegionNewton>[];
    expect(result.f).toBeCloseTo(-0.25, 12);
    expect(result.certificate.projectedGradient).toBeLessThan(1e-4);
    expect(result.certificate.smallestCurvature).toBeCloseTo(2, 4);
  });

  it("names every status of BOBYQA", () => {
    for (const status of Object.keys(BOBYQA_MESSAGES)) expect(README).toContain(`\`${status}\``);
  });
});
