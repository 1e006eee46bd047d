import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { memoryIo } from "../testing/memory-io";
import { temporaryFolder } from "../testing/temporary-folder";
import { writeFileAtomic } from "./write-atomic";

const folder = temporaryFolder();
const io = memoryIo({ cwd: folder.path });

describe("writeFileAtomic", () => {
  it("replaces a file as a whole and leaves nothing temporary", () => {
    writeFileAtomic("a.txt", "old", io);
    writeFileAtomic("a.txt", "new", io);
    expect(readFileSync(join(folder.path, "a.txt"), "utf8")).toBe("new");
    expect(readdirSync(folder.path)).toEqual(["a.txt"]);
  });

  it("leaves what is there when it cannot write, and nothing temporary", () => {
    mkdirSync(join(folder.path, "full", "inner"), { recursive: true });
    // A folder that is not empty cannot be replaced by a file.
    expect(() => writeFileAtomic("full", "x", io)).toThrow(/unwritable file: "full"/);
    expect(() => writeFileAtomic("missing/a.txt", "x", io)).toThrow(
      /unwritable file: "missing\/a\.txt" \(ENOENT\)/,
    );
    expect(readdirSync(folder.path).sort()).toEqual(["a.txt", "full"]);
  });
});
