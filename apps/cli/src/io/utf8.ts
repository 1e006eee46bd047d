import { CliError } from "../errors";

const NEWLINE = 0x0a;

/**
 * Decodes UTF-8 and refuses anything else: replacement characters would turn two different
 * names into one.
 *
 * @param bytes text that starts and ends at line boundaries
 * @param source name for messages
 * @param byteOffset position of `bytes` in the file
 * @param firstLine line number of the first line
 */
export function decodeUtf8(bytes: Uint8Array, source: string, byteOffset = 0, firstLine = 1): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const at = invalidUtf8Offset(bytes);
    let line = firstLine;
    for (let i = 0; i < at; i++) if (bytes[i] === NEWLINE) line++;
    const byte = `0x${bytes[at].toString(16).padStart(2, "0")}`;
    throw new CliError(
      "invalid-encoding",
      `invalid UTF-8: ${source}, line ${line}, byte offset ${byteOffset + at} (${byte})`,
      "save the file as UTF-8",
      byteOffset + at,
    );
  }
}

/**
 * Position of the first byte that does not belong to well-formed UTF-8 (Unicode Standard,
 * table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF); −1 when all is well.
 */
export function invalidUtf8Offset(bytes: Uint8Array): number {
  let i = 0;
  while (i < bytes.length) {
    const lead = bytes[i];
    if (lead < 0x80) {
      i++;
      continue;
    }
    let count: number;
    let low = 0x80;
    let high = 0xbf;
    if (lead >= 0xc2 && lead <= 0xdf) count = 1;
    else if (lead >= 0xe0 && lead <= 0xef) {
      count = 2;
      if (lead === 0xe0) low = 0xa0;
      if (lead === 0xed) high = 0x9f;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
      count = 3;
      if (lead === 0xf0) low = 0x90;
      if (lead === 0xf4) high = 0x8f;
    } else return i;
    for (let k = 1; k <= count; k++) {
      const byte = bytes[i + k];
      if (byte === undefined || byte < low || byte > high) return i;
      low = 0x80;
      high = 0xbf;
    }
    i += count + 1;
  }
  return -1;
}

/** Refuses bytes that are plainly no UTF-8 text: UTF-16, spreadsheets, other binary files. */
export function refuseBinary(bytes: Uint8Array, source: string): void {
  const [a, b, c, d] = bytes;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
    throw new CliError("invalid-encoding", `invalid encoding: ${source} is UTF-16`, "save the file as UTF-8");
  }
  if (a === 0x50 && b === 0x4b && c === 3 && d === 4) {
    throw new CliError(
      "unsupported-format",
      `unsupported format: ${source} is a zip archive or a spreadsheet`,
      "export the sheet as CSV",
    );
  }
  if (bytes.subarray(0, 4096).includes(0)) {
    throw new CliError("unsupported-format", `unsupported format: ${source} is not a text file`);
  }
}

/** The bytes after a UTF-8 byte order mark, if there is one. */
export function withoutByteOrderMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}
