import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A CSV file and the Frictionless schema that gives its types and factor levels. */
export interface DataFiles {
  readonly csv: string;
  readonly schema: string;
}

const fixtures = fileURLToPath(new URL("../fixtures/data/", import.meta.url));
const shared = fileURLToPath(new URL("../../../shared/data/", import.meta.url));

/**
 * Where a data set is: among the fixtures, else in the optional folder beside the project (for
 * data that may not be published with it), else nowhere.
 */
export function dataFiles(name: string): DataFiles | null {
  const candidates = [
    { csv: `${fixtures}${name}.csv.gz`, schema: `${fixtures}${name}.schema.json` },
    { csv: `${shared}${name}.csv`, schema: `${shared}${name}.schema.json` },
  ];
  return candidates.find((files) => existsSync(files.csv) && existsSync(files.schema)) ?? null;
}

/** The sentence that a test gives when it skips for want of data. */
export function absence(name: string): string {
  return `${name} may not be published with the project and ../shared/data does not have it`;
}

/**
 * A test's title, with the reason when it will skip: for `it.skipIf(files === null)(title(…))`.
 */
export function titleFor(title: string, name: string): string {
  return dataFiles(name) === null ? `${title} (skipped: ${absence(name)})` : title;
}
