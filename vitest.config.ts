import { defineConfig } from "vitest/config";

// Tests run on the sources of every package: the "@lmmkit/source" condition of each
// package's exports points there, so nothing has to be built first.
const conditions = ["@lmmkit/source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: [
      "{packages,apps}/*/src/**/*.test.ts",
      "tests/**/*.test.ts",
      "apps/docs/**/*.test.ts",
      "bench/src/**/*.test.ts",
    ],
    exclude: ["**/node_modules/**", "**/dist/**"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    coverage: {
      provider: "v8",
      include: ["packages/*/src/**/*.ts"],
      exclude: ["**/*.test.ts", "**/*.bench.ts"],
    },
  },
});
