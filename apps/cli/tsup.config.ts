import { defineConfig } from "tsup";

export default defineConfig({
  entry: { lmm: "src/main.ts", worker: "src/worker.ts" },
  format: "esm",
  target: "node20",
  platform: "node",
  splitting: true,
  sourcemap: false,
  clean: true,
  // The command is one download: the workspace's own packages are bundled in.
  noExternal: [/^@lmmkit\//],
  tsconfig: "tsconfig.build.json",
});
