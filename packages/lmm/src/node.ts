export { type NodeWorkersOptions, nodeWorkers } from "./parallel/node-workers";
