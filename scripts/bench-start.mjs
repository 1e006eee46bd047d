// The lmm command as a user meets it: process start to exit, median of 11 runs each, beside an empty Node process.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "./lib/run.mjs";

const lmm = join(root, "apps", "cli", "dist", "lmm.js");
const sleepstudy = ["fit", "Reaction ~ Days + (Days | Subject)", join(root, "examples", "sleepstudy.csv")];
const instEval = ["fit", "y ~ service + (1|s) + (1|d) + (1|dept:service)", "dataset:InstEval", "--ml"];

for (const [name, args, runs] of [
  ["node alone", ["-e", "0"], 11],
  ["sleepstudy", [lmm, ...sleepstudy], 11],
  ["InstEval, three terms, ML", [lmm, ...instEval], 3],
]) {
  const seconds = [];
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    if (status !== 0) throw new Error(`${name} failed; npm start builds the command\n${stderr}`);
    seconds.push((performance.now() - started) / 1000);
  }
  seconds.sort((a, b) => a - b);
  console.log(`${name}: ${seconds[(runs - 1) / 2].toFixed(3)} s, median of ${runs}`);
}
