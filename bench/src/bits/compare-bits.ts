import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import type { Engine } from "./engines";
import { bundleFit, tenModels } from "./ten-models";

/** What one engine made of the ten models. */
export interface EngineBits {
  readonly engine: string;
  /** By model: SHA-256 of the fit as JSON, timings left out. */
  readonly hashes: Readonly<Record<string, string>>;
}

/** Numbers of workers that must give the same bits; 0 is the page or process itself. */
export const workerCounts = [0, 1, 2, 4] as const;

/** What the engines made of the fits, and of bootstrap samples with every number of workers. */
export interface Bits {
  readonly fits: readonly EngineBits[];
  readonly bootstraps: readonly EngineBits[];
}

/** Fits the ten models in every engine and draws bootstrap samples of them. */
export async function compareBits(engines: readonly Engine[]): Promise<Bits> {
  const bundles = await bundleFit();
  const cases = tenModels();
  const hashed = (engine: string, texts: readonly string[]): EngineBits => ({
    engine,
    hashes: Object.fromEntries(cases.map(({ id }, i) => [id, sha256(texts[i])])),
  });
  const fits: EngineBits[] = [];
  const bootstraps: EngineBits[] = [];
  for (const engine of engines) {
    fits.push(hashed(engine.name, await engine.fit(bundles, cases)));
    const samples = await engine.bootstrap(bundles, cases, workerCounts);
    for (const [i, count] of workerCounts.entries()) {
      bootstraps.push(hashed(`${engine.name}, ${count} workers`, samples[i]));
    }
  }
  rmSync(bundles.folder, { recursive: true });
  return { fits, bootstraps };
}

/** Where an engine does not agree with the first: model and engine. */
export function disagreements(found: readonly EngineBits[]): string[] {
  const [first, ...others] = found;
  return others.flatMap(({ engine, hashes }) =>
    Object.keys(first.hashes)
      .filter((id) => hashes[id] !== first.hashes[id])
      .map((id) => `${id} (${engine})`),
  );
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
