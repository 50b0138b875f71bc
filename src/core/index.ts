// The library: what a program around the simulator may rely on. docs/library.md shows each entry in use. Runs wherever
// JavaScript runs, and reads no clock and no file; what is random comes from the seed alone.

export { type ErrorCode, formatIssue, type Issue, SurgefleetError } from "./base/errors.js";
export type { Duration, Instant } from "./base/units.js";
export type { TraceFormatName } from "./demand/trace/formats/formats.js";
export { type ClientWindows, readClientWindows, readTokenShares } from "./demand/trace/formats/servegen.js";
export { type ReadTraceOptions, readTrace } from "./demand/trace/read-trace.js";
export { newTraceReport, type TraceReport } from "./demand/trace/report.js";
export type { TraceRow } from "./demand/trace/row.js";
export { parseScenario, type ReplicationOptions, replicate, simulate } from "./engine/experiment/simulate.js";
export { Simulation, type SimulationOptions } from "./engine/experiment/simulation.js";
export type { Style } from "./report/text/style.js";
export { type TextOptions, textReport } from "./report/text/text.js";
export type { AccountResult } from "./results/metrics/accounts.js";
export type { FleetResult } from "./results/metrics/fleet.js";
export type { Cost, RecoveryVerdict } from "./results/metrics/judged.js";
export type { PoolResult } from "./results/metrics/pools.js";
export type { Recovery } from "./results/metrics/recovery.js";
export type { Series } from "./results/metrics/series.js";
export type { SessionResult } from "./results/metrics/sessions.js";
export type { Summary } from "./results/metrics/summary.js";
export type { TierResult } from "./results/metrics/tier.js";
export type { AttemptRow } from "./results/shape/attempt-row.js";
export type { DistributionMeasure, DistributionResult } from "./results/shape/distribution.js";
export type {
  Estimate,
  Interval,
  IntervalMethod,
  Replication,
  RunResult,
  ThresholdResult,
  ThresholdVerdict,
} from "./results/shape/result.js";
export { summaryJsonSchema } from "./results/shape/summary-schema.js";
export {
  type Change,
  type ChangeVerdict,
  type Comparable,
  type Comparison,
  type ComparisonOptions,
  compareResults,
} from "./results/verdict/comparison.js";
export {
  type SeedOutcome,
  type StabilityResult,
  type StabilityVerdict,
  seedOutcome,
  stabilityOf,
} from "./results/verdict/stability.js";
export { defineScenario } from "./scenario/define-scenario.js";
export { type LoadOptions, loadScenario } from "./scenario/load.js";
export type { LoadResult } from "./scenario/read.js";
export { type Scenario, type ScenarioInput, scenarioJsonSchema } from "./scenario/schema.js";
export type { MeanInterval } from "./stats/interval.js";
export { estimateRare, type RareOptions } from "./tools/rare/estimate.js";
export type { RareLevel, RareResult } from "./tools/rare/rare-result.js";
