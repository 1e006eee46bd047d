import { applyQtInPlace, pivotedQr, triangleOfQr } from "@lmmkit/dense";
import { PlsWorkspace } from "../pls/workspace";
import type { Method } from "./options";

/** Fewer columns of X than this are not worth the rotation. */
const MANY_COLUMNS = 64;

/**
 * The same model, as a function of θ, with as many columns of X as Z has, where X has more; null where it has not.
 *
 * On an orthonormal basis Q of X the criterion sees X through Z'Q and Q'y alone. With the QR factorization
 * Q'Z = O[R; 0] the basis QO has only q columns that Z meets: on the others RX is the identity and c_β a constant.
 * They are taken out of y'y and, for REML, out of n, since n − p is what counts; criterion, gradient and Hessians
 * are those of the whole model. An evaluation then costs q³, not q·p² + p³.
 *
 * @param workspace of the whole model; not changed
 * @returns null with fewer than 64 columns too
 * Cost: 2p·q², once.
 */
export function narrowed(workspace: PlsWorkspace, method: Method): PlsWorkspace | null {
  const { design, products, basis, p } = workspace;
  const { q } = design;
  if (p <= q || p < MANY_COLUMNS) return null;
  const transposed = new Float64Array(p * q);
  for (let j = 0; j < p; j++) for (let i = 0; i < q; i++) transposed[i * p + j] = basis.ztq[j * q + i];
  const qr = pivotedQr(transposed, p, q, 0);
  const triangle = triangleOfQr(qr);
  const rotated = basis.qty.slice();
  applyQtInPlace(rotated, qr);
  let explained = 0;
  for (let j = q; j < p; j++) explained += rotated[j] * rotated[j];
  // Z'QO = R': column j holds row j of R.
  const ztx = new Float64Array(q * q);
  for (let j = 0; j < q; j++) {
    for (let i = j; i < q; i++) ztx[j * q + qr.pivot[i]] = triangle[i * q + j];
  }
  const identity = new Float64Array(q * q);
  for (let j = 0; j < q; j++) identity[j * (q + 1)] = 1;
  const reml = method === "REML";
  const none = new Float64Array(q);
  return new PlsWorkspace(
    {
      ...design,
      fixedNames: Array.from({ length: q }, (_, j) => `${j + 1}`),
      fixedColumns: Int32Array.from({ length: q }, (_, j) => j),
    },
    {
      ...products,
      nobs: products.nobs - (reml ? p - q : 0),
      sumLogWeights: products.sumLogWeights - (reml ? basis.logDet : 0),
      shifts: { ...products.shifts, fixed: identity, triangle: null, response: none, fixedColumns: none },
      ztx,
      xtx: identity,
      xty: rotated.slice(0, q),
      yty: products.yty - explained,
    },
  );
}
