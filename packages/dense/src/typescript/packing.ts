/** Products in one sum before it is subtracted from C; part of the summation order. */
export const depthBlock = 256;
/** Rows packed at once: with `depthBlock` 240 KiB, which stays in the second-level cache. */
export const rowBlock = 120;
/** Columns packed at once. */
export const colBlock = 512;

/**
 * Copies rows `0 … rows − 1` of a strided block into panels of `width` rows: panel by panel, for each p the
 * `width` numbers of that column, rows past the end as zeros. Each number is multiplied by `factor`.
 *
 * Entry (i, p) of the block is `source[offset + i · rowStride + p · colStride]`.
 *
 * @param out overwritten from its beginning: ceil(rows / width) · width · depth numbers
 */
export function packInto(
  width: number,
  rows: number,
  depth: number,
  factor: number,
  source: Float64Array,
  offset: number,
  rowStride: number,
  colStride: number,
  out: Float64Array,
): void {
  let to = 0;
  for (let i = 0; i < rows; i += width) {
    const inside = Math.min(width, rows - i);
    let from = offset + i * rowStride;
    if (inside === width && rowStride === 1 && width === 4) {
      for (let p = 0; p < depth; p++, from += colStride, to += 4) {
        out[to] = factor * source[from];
        out[to + 1] = factor * source[from + 1];
        out[to + 2] = factor * source[from + 2];
        out[to + 3] = factor * source[from + 3];
      }
    } else if (inside === width && rowStride === 1) {
      for (let p = 0; p < depth; p++, from += colStride, to += 3) {
        out[to] = factor * source[from];
        out[to + 1] = factor * source[from + 1];
        out[to + 2] = factor * source[from + 2];
      }
    } else {
      for (let p = 0; p < depth; p++, from += colStride) {
        for (let r = 0; r < inside; r++) out[to + r] = factor * source[from + r * rowStride];
        for (let r = inside; r < width; r++) out[to + r] = 0;
        to += width;
      }
    }
  }
}
