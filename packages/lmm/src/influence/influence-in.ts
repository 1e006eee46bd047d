import type { LinearMixedModel } from "../model/linear-mixed-model";
import type { Task, WorkerPool } from "../parallel/task";
import { type DeletionOutcome, failedDeletion, type InfluenceRefit, outcomes } from "./deletion-outcomes";
import { type DeletionUnit, deletionSets } from "./deletion-sets";
import type { Influence, InfluenceOptions } from "./influence";
import { InfluenceTable } from "./influence-table";

/** All that a worker needs to delete rows. */
interface DeletionSetup {
  readonly model: LinearMixedModel;
  readonly by: DeletionUnit;
  readonly refit: InfluenceRefit;
}

/** One deletion for each job. */
export const deletionTask: Task<DeletionSetup, DeletionOutcome> = {
  name: "influence-deletions",
  prepare: ({ model, by, refit }) => outcomes(model, deletionSets(model, by), refit),
};

/**
 * `influence` with the deletions shared out among workers; the same bits on any number of them.
 *
 * Worth it with `refit: "full"`: at θ̂, the default as in `influence`, a deletion is less work than its way to a worker.
 *
 * @param pool of `nodeWorkers`, `workerPool` or `serialPool`
 * @throws as `influence` (rejects)
 */
export async function influenceIn(
  pool: WorkerPool,
  model: LinearMixedModel,
  options: InfluenceOptions = {},
): Promise<Influence> {
  const { by = "observation", refit = "fixed-theta", signal, onProgress } = options;
  const sets = deletionSets(model, by);
  const run = {
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  };
  const results = await pool.run(deletionTask, { model, by, refit }, sets.labels.length, run);
  const table = new InfluenceTable(model, sets, refit);
  results.forEach((result, s) => {
    table.set(s, result.status === "ok" ? result.value : failedDeletion(model));
  });
  return table.result();
}
