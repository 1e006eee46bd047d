/** The script of a worker that serves every task of this package: a Web Worker's or a Node thread's. */
import { lmmTasks } from "./parallel/lmm-tasks";
import { serveTasks } from "./parallel/serve-tasks";

serveTasks(lmmTasks);
