/** L ← L √D and back: turns L D L' into L L' in place. All of D must be positive. Cost O(nnz(L)). */
export function toLLtInPlace(values: Float64Array, n: number, colPtr: Int32Array): void {
  for (let j = 0; j < n; j++) {
    const root = Math.sqrt(values[colPtr[j]]);
    values[colPtr[j]] = root;
    for (let p = colPtr[j] + 1; p < colPtr[j + 1]; p++) values[p] *= root;
  }
}

/** Turns L L' into L D L' in place, d_j = l_jj². Cost O(nnz(L)). */
export function toLDLtInPlace(values: Float64Array, n: number, colPtr: Int32Array): void {
  for (let j = 0; j < n; j++) {
    const ljj = values[colPtr[j]];
    values[colPtr[j]] = ljj * ljj;
    for (let p = colPtr[j] + 1; p < colPtr[j + 1]; p++) values[p] /= ljj;
  }
}
