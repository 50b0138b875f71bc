// The library: everything that a program around the simulator may use. Runs wherever JavaScript runs.

export { type ErrorCode, formatIssue, type Issue, SurgefleetError } from "./base/errors.js";
export { OUTCOMES, type OutcomeName, REASONS, type ReasonName } from "./base/outcome.js";
export { type Duration, type Instant, MICROS_PER_SECOND, NEVER, toSeconds } from "./base/units.js";
export {
  type CalibrateOptions,
  type Calibration,
  calibrate,
  type Score,
  score,
} from "./calibration/calibrate.js";
export { parseRowSizes } from "./calibration/row-sizes.js";
export { type ReadStepLogOptions, readStepLog } from "./calibration/step-log.js";
export type { StepLog, StepPoint } from "./calibration/step-point.js";
export { calibrationSvg } from "./calibration/svg.js";
export { type CalibrationTextOptions, calibrationText } from "./calibration/text.js";
export { type GenerateTraceOptions, generateTrace } from "./engine/generate-trace.js";
export {
  parseScenario,
  type ReplicationOptions,
  replicate,
  simulate,
} from "./engine/simulate.js";
export { Simulation, type SimulationOptions } from "./engine/simulation.js";
export {
  type ReplicationPlan,
  type RunReplication,
  type StudyOptions,
  type StudyOutcome,
  study,
} from "./engine/study.js";
export { pilotSeeds, settledBy, warmupOf } from "./engine/warm-up.js";
export { type Axis, axisOf, type Range, readRange } from "./planning/axis.js";
export { candidateOverrides, poolOfReplicas } from "./planning/demand.js";
export { readObjective } from "./planning/objective.js";
export { type Candidate, makePlan, type PlanGoal, type PlanOptions } from "./planning/plan.js";
export type { DemandPoint, PlanPoint, PlanResult } from "./planning/plan-result.js";
export { type PlanTextOptions, planText } from "./planning/plan-text.js";
export { type Probe, type ProbeAt, probeOf } from "./planning/probe.js";
export { estimateRare, RareEstimation, type RareOptions } from "./rare/estimate.js";
export type { RareLevel, RareResult } from "./rare/rare-result.js";
export { rareText } from "./rare/rare-text.js";
export { RARE_EVENTS } from "./rare/trajectory.js";
export { buildProfile } from "./replica/profile/build.js";
export type { MeasuredFile, ProfileFile, RooflineFile, TableFile } from "./replica/profile/profile-file.js";
export { PROFILE_NAMES, profileFileByName } from "./replica/profile/registry.js";
export { expectedTokens } from "./replica/profile/speculative.js";
export type { StepProfile } from "./replica/profile/step-profile.js";
export { type ComparisonTextOptions, comparisonText } from "./report/comparison-text.js";
export * as format from "./report/format.js";
export type { Chart, ChartLine } from "./report/html/charts.js";
export { embeddedResult } from "./report/html/embedded.js";
export { type ReportClient, type ReportParts, reportHtml } from "./report/html/page.js";
export { downsample, sparkline } from "./report/sparkline.js";
export { type StabilityTextOptions, stabilityText } from "./report/stability-text.js";
export { ASCII_MARKS, type Style, UNICODE_MARKS } from "./report/style.js";
export { observed as thresholdValue, type TextOptions, textReport } from "./report/text.js";
export { type AccountResult, mergeAccounts } from "./result/account-result.js";
export type { AttemptRow } from "./result/attempt-row.js";
export {
  type Change,
  type ChangeVerdict,
  type Comparable,
  type Comparison,
  type ComparisonOptions,
  compareResults,
} from "./result/comparison.js";
export {
  type DistributionMeasure,
  type DistributionResult,
  mergeDistributions,
} from "./result/distribution.js";
export { type PoolingOptions, pooledResult } from "./result/pooled.js";
export {
  type BaselineRecord,
  type BaselineWindow,
  baselineRecord,
  LEAST_SEEDS,
  parseBaseline,
  type RegressionOptions,
  type Regressions,
  regressions,
} from "./result/regression.js";
export type {
  Cost,
  Estimate,
  Interval,
  IntervalMethod,
  PoolResult,
  Recovery,
  RecoveryVerdict,
  Replication,
  RunResult,
  Series,
  SessionResult,
  Summary,
  ThresholdResult,
  ThresholdVerdict,
  TierResult,
} from "./result/result.js";
export { RESULT_SCHEMA_VERSION } from "./result/result.js";
export {
  type SeedOutcome,
  type StabilityResult,
  type StabilityVerdict,
  seedOutcome,
  stabilityOf,
} from "./result/stability.js";
export { checkThreshold } from "./result/threshold.js";
export { type LoadOptions, type LoadResult, loadScenario } from "./scenario/load.js";
export { parseProfile } from "./scenario/parse-profile.js";
export { type Scenario, type ScenarioInput, scenarioJsonSchema } from "./scenario/schema.js";
export type { MeanInterval } from "./stats/interval.js";
export { TRACE_FORMATS, type TraceFormatId } from "./traffic/trace/formats.js";
export { genericJsonLine } from "./traffic/trace/generic-write.js";
export { type ReadTraceOptions, readTrace } from "./traffic/trace/read-trace.js";
export { newTraceReport, type TraceReport } from "./traffic/trace/report.js";
export type { TraceRow } from "./traffic/trace/row.js";
export { type ClientWindows, readClientWindows, readTokenShares } from "./traffic/trace/servegen.js";
export type { Bar } from "./traffic/trace-profile/bins.js";
export { type Fit, type FitLine, type FittedTraffic, fitTraffic } from "./traffic/trace-profile/fit.js";
export { NOMINAL_SPEED } from "./traffic/trace-profile/fixed-server.js";
export type { Quantiles } from "./traffic/trace-profile/measure.js";
export { openTrace } from "./traffic/trace-profile/open-trace.js";
export { TraceProfile, type TraceStatistics } from "./traffic/trace-profile/profile.js";
export {
  Contents,
  losses,
  WRITTEN_FORMATS,
  type WrittenFormat,
  writtenTrace,
} from "./traffic/trace-profile/write.js";
export type { BoundCheck } from "./validation/bounds.js";
export type { Compared, ComparedDistribution } from "./validation/compared.js";
export {
  type TextSource,
  type ValidationInput,
  type ValidationReport,
  validateProfile,
} from "./validation/report.js";
export { type ValidationTextOptions, validationText } from "./validation/report-text.js";
