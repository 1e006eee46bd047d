import { describe, expect, it } from "vitest";
import { arctangent, cosine, exponential, logarithm, sine } from "./elementary.test-support";
import { createRandom } from "./random.test-support";

describe("the elementary functions of the test problems", () => {
  it("agree with the engine's to a few units in the last place", () => {
    const random = createRandom(1981);
    // Errors of the series and of the reductions are a few roundings each; near a zero of log, sin and cos the bound is
    // absolute (the reductions keep about 2^-53 of the argument).
    const close = (ours: number, theirs: number, scale: number) =>
      expect(Math.abs(ours - theirs)).toBeLessThanOrEqual(8 * Number.EPSILON * scale);
    for (let trial = 0; trial < 20_000; trial++) {
      const x = 1400 * random() - 700;
      close(exponential(x), Math.exp(x), Math.exp(x));
      const angle = 20 * random() - 10;
      close(sine(angle), Math.sin(angle), 1);
      close(cosine(angle), Math.cos(angle), 1);
      const slope = Math.tan(Math.PI * (random() - 0.5));
      close(arctangent(slope), Math.atan(slope), Math.abs(Math.atan(slope)));
      const positive = Math.exp(20 * random() - 10);
      close(logarithm(positive), Math.log(positive), Math.max(1, Math.abs(Math.log(positive))));
    }
    expect(exponential(0)).toBe(1);
    expect(exponential(800)).toBe(Infinity);
    expect(exponential(-800)).toBe(0);
    expect(logarithm(1)).toBe(0);
  });
});
