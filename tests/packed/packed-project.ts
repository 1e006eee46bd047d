import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

const tool = (name: string) => join(root, "node_modules/.bin", name);

/** Runs a command without a shell and returns what it printed; a failure shows everything it said. */
function run(command: string, args: string[], cwd: string): string {
  try {
    return execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(" ")} failed\n${stdout ?? ""}${stderr ?? ""}`);
  }
}

/** An empty project outside the workspace into which packages were installed from their tarballs. */
export class PackedProject {
  readonly folder: string;
  private readonly work: string;

  /** @param packages names without the scope, with all that they depend on */
  constructor(packages: readonly string[]) {
    this.work = mkdtempSync(join(tmpdir(), "lmmkit-project-"));
    this.folder = join(this.work, "project");
    mkdirSync(this.folder);
    const dependencies = Object.fromEntries(packages.map((name) => [`@lmmkit/${name}`, this.pack(name)]));
    const manifest = { name: "page", private: true, type: "module", dependencies };
    writeFileSync(join(this.folder, "package.json"), JSON.stringify(manifest));
    run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], this.folder);
  }

  private pack(name: string): string {
    const source = join(root, "packages", name);
    if (!existsSync(join(source, "dist")))
      throw new Error(`no build of ${name}; run npx turbo run build first`);
    const destination = join(this.work, name);
    mkdirSync(destination);
    run(tool("pnpm"), ["pack", "--pack-destination", destination], source);
    return `file:${join(destination, readdirSync(destination)[0])}`;
  }

  /** Writes files, by their paths in the project. */
  write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), text);
    }
  }

  /** The lines that a script of the project prints in Node. */
  node(script: string): string[] {
    return run("node", [script], this.folder).trimEnd().split("\n");
  }

  /**
   * Bundles `NAME/main.js` for the page `/NAME/`, on which `finished` is true when the script has ended.
   *
   * @returns the scripts of the bundle, minified
   */
  bundle(name: string): Buffer[] {
    const folder = join(this.folder, name);
    const script = `<script type="module">import "./main.js"; globalThis.finished = true;</script>`;
    // Without an icon of its own the browser asks for one.
    const head = `<!doctype html><title>${name}</title><link rel="icon" href="data:,">`;
    writeFileSync(join(folder, "index.html"), `${head}${script}`);
    run(tool("vite"), ["build", "--base", "./", "--target", "es2022", "--logLevel", "error"], folder);
    const assets = join(folder, "dist", "assets");
    return readdirSync(assets).map((file) => readFileSync(join(assets, file)));
  }

  remove(): void {
    rmSync(this.work, { recursive: true, force: true });
  }
}
