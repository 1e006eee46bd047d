import { createHash } from "node:crypto";
import type { Engine } from "./engines";
import { bundleFit, tenModels } from "./ten-models";

/** What one engine made of the ten models. */
export interface EngineBits {
  readonly engine: string;
  /** By model: SHA-256 of the fit as JSON, timings left out. */
  readonly hashes: Readonly<Record<string, string>>;
}

/** Fits the ten models in every engine. */
export async function compareBits(engines: readonly Engine[]): Promise<EngineBits[]> {
  const bundle = await bundleFit();
  const cases = tenModels();
  const found: EngineBits[] = [];
  for (const engine of engines) {
    const texts = await engine.fit(bundle, cases);
    const hashes = Object.fromEntries(cases.map(({ id }, i) => [id, sha256(texts[i])]));
    found.push({ engine: engine.name, hashes });
  }
  return found;
}

/** The models on which the engines do not agree. */
export function disagreements(found: readonly EngineBits[]): string[] {
  const [first, ...others] = found;
  return Object.keys(first.hashes).filter((id) =>
    others.some(({ hashes }) => hashes[id] !== first.hashes[id]),
  );
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
