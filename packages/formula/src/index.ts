export type { AliasedColumn } from "./data/aliases";
export { type AppliedFrame, type AppliedRandomTerm, applyFrame, frameApplier } from "./data/apply-frame";
export type { ArrowTableLike, ArrowVectorLike } from "./data/arrow";
export { modelFrame, modelMatrix } from "./data/build-frame";
export type { Column, FactorColumn, LogicalColumn, NumericColumn } from "./data/column";
export {
  type ExplainedGroup,
  type ExplainedRandomTerm,
  type ExplainedTerm,
  type ExplainedVariable,
  type Explanation,
  explain,
  formatExplanation,
  type GroupRelation,
} from "./data/explain";
export { factorColumn } from "./data/factor-column";
export type { ApplyFrameOptions, ModelFrameOptions, RowNumbers } from "./data/frame-options";
export type { FormulaFunction, FunctionCall, Parameter } from "./data/function-call";
export type { UserFunction } from "./data/functions/registry";
export type * from "./data/model-frame";
export { padRows } from "./data/pad-rows";
export {
  type ArqueroTableLike,
  type ColumnLike,
  openTable,
  type TableLike,
  type TableView,
} from "./data/table";
export type { MatrixValue, RowValue, Value } from "./data/value";
export type { ContrastName, ContrastSpec } from "./schema/contrasts";
export type { ColumnSchema, FactorSchema, FrameSchema, GroupSchema } from "./schema/frame-schema";
export type { GridSchema, GridVariable } from "./schema/grid-schema";
export type * from "./syntax/ast";
export { FormulaError, type FormulaErrorCode, formatFormulaError } from "./syntax/formula-error";
export { parseFormula } from "./syntax/parse";
export { printFormula, printName as quoteName } from "./syntax/print";
export type { Span } from "./syntax/span";
export { composeFormula, type FormulaParts, type RandomTermParts } from "./terms/compose-formula";
export { type RandomPart, randomParts } from "./terms/random-parts";
export { simplifyFormula } from "./terms/simplify-formula";
export { updateFormula } from "./terms/update-formula";
