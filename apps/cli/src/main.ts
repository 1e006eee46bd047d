#!/usr/bin/env node
/** The `lmm` command: connects `run` to the process. */
import type { CliIo } from "./io/cli-io";
import { run } from "./run";

// A reader that closes the pipe early (`lmm fit … | head`) has all it wanted.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    throw error;
  });
}

const io: CliIo = {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  stdin: process.stdin,
  cwd: process.cwd(),
  interactive: process.stderr.isTTY === true,
  colors: process.stderr.isTTY === true && !process.env.NO_COLOR,
  debug: process.env.LMM_DEBUG !== undefined,
  now: () => performance.now(),
  workers: async (size) => {
    const { nodeWorkers } = await import("@lmmkit/lmm/node");
    return nodeWorkers({ size, script: new URL("./worker.js", import.meta.url) });
  },
};

process.exitCode = await run(process.argv.slice(2), io);
