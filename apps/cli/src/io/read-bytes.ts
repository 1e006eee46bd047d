/** Bytes of files and of standard input, with failures put in words. */
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { CliError } from "../errors";
import type { CliIo } from "./cli-io";
import { decodeUtf8, refuseBinary, withoutByteOrderMark } from "./utf8";

/** What a file is for, for messages. */
export type FileRole = "data file" | "schema file" | "matrix file" | "saved fit";

/** Reads a whole file; throws `CliError` when that cannot be done. */
export function readFileBytes(path: string, role: FileRole, io: CliIo): Uint8Array {
  refuseUrl(path, role);
  const full = resolve(io.cwd, path);
  const shown = JSON.stringify(path);
  try {
    if (statSync(full).isDirectory()) {
      throw new CliError("not-a-file", `invalid ${role}: ${shown} is a folder`, "name a file in it", path);
    }
    return readFileSync(full);
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw fileError(error, path, role);
  }
}

/** Reads a whole text file as UTF-8; a byte order mark is left out. */
export function readFileText(path: string, role: FileRole, io: CliIo): string {
  const bytes = readFileBytes(path, role, io);
  refuseBinary(bytes, path);
  return decodeUtf8(withoutByteOrderMark(bytes), path);
}

/** All bytes of standard input. */
export async function readStdinBytes(io: CliIo): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of io.stdin) parts.push(part);
  return Buffer.concat(parts);
}

/** Unpacks gzip; throws `CliError` when the bytes are damaged or are no gzip. */
export function gunzip(bytes: Uint8Array, path: string): Uint8Array {
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new CliError(
      "compressed-data",
      `invalid gzip: ${JSON.stringify(path)} (${(error as Error).message})`,
      bytes.length === 0 ? "the file is empty" : "the file is damaged or not compressed",
      path,
    );
  }
}

function refuseUrl(path: string, role: FileRole): void {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(path)) return;
  throw new CliError(
    "url-refused",
    `refused URL: ${JSON.stringify(path)}`,
    `lmm opens no network connections; download the ${role} first`,
    path,
  );
}

function fileError(error: unknown, path: string, role: FileRole): CliError {
  const shown = JSON.stringify(path);
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT" || code === "ENOTDIR") {
    return new CliError("file-not-found", `missing ${role}: ${shown} does not exist`, "", path);
  }
  if (code === "EACCES" || code === "EPERM") {
    return new CliError("unreadable-file", `unreadable ${role}: no permission to read ${shown}`, "", path);
  }
  if (code === "ERR_FS_FILE_TOO_LARGE") {
    return new CliError("unreadable-file", `unreadable ${role}: ${shown} is larger than 2 GiB`, "", path);
  }
  return new CliError(
    "unreadable-file",
    `unreadable ${role}: ${shown} (${code ?? (error as Error).message})`,
    "",
    path,
  );
}
