/** A heap of nodes with keys, the largest key on top, ties by the smaller number; keys can be changed. */
export class IndexedHeap {
  private readonly nodes: Int32Array;
  private readonly keys: Float64Array;
  private readonly place: Int32Array;
  private size = 0;

  /** @param n nodes are 0 … n − 1 */
  constructor(n: number) {
    this.nodes = new Int32Array(n);
    this.keys = new Float64Array(n);
    this.place = new Int32Array(n).fill(-1);
  }

  /** The node on top, −1 when the heap is empty. */
  top(): number {
    return this.size === 0 ? -1 : this.nodes[0];
  }

  /** The key that a node in the heap has. */
  keyOf(node: number): number {
    return this.keys[node];
  }

  /** Puts a node in, or changes its key. Cost O(log size). */
  set(node: number, key: number): void {
    let at = this.place[node];
    if (at === -1) {
      at = this.size++;
      this.nodes[at] = node;
      this.place[node] = at;
    }
    this.keys[node] = key;
    this.down(this.up(at));
  }

  /** Takes out a node that is in. Cost O(log size). */
  remove(node: number): void {
    const at = this.place[node];
    this.place[node] = -1;
    const last = this.nodes[--this.size];
    if (last === node) return;
    this.nodes[at] = last;
    this.place[last] = at;
    this.down(this.up(at));
  }

  private before(a: number, b: number): boolean {
    return this.keys[a] > this.keys[b] || (this.keys[a] === this.keys[b] && a < b);
  }

  private up(start: number): number {
    const { nodes, place } = this;
    let at = start;
    const node = nodes[at];
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.before(node, nodes[above])) break;
      nodes[at] = nodes[above];
      place[nodes[at]] = at;
      at = above;
    }
    nodes[at] = node;
    place[node] = at;
    return at;
  }

  private down(start: number): void {
    const { nodes, place } = this;
    let at = start;
    const node = nodes[at];
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.size) break;
      if (child + 1 < this.size && this.before(nodes[child + 1], nodes[child])) child++;
      if (!this.before(nodes[child], node)) break;
      nodes[at] = nodes[child];
      place[nodes[at]] = at;
      at = child;
    }
    nodes[at] = node;
    place[node] = at;
  }
}
