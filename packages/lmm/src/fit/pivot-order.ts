import type { Design } from "../design/design";

/** A pivot must be larger by this factor to go before another, so that small changes change no order. */
const CLEARLY = 1.5;

/**
 * The order in which a pivoted Cholesky factorization of ΦΦ' takes the columns of each unstructured term:
 * largest remaining variance first (Higham 2002, §10.3). Null where that is the columns' own order, and for
 * terms of another structure.
 *
 * @param phi on scaled columns in their own order; not changed
 */
export function pivotOrders(design: Design, phi: ArrayLike<number>): (Int32Array | null)[] {
  return design.terms.map(({ template: { k, rows, cols }, thetaStart }) => {
    if (k < 2 || rows.length !== (k * (k + 1)) / 2) return null;
    const lower = new Float64Array(k * k);
    for (let i = 0; i < rows.length; i++) lower[cols[i] * k + rows[i]] = phi[thetaStart + i];
    const covariance = Array.from({ length: k }, (_, i) =>
      Float64Array.from({ length: k }, (_, j) => {
        let sum = 0;
        for (let m = 0; m < k; m++) sum += lower[m * k + i] * lower[m * k + j];
        return sum;
      }),
    );
    const order = Int32Array.from({ length: k }, (_, i) => i);
    for (let step = 0; step < k; step++) {
      let best = step;
      for (let i = step + 1; i < k; i++) {
        const candidate = covariance[order[i]][order[i]];
        if (candidate > CLEARLY * covariance[order[best]][order[best]]) best = i;
      }
      const chosen = order[best];
      // The others keep their order.
      order.copyWithin(step + 1, step, best);
      order[step] = chosen;
      const pivot = covariance[chosen][chosen];
      if (!(pivot > 0)) break;
      for (let i = step + 1; i < k; i++) {
        const row = covariance[order[i]];
        const factor = row[chosen] / pivot;
        for (let j = step + 1; j < k; j++) row[order[j]] -= factor * covariance[chosen][order[j]];
      }
    }
    return order.every((column, place) => column === place) ? null : order;
  });
}
