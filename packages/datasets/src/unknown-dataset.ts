/** Thrown where a data set is asked for by a name that none of the bundled ones has. */
export class UnknownDatasetError extends Error {
  override readonly name = "UnknownDatasetError";
  readonly code = "unknown-dataset";
  /** The name asked for. */
  readonly value: string;
  /** The nearest name, or all of them. */
  readonly hint: string;

  constructor(value: string, known: readonly string[]) {
    const hint = hintFor(value, known);
    super(`unknown data set: "${value}"; ${hint}`);
    this.value = value;
    this.hint = hint;
  }
}

function hintFor(value: string, known: readonly string[]): string {
  const distances = known.map((name) => editDistance(value.toLowerCase(), name.toLowerCase()));
  const nearest = Math.min(...distances);
  return nearest <= Math.max(1, Math.floor(value.length / 3))
    ? `did you mean "${known[distances.indexOf(nearest)]}"?`
    : `there are ${known.join(", ")}`;
}

/** Levenshtein distance of two short strings: the fewest insertions, deletions and replacements. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replaced, previous[j] + 1, current[j - 1] + 1));
    }
    previous = current;
  }
  return previous[b.length];
}
