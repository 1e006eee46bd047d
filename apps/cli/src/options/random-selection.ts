import type { RandomSelection } from "@lmmkit/lmm";

/** `all`, `none`, a one-sided formula, or names of grouping factors with commas between them. */
export function randomSelection(text: string): RandomSelection {
  if (text === "all" || text === "none" || text.trimStart().startsWith("~")) return text;
  return text.split(",").map((name) => name.trim());
}
