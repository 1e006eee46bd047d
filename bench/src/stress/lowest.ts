import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const file = fileURLToPath(new URL("../../lowest-known.json", import.meta.url));

/** The lowest criterion that any run ever met, by seed: a bar that only goes down. */
export class LowestKnown {
  private readonly values: Record<string, number>;

  constructor() {
    this.values = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, number>) : {};
  }

  /** The lowest of what is known and what was met now; remembered. */
  lower(seed: number, met: number): number {
    const known = this.values[seed];
    // Rounding is no discovery.
    if (known === undefined || met < known - 1e-9 * Math.max(1, Math.abs(known))) this.values[seed] = met;
    return Math.min(known ?? met, met);
  }

  /** Writes what is known back. */
  save(): void {
    writeFileSync(file, `${JSON.stringify(this.values, null, 2)}\n`);
  }
}
