/** A term: the positions of its variables in a `VariableList`, strictly increasing; `[]` is the intercept. */
export type Term = readonly number[];

/** The variables of both terms: what `:` makes of them. */
export function unionTerms(a: Term, b: Term): Term {
  const out: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (j === b.length || (i < a.length && a[i] < b[j])) out.push(a[i++]);
    else if (i === a.length || b[j] < a[i]) out.push(b[j++]);
    else {
      out.push(a[i++]);
      j++;
    }
  }
  return out;
}

/** Whether every variable of `a` is in `b`. */
export function isSubterm(a: Term, b: Term): boolean {
  let j = 0;
  for (const variable of a) {
    while (j < b.length && b[j] < variable) j++;
    if (j === b.length || b[j] !== variable) return false;
    j++;
  }
  return true;
}

/** Equal terms have equal keys. */
export function termKey(term: Term): string {
  return term.join(",");
}

/** Terms without repetition, in the order of their first appearance. */
export class TermSet {
  private readonly byKey = new Map<string, Term>();

  static of(terms: Iterable<Term>): TermSet {
    const set = new TermSet();
    for (const term of terms) set.add(term);
    return set;
  }

  add(term: Term): void {
    const key = termKey(term);
    if (!this.byKey.has(key)) this.byKey.set(key, term);
  }

  delete(term: Term): void {
    this.byKey.delete(termKey(term));
  }

  get size(): number {
    return this.byKey.size;
  }

  [Symbol.iterator](): IterableIterator<Term> {
    return this.byKey.values();
  }
}
