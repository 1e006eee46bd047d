import {
  cholesky,
  choleskyInverseInPlace,
  gemmInto,
  PackingWorkspace,
  solveTriangularInPlace,
  syrkInto,
} from "@lmmkit/dense";

/**
 * B(R'RX'RX R)⁻¹B' for many columns of X, p×p, column-major.
 *
 * With more columns than Z has, RX'RX = I − CC' for C = RZX', p×q, and (I − CC')⁻¹ = I + C(I − C'C)⁻¹C': the
 * inverse of X'X and a correction of rank q. Otherwise the inverse of TT' with the lower triangular T = R'RX'.
 *
 * @param rt R', lower triangular
 * @param rxt RX', lower triangular; its upper triangle is not read
 * @param rzx q×p, column-major
 * @param map B, most often the identity
 * Cost: p³ and 2p²q multiplications, or 3p³; 4p³ more where B is not the identity. By blocks, three matrices.
 */
export function vcovByBlocks(
  rt: Float64Array,
  rxt: Float64Array,
  rzx: Float64Array,
  map: Float64Array,
  p: number,
): Float64Array {
  const q = rzx.length / p;
  const inverse = (q < p ? byCorrection(rt, rzx, p, q) : null) ?? byFactor(rt, rxt, p);
  for (let j = 0; j < p; j++) for (let i = 0; i < j; i++) inverse[j * p + i] = inverse[i * p + j];
  if (isIdentity(map, p)) return inverse;
  const half = new Float64Array(p * p);
  gemmInto("none", "none", p, p, p, map, inverse, half);
  gemmInto("none", "transpose", p, p, p, half, map, inverse);
  for (let j = 0; j < p; j++) for (let i = 0; i < j; i++) inverse[i * p + j] = inverse[j * p + i];
  return inverse;
}

/** The lower triangle of (R'R)⁻¹ + R⁻¹C(I − C'C)⁻¹C'R⁻ᵀ; null where I − C'C is singular in working precision. */
function byCorrection(rt: Float64Array, rzx: Float64Array, p: number, q: number): Float64Array | null {
  const small = new Float64Array(q * q);
  syrkInto("none", q, p, rzx, small, { alpha: -1 });
  for (let j = 0; j < q; j++) small[j * (q + 1)] += 1;
  const root = cholesky(small, q);
  if (root.status !== "ok") return null;
  const room = new PackingWorkspace();
  const half = rzx.slice();
  solveTriangularInPlace(half, 0, q, q, p, "right", "lower", "none", rt, 0, p, room);
  solveTriangularInPlace(half, 0, q, q, p, "left", "lower", "none", root.factor, 0, q, room);
  const inverse = rt.slice();
  choleskyInverseInPlace(inverse, p);
  syrkInto("transpose", p, q, half, inverse, { beta: 1 });
  return inverse;
}

/** The lower triangle of (TT')⁻¹. */
function byFactor(rt: Float64Array, rxt: Float64Array, p: number): Float64Array {
  const lower = rxt.slice();
  for (let j = 1; j < p; j++) lower.fill(0, j * p, j * p + j);
  const product = new Float64Array(p * p);
  gemmInto("none", "none", p, p, p, rt, lower, product);
  choleskyInverseInPlace(product, p);
  return product;
}

function isIdentity(map: Float64Array, p: number): boolean {
  for (let j = 0; j < p; j++)
    for (let i = 0; i < p; i++) if (map[j * p + i] !== (i === j ? 1 : 0)) return false;
  return true;
}
