import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { run } from "./run";
import { memoryIo } from "./testing/memory-io";

/** Runs a command line; fails the test when something happened that no one foresaw. */
async function survives(argv: readonly string[], stdin: string | Uint8Array): Promise<void> {
  const io = memoryIo({ stdin });
  const exitCode = await run(argv, io);
  expect([0, 1, 2]).toContain(exitCode);
  expect(io.err()).not.toContain("internal error");
  expect(io.err()).not.toContain("    at ");
  if (exitCode === 0) expect(io.out()).not.toBe("");
  else expect(io.err()).toMatch(/^(note|warning|error): /);
}

const CSV = "y,x,g,h\n1.5,0,a,1\n2.5,1,a,2\n3.1,2,b,1\n2.2,3,b,2\n6.1,4,c,1\n5.5,2,c,2\n";

describe("whatever is typed or read", () => {
  it("bytes as a CSV file", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), (bytes) =>
        survives(["model-matrix", "~ 1", "-"], bytes),
      ),
      { seed: 1, numRuns: 100 },
    );
  });

  it("texts of delimiters, quotes, digits and line ends as a CSV file", async () => {
    const piece = fc.constantFrom(
      ",",
      '"',
      "\n",
      "\r\n",
      "y",
      "x",
      "1",
      "2.5",
      "NA",
      " ",
      "",
      "é",
      "-",
      "e",
      "true",
      "__proto__",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), (pieces) =>
        survives(["fit", "y ~ x + (1 | x)", "-"], `y,x\n${pieces.join("")}`),
      ),
      { seed: 2, numRuns: 150 },
    );
  });

  it("mutations of a formula", async () => {
    const formula = "y ~ x * h + (x | g)";
    const edit = fc.tuple(
      fc.nat(formula.length),
      fc.nat(3),
      fc.constantFrom("", "~", "|", "(", ")", "+", ":", "g", "log(", "1", " ", '"', "`", "^", "\u0000", "é"),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        let text = formula;
        for (const [at, cut, put] of edits) text = text.slice(0, at) + put + text.slice(at + cut);
        return survives(["fit", text, "-"], CSV);
      }),
      { seed: 3, numRuns: 150 },
    );
  });

  it("options in any order with any values", async () => {
    const options = [
      "--ml",
      "--json",
      "--verbose",
      "--start",
      "--npt",
      "--rhobeg",
      "--rhoend",
      "--factor",
      "--ordered",
    ];
    const value = fc.constantFrom(
      "1",
      "0",
      "-1",
      "1,0,1",
      "1e-9",
      "NaN",
      "Infinity",
      "h",
      "g=a<b<c",
      "x=sum",
      "=",
      ",",
      "",
      "9999999999",
    );
    const word = fc.oneof(
      fc.constantFrom(...options, "--contrasts", "--weights", "--offset", "--na", "--quiet"),
      value,
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 5 }), (words) =>
        survives(["fit", "y ~ x + (1 | g)", "-", ...words], CSV),
      ),
      { seed: 4, numRuns: 150 },
    );
  });
});
