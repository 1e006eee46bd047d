import { describe, expect, it } from "vitest";
import type { FromWorker, ToWorker, WorkerPort } from "./protocol";
import { runJobs, serialPool } from "./serial";
import { serveTasks } from "./serve-tasks";
import type { AnyTask, Task } from "./task";
import { workerPool } from "./worker-pool";

const squares: Task<{ readonly add: number; readonly bad?: number }, number> = {
  name: "squares",
  prepare: ({ add, bad }) => {
    if (add < 0) throw new RangeError("negative");
    return (index) => {
      if (index === bad) throw new RangeError("bad index");
      return index * index + add;
    };
  },
};
const expected = Array.from({ length: 100 }, (_, i) => ({ status: "ok", value: i * i + 1 }));

/** A worker in this thread whose messages are copied and come later; `dies` says at which chunk it ends. */
function fakeWorker(tasks: readonly AnyTask[], dies: (first: number) => boolean = () => false): WorkerPort {
  let serve: (message: ToWorker) => void = () => {};
  let heard: (message: FromWorker) => void = () => {};
  let failed: (reason: string) => void = () => {};
  let alive = true;
  return {
    post: (message) => {
      const copy = structuredClone(message);
      setTimeout(() => {
        if (!alive) return;
        if (copy.kind === "jobs" && dies(copy.first)) {
          alive = false;
          failed("out of memory");
        } else serve(copy);
      });
    },
    listen: (message, failure) => {
      heard = message;
      failed = failure;
      serveTasks(tasks, {
        post: (answer) => setTimeout(() => alive && heard(structuredClone(answer))),
        listen: (own) => {
          serve = own;
        },
      });
    },
    terminate: () => {
      alive = false;
    },
  };
}

describe("a pool", () => {
  it.each([1, 2, 4])("of %i workers gives the outcomes of the serial one, in order", async (size) => {
    const pool = workerPool(() => fakeWorker([squares]), size);
    const seen: number[] = [];
    const onProgress = (done: number, total: number) => seen.push(done / total);
    expect(await pool.run(squares, { add: 1 }, 100, { chunk: 7, onProgress })).toEqual(expected);
    expect(seen.length).toBe(15);
    expect(seen.at(-1)).toBe(1);
    expect(runJobs(squares, { add: 1 }, 100)).toEqual(expected);
    expect(await serialPool().run(squares, { add: 1 }, 100)).toEqual(expected);
    expect(await pool.run(squares, { add: 1 }, 0)).toEqual([]);
  });

  it("keeps a job's error as its outcome and does the others", async () => {
    const pool = workerPool(() => fakeWorker([squares]), 2);
    const outcomes = await pool.run(squares, { add: 1, bad: 41 }, 100);
    expect(outcomes[41]).toEqual({
      status: "failed",
      error: { name: "RangeError", code: null, message: "bad index" },
    });
    expect(outcomes.filter(({ status }) => status === "ok")).toHaveLength(99);
    expect(runJobs(squares, { add: 1, bad: 41 }, 100)).toEqual(outcomes);
  });

  it("fails the chunk of a worker that dies, and another worker takes its place", async () => {
    const pool = workerPool(() => fakeWorker([squares], (first) => first === 20), 2);
    const outcomes = await pool.run(squares, { add: 1 }, 100, { chunk: 10 });
    outcomes.forEach((outcome, i) => {
      if (i < 20 || i >= 30) expect(outcome).toEqual(expected[i]);
      else expect(outcome).toMatchObject({ status: "failed", error: { code: "lost-worker" } });
    });
  });

  it("gives up when no worker starts", async () => {
    const pool = workerPool(
      () => ({
        post() {},
        terminate() {},
        listen: (_, failure) => setTimeout(() => failure("no such file")),
      }),
      2,
    );
    await expect(pool.run(squares, { add: 1 }, 10)).rejects.toMatchObject({ code: "lost-worker" });
  });

  it("says which task its workers do not serve, and what a setup threw", async () => {
    const pool = workerPool(() => fakeWorker([squares]), 2);
    const cubes = { ...squares, name: "cubes" };
    await expect(pool.run(cubes, { add: 1 }, 10)).rejects.toMatchObject({
      code: "unknown-task",
      value: "cubes",
    });
    await expect(pool.run(squares, { add: -1 }, 10)).rejects.toMatchObject({ code: "failed-setup" });
    const uncloneable = { add: 1, more: () => 1 };
    await expect(pool.run(squares, uncloneable, 10)).rejects.toMatchObject({ code: "failed-setup" });
    expect(await pool.run(squares, { add: 1 }, 100)).toEqual(expected);
  });

  it("ends by its signal, by a callback that throws and when it is closed, and can be used again", async () => {
    for (const pool of [workerPool(() => fakeWorker([squares]), 2), serialPool()]) {
      const control = new AbortController();
      const options = { signal: control.signal, onProgress: () => control.abort("enough") };
      await expect(pool.run(squares, { add: 1 }, 100, options)).rejects.toMatchObject({
        code: "aborted",
        value: "enough",
      });
      await expect(pool.run(squares, { add: 1 }, 100, options)).rejects.toMatchObject({ code: "aborted" });
      const closed = pool.run(squares, { add: 1 }, 100, { onProgress: () => pool.close() });
      await expect(closed).rejects.toMatchObject({ code: "aborted" });
      expect(await pool.run(squares, { add: 1 }, 100)).toEqual(expected);
    }
    const control = new AbortController();
    const options = { signal: control.signal, onProgress: () => control.abort("enough") };
    expect(() => runJobs(squares, { add: 1 }, 100, options)).toThrow("aborted run");
  });

  it("does one run after the other", async () => {
    const pool = workerPool(() => fakeWorker([squares]), 2);
    const runs = await Promise.all([pool.run(squares, { add: 1 }, 100), pool.run(squares, { add: 1 }, 100)]);
    expect(runs).toEqual([expected, expected]);
  });

  it("refuses numbers of workers that are none", () => {
    for (const size of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e9]) {
      expect(() => workerPool(() => fakeWorker([squares]), size), String(size)).toThrow(
        /^invalid number of workers/,
      );
    }
  });
});
