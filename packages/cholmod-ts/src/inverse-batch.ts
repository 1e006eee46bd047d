import {
  choleskyInverseInPlace,
  panelArea,
  panelDepth,
  panelWidth,
  solveLowerRightInPlace,
  subtractProductInPlace,
} from "@lmmkit/dense";
import type { SupernodalWorkspace } from "./supernodal-workspace";
import type { SupernodePartition } from "./symbolic";

/**
 * Narrow supernodes whose rows all lie among the own columns of one large supernode t, waiting to be worked
 * off together.
 *
 * For each of them Z_RJ = −Z_RR S needs only Z of t. Alone that is a few thousand scattered entries; with S of
 * many spread over all columns of t, side by side in a panel, it is one dense product Z_tt S.
 */
export class InverseBatch {
  private readonly supernodes = new Int32Array(panelDepth);
  private count = 0;
  private depth = 0;
  private target = -1;
  /** Z_tt with both triangles, of the supernode `mirrored`. */
  private mirror: Float64Array | null = null;
  private mirrored = -1;
  private result: Float64Array | null = null;

  constructor(
    private readonly partition: SupernodePartition,
    private readonly work: SupernodalWorkspace,
    private readonly scaled: Float64Array,
  ) {}

  /** To be called before the first supernode of a new factor. */
  begin(): void {
    this.mirrored = -1;
  }

  /** Whether supernode s is of that kind, and worth it. */
  takes(s: number): boolean {
    const { first, ofColumn, rowPtr, rows } = this.partition;
    const cols = first[s + 1] - first[s];
    const base = rowPtr[s] + cols;
    const end = rowPtr[s + 1];
    if (cols > panelWidth || base === end) return false;
    const t = ofColumn[rows[base]];
    if (rows[end - 1] >= first[t + 1]) return false;
    const area = (first[t + 1] - first[t]) ** 2;
    return area >= panelArea && area < this.work.gain * (end - base) ** 2;
  }

  /** Takes supernode s in. */
  add(s: number, values: Float64Array, out: Float64Array): void {
    const { first, ofColumn, rowPtr, rows, valuePtr } = this.partition;
    const { panel, packing } = this.work;
    const { scaled } = this;
    const cols = first[s + 1] - first[s];
    const length = rowPtr[s + 1] - rowPtr[s];
    const below = length - cols;
    const base = rowPtr[s] + cols;
    const t = ofColumn[rows[base]];
    if (t !== this.target || this.depth + cols > panelDepth) this.flush(out);
    this.target = t;
    const height = first[t + 1] - first[t];
    for (let j = 0; j < cols; j++) {
      const column = valuePtr[s] + j * length + cols;
      for (let i = 0; i < below; i++) scaled[i + j * below] = values[column + i];
    }
    solveLowerRightInPlace(scaled, 0, below, below, cols, values, valuePtr[s], length, packing);
    for (let j = 0; j < cols; j++) {
      const column = (this.depth + j) * height - first[t];
      panel.fill(0, column + first[t], column + first[t] + height);
      for (let i = 0; i < below; i++) panel[column + rows[base + i]] = scaled[i + j * below];
    }
    // The inverse of the own block, as far as it does not need what is still to come.
    for (let j = 0; j < cols; j++) {
      const column = valuePtr[s] + j * length;
      for (let i = j; i < cols; i++) out[column + i] = values[column + i];
    }
    choleskyInverseInPlace(out, cols, length, valuePtr[s], packing);
    this.supernodes[this.count++] = s;
    this.depth += cols;
  }

  /** Works off all that were taken in. */
  flush(out: Float64Array): void {
    if (this.count === 0) return;
    const { first, rowPtr, rows, valuePtr } = this.partition;
    const { panel, packing } = this.work;
    const { target: t, depth } = this;
    const height = first[t + 1] - first[t];
    this.result ??= this.work.allocate(panel.length);
    const { result } = this;
    this.fillMirror(t, out);
    result.fill(0, 0, height * depth);
    subtractProductInPlace(
      result,
      0,
      height,
      height,
      depth,
      height,
      1,
      this.mirror!,
      0,
      1,
      height,
      panel,
      0,
      height,
      1,
      false,
      packing,
    );
    let at = 0;
    for (let c = 0; c < this.count; c++) {
      const s = this.supernodes[c];
      const cols = first[s + 1] - first[s];
      const length = rowPtr[s + 1] - rowPtr[s];
      const base = rowPtr[s] + cols;
      const end = rowPtr[s + 1];
      for (let j = 0; j < cols; j++) {
        const column = valuePtr[s] + j * length;
        const from = (at + j) * height - first[t];
        for (let p = base; p < end; p++) out[column + cols + p - base] = result[from + rows[p]];
        for (let i = j; i < cols; i++) {
          const other = (at + i) * height - first[t];
          let sum = 0;
          for (let p = base; p < end; p++) sum += panel[other + rows[p]] * result[from + rows[p]];
          out[column + i] -= sum;
        }
      }
      at += cols;
    }
    this.count = 0;
    this.depth = 0;
  }

  private fillMirror(t: number, out: Float64Array): void {
    if (t === this.mirrored) return;
    const { first, rowPtr, valuePtr, maxCols } = this.partition;
    this.mirror ??= this.work.allocate(maxCols * maxCols);
    const height = first[t + 1] - first[t];
    const length = rowPtr[t + 1] - rowPtr[t];
    for (let j = 0; j < height; j++) {
      const column = valuePtr[t] + j * length;
      for (let i = j; i < height; i++) {
        this.mirror[i + j * height] = out[column + i];
        this.mirror[j + i * height] = out[column + i];
      }
    }
    this.mirrored = t;
  }
}
