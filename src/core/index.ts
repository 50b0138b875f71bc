// The library: what a program around the simulator may rely on. docs/library.md shows each entry in use. Runs wherever
// JavaScript runs, and reads no clock and no file; what is random comes from the seed alone.

export type { AttemptEnd, AttemptEvent, EngineObserver } from "./api/observer.js";
export {
  type Answers,
  type Call,
  type Calls,
  emptyCall,
  type Handle,
  type Refusal,
  type Usage,
} from "./api/wire.js";
export { type ErrorCode, formatIssue, type Issue, SurgefleetError } from "./base/errors.js";
export type { Duration, Instant } from "./base/units.js";
export type { CustomAutoscaler, PoolSample, ScalerPool } from "./custom/autoscaler.js";
export type { ClientFailure, CustomClient } from "./custom/client.js";
export type { CustomCode, LoadCode, LoadedCode, OpenRealm, Realm } from "./custom/code.js";
export type { CustomLimit, LimitStay } from "./custom/limit.js";
export type { CustomOption, CustomOptions, ValuesOf } from "./custom/options.js";
export type {
  CustomPolicy,
  PolicyContext,
  PolicyRequest,
  PolicyVerdict,
  PoolView,
} from "./custom/policy.js";
export {
  defineAutoscaler,
  defineClient,
  defineLimit,
  definePolicy,
  defineQueueRule,
  options,
} from "./custom/public.js";
export type { CustomQueueRule } from "./custom/queue-rule.js";
export type { TraceFormatName } from "./demand/trace/formats/formats.js";
export { type ClientWindows, readClientWindows, readTokenShares } from "./demand/trace/formats/servegen.js";
export { type ReadTraceOptions, readTrace } from "./demand/trace/read-trace.js";
export { newTraceReport, type TraceReport } from "./demand/trace/report.js";
export type { TraceRow } from "./demand/trace/row.js";
export { Engine, type EngineOptions } from "./engine/engine.js";
export { parseScenario, type ReplicationOptions, replicate, simulate } from "./engine/experiment/simulate.js";
export { Simulation, type SimulationOptions } from "./engine/experiment/simulation.js";
export { buildService, type ServiceOptions } from "./engine/world/build-service.js";
export { EventQueue } from "./kernel/event-queue.js";
export type { Style } from "./report/text/style.js";
export { type TextOptions, textReport } from "./report/text/text.js";
export type { AccountResult } from "./results/metrics/accounts.js";
export type { FairnessResult } from "./results/metrics/fairness.js";
export type { FleetResult } from "./results/metrics/fleet.js";
export type { Cost, RecoveryVerdict } from "./results/metrics/judged.js";
export type { Load, LoadVerdict } from "./results/metrics/load.js";
export type { PoolResult } from "./results/metrics/pools.js";
export type { Recovery } from "./results/metrics/recovery.js";
export type { Series } from "./results/metrics/series.js";
export type { SessionResult } from "./results/metrics/sessions.js";
export type { Summary } from "./results/metrics/summary.js";
export type { TierResult } from "./results/metrics/tier.js";
export type { AttemptRow } from "./results/shape/attempt-row.js";
export type { Caveat, CaveatKind } from "./results/shape/caveat-kinds.js";
export type { DistributionMeasure, DistributionResult } from "./results/shape/distribution.js";
export type { IntervalMethod } from "./results/shape/interval-method.js";
export type {
  Estimate,
  Interval,
  Replication,
  RunResult,
  ThresholdResult,
  ThresholdVerdict,
} from "./results/shape/result.js";
export { summaryJsonSchema } from "./results/shape/summary-schema.js";
export {
  type Change,
  type ChangeVerdict,
  type Comparison,
  type ComparisonOptions,
  compareResults,
} from "./results/verdict/comparison.js";
export type { Comparable } from "./results/verdict/matched.js";
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
export type { PlacementDefinition, PlacementRule } from "./server/fleet/placement/rule.js";
export { Admission, type AdmissionParts } from "./server/gateway/admission.js";
export type { ConcurrencyLimit, LimitDefinition, Stay } from "./server/gateway/concurrency/limit.js";
export { Gateway, type GatewayOptions, type RetryAfterOptions } from "./server/gateway/gateway.js";
export type {
  AdmissionPolicy,
  Occupancy,
  PolicyDefinition,
  Settlement,
} from "./server/gateway/policies/policy.js";
export type { QueueRule, QueueRuleDefinition } from "./server/gateway/queue/rule.js";
export type { RequestFacts } from "./server/gateway/request-facts.js";
export type { PoolSignals } from "./server/gateway/signals.js";
export { ADMIT, OVERLOADED_CAPACITY, type Verdict, WAIT } from "./server/gateway/verdict.js";
export type { ServerEvent } from "./server/service/event-kinds.js";
export { Service } from "./server/service/service.js";
export type { ServiceParts, ServiceSetup } from "./server/service/service-parts.js";
export type { MeanInterval } from "./stats/interval.js";
export { estimateRare, type RareOptions } from "./tools/rare/estimate.js";
export type { RareLevel, RareResult } from "./tools/rare/rare-result.js";
