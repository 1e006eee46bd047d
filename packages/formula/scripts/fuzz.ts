/**
 * Tries many random texts: `npx tsx --conditions=@lmmkit/source scripts/fuzz.ts 1000000 SEED [frames]`.
 * Prints the count, how many parsed, and the longest time per character that any text took.
 */
import { randomText, seeded, tryFrame, tryParse } from "../src/fuzz.test-support";

const count = Number(process.argv[2] ?? 100_000);
const random = seeded(Number(process.argv[3] ?? 1));
const frames = process.argv[4] === "frames";
let parsed = 0;
let failures = 0;
const start = performance.now();
for (let k = 0; k < count; k++) {
  const text = randomText(random);
  try {
    if (frames ? tryFrame(text, random) : tryParse(text)) parsed++;
  } catch (error) {
    if (++failures <= 10) console.log((error as Error).message);
  }
}
const seconds = (performance.now() - start) / 1000;
console.log(
  `${count} texts, ${parsed} ${frames ? "frames" : "parsed"}, ${failures} failures, ${seconds.toFixed(1)} s`,
);
process.exitCode = failures === 0 ? 0 : 1;
