import type { PlsWorkspace } from "./workspace";

/** A W that is nearer to I than this leaves too few digits in I − W. */
const CANCELLED = 1e-6;

/**
 * As `addInverseTracesInto` for regular templates: Λ'Z'ZΛW = I − W, so Σ_l [Z'ZΛW]_ll = M⁻ᵀ(mI − Σ_l W_ll), and
 * only the diagonal blocks of W are read.
 *
 * @param inverses M⁻¹ per factor, K×K, column-major
 * @param room per factor K×K numbers, overwritten
 * @returns false, and nothing added, where Λ is so small that the difference has lost its digits
 * Cost: Σ levels · K²; no allocation.
 */
export function addRegularTracesInto(
  workspace: PlsWorkspace,
  inverse: Float64Array,
  inverses: readonly Float64Array[],
  room: readonly Float64Array[],
  outBlocks: readonly Float64Array[],
): boolean {
  const { design, system } = workspace;
  for (let f = 0; f < design.factors.length; f++) {
    const { start, levels, ncols: k } = design.factors[f];
    const rest = room[f];
    for (let c = 0; c < k; c++) {
      // The diagonal block comes first in each column of the system, from the diagonal entry down.
      for (let a = c; a < k; a++) {
        let sum = 0;
        const end = start + levels.length * k;
        for (let column = start + c; column < end; column += k) sum += inverse[system.colPtr[column] + a - c];
        rest[c * k + a] = (a === c ? levels.length : 0) - sum;
        rest[a * k + c] = rest[c * k + a];
      }
      if (!(rest[c * k + c] >= CANCELLED * levels.length)) return false;
    }
  }
  for (let f = 0; f < design.factors.length; f++) {
    const k = design.factors[f].ncols;
    for (let c = 0; c < k; c++) {
      for (let a = 0; a < k; a++) {
        let sum = 0;
        for (let m = 0; m < k; m++) sum += inverses[f][a * k + m] * room[f][c * k + m];
        outBlocks[f][c * k + a] += sum;
      }
    }
  }
  return true;
}

/**
 * outBlocks_f += Σ_l [Z'ZΛW]_ll for every factor, from the entries of W = (Λ'Z'ZΛ + I)⁻¹ on the pattern of
 * the system.
 *
 * A pair of levels (r, l) with products B and inverse block W_rl adds B'M_r W_rl to the factor of l, and
 * B M_l W_rl' to the factor of r.
 *
 * @param inverse W at the entries of the system's lower triangle
 * @param outBlocks per factor K×K, column-major, added to
 * Cost: Σ over blocks of K³; no allocation.
 */
export function addInverseTracesInto(
  workspace: PlsWorkspace,
  inverse: Float64Array,
  outBlocks: readonly Float64Array[],
): void {
  const { design, products, templates, system, next, scratch, block } = workspace;
  const { factors } = design;
  for (let j = 0; j < next.length; j++) next[j] = system.colPtr[j];
  for (let n = 0; n < products.ztz.length; n++) {
    const pair = products.ztz[n];
    const row = factors[pair.rowFactor];
    const col = factors[pair.colFactor];
    const diagonal = pair.rowFactor === pair.colFactor;
    const { colPtr, values } = pair;
    const kRow = row.ncols;
    const kCol = col.ncols;
    const size = kRow * kCol;
    const rowTemplate = templates[pair.rowFactor];
    const colTemplate = templates[pair.colFactor];
    const rowOut = outBlocks[pair.rowFactor];
    const colOut = outBlocks[pair.colFactor];
    if (size === 1) {
      let sum = 0;
      for (let l = 0; l + 1 < colPtr.length; l++) {
        let at = next[col.start + l];
        for (let b = colPtr[l]; b < colPtr[l + 1]; b++) sum += values[b] * inverse[at++];
        next[col.start + l] = at;
      }
      colOut[0] += rowTemplate[0] * sum;
      if (!diagonal) rowOut[0] += colTemplate[0] * sum;
      continue;
    }
    for (let l = 0; l + 1 < colPtr.length; l++) {
      for (let b = colPtr[l]; b < colPtr[l + 1]; b++) {
        for (let c = 0; c < kCol; c++) {
          const column = col.start + l * kCol + c;
          let at = next[column];
          for (let a = diagonal ? c : 0; a < kRow; a++) {
            const value = inverse[at++];
            block[c * kRow + a] = value;
            if (diagonal) block[a * kRow + c] = value;
          }
          next[column] = at;
        }
        addTripleProduct(values, b * size, true, kRow, kCol, rowTemplate, block, scratch, colOut);
        if (!diagonal) {
          addTripleProduct(values, b * size, false, kRow, kCol, colTemplate, block, scratch, rowOut);
        }
      }
    }
  }
}

/** out += B'M W (transposed) or B M W' (not), B and W kRow×kCol. */
function addTripleProduct(
  values: Float64Array,
  offset: number,
  transposed: boolean,
  kRow: number,
  kCol: number,
  template: Float64Array,
  block: Float64Array,
  scratch: Float64Array,
  out: Float64Array,
): void {
  const inner = transposed ? kRow : kCol;
  const outer = transposed ? kCol : kRow;
  // scratch = M W or M W', inner × outer.
  for (let c = 0; c < outer; c++) {
    for (let a = 0; a < inner; a++) {
      let sum = 0;
      for (let m = 0; m < inner; m++) {
        sum += template[m * inner + a] * (transposed ? block[c * kRow + m] : block[m * kRow + c]);
      }
      scratch[c * inner + a] = sum;
    }
  }
  for (let c = 0; c < outer; c++) {
    for (let a = 0; a < outer; a++) {
      let sum = 0;
      for (let m = 0; m < inner; m++) {
        const value = transposed ? values[offset + a * kRow + m] : values[offset + m * kRow + a];
        sum += value * scratch[c * inner + m];
      }
      out[c * outer + a] += sum;
    }
  }
}
