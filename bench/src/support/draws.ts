/**
 * Random numbers by counter: the i-th number of a seed does not depend on what was drawn before it, and only
 * integer products and sums of doubles are used, so every engine draws the same bits.
 */
export class Draws {
  private counter = 0;
  private readonly key: number;

  constructor(seed: number) {
    this.key = mix(seed | 0, 0x9e3779b9);
  }

  /** Uniform on [0, 1), 32 bits. */
  uniform(): number {
    return mix(this.counter++, this.key) / 4294967296;
  }

  /** Uniform between two bounds. */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.uniform() * (high - low + 1));
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** One of the items. */
  pick<T>(items: readonly T[]): T {
    return items[this.integer(0, items.length - 1)];
  }

  /**
   * Nearly normal, mean 0 and variance 1: the sum of twelve uniform numbers less six. Logarithms and cosines
   * differ between engines in their last bits, sums do not.
   */
  normal(): number {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += this.uniform();
    return sum;
  }
}

/** The finalizer of MurmurHash3 (Appleby 2011, public domain) over a counter and a key; 32 bits. */
function mix(counter: number, key: number): number {
  let h = Math.imul(counter, 0xcc9e2d51) ^ key;
  for (let round = 0; round < 2; round++) {
    h ^= h >>> 16;
    h = Math.imul(h, 0x85ebca6b);
    h ^= h >>> 13;
    h = Math.imul(h, 0xc2b2ae35);
    h ^= h >>> 16;
    h = (h + key) | 0;
  }
  return h >>> 0;
}
