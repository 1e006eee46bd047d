import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { run } from "./run";
import { splitCommandLine } from "./testing/command-line";
import { memoryIo } from "./testing/memory-io";
import { temporaryFolder } from "./testing/temporary-folder";

const folder = temporaryFolder();
const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

/** Commands of the README and what it says they print. */
const examples = [...readme.matchAll(/```console\n([\s\S]*?)```/g)].flatMap(([, block]) =>
  block
    .split(/^(?=\$ )/m)
    .map(
      (example) =>
        [example.slice(2, example.indexOf("\n")), example.slice(example.indexOf("\n") + 1)] as const,
    ),
);

describe("the README", () => {
  it("has examples", () => {
    expect(examples.length).toBeGreaterThan(4);
  });

  // In order: the first writes the file that later ones read.
  it.each(examples)("%s", async (command, expected) => {
    const [program, ...argv] = splitCommandLine(command);
    expect(program).toBe("lmm");
    const io = memoryIo({ cwd: folder.path });
    await run(argv, io);
    expect(roundNumbers(io.out() + io.err())).toBe(roundNumbers(expected));
  });
});

/** Numbers in full precision with 10 digits: the last ones may change with the order of a sum. */
function roundNumbers(text: string): string {
  return text.replace(/\d+\.\d{8,}/g, (number) => Number(number).toPrecision(10));
}
