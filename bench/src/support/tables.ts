/** A number for people: three significant digits, an exponent where it is very small or large. */
export function short(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e6) return value.toExponential(1);
  return size >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** Seconds for people: s, ms or µs. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) return "–";
  if (seconds >= 1) return `${seconds.toPrecision(3)} s`;
  return seconds >= 1e-3 ? `${(seconds * 1e3).toPrecision(3)} ms` : `${(seconds * 1e6).toPrecision(3)} µs`;
}

/** A Markdown table: first column left, the others right. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const rule = header.map((_, i) => (i === 0 ? "---" : "---:"));
  return [line(header), `|${rule.join("|")}|`, ...rows.map(line)].join("\n");
}

/** One line per target of the benchmark: what it asks, what was measured, and whether that is enough. */
export interface Target {
  readonly asks: string;
  readonly measured: string;
  /** null: cannot be said yet. */
  readonly met: boolean | null;
}

/** The targets as a Markdown table. */
export function targetTable(targets: readonly Target[]): string {
  const rows = targets.map(({ asks, measured, met }) => [
    asks,
    measured,
    met === null ? "not there yet" : met ? "met" : "**missed**",
  ]);
  return markdownTable(["Target", "Measured", ""], rows);
}
