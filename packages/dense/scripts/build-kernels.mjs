// Compiles assembly/ with AssemblyScript and embeds the module in src/generated/kernels.ts.
//   node scripts/build-kernels.mjs           writes the file
//   node scripts/build-kernels.mjs --check   exits with 1 when the file is not what the sources compile to
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { compileKernels, generatedFile } from "./compile-kernels.mjs";

const target = fileURLToPath(new URL("../src/generated/kernels.ts", import.meta.url));
const text = generatedFile(await compileKernels());
if (process.argv.includes("--check")) {
  if ((await readFile(target, "utf8")) !== text) {
    console.error(
      "src/generated/kernels.ts is not what assembly/ compiles to: run scripts/build-kernels.mjs",
    );
    process.exitCode = 1;
  }
} else {
  await writeFile(target, text);
}
