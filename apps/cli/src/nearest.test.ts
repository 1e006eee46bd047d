import { describe, expect, it } from "vitest";
import { editDistance, nearestName } from "./nearest";

describe("nearest names", () => {
  it("counts insertions, deletions, substitutions and swaps of neighbours", () => {
    expect(editDistance("Days", "Days")).toBe(0);
    expect(editDistance("Dayz", "Days")).toBe(1);
    expect(editDistance("Dasy", "Days")).toBe(1);
    expect(editDistance("", "abc")).toBe(3);
    expect(editDistance("kitten", "sitting")).toBe(3);
  });

  it("finds a slip and nothing far-fetched", () => {
    const names = ["Reaction", "Days", "Subject"];
    expect(nearestName("subjct", names)).toBe("Subject");
    expect(nearestName("weight", names)).toBeNull();
    expect(nearestName("x", names)).toBeNull();
    expect(nearestName("a".repeat(10_000), names)).toBeNull();
  });
});
