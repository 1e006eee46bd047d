import { expect, test } from "vitest";
import { fingerprint } from "../bench/fingerprint";

test("every operation has the bits that it has on every other engine", () => {
  // `node scripts/verify-bits.mjs` got this number on Node 20.20.2, 22.23.3 and 24.21.0 and in a page and a
  // worker of Chromium 156, on x86-64.
  for (const kernels of ["auto", "wasm", "typescript"] as const) {
    expect(fingerprint(kernels).bits).toBe("056eb98850dab1c4");
  }
});
