import { defineConfig } from "tsup";

export default defineConfig({
  // One entry per data set: a bundle carries the values of those it imports.
  entry: [
    "src/index.ts",
    "src/arabidopsis.ts",
    "src/cake.ts",
    "src/cbpp.ts",
    "src/dyestuff.ts",
    "src/dyestuff2.ts",
    "src/grouseticks.ts",
    "src/inst-eval.ts",
    "src/pastes.ts",
    "src/penicillin.ts",
    "src/sleepstudy.ts",
    "src/verb-agg.ts",
  ],
  format: "esm",
  target: "es2022",
  platform: "neutral",
  dts: true,
  // No source maps: they would hold every value a second time.
  sourcemap: false,
  clean: true,
  tsconfig: "tsconfig.build.json",
});
