import { Session } from "node:inspector/promises";

/** Share of the time that one function took itself. */
export interface ProfileLine {
  readonly share: number;
  readonly where: string;
}

/**
 * Runs a function under V8's sampling profiler for about a second (at least once).
 *
 * @returns the functions that took most, with their shares of all samples
 */
export async function profile(run: () => unknown, lines = 8): Promise<ProfileLine[]> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: 200 });
  await session.post("Profiler.start");
  const begun = performance.now();
  do run();
  while (performance.now() - begun < 1000);
  const { profile: found } = await session.post("Profiler.stop");
  session.disconnect();
  const byFunction = new Map<string, number>();
  let total = 0;
  for (const { callFrame, hitCount = 0 } of found.nodes) {
    const file = callFrame.url.split("/").slice(-2).join("/");
    // Functions of WebAssembly have no file of their own.
    const where = `${callFrame.functionName || "anonymous"}${file === "" ? "" : ` (${file})`}`;
    byFunction.set(where, (byFunction.get(where) ?? 0) + hitCount);
    total += hitCount;
  }
  return [...byFunction]
    .map(([where, hits]) => ({ where, share: hits / total }))
    .sort((a, b) => b.share - a.share)
    .slice(0, lines);
}
