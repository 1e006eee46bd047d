/**
 * The candidate closest to a misspelt name, or null when none is near: the optimal string
 * alignment distance (insert, delete, replace, swap neighbours; Damerau 1964) without regard to
 * case, at most a third of the name's length (and at least one, two from four letters on).
 * Cost: O(|name|·|candidate|) each, over at most the first 10,000 candidates.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | null {
  const limit = name.length < 2 ? 0 : name.length < 4 ? 1 : Math.max(2, Math.floor(name.length / 3));
  let best: string | null = null;
  let bestDistance = limit + 1;
  let seen = 0;
  const lower = name.toLowerCase();
  for (const candidate of candidates) {
    if (++seen > 10_000) break;
    const other = candidate.toLowerCase();
    if (other === lower) {
      if (candidate !== name) return candidate;
      continue;
    }
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const d = alignmentDistance(lower, other);
    if (d < bestDistance) {
      bestDistance = d;
      best = candidate;
    }
  }
  return best;
}

function alignmentDistance(a: string, b: string): number {
  let beforeLast = new Int32Array(b.length + 1);
  let last = Int32Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = new Int32Array(b.length + 1);
    row[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let d = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        d = Math.min(d, beforeLast[j - 2] + 1);
      }
      row[j] = d;
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length];
}
