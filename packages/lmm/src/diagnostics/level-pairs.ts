import type { Design } from "../design/design";
import { LmmError } from "../errors";

/** Numbers that the factor and its inverse on a widened pattern may take up (1.6 GB together). */
export const MOST_NUMBERS = 1e8;

/** Pairs of nodes to be known besides those that meet: (one, other) one after the other. */
export interface ExtraPairs {
  readonly count: number;
  /** Larger node of each pair. */
  readonly rows: Int32Array;
  /** Smaller node of each pair. */
  readonly cols: Int32Array;
}

/** Collects pairs of levels, numbered through all factors. */
export class PairCollector {
  readonly firstNode: Int32Array;
  private rows = new Int32Array(1024);
  private cols = new Int32Array(1024);
  private count = 0;

  constructor(design: Design) {
    this.firstNode = firstNodes(design);
  }

  /** Every pair among these nodes. */
  addClique(nodes: ArrayLike<number>): void {
    for (let i = 0; i < nodes.length; i++) {
      for (let j = 0; j < i; j++) this.add(nodes[i], nodes[j]);
    }
  }

  /** One pair, in any order. */
  add(one: number, other: number): void {
    if (one === other) return;
    if (this.count === this.rows.length) {
      if (this.count >= MOST_NUMBERS / 4) throw tooManyPairs(this.count);
      this.rows = grown(this.rows);
      this.cols = grown(this.cols);
    }
    this.rows[this.count] = Math.max(one, other);
    this.cols[this.count++] = Math.min(one, other);
  }

  get pairs(): ExtraPairs {
    return { count: this.count, rows: this.rows, cols: this.cols };
  }
}

function grown(values: Int32Array): Int32Array<ArrayBuffer> {
  const out = new Int32Array(values.length * 2);
  out.set(values);
  return out;
}

/** Node of the first level of each factor, levels numbered through all factors; the count of all at the end. */
export function firstNodes({ factors }: Design): Int32Array {
  const first = new Int32Array(factors.length + 1);
  factors.forEach(({ levels }, f) => {
    first[f + 1] = first[f] + levels.length;
  });
  return first;
}

/**
 * The refusal of a question that would take more room than there is.
 *
 * @param numbers how many it needs; null where memory ran out
 */
export function tooManyPairs(numbers: number | null): LmmError {
  const size =
    numbers === null ? "more memory than there is" : `${Math.ceil((8 * numbers) / 2 ** 20)} MB or more`;
  return new LmmError(
    "too-large",
    `too large question: the variances of so many pairs of levels need ${size}`,
    numbers,
    "ask for fewer rows or groups at a time",
  );
}
