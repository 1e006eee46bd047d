import { bootstrapTask } from "../bootstrap/bootstrap-task";
import { deletionTask } from "../influence/influence-in";
import { powerTask } from "../power/power-task";
import { profileTask } from "../profile/profile-in";
import { fitTask } from "./lmm-in";
import type { AnyTask } from "./task";

/** Every task of this package that a pool can run; what `@lmmkit/lmm/worker` serves. */
export const lmmTasks: readonly AnyTask[] = [fitTask, bootstrapTask, deletionTask, powerTask, profileTask];
