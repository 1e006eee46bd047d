import type { DatasetName } from "./catalogue";
import type { Dataset } from "./dataset";
import { UnknownDatasetError } from "./unknown-dataset";

// One literal import() each, so that a bundler makes one chunk per data set.
const loaders: Readonly<Record<DatasetName, () => Promise<Dataset>>> = {
  Arabidopsis: async () => (await import("./arabidopsis")).Arabidopsis,
  cake: async () => (await import("./cake")).cake,
  cbpp: async () => (await import("./cbpp")).cbpp,
  Dyestuff: async () => (await import("./dyestuff")).Dyestuff,
  Dyestuff2: async () => (await import("./dyestuff2")).Dyestuff2,
  grouseticks: async () => (await import("./grouseticks")).grouseticks,
  InstEval: async () => (await import("./inst-eval")).InstEval,
  Pastes: async () => (await import("./pastes")).Pastes,
  Penicillin: async () => (await import("./penicillin")).Penicillin,
  sleepstudy: async () => (await import("./sleepstudy")).sleepstudy,
  VerbAgg: async () => (await import("./verb-agg")).VerbAgg,
};

/**
 * Loads a bundled data set by its name, as `datasets` lists it.
 *
 * The values arrive by a dynamic import, so a bundle fetches only what is asked for. Where the
 * name is known beforehand, `import { sleepstudy } from "@lmmkit/datasets/sleepstudy"` is direct.
 *
 * @param name a data set's name, R's spelling (`sleepstudy`, `InstEval`)
 * @throws UnknownDatasetError (as a rejection) for any other name, with the nearest one as hint
 */
export async function loadDataset(name: DatasetName | (string & {})): Promise<Dataset> {
  if (!Object.hasOwn(loaders, name)) throw new UnknownDatasetError(name, Object.keys(loaders));
  return loaders[name as DatasetName]();
}
