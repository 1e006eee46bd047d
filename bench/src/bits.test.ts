/** Engines that are not at hand are left out here; `pnpm bench:bits` fetches them. */
import { describe, expect, it } from "vitest";
import { compareBits, disagreements } from "./bits/compare-bits";
import { type Engine, otherNode, systemChromium, thisNode } from "./bits/engines";

const others = [otherNode(20, false), otherNode(22, false), otherNode(24, false), systemChromium()].filter(
  (engine) => engine !== null && engine.name !== thisNode.name,
) as Engine[];
const reason = others.length === 0 ? "no other engine (none is here, see pnpm bench:bits)" : "";

describe("a fit, and 50 bootstrap samples of it with 0, 1, 2 and 4 workers, are the same bits", () => {
  it(`in ${thisNode.name} and in ${others.map(({ name }) => name).join(", ")}${reason}`, async () => {
    const { fits, bootstraps } = await compareBits([thisNode, ...others]);
    expect(disagreements(fits)).toEqual([]);
    expect(disagreements(bootstraps)).toEqual([]);
  }, 400_000);
});
