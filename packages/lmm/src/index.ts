export {
  type Bootstrap,
  type BootstrapOptions,
  type BootstrapStatisticOptions,
  bootstrap,
  bootstrapIn,
  type FailedReplicate,
} from "./bootstrap/bootstrap";
export { type BootstrapIntervalType, bootstrapInterval, type Limits } from "./bootstrap/bootstrap-intervals";
export type { BootstrapType } from "./bootstrap/bootstrap-task";
export { formatBootstrap } from "./bootstrap/format-bootstrap";
export { acceleration, type Jackknife, jackknifeGroups } from "./bootstrap/jackknife";
export { builtInStructures } from "./design/built-in-structures";
export { type CovarianceStructure, SCALES_ALL, SCALES_NONE } from "./design/covariance-structure";
export { buildDesign, type Design, type DesignFactor, type DesignTerm } from "./design/design";
export type { Template } from "./design/template";
export {
  type BreuschPagan,
  type Homoscedasticity,
  homoscedasticity,
  type LeveneTest,
  type NormalitySummary,
  normality,
} from "./diagnostics/assumptions";
export { hatvalues } from "./diagnostics/hatvalues";
export { type NormalityTest, shapiroWilk } from "./diagnostics/normality-tests";
export { type ObservationDiagnostics, observationDiagnostics } from "./diagnostics/observation-diagnostics";
export { type RandomPca, rePCA } from "./diagnostics/re-pca";
export {
  cooksDistance,
  type ResidualType,
  residuals,
  residualTypes,
  rstudent,
} from "./diagnostics/residuals";
export {
  type SimulatedTest,
  type SimulationResidualOptions,
  type SimulationResiduals,
  simulationResiduals,
} from "./diagnostics/simulation-residuals";
export { type Icc, icc, type RSquared, r2, type VarianceParts } from "./diagnostics/variance-explained";
export { type FixedCondition, fixedCondition, type VarianceInflation, vif } from "./diagnostics/vif";
export { LmmError, type LmmErrorCode } from "./errors";
export { allFit, type OptimizerComparison } from "./fit/all-fit";
export { criterion, criterionAt } from "./fit/criterion";
export { fitFrame, type Refitter, refitter } from "./fit/fit-frame";
export { fitMany, type ManyFits } from "./fit/fit-many";
export {
  type FrameOptions,
  type LmmOptions,
  type LmmTable,
  lmm,
  type ProfiledDeviance,
  profiledDeviance,
} from "./fit/lmm";
export { minimizeTheta, optimizerNames, type ThetaFit } from "./fit/minimize";
export type { FitOptions, Method, OptimizerName, OptimizerOptions } from "./fit/options";
export { type FormatAnovaOptions, formatAnova, formatComparison } from "./format/format-anova";
export { formatChecks } from "./format/format-checks";
export { type FormatDescriptionOptions, formatDescription } from "./format/format-description";
export { formatEmmeans, formatPairwise } from "./format/format-emmeans";
export { formatInfluence } from "./format/format-influence";
export { formatPrediction } from "./format/format-prediction";
export { type FormattedTable, formatTable, type TableFormat } from "./format/format-table";
export { formatElimination, formatRanova, formatTermChanges } from "./format/format-term-tests";
export { type FixedEffectJson, type ModelJson, modelJson, type RandomTermJson } from "./format/model-json";
export { type FormatSummaryOptions, formatSummary } from "./format/summary";
export { type AddOptions, add1 } from "./inference/add-terms";
export type { Adjustment, NumericalError } from "./inference/adjust";
export { type AnovaOptions, type AnovaRow, type AnovaTable, anova } from "./inference/anova";
export { type BootstrapTest, type BootstrapTestOptions, bootstrapTest } from "./inference/bootstrap-test";
export type { ChiBarSquare } from "./inference/chi-bar-square";
export {
  type CoefTests,
  coefTests,
  type DdfMethod,
  type DdfOptions,
  type TTest,
} from "./inference/coef-tests";
export {
  type ComparedModel,
  type ComparedModels,
  type CompareOptions,
  compareModels,
} from "./inference/compare-models";
export { type ContestOptions, contest, contrastTests, type FTest } from "./inference/contest";
export {
  type ContrastMethod,
  type ContrastOptions,
  type Contrasts,
  type Contrasts as PairwiseComparisons,
  type ContrastTest,
  contrast,
  interactionContrast,
} from "./inference/contrast";
export { type ContrastFamily, type LevelContrast, levelContrasts } from "./inference/contrast-families";
export {
  type CriterionDerivatives,
  type CriterionDerivativesOptions,
  criterionDerivatives,
} from "./inference/criterion-derivatives";
export { chiSquareQuantile, fQuantile, normalQuantile, tQuantile } from "./inference/distributions/quantiles";
export { chiSquareTails, fTails, normalTails, tTails } from "./inference/distributions/tails";
export {
  type DropOptions,
  drop1,
  type TermChange,
  type TermChanges,
  type TermTest,
} from "./inference/drop-terms";
export { type EmmeansOptions, emmeans, emtrends, pairwise } from "./inference/emmeans";
export { InferenceError, type InferenceErrorCode } from "./inference/inference-error";
export { type JointCovariance, jointCovariance } from "./inference/joint-covariance";
export { ddfWork } from "./inference/kernel-traces";
export type { MarginalMean, MarginalMeans } from "./inference/marginal-means";
export { type Ranova, type RanovaOptions, type RanovaRow, ranova } from "./inference/ranova";
export type { CellWeights, GridValues } from "./inference/reference-grid";
export { type RestrictedLrt, type RestrictedLrtOptions, restrictedLrt } from "./inference/restricted-lrt";
export { type Elimination, type EliminationStep, type StepOptions, step } from "./inference/step";
export { type AnovaType, type TermHypothesis, typeHypotheses } from "./inference/type-hypotheses";
export {
  type VarianceParameter,
  type VarianceParameters,
  varianceParameters,
} from "./inference/variance-parameters";
export type { DeletionStatus, InfluenceRefit } from "./influence/deletion-outcomes";
export type { DeletionUnit } from "./influence/deletion-sets";
export { type Influence, type InfluenceOptions, influence } from "./influence/influence";
export { influenceIn } from "./influence/influence-in";
export {
  type ConfidenceInterval,
  type ConfidenceIntervals,
  type ConfintOptions,
  confint,
} from "./intervals/confint";
export { formatConfint } from "./intervals/format-confint";
export { type ParameterEstimates, parameterEstimates } from "./intervals/parameter-estimates";
export {
  aic,
  bic,
  type Coefficient,
  coefTable,
  deviance,
  dfResidual,
  fitted,
  fixef,
  fixefCorrelation,
  formula,
  getTheta,
  isSingular,
  type LogLikelihood,
  logLik,
  type NamedVector,
  ngrps,
  nobs,
  parameterCount,
  remlCriterion,
  sigma,
  vcov,
} from "./model/accessors";
export { type BlockMatrix, crossProductBlocks, factorBlocks } from "./model/blocks";
export { buildModel } from "./model/build-model";
export { type CoefficientTable, coef } from "./model/coef";
export type { DenseMatrix } from "./model/dense-matrix";
export { type DescribedBlock, type DescribedTerm, describe, type ModelDescription } from "./model/describe";
export type { SparseFactor } from "./model/factor-matrices";
export {
  type DevianceComponents,
  type GroupingCodes,
  getME,
  type ModelQuantities,
  type QuantityName,
  quantityNames,
} from "./model/get-me";
export type {
  Certificate,
  FittedTerm,
  LinearMixedModel,
  OptimizerReport,
  RhoStep,
  SingularDirection,
} from "./model/linear-mixed-model";
export { type ModelProperties, properties, type TermSpread } from "./model/properties";
export {
  type GroupEffects,
  type RanefOptions,
  ranef,
} from "./model/ranef";
export { type TermCovariance, type VarCorr, varCorr } from "./model/var-corr";
export { hasRows } from "./model/without-rows";
export { asObject, FittedModel } from "./object/fitted-model";
export { type LmmInOptions, lmmIn } from "./parallel/lmm-in";
export { lmmTasks } from "./parallel/lmm-tasks";
export type { FromWorker, ServingPort, ToWorker, WorkerPort } from "./parallel/protocol";
export { runJobs, serialPool } from "./parallel/serial";
export { serveTasks } from "./parallel/serve-tasks";
export type { AnyTask, JobError, JobOutcome, RunOptions, Task, WorkerPool } from "./parallel/task";
export { type WebWorker, webWorkerPort } from "./parallel/web-worker-port";
export { workerPool } from "./parallel/worker-pool";
export type { LoadOptions } from "./persistence/load-model";
export { loadModel } from "./persistence/load-model";
export { type SavedModel, type SaveOptions, saveModel } from "./persistence/save-model";
export { SavedModelError, type SavedModelErrorCode } from "./persistence/saved-model-error";
export { type MemoryEstimate, memoryEstimate, memoryOfMachine } from "./pls/memory";
export { type Sparsity, type SparsityOptions, sparsity } from "./pls/sparsity";
export { type PlsSolution, PlsWorkspace } from "./pls/workspace";
export { formatPower } from "./power/format-power";
export { type Power, type PowerOptions, type PowerPoint, power, powerIn } from "./power/power";
export type { PowerTest } from "./power/power-task";
export type { RandomSelection } from "./predict/included-terms";
export { type Prediction, type PredictionInterval, type PredictOptions, predict } from "./predict/predict";
export { mergeProducts, subtractProducts } from "./products/combine";
export type { CrossProducts, FactorPair, Shifts } from "./products/cross-products";
export {
  type CrossProductOptions,
  crossProducts,
  type RefillableProducts,
  refillableProducts,
} from "./products/from-frame";
export { type Profile, type ProfileOptions, profile } from "./profile/profile";
export { type DensityPoint, profileDensity, profileInterval, valueAt, zetaAt } from "./profile/profile-curve";
export { type ProfileInOptions, profileIn } from "./profile/profile-in";
export type { ProfileKind, ProfileTarget } from "./profile/profile-parameters";
export type { ProfiledParameter } from "./profile/profiled-parameter";
export { RandomStream } from "./random/random-stream";
export {
  type SimulateOptions,
  type Simulation,
  type SimulationParameters,
  simulate,
} from "./simulate/simulate";
export { type SimulateFromOptions, simulateFrom } from "./simulate/simulate-from";
export { augment } from "./tidy/augment";
export { type ColumnTable, rowCount, toRecords } from "./tidy/column-table";
export { glance } from "./tidy/glance";
export { type TidyEffect, type TidyOptions, type TidyTable, tidy } from "./tidy/tidy";
