import type { Lme4Session } from "../support/lme4-session";
import { writeTable } from "../support/table-files";
import type { GrowingDesign } from "./designs";
import { measureSteps, type Steps } from "./measure";

/** One size of one design, ours and lme4's. */
export interface Grown extends Steps {
  readonly design: string;
  readonly size: number;
  /** Seconds of one `lmer` call; null where it was not tried. */
  readonly lme4: number | null;
  readonly lme4Evaluations: number | null;
}

/** No fit that promises to take longer is tried. */
const LONGEST = 150;
/** lme4 reads text: no tables beyond this. */
const MOST_ROWS = 350_000;

/** Measures one design at all its sizes; lme4 is asked as long as it answers within reason. */
export async function measureDesign(session: Lme4Session | null, design: GrowingDesign): Promise<Grown[]> {
  const found: Grown[] = [];
  for (const size of design.sizes) {
    const table = design.table(size);
    const steps = measureSteps(design.formula, table, LONGEST);
    let theirs: { seconds: number; evaluations: number } | null = null;
    if (session !== null && steps.rows <= MOST_ROWS && promised(found, size) <= LONGEST) {
      await session.load(writeTable("growth", table));
      const call = { formula: design.formula, reml: true };
      theirs = await session.fit(call);
      // The first call of a session loads and compiles; small ones are called again.
      if (theirs.seconds < 2) theirs = await session.fit(call);
    }
    found.push({
      ...steps,
      design: design.name,
      size,
      lme4: theirs?.seconds ?? null,
      lme4Evaluations: theirs?.evaluations ?? null,
    });
    console.error(
      `${design.name} ${size}: ${steps.fit?.toFixed(3) ?? "–"} s, lme4 ${theirs?.seconds ?? "–"}`,
    );
  }
  return found;
}

/** lme4's seconds at the next size if they grow as they did between the last two. */
function promised(found: readonly Grown[], size: number): number {
  const [before, last] = found.slice(-2);
  if (before === undefined || last === undefined) return 0;
  if (before.lme4 === null || last.lme4 === null) return Number.POSITIVE_INFINITY;
  const power = Math.log(last.lme4 / before.lme4) / Math.log(last.size / before.size);
  return last.lme4 * (size / last.size) ** Math.max(1, power);
}
