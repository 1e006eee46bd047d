import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** A folder for one test file, removed when its tests are over. */
export interface TemporaryFolder {
  readonly path: string;
  /** Writes a file and gives back its name. */
  write(name: string, content: string | Uint8Array): string;
}

/** Creates the folder; call it at the top of a test file. */
export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), "lmm-cli-"));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    write(name, content) {
      writeFileSync(join(path, name), content);
      return name;
    },
  };
}
