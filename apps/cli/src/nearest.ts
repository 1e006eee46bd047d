/**
 * Edit distance between two short names, counting a swap of neighbours as one edit
 * (optimal string alignment; Damerau 1964, CACM 7(3)), without regard to case.
 * Cost O(|a| |b|).
 */
export function editDistance(a: string, b: string): number {
  const s = a.toLowerCase();
  const t = b.toLowerCase();
  let before: number[] = [];
  let previous = Array.from({ length: t.length + 1 }, (_, j) => j);
  for (let i = 1; i <= s.length; i++) {
    const current = [i];
    for (let j = 1; j <= t.length; j++) {
      const substitution = previous[j - 1] + (s[i - 1] === t[j - 1] ? 0 : 1);
      let best = Math.min(substitution, previous[j] + 1, current[j - 1] + 1);
      if (i > 1 && j > 1 && s[i - 1] === t[j - 2] && s[i - 2] === t[j - 1])
        best = Math.min(best, before[j - 2] + 1);
      current.push(best);
    }
    before = previous;
    previous = current;
  }
  return previous[t.length];
}

/**
 * The candidate closest to `name`, or null when none is close enough to be a slip of the
 * finger: at most a third of the letters (two for short names) may differ.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | null {
  // A name longer than this is not a slip, and the distance would cost too much.
  if (name.length > 200) return null;
  const limit = Math.max(Math.min(2, name.length >> 1), Math.floor(name.length / 3));
  let best: string | null = null;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const distance = editDistance(name, candidate);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `did you mean "Days"?` where there is a near name, else the known names, shortened. */
export function suggestName(name: string, candidates: readonly string[], known: string): string {
  const near = nearestName(name, candidates);
  if (near !== null) return `did you mean ${JSON.stringify(near)}?`;
  if (candidates.length === 0) return "";
  const shown = candidates.slice(0, 12).join(", ");
  return `${known}: ${shown}${candidates.length > 12 ? ", …" : ""}`;
}
