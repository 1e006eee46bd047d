import type { FrameSchema, ModelColumn, ModelFrame, ModelMatrix, RandomTerm } from "@lmmkit/formula";
import type { Design, DesignFactor, DesignTerm } from "../design/design";
import type {
  Certificate,
  FittedTerm,
  LinearMixedModel,
  OptimizerReport,
  RhoStep,
  SingularDirection,
} from "../model/linear-mixed-model";
import type { RowReductions } from "../model/row-reductions";
import type { CrossProducts, FactorPair, Shifts } from "../products/cross-products";
import {
  type Codec,
  count,
  flag,
  list,
  nullable,
  object,
  oneOf,
  optional,
  plain,
  record,
  since,
  tagged,
  text,
} from "./codec";
import { floats, integers, number } from "./number-codecs";

/** A fitted model taken apart: what cannot be computed from the rest, each thing once. */
export interface SavedParts {
  readonly fit: SavedFit;
  readonly terms: readonly SavedTerm[];
  readonly design: SavedDesign;
  readonly products: CrossProducts;
  readonly frame: FrameOutline;
  /** What was computed from the rows, where they are left out. */
  readonly reductions: RowReductions | null;
  /** null when saved without data. */
  readonly rows: SavedRows | null;
}

/** The model's own numbers and texts. */
export type SavedFit = Omit<
  LinearMixedModel,
  | "kind"
  | "version"
  | "nrowsTable"
  | "thetaNames"
  | "fixedNames"
  | "dropped"
  | "terms"
  | "response"
  | "responseName"
  | "fitted"
  | "weights"
  | "offset"
  | "rows"
  | "frame"
  | "design"
  | "products"
>;

/** A fitted term; names and levels are those of the design. */
export type SavedTerm = Pick<FittedTerm, "template" | "modes">;

/** The design; templates follow from the structure of each term. */
export interface SavedDesign extends Omit<Design, "terms"> {
  readonly terms: readonly Omit<DesignTerm, "template">[];
}

/** What a model frame says besides its rows. */
export interface FrameOutline
  extends Pick<ModelFrame, "nobs" | "nrowsTable" | "missing" | "naAction" | "schema"> {
  /** The formula's text. */
  readonly formula: string;
  readonly responseName: string | null;
  readonly fixed: MatrixOutline;
  readonly random: readonly (Pick<RandomTerm, "label" | "structure"> & { readonly design: MatrixOutline })[];
  readonly hasWeights: boolean;
  readonly hasOffset: boolean;
  /** Whether rows of the table were left out. */
  readonly hasSelection: boolean;
}

/** A model matrix without its columns. */
export type MatrixOutline = Omit<ModelMatrix, "columns">;

/** The rows of a model frame. */
export interface SavedRows extends Pick<ModelFrame, "weights" | "offset" | "rows"> {
  readonly response: Float64Array | null;
  readonly fixed: readonly ModelColumn[];
  /** By terms, in the formula's order. */
  readonly random: readonly (readonly ModelColumn[])[];
  /** By factors of the design. */
  readonly codes: readonly Int32Array[];
}

/** How the parts stand in a file of version 1. */
export function partsCodec(): Codec<SavedParts> {
  return object<SavedParts>({
    fit: fit(),
    terms: list(object<SavedTerm>({ template: floats(), modes: floats() })),
    design: design(),
    products: products(),
    frame: outline(),
    reductions: nullable(reductions()),
    rows: nullable(rows()),
  });
}

function fit(): Codec<SavedFit> {
  return object<SavedFit>({
    formula: text,
    method: oneOf("REML", "ML"),
    nobs: count,
    criterion: number,
    theta: floats(),
    sigma: number,
    beta: floats(),
    vcov: floats(),
    logDetL2: number,
    logDetRX2: number,
    pwrss: number,
    converged: flag,
    singular: flag,
    certificate: certificate(),
    optimizer: optimizer(),
    warnings: list(text),
    seconds: object<LinearMixedModel["seconds"]>({ design: number, fit: number }),
  });
}

function certificate(): Codec<Certificate> {
  return object<Certificate>({
    holds: flag,
    gradient: floats(),
    predictedDecrease: number,
    boundaryCurvature: nullable(number),
    singular: since(list(singularDirection()), () => []),
    unidentified: since(list(text), () => []),
  });
}

function singularDirection(): Codec<SingularDirection> {
  return object<SingularDirection>({
    term: text,
    says: text,
    loadings: nullable(list(number)),
    multiplier: number,
    instead: nullable(text),
  });
}

function optimizer(): Codec<OptimizerReport> {
  return object<OptimizerReport>({
    name: text,
    npt: nullable(count),
    rhobeg: nullable(number),
    rhoend: nullable(number),
    evaluations: count,
    status: text,
    message: text,
    trace: list(object<RhoStep>({ rho: number, evaluations: count, criterion: number, theta: floats() })),
  });
}

function design(): Codec<SavedDesign> {
  return object<SavedDesign>({
    nobs: count,
    fixedNames: list(text),
    fixedColumns: integers(),
    dropped: list(text),
    terms: list(
      object<SavedDesign["terms"][number]>({
        name: text,
        frameIndex: count,
        factor: count,
        columnStart: count,
        columns: list(text),
        thetaStart: count,
      }),
    ),
    factors: list(object<DesignFactor>({ name: text, levels: list(text), ncols: count, start: count })),
    q: count,
    thetaNames: list(text),
    lower: floats(),
    theta0: floats(),
  });
}

function products(): Codec<CrossProducts> {
  return object<CrossProducts>({
    nobs: count,
    sumLogWeights: number,
    shifts: object<Shifts>({
      fixed: floats(),
      triangle: nullable(floats()),
      random: list(floats()),
      response: floats(),
      fixedColumns: floats(),
      randomColumns: list(floats()),
    }),
    ztz: list(
      object<FactorPair>({
        rowFactor: count,
        colFactor: count,
        colPtr: integers(),
        rowIdx: integers(),
        values: floats(),
      }),
    ),
    ztx: floats(),
    xtx: floats(),
    zty: floats(),
    xty: floats(),
    yty: number,
    total: number,
  });
}

function outline(): Codec<FrameOutline> {
  return object<FrameOutline>({
    formula: text,
    nobs: count,
    nrowsTable: count,
    missing: record(count),
    naAction: oneOf("omit", "exclude", "fail"),
    responseName: nullable(text),
    fixed: matrix(),
    random: list(
      object<FrameOutline["random"][number]>({
        label: text,
        structure: text,
        design: matrix(),
      }),
    ),
    hasWeights: flag,
    hasOffset: flag,
    hasSelection: flag,
    schema: schema(),
  });
}

function matrix(): Codec<MatrixOutline> {
  return object<MatrixOutline>({
    nrows: count,
    names: list(text),
    assign: integers(),
    termLabels: list(text),
    contrasts: record(text),
  });
}

/** What the formula package made, which is JSON; its inner shapes are that package's own affair. */
function schema(): Codec<FrameSchema> {
  return object<FrameSchema>({
    version: oneOf(1),
    formula: text,
    dotNames: list(text),
    doubleBar: oneOf("diagonal", "lme4"),
    structures: optional(list(text)),
    columns: record(plain as Codec<FrameSchema["columns"][string]>),
    states: record(plain),
    factors: record(plain as Codec<FrameSchema["factors"][string]>),
    offset: nullable(text),
    groups: record(
      object<FrameSchema["groups"][string]>({
        factors: list(object<FrameSchema["groups"][string]["factors"][number]>({ text, levels: list(text) })),
        levels: list(text),
        members: list(count),
      }),
    ),
    grid: optional(plain as Codec<FrameSchema["grid"]>),
  });
}

function reductions(): Codec<RowReductions> {
  return object<RowReductions>({
    scaledResiduals: floats(),
    fixedTriangle: nullable(floats()),
    aliases: list(object<RowReductions["aliases"][number]>({ column: count, coefficients: floats() })),
    fingerprint: text,
  });
}

function rows(): Codec<SavedRows> {
  return object<SavedRows>({
    response: nullable(floats()),
    weights: nullable(floats()),
    offset: nullable(floats()),
    rows: nullable(integers()),
    fixed: list(column()),
    random: list(list(column())),
    codes: list(integers()),
  });
}

function column(): Codec<ModelColumn> {
  return tagged<ModelColumn, "kind">("kind", {
    constant: object<Extract<ModelColumn, { kind: "constant" }>>({ kind: oneOf("constant"), value: number }),
    dense: object<Extract<ModelColumn, { kind: "dense" }>>({ kind: oneOf("dense"), values: floats() }),
    sparse: object<Extract<ModelColumn, { kind: "sparse" }>>({
      kind: oneOf("sparse"),
      rows: integers(),
      values: floats(),
    }),
  });
}
