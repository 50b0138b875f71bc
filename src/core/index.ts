// The library: everything that a program around the simulator may use. Runs wherever JavaScript runs.

export { type ErrorCode, formatIssue, type Issue, SurgefleetError } from "./base/errors.js";
export { OUTCOMES, type OutcomeName, REASONS, type ReasonName } from "./base/outcome.js";
export { type Duration, type Instant, MICROS_PER_SECOND, NEVER, toSeconds } from "./base/units.js";
export { Contents } from "./demand/trace/contents.js";
export {
  formatNamed,
  OWN_FORMAT,
  TRACE_FORMATS,
  type TraceFormatName,
  WRITTEN_FORMATS,
  type WrittenFormat,
} from "./demand/trace/formats/formats.js";
export { type ClientWindows, readClientWindows, readTokenShares } from "./demand/trace/formats/servegen.js";
export { type ReadTraceOptions, readTrace } from "./demand/trace/read-trace.js";
export { newTraceReport, type TraceReport } from "./demand/trace/report.js";
export type { TraceRow } from "./demand/trace/row.js";
export { choices } from "./document/words.js";
export {
  parseScenario,
  type ReplicationOptions,
  replicate,
  simulate,
} from "./engine/experiment/simulate.js";
export { Simulation, type SimulationOptions } from "./engine/experiment/simulation.js";
export {
  type ReplicationPlan,
  type RunReplication,
  type StudyOptions,
  type StudyOutcome,
  study,
} from "./engine/experiment/study.js";
export { pilotSeeds, settledBy, warmupOf } from "./engine/experiment/warm-up.js";
export type { Chart, ChartLine } from "./report/html/charts.js";
export { embeddedResult } from "./report/html/embedded.js";
export { type ReportClient, type ReportParts, reportHtml } from "./report/html/page.js";
export { type ComparisonTextOptions, comparisonText } from "./report/text/comparison-text.js";
export * as format from "./report/text/format.js";
export { downsample, sparkline } from "./report/text/sparkline.js";
export { type StabilityTextOptions, stabilityText } from "./report/text/stability-text.js";
export { ASCII_MARKS, type Style, UNICODE_MARKS } from "./report/text/style.js";
export { observed as thresholdValue, type TextOptions, textReport } from "./report/text/text.js";
export { type PoolingOptions, pooledResult } from "./results/build/pooled.js";
export type { AccountResult } from "./results/metrics/accounts.js";
export type { Cost, RecoveryVerdict } from "./results/metrics/judged.js";
export type { PoolResult } from "./results/metrics/pools.js";
export type { Recovery } from "./results/metrics/recovery.js";
export {
  POOL_SERIES,
  POOL_SERIES_COLUMNS,
  type Series,
  TIER_SERIES,
  TIER_SERIES_COLUMNS,
} from "./results/metrics/series.js";
export type { SessionResult } from "./results/metrics/sessions.js";
export type { Summary } from "./results/metrics/summary.js";
export { TIER_COLUMNS, type TierResult } from "./results/metrics/tier.js";
export { mergeAccounts } from "./results/shape/account-result.js";
export type { AttemptRow } from "./results/shape/attempt-row.js";
export {
  type DistributionMeasure,
  type DistributionResult,
  mergeDistributions,
} from "./results/shape/distribution.js";
export type {
  Estimate,
  Interval,
  IntervalMethod,
  Replication,
  RunResult,
  ThresholdResult,
  ThresholdVerdict,
} from "./results/shape/result.js";
export { RESULT_SCHEMA_VERSION } from "./results/shape/result.js";
export { problemOfResult, summaryJsonSchema } from "./results/shape/summary-schema.js";
export {
  type Change,
  type ChangeVerdict,
  type Comparable,
  type Comparison,
  type ComparisonOptions,
  compareResults,
} from "./results/verdict/comparison.js";
export {
  type BaselineRecord,
  type BaselineWindow,
  baselineRecord,
  LEAST_SEEDS,
  parseBaseline,
  type RegressionOptions,
  type Regressions,
  regressions,
} from "./results/verdict/regression.js";
export {
  type SeedOutcome,
  type StabilityResult,
  type StabilityVerdict,
  seedOutcome,
  stabilityOf,
} from "./results/verdict/stability.js";
export { type LoadOptions, type LoadResult, loadScenario } from "./scenario/load.js";
export { type Scenario, type ScenarioInput, scenarioJsonSchema, thresholdsOf } from "./scenario/schema.js";
export { buildProfile } from "./server/profile/build.js";
export type { MeasuredFile } from "./server/profile/file/measured-keys.js";
export { parseProfile } from "./server/profile/file/parse-profile.js";
export type { RooflineFile } from "./server/profile/file/roofline-keys.js";
export type { TableFile } from "./server/profile/file/table-keys.js";
export type { ProfileFile } from "./server/profile/kinds.js";
export { PROFILE_NAMES, profileFileByName } from "./server/profile/registry.js";
export { expectedTokens } from "./server/profile/speculative.js";
export type { StepProfile } from "./server/profile/step-profile.js";
export type { MeanInterval } from "./stats/interval.js";
export {
  type CalibrateOptions,
  type Calibration,
  calibrate,
  type Score,
  score,
} from "./tools/calibration/calibrate.js";
export { parseRowSizes } from "./tools/calibration/row-sizes.js";
export { type ReadStepLogOptions, readStepLog } from "./tools/calibration/step-log.js";
export type { StepLog, StepPoint } from "./tools/calibration/step-point.js";
export { calibrationSvg } from "./tools/calibration/svg.js";
export { type CalibrationTextOptions, calibrationText } from "./tools/calibration/text.js";
export { type Axis, axisOf, type Range, readRange } from "./tools/planning/axis.js";
export { candidateOverrides, poolOfReplicas } from "./tools/planning/demand.js";
export { readObjective } from "./tools/planning/objective.js";
export { type Candidate, makePlan, type PlanGoal, type PlanOptions } from "./tools/planning/plan.js";
export type { DemandPoint, PlanPoint, PlanResult } from "./tools/planning/plan-result.js";
export { type PlanTextOptions, planText } from "./tools/planning/plan-text.js";
export { type Probe, type ProbeAt, probeOf } from "./tools/planning/probe.js";
export { estimateRare, RareEstimation, type RareOptions } from "./tools/rare/estimate.js";
export type { RareLevel, RareResult } from "./tools/rare/rare-result.js";
export { rareText } from "./tools/rare/rare-text.js";
export { RARE_EVENTS } from "./tools/rare/trajectory.js";
export type { Bar } from "./tools/trace-fit/bins.js";
export { type Fit, type FitLine, type FittedTraffic, fitTraffic } from "./tools/trace-fit/fit.js";
export type { Quantiles } from "./tools/trace-fit/measure.js";
export { openTrace } from "./tools/trace-fit/open-trace.js";
export { TraceProfile, type TraceStatistics } from "./tools/trace-fit/profile.js";
export { NOMINAL_SPEED } from "./tools/trace-generate/fixed-server.js";
export { type GenerateTraceOptions, generateTrace } from "./tools/trace-generate/generate-trace.js";
export type { BoundCheck } from "./tools/validation/bounds.js";
export type { Compared, ComparedDistribution } from "./tools/validation/compared.js";
export {
  type TextSource,
  type ValidationInput,
  type ValidationReport,
  validateProfile,
} from "./tools/validation/report.js";
export { type ValidationTextOptions, validationText } from "./tools/validation/report-text.js";
