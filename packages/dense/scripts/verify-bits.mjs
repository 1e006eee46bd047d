// Checks that both kernels give the same bits on this Node, on Node 20, 22 and 24 and in Chromium.
//   node scripts/verify-bits.mjs [--chromium PATH]
// The Node versions are fetched from the npm registry into a temporary folder.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "dense-bits-"));
const chromium = process.argv[process.argv.indexOf("--chromium") + 1 || Number.NaN] ?? "/usr/bin/chromium";
const run = (command, args, options = {}) =>
  execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], ...options });

function nodeOf(version) {
  const prefix = join(folder, `node-${version}`);
  mkdirSync(prefix);
  const name = `node-${process.platform}-${process.arch}`;
  run("npm", ["install", "--no-save", "--ignore-scripts", "--prefix", prefix, `${name}@${version}`]);
  return join(prefix, "node_modules", name, "bin", "node");
}

/** The text that a page ends up with. */
function pageText(html) {
  const file = join(folder, "page.html");
  writeFileSync(file, html);
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", `--user-data-dir=${join(folder, "profile")}`];
  const dom = run(chromium, [...flags, "--virtual-time-budget=60000", "--dump-dom", `file://${file}`]);
  return dom.match(/\{"engine".*\}\]\}/)?.[0] ?? `nothing: ${dom.slice(0, 300)}`;
}

try {
  const tsup = join(root, "../../node_modules/.bin/tsup");
  const bundle = [
    "bench/fingerprint-main.ts",
    "--config",
    "false",
    "--out-dir",
    folder,
    "--platform",
    "neutral",
  ];
  run(tsup, [...bundle, "--format", "esm,iife"], { cwd: root });
  const module = join(folder, "fingerprint-main.mjs");
  writeFileSync(module, readFileSync(join(folder, "fingerprint-main.js")));
  const classic = readFileSync(join(folder, "fingerprint-main.global.js"), "utf8").replaceAll(
    "</script",
    "<\\/script",
  );
  const outputs = [["this Node", run(process.execPath, [module])]];
  for (const version of [20, 22, 24]) outputs.push([`Node ${version}`, run(nodeOf(version), [module])]);
  if (existsSync(chromium)) {
    outputs.push(["Chromium, page", pageText(`<body><script>${classic}</script></body>`)]);
    const worker = `const url = URL.createObjectURL(new Blob([${JSON.stringify(classic)}]));
      new Worker(url).onmessage = (event) => { document.body.textContent = event.data; };`;
    outputs.push(["Chromium, worker", pageText(`<body><script>${worker}</script></body>`)]);
  } else {
    console.log(`Chromium is not at ${chromium}: skipped`);
  }
  const seen = new Set();
  for (const [name, output] of outputs) {
    const { engine, results } = JSON.parse(output);
    for (const { kernels, bits } of results) {
      console.log(`${name.padEnd(18)}${kernels.padEnd(12)}${bits}  ${engine}`);
      seen.add(bits);
    }
  }
  console.log(seen.size === 1 ? "the same bits everywhere" : `${seen.size} different results`);
  process.exitCode = seen.size === 1 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
