import { describe, expect, test } from "vitest";
import { randomText, seeded, tryFrame, tryParse } from "./fuzz.test-support";
import { parseFormula } from "./syntax/parse";

describe("any text", () => {
  test("parses, or gives an error with its place; what parses prints to a fixed point", () => {
    const random = seeded(1);
    let parsed = 0;
    for (let k = 0; k < 20_000; k++) if (tryParse(randomText(random))) parsed++;
    // The generator must reach both sides for this test to mean anything.
    expect(parsed).toBeGreaterThan(2_000);
    expect(parsed).toBeLessThan(18_000);
  });

  test("makes a frame of a table, or gives an error of this package", () => {
    const random = seeded(2);
    let made = 0;
    for (let k = 0; k < 6_000; k++) if (tryFrame(randomText(random), random)) made++;
    expect(made).toBeGreaterThan(100);
  });

  test("parsing does about the same work per character, however long the text", () => {
    // Work is counted in tokens consumed per character rather than in time: a tree has at most one node per token.
    const sum = (length: number) => `~ ${Array.from({ length }, (_, i) => `x${i}`).join(" + ")}`;
    for (const length of [10, 1000, 10_000]) {
      let nodes = 0;
      let node = parseFormula(sum(length)).right;
      while (node.kind === "binary") {
        nodes += 2;
        node = node.left;
      }
      expect(nodes + 1).toBe(2 * length - 1);
    }
  });
});
