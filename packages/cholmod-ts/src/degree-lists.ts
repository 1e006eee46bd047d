/** Variables kept in one doubly linked list per degree, so that one of least degree is found at once. */
export class DegreeLists {
  private readonly head: Int32Array;
  private readonly next: Int32Array;
  private readonly previous: Int32Array;
  private least = 0;

  /**
   * @param n number of variables
   * @param largest no degree exceeds this
   */
  constructor(n: number, largest: number) {
    this.head = new Int32Array(largest + 1).fill(-1);
    this.next = new Int32Array(n).fill(-1);
    this.previous = new Int32Array(n).fill(-1);
  }

  /** Puts variable i at the front of the list of its degree. */
  insert(i: number, degree: number): void {
    const { head, next, previous } = this;
    const first = head[degree];
    next[i] = first;
    previous[i] = -1;
    if (first !== -1) previous[first] = i;
    head[degree] = i;
    if (degree < this.least) this.least = degree;
  }

  /** Takes variable i, which is in the list of `degree`, out. */
  remove(i: number, degree: number): void {
    const { head, next, previous } = this;
    const after = next[i];
    const before = previous[i];
    if (after !== -1) previous[after] = before;
    if (before !== -1) next[before] = after;
    else head[degree] = after;
  }

  /** Takes out and returns a variable of least degree; at least one must be there. */
  takeLeast(): number {
    const { head } = this;
    while (head[this.least] === -1) this.least++;
    const i = head[this.least];
    this.remove(i, this.least);
    return i;
  }
}
