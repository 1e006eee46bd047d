/**
 * Columns put together field by field. A builder refuses a text that does not fit its type
 * by returning false and is then of no further use.
 */
import { compareCodePoints } from "./code-point-order";
import type { DataColumn, FactorColumn } from "./data-table";
import { GrowableFloat64, GrowableInt32 } from "./growable";
import { isInexactInteger, parseBoolean, parseNumber } from "./number-text";

/** Collects the fields of one column. */
export interface ColumnBuilder {
  /** Takes a field; false when it does not fit. */
  push(text: string): boolean;
  /** Takes a missing value. */
  pushMissing(): void;
  finish(): DataColumn;
}

/** Numbers; NaN where missing. */
export class NumberBuilder implements ColumnBuilder {
  private readonly values = new GrowableFloat64();

  /** @param wholeOnly refuse numbers that are not integers (schema type `integer`) */
  constructor(private readonly wholeOnly = false) {}

  push(text: string): boolean {
    const value = parseNumber(text);
    if (value === null || isInexactInteger(text, value)) return false;
    if (this.wholeOnly && !Number.isInteger(value)) return false;
    this.values.push(value);
    return true;
  }

  pushMissing(): void {
    this.values.push(Number.NaN);
  }

  finish(): Float64Array {
    return this.values.finish();
  }
}

/** true, false, null where missing. */
export class BooleanBuilder implements ColumnBuilder {
  private readonly values: (boolean | null)[] = [];

  push(text: string): boolean {
    const value = parseBoolean(text);
    if (value === null) return false;
    this.values.push(value);
    return true;
  }

  pushMissing(): void {
    this.values.push(null);
  }

  finish(): readonly (boolean | null)[] {
    return this.values;
  }
}

/** Text as a factor, levels in code-point order. Each distinct text is kept once. */
export class TextBuilder implements ColumnBuilder {
  private readonly codeOf = new Map<string, number>();
  private readonly codes = new GrowableInt32();

  push(text: string): boolean {
    let code = this.codeOf.get(text);
    if (code === undefined) {
      code = this.codeOf.size;
      // A slice of the file's text would keep that whole text in memory.
      this.codeOf.set(detached(text), code);
    }
    this.codes.push(code);
    return true;
  }

  pushMissing(): void {
    this.codes.push(-1);
  }

  finish(): FactorColumn {
    const seen = [...this.codeOf.keys()];
    const order = seen.map((_, code) => code).sort((a, b) => compareCodePoints(seen[a], seen[b]));
    const rank = new Int32Array(seen.length);
    for (let position = 0; position < order.length; position++) rank[order[position]] = position;
    const codes = this.codes.finish();
    for (let i = 0; i < codes.length; i++) if (codes[i] >= 0) codes[i] = rank[codes[i]];
    return { kind: "factor", levels: order.map((code) => seen[code]), codes, ordered: false };
  }
}

/** Text with declared levels; anything else does not fit. */
export class CategoryBuilder implements ColumnBuilder {
  private readonly codeOf: Map<string, number>;
  private readonly codes = new GrowableInt32();

  constructor(
    private readonly levels: readonly string[],
    private readonly ordered: boolean,
  ) {
    this.codeOf = new Map(levels.map((level, code) => [level, code]));
  }

  push(text: string): boolean {
    const code = this.codeOf.get(text);
    if (code === undefined) return false;
    this.codes.push(code);
    return true;
  }

  pushMissing(): void {
    this.codes.push(-1);
  }

  finish(): FactorColumn {
    return { kind: "factor", levels: this.levels, codes: this.codes.finish(), ordered: this.ordered };
  }
}

function detached(text: string): string {
  return text.length < 13 ? text : Buffer.from(text, "utf16le").toString("utf16le");
}
