// npm start: installs, builds, and fits a real model to real data.
import { join } from "node:path";
import { build, install, root, run } from "./lib/run.mjs";

const formula = "Reaction ~ Days + (Days | Subject)";
const data = join("examples", "sleepstudy.csv");

const steps = [
  ["install", () => install()],
  ["build", () => build("@lmmkit/cli")],
  [
    "fit",
    () => {
      console.log(`\n$ lmm fit "${formula}" ${data}\n`);
      return run(process.execPath, [join(root, "apps", "cli", "dist", "lmm.js"), "fit", formula, data]);
    },
  ],
];

for (const [name, step] of steps) {
  const status = step();
  if (status !== 0) {
    console.error(`npm start: ${name} failed`);
    process.exit(status);
  }
}
