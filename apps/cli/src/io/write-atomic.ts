import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { CliError } from "../errors";
import type { CliIo } from "./cli-io";

/**
 * Writes a file so that a reader sees the old content or the new, never a part: the text goes
 * to a temporary file beside it, to the disk, and takes the name in one step.
 */
export function writeFileAtomic(path: string, text: string, io: CliIo): void {
  const full = resolve(io.cwd, path);
  const temporary = join(dirname(full), `.${basename(full)}.${process.pid}.tmp`);
  try {
    const file = openSync(temporary, "wx");
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, full);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw unwritable(path, error);
  }
}

/** Refuses an output path that cannot work, before the long computation rather than after it. */
export function checkWritable(path: string, io: CliIo): void {
  const full = resolve(io.cwd, path);
  const folder = dirname(full);
  if (statSync(full, { throwIfNoEntry: false })?.isDirectory()) {
    throw new CliError(
      "unwritable-file",
      `invalid output file: ${JSON.stringify(path)} is a folder`,
      "",
      path,
    );
  }
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new CliError(
      "unwritable-file",
      `invalid output file: ${JSON.stringify(path)} is in a folder that does not exist`,
      "create the folder first",
      path,
    );
  }
}

function unwritable(path: string, error: unknown): CliError {
  const code = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
  return new CliError("unwritable-file", `unwritable file: ${JSON.stringify(path)} (${code})`, "", path);
}
