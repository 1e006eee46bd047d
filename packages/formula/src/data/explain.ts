import { contrastName } from "../schema/contrasts";
import { factorCodings } from "../schema/marginality";
import type { Formula } from "../syntax/ast";
import { printFormula } from "../syntax/print";
import type { TermList } from "../terms/expand";
import { type AliasedColumn, aliasedColumns } from "./aliases";
import { type FrameParts, frameParts } from "./build-frame";
import type { ModelFrameOptions } from "./frame-options";
import { combineCodes } from "./interaction-factor";
import type { GroupingFactor, ModelMatrix } from "./model-frame";
import type { TableLike } from "./table";

/** A variable of a design and what it is. */
export interface ExplainedVariable {
  readonly name: string;
  readonly kind: "numbers" | "logical" | "factor" | "ordered factor" | "matrix";
  /** Of a factor: how many levels, the first twenty of them, and its contrasts. */
  readonly nlevels: number | null;
  readonly levels: readonly string[];
  readonly contrasts: string | null;
}

export interface ExplainedTerm {
  readonly term: string;
  /** The names of its columns. */
  readonly columns: readonly string[];
  /** How each of its factors is coded here. */
  readonly coding: readonly { readonly variable: string; readonly coding: "contrast" | "indicator" }[];
}

export interface ExplainedRandomTerm {
  readonly term: string;
  readonly group: string;
  readonly levels: number;
  readonly effects: readonly string[];
  readonly structure: string;
  /** Columns of Z: levels × effects. */
  readonly columns: number;
}

export interface ExplainedGroup {
  readonly name: string;
  readonly levels: number;
  /** Rows per level. */
  readonly smallest: number;
  readonly largest: number;
}

/** How two grouping factors stand to each other. */
export interface GroupRelation {
  readonly first: string;
  readonly second: string;
  /** `nested`: every level of `first` lies in one level of `second`. */
  readonly relation: "same" | "nested" | "crossed" | "partially crossed";
  /** How many combinations of levels occur. */
  readonly combinations: number;
}

/** What a formula was understood to mean on a table. Plain JSON. */
export interface Explanation {
  readonly formula: string;
  readonly rows: {
    readonly table: number;
    readonly used: number;
    readonly missing: Readonly<Record<string, number>>;
  };
  readonly response: string | null;
  readonly variables: readonly ExplainedVariable[];
  readonly intercept: boolean;
  readonly fixed: readonly ExplainedTerm[];
  readonly random: readonly ExplainedRandomTerm[];
  readonly groups: readonly ExplainedGroup[];
  readonly relations: readonly GroupRelation[];
  /** Fixed-effects columns that others already make; null when there are too many to tell. */
  readonly aliased: readonly AliasedColumn[] | null;
  readonly weights: boolean;
  readonly offset: boolean;
  /** What a person should know, as sentences. */
  readonly notes: readonly string[];
}

/**
 * Says what a formula was understood to mean on a table: terms, codings, grouping factors, nesting and
 * crossing, how many columns each gives, and columns that say nothing new. `formatExplanation` makes it text.
 *
 * Parameters and failure are those of `modelFrame`. Cost: a model frame, O(rows) per pair of grouping factors, and
 * O(rows · columns²) for aliased columns.
 */
export function explain(
  formula: string | Formula,
  table: TableLike,
  options: ModelFrameOptions = {},
): Explanation {
  const parts = frameParts(formula, table, options);
  const { frame, model } = parts;
  const groups = [...new Map(frame.random.map((term) => [term.group.name, term.group])).values()];
  const explained: Omit<Explanation, "notes"> = {
    formula: printFormula(frame.formula),
    rows: { table: frame.nrowsTable, used: frame.nobs, missing: frame.missing },
    response: frame.response?.name ?? null,
    variables: [...parts.values.keys()].map((name) => explainVariable(name, parts)),
    intercept: model.fixed.intercept,
    fixed: explainTerms(model.fixed, frame.fixed, parts),
    random: frame.random.map((term) => ({
      term: term.label,
      group: term.group.name,
      levels: term.group.levels.length,
      effects: term.design.names,
      structure: term.structure,
      columns: term.group.levels.length * term.design.names.length,
    })),
    groups: groups.map(explainGroup),
    relations: groups.flatMap((first, i) => groups.slice(i + 1).map((second) => relate(first, second))),
    aliased: aliasedColumns(frame.fixed),
    weights: frame.weights !== null,
    offset: frame.offset !== null,
  };
  return { ...explained, notes: notesOn(explained) };
}

function explainVariable(name: string, { frame, values }: FrameParts): ExplainedVariable {
  const value = values.get(name)!;
  switch (value.kind) {
    case "factor":
      return {
        name,
        kind: value.ordered ? "ordered factor" : "factor",
        nlevels: value.levels.length,
        levels: value.levels.slice(0, 20),
        contrasts: contrastName(frame.schema.factors[name].contrasts),
      };
    case "logical":
      return { name, kind: "logical", nlevels: 2, levels: ["FALSE", "TRUE"], contrasts: "treatment" };
    default:
      return {
        name,
        kind: value.kind === "matrix" ? "matrix" : "numbers",
        nlevels: null,
        levels: [],
        contrasts: null,
      };
  }
}

function explainTerms(list: TermList, matrix: ModelMatrix, { values }: FrameParts): ExplainedTerm[] {
  const isFactor = list.variables.map((v) => ["factor", "logical"].includes(values.get(v.text)?.kind ?? ""));
  const codings = factorCodings(list.terms, list.intercept, isFactor);
  return list.terms.map((term, t) => ({
    term: list.labels[t],
    columns: matrix.names.filter((_, j) => matrix.assign[j] === t + 1),
    coding: term.flatMap((position, k) =>
      isFactor[position] ? [{ variable: list.variables[position].text, coding: codings[t][k] }] : [],
    ),
  }));
}

function explainGroup(group: GroupingFactor): ExplainedGroup {
  const counts = new Int32Array(group.levels.length);
  for (let i = 0; i < group.codes.length; i++) counts[group.codes[i]]++;
  let smallest = group.codes.length;
  let largest = 0;
  for (const count of counts) {
    if (count < smallest) smallest = count;
    if (count > largest) largest = count;
  }
  return { name: group.name, levels: counts.length, smallest, largest };
}

function relate(a: GroupingFactor, b: GroupingFactor): GroupRelation {
  const na = a.levels.length;
  const nb = b.levels.length;
  const combinations = combineCodes(a.codes, na, b.codes, nb).first.length;
  // The one with more levels comes first: it is the one that can be nested.
  const [first, second] = na >= nb ? [a.name, b.name] : [b.name, a.name];
  const most = Math.max(na, nb);
  const relation =
    combinations === most && na === nb
      ? "same"
      : combinations === most
        ? "nested"
        : combinations === na * nb
          ? "crossed"
          : "partially crossed";
  return { first, second, relation, combinations };
}

function notesOn(explained: Omit<Explanation, "notes">): string[] {
  const { rows, groups, relations, aliased, random } = explained;
  const notes: string[] = [];
  for (const [name, count] of Object.entries(rows.missing))
    notes.push(`${name} is missing in ${plural(count, "row")}.`);
  for (const group of groups) {
    if (group.levels < 2)
      notes.push(`${group.name} has one level only: no variance between groups can be told.`);
    else if (group.levels === rows.used) {
      notes.push(
        `${group.name} has a level for every row: its intercepts cannot be told from the residuals.`,
      );
    }
  }
  for (const { first, second, relation } of relations) {
    if (relation === "same") notes.push(`${first} and ${second} part the rows in the same way.`);
  }
  for (const term of random) {
    if (term.columns >= rows.used && term.effects.length > 1) {
      notes.push(`${term.term} has ${term.columns} effects for ${rows.used} rows.`);
    }
  }
  for (const { column, of } of aliased ?? []) {
    notes.push(
      of.length === 0
        ? `Column ${column} is zero in every row.`
        : `Column ${column} says nothing new: it is ${of.map(combination).join("")}.`,
    );
  }
  return notes;
}

function combination({ column, coefficient }: { column: string; coefficient: number }, k: number): string {
  const size = Math.abs(coefficient);
  const sign = coefficient < 0 ? (k === 0 ? "−" : " − ") : k === 0 ? "" : " + ";
  return `${sign}${size === 1 ? "" : `${Number(size.toPrecision(6))} × `}${column}`;
}

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? "" : "s"}`;

const STRUCTURE_WORDS: ReadonlyMap<string, string> = new Map([
  ["us", "correlated"],
  ["diag", "uncorrelated"],
  ["homdiag", "uncorrelated, equal variances"],
  ["cs", "compound symmetry"],
  ["homcs", "compound symmetry, equal variances"],
  ["ar1", "first-order autoregressive"],
  ["hetar1", "first-order autoregressive, unequal variances"],
]);

/** An explanation as text for people, a few lines per part. */
export function formatExplanation(explanation: Explanation): string {
  const { rows, fixed, random, groups, relations, variables } = explanation;
  const lines = [explanation.formula, ""];
  const left = rows.table - rows.used;
  lines.push(`rows: ${rows.used}${left === 0 ? "" : ` of ${rows.table}, ${left} left out`}`);
  if (explanation.response !== null) lines.push(`response: ${explanation.response}`);
  if (explanation.weights) lines.push("weights: given");
  if (explanation.offset) lines.push("offset: given");
  for (const v of variables) {
    const what =
      v.nlevels === null ? v.kind : `${v.kind} of ${v.nlevels} levels (${shorten(v.levels, v.nlevels)})`;
    lines.push(`variable ${v.name}: ${what}${v.contrasts === null ? "" : `, ${v.contrasts} contrasts`}`);
  }
  const total = fixed.reduce((sum, term) => sum + term.columns.length, explanation.intercept ? 1 : 0);
  lines.push("", `fixed effects: ${plural(total, "column")}`);
  if (explanation.intercept) lines.push("  (Intercept)");
  for (const term of fixed) {
    const indicators = term.coding
      .filter(({ coding }) => coding === "indicator")
      .map(({ variable }) => variable);
    const coded = indicators.length === 0 ? "" : `; ${indicators.join(" and ")} by indicators`;
    lines.push(`  ${term.term}: ${plural(term.columns.length, "column")}${coded}`);
  }
  if (random.length > 0) lines.push("", "random effects:");
  for (const term of random) {
    const effects =
      term.effects.length === 1 ? "" : `, ${STRUCTURE_WORDS.get(term.structure) ?? term.structure}`;
    lines.push(
      `  ${term.term}: ${plural(term.levels, "level")} × ${term.effects.length} (${term.effects.join(", ")}) = ${plural(term.columns, "column")}${effects}`,
    );
  }
  if (groups.length > 0) lines.push("", "grouping factors:");
  for (const group of groups) {
    const each =
      group.smallest === group.largest ? `${group.smallest}` : `${group.smallest} to ${group.largest}`;
    lines.push(`  ${group.name}: ${plural(group.levels, "level")}, ${each} rows each`);
  }
  for (const { first, second, relation, combinations } of relations) {
    if (relation === "nested") lines.push(`  ${first} is nested in ${second}`);
    else if (relation === "same") lines.push(`  ${first} and ${second} are the same`);
    else lines.push(`  ${first} and ${second} are ${relation} (${combinations} combinations)`);
  }
  if (explanation.notes.length > 0) lines.push("", ...explanation.notes.map((note) => `note: ${note}`));
  return lines.join("\n");
}

function shorten(levels: readonly string[], count: number): string {
  const shown = levels.slice(0, 5).join(", ");
  return count > 5 ? `${shown}, …` : shown;
}
