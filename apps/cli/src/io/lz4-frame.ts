/** Decoder for LZ4 frames, the compression that Feather files have by default. */

const MAGIC = 0x184d2204;

/**
 * Unpacks one LZ4 frame (LZ4 Frame Format 1.6, LZ4 Block Format; linked and independent
 * blocks, checksums passed over).
 *
 * @param bytes the frame
 * @param length bytes after unpacking
 * @throws Error when the frame is damaged or does not give `length` bytes
 */
export function decodeLz4Frame(bytes: Uint8Array, length: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 7 || view.getUint32(0, true) !== MAGIC) throw new Error("not an LZ4 frame");
  const flags = bytes[4];
  const blockChecksum = (flags & 0x10) !== 0 ? 4 : 0;
  const contentSize = (flags & 0x08) !== 0 ? 8 : 0;
  const dictionaryId = (flags & 0x01) !== 0 ? 4 : 0;
  const out = new Uint8Array(length);
  let written = 0;
  for (let at = 7 + contentSize + dictionaryId; ; ) {
    if (at + 4 > bytes.length) throw new Error("LZ4 frame is cut short");
    const header = view.getUint32(at, true);
    at += 4;
    if (header === 0) break;
    const stored = header >= 0x80000000;
    const end = at + (stored ? header - 0x80000000 : header);
    if (end > bytes.length) throw new Error("LZ4 frame is cut short");
    if (stored) {
      if (written + (end - at) > length) throw new Error("LZ4 frame is longer than announced");
      out.set(bytes.subarray(at, end), written);
      written += end - at;
    } else written = decodeBlock(bytes, at, end, out, written);
    at = end + blockChecksum;
  }
  if (written !== length) throw new Error("LZ4 frame is shorter than announced");
  return out;
}

/** Unpacks one block into `out` from `written` on; matches may reach back into earlier blocks. */
function decodeBlock(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  written: number,
): number {
  let at = start;
  let to = written;
  const longLength = (nibble: number): number => {
    let total = nibble;
    if (nibble < 15) return total;
    for (let byte = 255; byte === 255; ) {
      if (at >= end) throw new Error("LZ4 block is cut short");
      byte = bytes[at++];
      total += byte;
    }
    return total;
  };
  while (at < end) {
    const token = bytes[at++];
    const literals = longLength(token >> 4);
    if (at + literals > end || to + literals > out.length) throw new Error("LZ4 block is damaged");
    out.set(bytes.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    if (at === end) break;
    if (at + 2 > end) throw new Error("LZ4 block is cut short");
    const offset = bytes[at] | (bytes[at + 1] << 8);
    at += 2;
    const match = longLength(token & 15) + 4;
    if (offset === 0 || offset > to || to + match > out.length) throw new Error("LZ4 block is damaged");
    // Byte by byte: a match may overlap what it writes.
    for (let k = 0; k < match; k++, to++) out[to] = out[to - offset];
  }
  return to;
}
