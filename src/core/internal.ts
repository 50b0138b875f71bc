// What the command line and the pages use of the core beside the library. Not part of the package's interface: it may
// change with any version.

export { suggest } from "./base/nearest.js";
export { MICROS_PER_SECOND, toSeconds } from "./base/units.js";
export {
  type Bridge,
  type CustomCode,
  type CustomFacts,
  type CustomModules,
  FAILED,
  KIND_NAMES,
  type LoadedCode,
  MODULE_SCRIPT,
  type Realm,
} from "./custom/code.js";
export { isModuleName, PACKAGE_PREFIX } from "./custom/name.js";
export { Contents } from "./demand/trace/contents.js";
export {
  formatNamed,
  OWN_FORMAT,
  TRACE_FORMATS,
  WRITTEN_FORMATS,
  type WrittenFormat,
} from "./demand/trace/formats/formats.js";
export { findingsOf } from "./demand/trace/report.js";
export { TIME_UNITS, type TimeUnit } from "./demand/trace/time-unit.js";
export { problemOfFacts, problemOfOptions } from "./document/custom.js";
export { type DatedSource, definitionOf, unknownName } from "./document/definition.js";
export { type OptionFacts, optionFacts } from "./document/option-facts.js";
export { choices } from "./document/words.js";
export { requestsPerSquare } from "./engine/experiment/heavy-tail.js";
export { mostOf, type ReplicationPlan, type SeedPlan, seedsOf } from "./engine/experiment/seeds.js";
export { defaultSeeds, isSwinging, seedPlan } from "./engine/experiment/strata.js";
export { type StudyOutcome, study } from "./engine/experiment/study.js";
export { pilotSeeds, settledBy } from "./engine/experiment/warm-up.js";
export { lookAtTraces } from "./engine/readings.js";
export type { Chart, ChartLine } from "./report/html/chart.js";
export { comparisonHtml } from "./report/html/comparison-page.js";
export { embeddedResult } from "./report/html/embedded.js";
export { type ReportClient, reportHtml } from "./report/html/page.js";
export { type Answered, answersText } from "./report/text/answers-text.js";
export { comparisonText } from "./report/text/comparison-text.js";
export * as format from "./report/text/format.js";
export { downsample, sparkline } from "./report/text/sparkline.js";
export { stabilityText } from "./report/text/stability-text.js";
export { ASCII_MARKS, UNICODE_MARKS } from "./report/text/style.js";
export { observed as thresholdValue } from "./report/text/text.js";
export type { Clusters } from "./results/build/clusters.js";
export { FLEET_COLUMNS } from "./results/metrics/fleet.js";
export { UNKNOWN_LOAD } from "./results/metrics/load.js";
export {
  ELASTIC_SERIES,
  POOL_SERIES,
  POOL_SERIES_COLUMNS,
  TIER_SERIES,
  TIER_SERIES_COLUMNS,
} from "./results/metrics/series.js";
export { SLICE_COLUMNS, type SliceResult, TIER_COLUMNS } from "./results/metrics/tier.js";
export { isOnlyRun } from "./results/shape/interval-method.js";
export { findingText, readingTexts } from "./results/shape/reading.js";
export { RESULT_SCHEMA_VERSION } from "./results/shape/result.js";
export { problemsOfResult } from "./results/shape/summary-schema.js";
export { answeredQuestions, askedOf, questionOf } from "./results/verdict/answers.js";
export {
  type BaselineInputs,
  type BaselineOrigin,
  type BaselineRecord,
  type BaselineWindow,
  baselineRecord,
  LEAST_SEEDS,
  parseBaseline,
} from "./results/verdict/baseline.js";
export { estimatedGround, uncoveredOutcomes } from "./results/verdict/coverage.js";
export { measureKey, measureOf } from "./results/verdict/measures.js";
export { type Regressions, regressions, seedsForThresholds } from "./results/verdict/regression.js";
export type { Subject } from "./results/verdict/threshold.js";
export { type RankEnds, rankEndsOf, tradeOffsOf } from "./results/verdict/trade-offs.js";
export { DEFINITION_KINDS } from "./scenario/definitions.js";
export {} from "./scenario/schema.js";
export { thresholdsOf } from "./scenario/thresholds.js";
export { LIMITS } from "./server/gateway/concurrency/registry.js";
export { POLICIES } from "./server/gateway/policies/registry.js";
export type { ExampleAnswer } from "./server/gateway/providers/examples.js";
export { QUEUE_RULES } from "./server/gateway/queue/registry.js";
export { parseProfile } from "./server/profile/file/parse-profile.js";
export type { ProfileFile } from "./server/profile/kinds.js";
export { PROFILE_NAMES, profileFileByName } from "./server/profile/registry.js";
export { jsonFault } from "./text/json-fault.js";
export { briefJson } from "./text/shown.js";
export { visible, visibleLines } from "./text/visible.js";
export {
  type CalibrateOptions,
  type Calibration,
  calibrate,
  type Score,
  score,
} from "./tools/calibration/calibrate.js";
export { parseRowSizes } from "./tools/calibration/row-sizes.js";
export { readStepLog } from "./tools/calibration/step-log.js";
export type { StepLog } from "./tools/calibration/step-point.js";
export { calibrationSvg } from "./tools/calibration/svg.js";
export { calibrationText } from "./tools/calibration/text.js";
export { type Axis, axisOf, type Quantity, type Range, readRange, readStep } from "./tools/planning/axis.js";
export type { BeyondRange, Candidate, TrialSettings } from "./tools/planning/candidate.js";
export { candidateOverrides, poolOfReplicas, refuseScaled, type Spare } from "./tools/planning/demand.js";
export { readObjective } from "./tools/planning/objective.js";
export { makePlan, type PlanGoal } from "./tools/planning/plan.js";
export type { BetterWay } from "./tools/planning/plan-result.js";
export { planText } from "./tools/planning/plan-text.js";
export { COMPARED, type Probe, probeOf } from "./tools/planning/probe.js";
export { RareEstimation } from "./tools/rare/estimate.js";
export { rareText } from "./tools/rare/rare-text.js";
export { RARE_EVENTS } from "./tools/rare/trajectory.js";
export type { Bar } from "./tools/trace-fit/bins.js";
export { type Fit, type FittedTraffic, fitTraffic } from "./tools/trace-fit/fit.js";
export type { Quantiles } from "./tools/trace-fit/measure.js";
export { openTrace } from "./tools/trace-fit/open-trace.js";
export { TraceProfile, type TraceStatistics } from "./tools/trace-fit/profile.js";
export { NOMINAL_SPEED } from "./tools/trace-generate/fixed-server.js";
export { generateTrace } from "./tools/trace-generate/generate-trace.js";
export { validationHtml } from "./tools/validation/page.js";
export type { TextSource } from "./tools/validation/recording-file.js";
export { validateProfile } from "./tools/validation/report.js";
export { validationText } from "./tools/validation/report-text.js";
export type { EngineSettings } from "./tools/validation/settings.js";
export { readStages } from "./tools/validation/stage-files.js";
export { validateStages } from "./tools/validation/stage-report.js";
export type { StageFleet } from "./tools/validation/stage-run.js";
export { stagesHtml, stagesText } from "./tools/validation/stage-view.js";
