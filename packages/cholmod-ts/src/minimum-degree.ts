import type { Permutation } from "@lmmkit/sparse";
import { DegreeLists } from "./degree-lists";
import { orderByFronts } from "./front-order";
import type { QuotientGraph } from "./quotient-graph";

/** Options of `amdOrder`. */
export interface AmdOptions {
  /**
   * Rows with more than `dense · √n` (and more than 16) neighbours are put last and left out of the graph;
   * 10 by default, a negative number means never.
   */
  readonly dense?: number;
  /** Absorb elements that the new one covers even when they are not adjacent to the pivot; true by default. */
  readonly aggressive?: boolean;
  /** How many columns each node stands for, 1 by default; see `orderBlocks`. */
  readonly weights?: Int32Array;
  /**
   * Set of each node, from 0: all of set 0 is eliminated first, then set 1, and so on. Nodes of later sets
   * still count in the degrees. By default there is one set.
   */
  readonly sets?: Int32Array;
  /** Where the clock of the time stamps begins, 2 by default; for tests of how it starts again before 2³¹. */
  readonly clock?: number;
}

/**
 * The state of one minimum degree ordering.
 *
 * Legend: p the pivot (then the new element), L_p its variables, |L_p| its degree (columns, not list
 * entries), E_i and A_i the elements and variables adjacent to variable i.
 */
export class MinimumDegree {
  private readonly lists: DegreeLists;
  private readonly aggressive: boolean;
  private readonly denseLimit: number;
  /** All columns, the sum of the weights. */
  private readonly total: number;
  /** Time stamp of a node: 0 for an absorbed element; `stamp[e] − now` is |L_e \ L_p| during one step. */
  private readonly stamp: Int32Array;
  private now: number;
  /** The largest |L_p| so far: how far stamps of one step can reach. */
  private largest = 0;
  private eliminated = 0;
  /** Pivots in the order of their elimination. */
  private readonly pivots: Int32Array;
  private pivotCount = 0;
  private readonly dense: number[] = [];
  /** 1 for principal variables that were eliminated along with a pivot they are adjacent to alone. */
  private readonly eliminatedAlong: Uint8Array;
  /** The set of each variable, and which one is being eliminated. */
  private readonly sets: Int32Array | null;
  private current = 0;
  /** Variables of the current set that are in the degree lists. */
  private listed = 0;
  private readonly isPivot: Uint8Array;
  private readonly bucket: Int32Array;
  private readonly bucketNext: Int32Array;
  private readonly hash: Int32Array;

  /**
   * @param graph its first `variables` nodes are variables, the others elements
   * @param degree bound of the degree of each variable, |L_e| of each element
   */
  constructor(
    private readonly graph: QuotientGraph,
    private readonly variables: number,
    private readonly degree: Int32Array,
    options: AmdOptions,
  ) {
    const { dense = 10, aggressive = true } = options;
    const { n, weight } = graph;
    this.total = 0;
    for (let i = 0; i < variables; i++) this.total += weight[i];
    for (let e = variables; e < n; e++) this.largest = Math.max(this.largest, degree[e]);
    this.lists = new DegreeLists(variables, this.total);
    this.aggressive = aggressive;
    const limit = Math.max(16, Math.floor(dense * Math.sqrt(this.total)));
    this.denseLimit = dense < 0 ? this.total : Math.min(this.total, limit);
    this.now = options.clock ?? 2;
    this.sets = options.sets ?? null;
    this.isPivot = new Uint8Array(n);
    this.stamp = new Int32Array(n).fill(1);
    this.pivots = new Int32Array(variables);
    this.eliminatedAlong = new Uint8Array(n);
    this.bucket = new Int32Array(n).fill(-1);
    this.bucketNext = new Int32Array(n).fill(-1);
    this.hash = new Int32Array(n);
  }

  order(): Permutation {
    this.placeVariables();
    while (this.eliminated < this.total) {
      while (this.listed === 0) this.openNextSet();
      const p = this.lists.takeLeast();
      this.listed--;
      this.isPivot[p] = 1;
      this.formElement(p);
      this.measureOverlaps(p);
      this.updateDegrees(p);
      this.advanceStamp(this.largest);
      this.mergeIndistinguishable(p);
      this.finishElement(p);
    }
    const { graph, variables, pivots, pivotCount, eliminatedAlong, dense } = this;
    return orderByFronts(variables, graph.parent, pivots, pivotCount, eliminatedAlong, dense);
  }

  /** Isolated variables are eliminated, nearly full ones put aside, the others enter the degree lists. */
  private placeVariables(): void {
    const { graph, degree } = this;
    for (let i = 0; i < this.variables; i++) {
      if (degree[i] === 0) {
        this.pivots[this.pivotCount++] = i;
        this.isPivot[i] = 1;
        this.stamp[i] = 0;
        this.eliminated += graph.weight[i];
      } else if (degree[i] > this.denseLimit) {
        this.dense.push(i);
        this.eliminated += graph.weight[i];
        graph.weight[i] = 0;
        graph.length[i] = 0;
      } else {
        this.list(i);
      }
    }
  }

  /** Enters variable i in the degree lists if its turn has come. */
  private list(i: number): void {
    if (this.sets !== null && this.sets[i] !== this.current) return;
    this.lists.insert(i, this.degree[i]);
    this.listed++;
  }

  /** Takes variable i out of the degree lists if it is there. */
  private unlist(i: number): void {
    if (this.sets !== null && this.sets[i] !== this.current) return;
    this.lists.remove(i, this.degree[i]);
    this.listed--;
  }

  /** All of the current set is eliminated: the variables of the next one enter the degree lists. */
  private openNextSet(): void {
    const { weight } = this.graph;
    this.current++;
    for (let i = 0; i < this.variables; i++) if (weight[i] > 0 && this.isPivot[i] === 0) this.list(i);
  }

  /** L_p = (A_p ∪ ⋃ over e in E_p of L_e) \ {p}; the elements of E_p are absorbed by p. */
  private formElement(p: number): void {
    const { graph, degree, stamp } = this;
    const { weight, start, length, elementCount, parent } = graph;
    const store = graph.lists;
    const pivotWeight = weight[p];
    this.eliminated += pivotWeight;
    // A negative weight marks membership in L_p.
    weight[p] = -pivotWeight;
    let size = 0;
    const count = elementCount[p];
    let first: number;
    let end: number;
    if (count === 0) {
      // Only variables: the new list overwrites the old one in place.
      first = start[p];
      end = first;
      const stop = first + length[p];
      for (let q = first; q < stop; q++) {
        const i = store[q];
        const w = weight[i];
        if (w <= 0) continue;
        size += w;
        weight[i] = -w;
        store[end++] = i;
        this.unlist(i);
      }
    } else {
      let bound = length[p] - count;
      for (let k = 0; k < count; k++) bound += length[store[start[p] + k]];
      graph.reserve(Math.min(bound, graph.n));
      first = graph.free;
      end = first;
      const base = start[p];
      for (let k = 0; k <= count; k++) {
        // The last round is for p's own variables.
        const e = k < count ? store[base + k] : p;
        const from = k < count ? start[e] : base + count;
        const stop = k < count ? from + length[e] : base + length[p];
        for (let q = from; q < stop; q++) {
          const i = store[q];
          const w = weight[i];
          if (w <= 0) continue;
          size += w;
          weight[i] = -w;
          store[end++] = i;
          this.unlist(i);
        }
        if (e !== p) {
          parent[e] = p;
          stamp[e] = 0;
          length[e] = 0;
        }
      }
      graph.free = end;
    }
    start[p] = first;
    length[p] = end - first;
    degree[p] = size;
    this.pivots[this.pivotCount++] = p;
  }

  /** For every element e next to L_p: stamp[e] − now = |L_e \ L_p|. (Algorithm 1 of the paper.) */
  private measureOverlaps(p: number): void {
    const { graph, degree, stamp } = this;
    const { weight, start, length, elementCount } = graph;
    const store = graph.lists;
    // Everything stamped from now on must stay below 2^31.
    this.advanceStamp(0);
    const now = this.now;
    const stop = start[p] + length[p];
    for (let q = start[p]; q < stop; q++) {
      const i = store[q];
      const w = -weight[i];
      const from = start[i];
      const to = from + elementCount[i];
      for (let k = from; k < to; k++) {
        const e = store[k];
        const s = stamp[e];
        if (s >= now) stamp[e] = s - w;
        else if (s !== 0) stamp[e] = degree[e] + now - w;
      }
    }
  }

  /**
   * New approximate degrees of the variables of L_p, whose lists lose what p covers and gain p; variables
   * left with nothing but p are eliminated with it; all others are hashed for `mergeIndistinguishable`.
   */
  private updateDegrees(p: number): void {
    const { graph, degree, stamp, aggressive, now, bucket, bucketNext, hash, sets } = this;
    const { weight, start, length, elementCount, parent, n } = graph;
    const store = graph.lists;
    const stop = start[p] + length[p];
    for (let q = start[p]; q < stop; q++) {
      const i = store[q];
      const first = start[i];
      const endElements = first + elementCount[i];
      const endVariables = first + length[i];
      let to = first;
      let key = 0;
      let size = 0;
      for (let k = first; k < endElements; k++) {
        const e = store[k];
        const s = stamp[e];
        if (s === 0) continue;
        const outside = s - now;
        if (outside > 0 || !aggressive) {
          size += outside;
          store[to++] = e;
          key += e;
        } else {
          // L_e lies within L_p: e adds nothing any more.
          parent[e] = p;
          stamp[e] = 0;
          length[e] = 0;
        }
      }
      const keptElements = to - first;
      const variables = to;
      for (let k = endElements; k < endVariables; k++) {
        const j = store[k];
        const w = weight[j];
        if (w <= 0) continue;
        size += w;
        store[to++] = j;
        key += j;
      }
      const alone = size === 0 && (aggressive || (keptElements === 0 && to === variables));
      if (alone && (sets === null || sets[i] === this.current)) {
        // Mass elimination: i is adjacent to L_p only.
        const w = -weight[i];
        degree[p] -= w;
        weight[p] -= w;
        this.eliminated += w;
        weight[i] = 0;
        parent[i] = p;
        length[i] = 0;
        this.eliminatedAlong[i] = 1;
        continue;
      }
      if (size < degree[i]) degree[i] = size;
      // p becomes the first element; the first variable and first element make room for it.
      store[to] = store[variables];
      store[variables] = store[first];
      store[first] = p;
      elementCount[i] = keptElements + 1;
      length[i] = to - first + 1;
      key = (key + p) % n;
      hash[i] = key;
      bucketNext[i] = bucket[key];
      bucket[key] = i;
    }
    if (degree[p] > this.largest) this.largest = degree[p];
  }

  /** Variables of L_p with the same elements and variables are merged into one supervariable. */
  private mergeIndistinguishable(p: number): void {
    const { graph, bucket, bucketNext, hash, stamp, sets } = this;
    const { weight, start, length, elementCount, parent } = graph;
    const store = graph.lists;
    const stop = start[p] + length[p];
    for (let q = start[p]; q < stop; q++) {
      const member = store[q];
      if (weight[member] >= 0) continue;
      let i = bucket[hash[member]];
      // The bucket is worked off once, by whichever of its members comes first.
      bucket[hash[member]] = -1;
      for (; i !== -1; i = bucketNext[i]) {
        if (bucketNext[i] === -1) break;
        const size = length[i];
        const elements = elementCount[i];
        const from = start[i];
        // The first entry is p for all of them.
        for (let k = from + 1; k < from + size; k++) stamp[store[k]] = this.now;
        let last = i;
        for (let j = bucketNext[i]; j !== -1; j = bucketNext[j]) {
          let same = length[j] === size && elementCount[j] === elements;
          if (sets !== null && sets[i] !== sets[j]) same = false;
          for (let k = start[j] + 1, end = start[j] + size; same && k < end; k++) {
            if (stamp[store[k]] !== this.now) same = false;
          }
          if (same) {
            parent[j] = i;
            weight[i] += weight[j];
            weight[j] = 0;
            length[j] = 0;
            bucketNext[last] = bucketNext[j];
          } else {
            last = j;
          }
        }
        this.now++;
      }
    }
  }

  /** Puts what is left of L_p back into the degree lists and closes the list of element p. */
  private finishElement(p: number): void {
    const { graph, degree } = this;
    const { weight, start, length } = graph;
    const store = graph.lists;
    const first = start[p];
    const stop = first + length[p];
    const left = this.total - this.eliminated;
    let to = first;
    for (let q = first; q < stop; q++) {
      const i = store[q];
      const w = -weight[i];
      if (w <= 0) continue;
      weight[i] = w;
      const bound = Math.min(degree[i] + degree[p] - w, left - w);
      degree[i] = bound;
      this.list(i);
      store[to++] = i;
    }
    weight[p] = -weight[p];
    length[p] = to - first;
    if (length[p] === 0) this.stamp[p] = 0;
    // Give back the end of the list when nothing was built behind it.
    if (graph.free === stop) graph.free = to;
  }

  /** Moves the clock on, and starts it again before stamps could pass 2³¹. */
  private advanceStamp(by: number): void {
    this.now += by;
    const { stamp, graph } = this;
    if (this.now + 2 * this.total < 0x7fffffff) return;
    for (let i = 0; i < graph.n; i++) if (stamp[i] !== 0) stamp[i] = 1;
    this.now = 2;
  }
}
