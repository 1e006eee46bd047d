import { describe, expect, it } from "vitest";
import { memoryIo } from "../testing/memory-io";
import { defaultDdf } from "./default-ddf";

describe("degrees of freedom that nobody asked for", () => {
  it("are there unless they take long, and a note says so", () => {
    const io = memoryIo();
    // InstEval of lme4 takes 2e9.
    expect(defaultDdf(2e9, false, io)).toBe("satterthwaite");
    expect(io.err()).toBe("");
    expect(defaultDdf(1e11, true, io)).toBe("none");
    expect(io.err()).toBe("");
    expect(defaultDdf(1e11, false, io)).toBe("none");
    expect(io.err()).toBe("note: many levels: no degrees of freedom; --ddf satterthwaite computes them\n");
  });
});
