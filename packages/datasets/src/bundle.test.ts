import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build, type Rolldown } from "vite";
import { describe, expect, it, vi } from "vitest";

const src = fileURLToPath(new URL(".", import.meta.url));

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  exports: Record<string, { "@lmmkit/source": string }>;
};

/** The source file behind `@lmmkit/datasets` and its subpaths, by the package's own exports. */
function sourceOf(id: string): string | undefined {
  if (!id.startsWith("@lmmkit/datasets")) return undefined;
  const target = manifest.exports[`.${id.slice("@lmmkit/datasets".length)}`]["@lmmkit/source"];
  return src + target.replace("./src/", "");
}

/** The chunks of a production bundle of `code`, which imports this package by name. */
async function bundle(code: string, oneFile = false): Promise<Rolldown.OutputChunk[]> {
  const entry = `${src}virtual-entry.ts`;
  const result = (await build({
    configFile: false,
    root: src,
    logLevel: "silent",
    plugins: [
      {
        name: "entry",
        // Before Vite's own resolution, which finds the built package where there is one.
        enforce: "pre",
        resolveId: (id) => (id === entry ? entry : sourceOf(id)),
        load: (id) => (id === entry ? code : undefined),
      },
    ],
    build: {
      write: false,
      minify: true,
      lib: { entry, formats: ["es"], fileName: "entry" },
      rolldownOptions: { output: oneFile ? { codeSplitting: false } : {} },
    },
  })) as Rolldown.RolldownOutput[];
  return result[0].output.filter((chunk) => chunk.type === "chunk");
}

describe("a bundle", () => {
  it("that imports sleepstudy carries sleepstudy and nothing else", async () => {
    const chunks = await bundle(
      'import { sleepstudy } from "@lmmkit/datasets/sleepstudy"; export const n = sleepstudy.table.Reaction.length;',
    );
    const code = chunks.map((chunk) => chunk.code).join("");
    expect(code).toContain("249.56");
    // 2.5 kB of values, 1 kB of description, and the decoder with its blanks (which Vite keeps in
    // an ES library); InstEval alone is 290 kB.
    expect(code.length).toBeLessThan(8_000);
    const modules = chunks.flatMap((chunk) => Object.keys(chunk.modules));
    expect(modules.filter((id) => id.includes("/data/"))).toEqual([`${src}data/sleepstudy.ts`]);
  });

  it("that imports the catalogue carries no values", async () => {
    const chunks = await bundle(
      'import { datasets } from "@lmmkit/datasets"; export const n = datasets.length;',
    );
    expect(chunks).toHaveLength(1);
    expect(Object.keys(chunks[0].modules).filter((id) => id.includes("/data/"))).toEqual([]);
    expect(chunks[0].code.length).toBeLessThan(15_000);
  });

  it("that imports a data set and uses nothing of it is empty", async () => {
    const chunks = await bundle('import { InstEval } from "@lmmkit/datasets/InstEval"; export const n = 1;');
    expect(chunks.map((chunk) => chunk.code).join("").length).toBeLessThan(200);
  });

  it("that loads by name keeps each data set in a chunk of its own", async () => {
    const chunks = await bundle('export { loadDataset } from "@lmmkit/datasets";');
    const entry = chunks.find((chunk) => chunk.isEntry);
    expect(Object.keys(entry?.modules ?? {}).filter((id) => id.includes("/data/"))).toEqual([]);
    expect(chunks.filter((chunk) => chunk.isDynamicEntry)).toHaveLength(11);
  });
});

describe("the README", () => {
  it("shows examples that print what their comments say", async () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map((match) => match[1]);
    expect(examples.length).toBeGreaterThan(1);
    for (const example of examples) {
      const printed: string[] = [];
      const log = vi.spyOn(console, "log").mockImplementation((line) => void printed.push(String(line)));
      const chunks = await bundle(example, true);
      await import(
        /* @vite-ignore */ `data:text/javascript;base64,${Buffer.from(chunks[0].code).toString("base64")}`
      );
      log.mockRestore();
      expect(printed).toEqual([...example.matchAll(/console\.log.*\/\/ (.*)/g)].map((match) => match[1]));
    }
  });
});
