import {
  choleskyInverseInPlace,
  type PackingWorkspace,
  solveLowerRightInPlace,
  subtractProductInPlace,
} from "@lmmkit/dense";
import { InverseBatch } from "./inverse-batch";
import { largestBelow, type SupernodalWorkspace } from "./supernodal-workspace";
import type { SupernodePartition } from "./symbolic";

/** Work space of `inverseSupernodalInto`. */
export class SupernodalInverseWorkspace {
  /** L₂₁ L₁₁⁻¹ of the supernode at hand. */
  readonly scaled: Float64Array;
  /** Entries of Z gathered from one of the supernodes above. */
  readonly gathered: Float64Array;
  /** Place of each of the rows at hand within the supernode above. */
  readonly place: Int32Array;
  readonly packing: PackingWorkspace;
  readonly batch: InverseBatch;

  /** @param work that of the factorization, whose memory and packing are shared */
  constructor(partition: SupernodePartition, work: SupernodalWorkspace) {
    this.scaled = work.allocate(largestBelow(partition));
    this.gathered = work.allocate(partition.updateSize);
    this.place = new Int32Array(partition.maxRows);
    this.packing = work.packing;
    this.batch = new InverseBatch(partition, work, this.scaled);
  }
}

/**
 * The entries of Z = (L L')⁻¹ in the blocks of L, from the last supernode to the first.
 *
 * For a supernode with own columns J and rows R below, S = L_RJ L_JJ⁻¹:
 * Z_RJ = −Z_RR S and Z_JJ = L_JJ⁻ᵀ L_JJ⁻¹ − S' Z_RJ. Z_RR is gathered, one supernode above at a time, from
 * what is known by then. Allocates nothing. Cost about twice that of the factorization.
 *
 * Source: Takahashi, Fagan & Chin (1973), 8th PICA Conf.; by blocks: Lin, Yang, Meza, Lu, Ying & E (2011),
 * SelInv, ACM TOMS 37(4), section 2.3.
 *
 * @param values the blocks of L
 * @param out lower triangle of Z in blocks of the same layout; overwritten. Entries above the diagonal of a
 * block are of no meaning
 */
export function inverseSupernodalInto(
  values: Float64Array,
  partition: SupernodePartition,
  work: SupernodalInverseWorkspace,
  out: Float64Array,
): void {
  const { count, first, rowPtr, valuePtr } = partition;
  const { scaled, packing, batch } = work;
  batch.begin();
  for (let s = count - 1; s >= 0; s--) {
    if (batch.takes(s)) {
      batch.add(s, values, out);
      continue;
    }
    batch.flush(out);
    const length = rowPtr[s + 1] - rowPtr[s];
    const cols = first[s + 1] - first[s];
    const below = length - cols;
    const block = valuePtr[s];
    for (let j = 0; j < cols; j++) {
      const column = block + j * length;
      for (let i = j; i < cols; i++) out[column + i] = values[column + i];
      for (let i = cols; i < length; i++) {
        out[column + i] = 0;
        scaled[i - cols + j * below] = values[column + i];
      }
    }
    if (below > 0) {
      solveLowerRightInPlace(scaled, 0, below, below, cols, values, block, length, packing);
      subtractInverseTimesScaled(partition, s, work, out);
    }
    choleskyInverseInPlace(out, cols, length, block, packing);
    if (below > 0) {
      // Z_JJ −= S' Z_RJ: entry (i, p) of S' lies at p + i · below, of Z_RJ' at cols + p + i · length.
      subtractProductInPlace(
        out,
        block,
        length,
        cols,
        cols,
        below,
        1,
        scaled,
        0,
        below,
        1,
        out,
        block + cols,
        length,
        1,
        true,
        packing,
      );
    }
  }
  batch.flush(out);
}

/** Z_RJ −= Z_RR S, with the columns of Z_RR taken from one supernode after the other. */
function subtractInverseTimesScaled(
  partition: SupernodePartition,
  s: number,
  work: SupernodalInverseWorkspace,
  out: Float64Array,
): void {
  const { first, ofColumn, rowPtr, rows, valuePtr } = partition;
  const { scaled, gathered, place, packing } = work;
  const cols = first[s + 1] - first[s];
  const base = rowPtr[s] + cols;
  const end = rowPtr[s + 1];
  const length = end - rowPtr[s];
  const below = length - cols;
  const result = valuePtr[s] + cols;
  let p = base;
  while (p < end) {
    const t = ofColumn[rows[p]];
    const lengthT = rowPtr[t + 1] - rowPtr[t];
    let q = p + 1;
    while (q < end && rows[q] < first[t + 1]) q++;
    findPlaces(partition, t, p, end, place);
    const m = end - p;
    const k = q - p;
    const top = p - base;
    if (cols === 1) {
      for (let c = 0; c < k; c++) {
        const column = valuePtr[t] + place[c] * lengthT;
        const factor = scaled[top + c];
        let sum = out[column + place[c]] * factor;
        for (let r = c + 1; r < m; r++) {
          const z = out[column + place[r]];
          out[result + top + r] -= z * factor;
          sum += z * scaled[top + r];
        }
        out[result + top + c] -= sum;
      }
    } else {
      for (let c = 0; c < k; c++) {
        const column = valuePtr[t] + place[c] * lengthT;
        for (let r = c; r < m; r++) gathered[r + c * m] = out[column + place[r]];
        for (let r = c + 1; r < k; r++) gathered[c + r * m] = gathered[r + c * m];
      }
      // Rows p … end times S of rows p … q; S' has entry (j, x) at top + x + j · below.
      subtractProductInPlace(
        out,
        result + top,
        length,
        m,
        cols,
        k,
        1,
        gathered,
        0,
        1,
        m,
        scaled,
        top,
        below,
        1,
        false,
        packing,
      );
      // Rows p … q times S of the rows behind q: the mirror image of what lies below.
      if (m > k) {
        subtractProductInPlace(
          out,
          result + top,
          length,
          k,
          cols,
          m - k,
          1,
          gathered,
          k,
          m,
          1,
          scaled,
          top + k,
          below,
          1,
          false,
          packing,
        );
      }
    }
    p = q;
  }
}

/** Place within supernode t of the rows at positions p … end: its own columns directly, others by bisection. */
function findPlaces(
  partition: SupernodePartition,
  t: number,
  p: number,
  end: number,
  place: Int32Array,
): void {
  const { first, rowPtr, rows } = partition;
  const from = rowPtr[t];
  let low = first[t + 1] - first[t];
  for (let r = p; r < end; r++) {
    const row = rows[r];
    if (row < first[t + 1]) {
      place[r - p] = row - first[t];
      continue;
    }
    let high = rowPtr[t + 1] - from - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rows[from + middle] < row) low = middle + 1;
      else high = middle;
    }
    place[r - p] = low;
    low++;
  }
}
