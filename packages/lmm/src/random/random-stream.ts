import { LmmError } from "../errors";
import { normalFromUniform } from "./normal-from-uniform";
import { multiplyHigh, philoxInto } from "./philox";

const WORD = 4294967296;
/** 52 bits and a half: u is never 0 or 1, and 1 − u is exact. */
const STEP = 2 ** -52;

/**
 * A stream of random numbers, chosen by a seed and a stream number: the same on every machine, and independent of
 * every other stream, so that job i of many draws the same numbers whoever runs it and in whatever order.
 *
 * Philox 4×32-10 with the seed as its key and (position, stream) as its counter; 2⁵³ streams of 2⁶⁴ blocks per
 * seed. The only state is the position.
 *
 * Source: Salmon, Moraes, Dror & Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3", SC'11.
 */
export class RandomStream {
  readonly seed: number;
  readonly stream: number;
  private readonly words = new Uint32Array(4);
  /** Number of the next block. */
  private block = 0;
  /** The next word of the block at hand; 4 when a new block is due. */
  private next = 4;

  /**
   * @param seed a whole number from 0 to 2⁵³ − 1
   * @param stream the same; a replicate's or a job's number
   * @throws LmmError `unknown-option` for anything else
   */
  constructor(seed: number, stream = 0) {
    checkWhole("seed", seed);
    checkWhole("stream", stream);
    this.seed = seed;
    this.stream = stream;
  }

  /** The next 32 bits. */
  uint32(): number {
    if (this.next === 4) {
      const { seed, stream, block } = this;
      philoxInto(
        block % WORD,
        Math.floor(block / WORD),
        stream % WORD,
        Math.floor(stream / WORD),
        seed % WORD,
        Math.floor(seed / WORD),
        this.words,
      );
      this.block++;
      this.next = 0;
    }
    return this.words[this.next++];
  }

  /** Uniform on (0, 1), an odd multiple of 2⁻⁵³; takes two words. */
  uniform(): number {
    const high = this.uint32() >>> 6;
    const low = this.uint32() >>> 6;
    return (high * 67108864 + low + 0.5) * STEP;
  }

  /** Standard normal, by inversion: one uniform number each. */
  normal(): number {
    return normalFromUniform(this.uniform());
  }

  /** Fills a vector with standard normal numbers. */
  normalsInto(out: Float64Array): void {
    for (let i = 0; i < out.length; i++) out[i] = this.normal();
  }

  /**
   * A whole number from 0 to `count` − 1, each equally likely.
   *
   * @param count from 1 to 2³²
   * Source: Lemire (2019), "Fast random integer generation in an interval", ACM TOMACS 29(1).
   */
  integer(count: number): number {
    if (!(Number.isInteger(count) && count >= 1 && count <= WORD)) {
      throw new LmmError(
        "unknown-option",
        `unusable count: ${count}`,
        count,
        "a whole number from 1 to 2^32",
      );
    }
    if (count === WORD) return this.uint32();
    const least = (WORD - count) % count;
    for (;;) {
      const word = this.uint32();
      if (Math.imul(word, count) >>> 0 >= least) return multiplyHigh(word, count);
    }
  }

  /** The numbers 0 … `count` − 1 in random order (Fisher & Yates); new. */
  permutation(count: number): Int32Array {
    const order = Int32Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
    return order;
  }

  /** Fills a vector with numbers from 0 to `count` − 1, drawn with replacement. */
  sampleInto(outIndex: Int32Array, count: number): void {
    for (let i = 0; i < outIndex.length; i++) outIndex[i] = this.integer(count);
  }
}

function checkWhole(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new LmmError(
    "unknown-option",
    `unusable ${name}: ${value}`,
    value,
    "a whole number from 0 to 2^53 - 1",
  );
}
