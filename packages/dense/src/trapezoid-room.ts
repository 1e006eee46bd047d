/** Products of at most this many columns are subtracted one by one, entry by entry. */
export const narrow = 4;
/**
 * Most columns of the panel, and of a block that goes into it. Where many narrow blocks have rows nearly
 * everywhere in a later one (crossed random effects), each alone would be subtracted entry by entry; spread over
 * all its rows, with zeros where they have none, many of them make one dense product.
 */
export const panelDepth = 64;
export const panelWidth = 16;
/** Smaller blocks are not worth it. */
export const panelArea = 4096;

/** Tables and room of `choleskyTrapezoidsInPlace`; all but the first are work space. */
export interface TrapezoidRoom {
  /** The block of each column, length n. */
  readonly ofColumn: Int32Array;
  /** Length n. */
  readonly place: Int32Array;
  /** Length of the most rows of any block. */
  readonly map: Int32Array;
  /** Length count, as `next` and `at`. */
  readonly head: Int32Array;
  readonly next: Int32Array;
  readonly at: Int32Array;
  /** As long as the largest product of one block in another: rows × columns. */
  readonly update: Float64Array;
  /** `panelDepth` times the most rows of any block. */
  readonly panel: Float64Array;
  /** How many times as fast dense products are as subtracting entry by entry; decides about the panel. */
  readonly gain: number;
  /** Length 13, for addresses. */
  readonly tables: Int32Array;
}
