import type { GroupSchema } from "../schema/frame-schema";

/**
 * From the codes of a grouping factor's parts to its level: −1 for a combination that has none.
 * Made once per schema: O(levels); a look-up costs one hash.
 */
export class GroupLookup {
  private readonly byKey = new Map<number | string, number>();
  /** Combinations are numbered in mixed radix while the numbers are exact, else spelt. */
  private readonly radices: readonly number[] | null;

  constructor(group: GroupSchema) {
    const radices = group.factors.map((factor) => factor.levels.length + 1);
    this.radices = radices.reduce((product, r) => product * r, 1) < Number.MAX_SAFE_INTEGER ? radices : null;
    const width = radices.length;
    const member = new Array<number>(width);
    for (let k = 0; k < group.levels.length; k++) {
      for (let j = 0; j < width; j++) member[j] = group.members[k * width + j];
      this.byKey.set(this.key(member), k);
    }
  }

  private key(codes: readonly number[]): number | string {
    if (this.radices === null) return codes.join(":");
    let key = 0;
    for (let j = 0; j < codes.length; j++) key = key * this.radices[j] + codes[j];
    return key;
  }

  /** The level of each row, from its codes per part. */
  codes(parts: readonly Int32Array[]): Int32Array {
    const out = new Int32Array(parts[0].length);
    const member = new Array<number>(parts.length);
    for (let i = 0; i < out.length; i++) {
      let known = true;
      for (let j = 0; j < parts.length; j++) {
        member[j] = parts[j][i];
        if (member[j] < 0) known = false;
      }
      out[i] = known ? (this.byKey.get(this.key(member)) ?? -1) : -1;
    }
    return out;
  }
}
