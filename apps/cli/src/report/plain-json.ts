/**
 * A value of the library as JSON has it: typed arrays become lists, numbers that JSON cannot say become null,
 * and keys named in `without` are left out wherever they stand.
 */
export function plainJson(value: unknown, without: readonly string[] = []): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "object" || value === null) return value;
  if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    return Array.from(value as unknown as ArrayLike<unknown>, (item) => plainJson(item, without));
  }
  const entries = Object.entries(value).filter(
    ([key, item]) => !without.includes(key) && typeof item !== "function" && item !== undefined,
  );
  return Object.fromEntries(entries.map(([key, item]) => [key, plainJson(item, without)]));
}
