export type * from "./data/model-frame";
