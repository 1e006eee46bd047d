import { readFileSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import { compileKernels, generatedFile } from "../../scripts/compile-kernels.mjs";
import { DenseError, DenseWorkspace } from "../index";
import { decodeBase64 } from "./base64";
import { instantiateKernels, scratchBytes } from "./kernels";

describe("the embedded module", () => {
  test("is what the AssemblyScript sources compile to", async () => {
    const committed = readFileSync(new URL("../generated/kernels.ts", import.meta.url), "utf8");
    expect(committed).toBe(generatedFile(await compileKernels()));
  });

  test("needs the scratch that is reserved for it", () => {
    expect(instantiateKernels(0)?.kernels.scratchBytes.value).toBe(scratchBytes);
  });

  test("has no relaxed instructions", () => {
    // Relaxed SIMD opcodes are the vector prefix 0xfd followed by 0x80–0x93 0x02 (LEB128 of 0x100–0x113).
    const module = readFileSync(new URL("../generated/kernels.ts", import.meta.url), "utf8");
    const bytes = decodeBase64([...module.matchAll(/"([A-Za-z0-9+/=]+)"/g)].map((m) => m[1]).join(""));
    expect(bytes.length).toBeGreaterThan(4000);
    for (let i = 0; i + 2 < bytes.length; i++) {
      const relaxed = bytes[i] === 0xfd && bytes[i + 1] >= 0x80 && bytes[i + 1] <= 0x93 && bytes[i + 2] === 2;
      expect(relaxed).toBe(false);
    }
  });
});

test("base64 of every length and every digit decodes to its bytes", () => {
  for (let length = 0; length < 70; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 83 + length * 7) & 255);
    expect(decodeBase64(Buffer.from(bytes).toString("base64"))).toEqual(bytes);
  }
  const all = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  expect(Buffer.from(decodeBase64(all)).toString("base64")).toBe(all);
});

describe("a workspace", () => {
  test("hands out aligned arrays of zeros until it is full", () => {
    for (const kernels of ["wasm", "typescript"] as const) {
      const work = new DenseWorkspace(30, { kernels });
      expect(work.kernels).toBe(kernels);
      const a = work.allocate(3);
      const b = work.allocate(17);
      expect(a).toEqual(new Float64Array(3));
      expect(b.length).toBe(17);
      expect(a.buffer).toBe(work.buffer);
      expect(b.byteOffset - a.byteOffset).toBe(64);
      expect(a.byteOffset % 64).toBe(0);
      a.fill(1);
      b.fill(2);
      expect(a).toEqual(new Float64Array(3).fill(1));
      expect(work.free).toBe(0);
      expect(() => work.allocate(1)).toThrow(
        new DenseError("full-workspace", "full workspace", 1, "0 numbers are left"),
      );
      expect(work.allocate(0).length).toBe(0);
      work.reset();
      expect(work.free).toBe(30);
      expect(work.allocate(30)[0]).toBe(1);
    }
  });

  test("refuses capacities and lengths that are no whole numbers", () => {
    expect(() => new DenseWorkspace(-1)).toThrow("invalid capacity of workspace: -1");
    expect(() => new DenseWorkspace(4).allocate(1.5)).toThrow("invalid length of allocation: 1.5");
  });

  test("serves in TypeScript where more memory is asked for than WebAssembly has", () => {
    // 2^29 numbers are 4 GiB, one scratch more than 32-bit addresses reach.
    expect(instantiateKernels(2 ** 32)).toBe(null);
    expect(() => new DenseWorkspace(2 ** 29, { kernels: "wasm" })).toThrow(
      expect.objectContaining({ code: "no-webassembly" }),
    );
  });

  test("serves in TypeScript where there is no WebAssembly", async () => {
    vi.stubGlobal("WebAssembly", undefined);
    vi.resetModules();
    try {
      const fresh = await import("../index");
      const work = new fresh.DenseWorkspace(16);
      expect(work.kernels).toBe("typescript");
      const a = work.allocate(4);
      a.set([4, 2, 0, 5]);
      expect(fresh.choleskyTrapezoidInPlace(a, 0, 2, 2, 2, work)).toBe(-1);
      expect([...a]).toEqual([2, 1, 0, 2]);
      expect(() => new fresh.DenseWorkspace(16, { kernels: "wasm" })).toThrow("missing kernels: wasm");
    } finally {
      vi.unstubAllGlobals();
      vi.resetModules();
    }
  });
});
