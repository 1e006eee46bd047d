/** Engines that are not at hand are left out here; `pnpm bench:bits` fetches them. */
import { describe, expect, it } from "vitest";
import { compareBits, disagreements } from "./bits/compare-bits";
import { otherNode, systemChromium, thisNode } from "./bits/engines";

const others = [otherNode(20, false), otherNode(22, false), otherNode(24, false), systemChromium()].filter(
  (engine) => engine !== null,
);
const reason = others.length === 0 ? " (skipped: there is no other engine here, see pnpm bench:bits)" : "";

describe("a fit is the same bits", () => {
  it.skipIf(others.length === 0)(
    `in this Node and in ${others.map(({ name }) => name).join(", ")}${reason}`,
    async () => {
      expect(disagreements(await compareBits([thisNode, ...others]))).toEqual([]);
    },
  );
});
