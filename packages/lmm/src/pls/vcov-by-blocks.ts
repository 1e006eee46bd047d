import { choleskyInverseInPlace, gemmInto } from "@lmmkit/dense";

/**
 * B(R'RX'RX R)⁻¹B' for many columns of X, p×p, column-major: the inverse of TT' with the lower triangular
 * T = R'RX', then moved back by B.
 *
 * @param rt R', lower triangular
 * @param rxt RX', lower triangular; its upper triangle is not read
 * @param map B, most often the identity
 * Cost: 3p³ multiplications, four p³ more where B is not the identity, in blocks; three matrices.
 */
export function vcovByBlocks(
  rt: Float64Array,
  rxt: Float64Array,
  map: Float64Array,
  p: number,
): Float64Array {
  const lower = rxt.slice();
  for (let j = 1; j < p; j++) lower.fill(0, j * p, j * p + j);
  const product = new Float64Array(p * p);
  gemmInto("none", "none", p, p, p, rt, lower, product);
  choleskyInverseInPlace(product, p);
  for (let j = 0; j < p; j++) for (let i = 0; i < j; i++) product[j * p + i] = product[i * p + j];
  if (isIdentity(map, p)) return product;
  gemmInto("none", "none", p, p, p, map, product, lower);
  gemmInto("none", "transpose", p, p, p, lower, map, product);
  for (let j = 0; j < p; j++) for (let i = 0; i < j; i++) product[i * p + j] = product[j * p + i];
  return product;
}

function isIdentity(map: Float64Array, p: number): boolean {
  for (let j = 0; j < p; j++)
    for (let i = 0; i < p; i++) if (map[j * p + i] !== (i === j ? 1 : 0)) return false;
  return true;
}
