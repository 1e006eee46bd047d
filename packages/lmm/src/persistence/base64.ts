const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Characters made at a time, so that no call gets too many arguments. */
const CHUNK = 8192;

/**
 * Bytes as text in base64 (RFC 4648, section 4), padded.
 *
 * Written out because neither `Buffer` nor `Uint8Array.prototype.toBase64` is in every engine, and `btoa` wants
 * a text of all bytes first.
 */
export function toBase64(bytes: Uint8Array): string {
  const codes = new Uint8Array(4 * Math.ceil(bytes.length / 3));
  const code = (sextet: number) => ALPHABET.charCodeAt(sextet & 63);
  let at = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const rest = bytes.length - i;
    const group = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    codes[at] = code(group >> 18);
    codes[at + 1] = code(group >> 12);
    codes[at + 2] = rest > 1 ? code(group >> 6) : 61;
    codes[at + 3] = rest > 2 ? code(group) : 61;
    at += 4;
  }
  const parts: string[] = [];
  for (let i = 0; i < codes.length; i += CHUNK) {
    parts.push(String.fromCharCode(...codes.subarray(i, i + CHUNK)));
  }
  return parts.join("");
}

/**
 * The bytes of a text in base64; null for a text that is none: other characters, white space, missing padding, or
 * bits beyond the last byte.
 */
export function fromBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0) return null;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const digits = text.length - padding;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const values = new Int8Array(128).fill(-1);
  for (let i = 0; i < 64; i++) values[ALPHABET.charCodeAt(i)] = i;
  let at = 0;
  let bits = 0;
  let held = 0;
  for (let i = 0; i < digits; i++) {
    const code = text.charCodeAt(i);
    const value = code < 128 ? values[code] : -1;
    if (value < 0) return null;
    bits = (bits << 6) | value;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[at++] = bits >> held;
      bits &= (1 << held) - 1;
    }
  }
  return bits === 0 ? bytes : null;
}
