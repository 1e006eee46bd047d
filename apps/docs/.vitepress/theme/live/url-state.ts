/** What a link to the live page carries. */
export interface LiveState {
  readonly dataset: string;
  readonly formula: string;
  readonly method: "REML" | "ML";
}

/** Formulas longer than this are not taken from a link. */
const longestFormula = 2000;

/**
 * Reads the state from a query string, `?data=cake&formula=…&method=ML`.
 *
 * Everything in it is text to be parsed as a formula or looked up in the list of data sets; nothing of it
 * is run. What is missing or unknown falls back to the first data set and its example.
 *
 * @returns the state, and whether the link carried a formula of its own
 */
export function readState(
  query: string,
  datasets: readonly { readonly name: string; readonly example: string }[],
  fallback: string,
): LiveState & { readonly linked: boolean } {
  const parameters = new URLSearchParams(query);
  const asked = parameters.get("data");
  const dataset = datasets.find((d) => d.name === asked) ?? datasets.find((d) => d.name === fallback);
  if (dataset === undefined) return { dataset: fallback, formula: "", method: "REML", linked: false };
  const given = parameters.get("formula");
  const linked = given !== null && given.trim() !== "" && given.length <= longestFormula;
  return {
    dataset: dataset.name,
    formula: linked ? given : dataset.example,
    method: parameters.get("method") === "ML" ? "ML" : "REML",
    linked,
  };
}

/** The query string that `readState` reads back, with its question mark. */
export function writeState(state: LiveState): string {
  const parameters = new URLSearchParams({ data: state.dataset, formula: state.formula });
  if (state.method === "ML") parameters.set("method", "ML");
  return `?${parameters.toString()}`;
}
