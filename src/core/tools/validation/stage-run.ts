// Simulates a stage: its load on a replica that is set as its engine was, every request of the mean lengths. Through
// Simulation, like every other run. Knows no recorded figures.
import type { Override } from "../../document/overrides.js";
import type { Scenario } from "../../scenario/schema.js";
import type { ProfileFile } from "../../server/profile/kinds.js";
import { QuantileSketch } from "../../stats/quantile-sketch.js";
import { type DrivenRequest, drive } from "./driven-run.js";
import { type ReplayedEngine, replayedEngine } from "./replayed-engine.js";
import {
  assertFits,
  assertStepHolds,
  type Callers,
  type EngineSettings,
  engineScenario,
} from "./settings.js";
import type { CachedPart, Percentiles, Stage, StageArrivals, StageRecord } from "./stage.js";

export interface StageOptions {
  /** Seconds after which a caller gives up; undefined waits for ever. */
  readonly timeout?: number | undefined;
  readonly overrides?: readonly Override[] | undefined;
}

/** How a stage comes out on the simulator, with the mean number of sequences that decoded while load was on. */
export interface SimulatedStage extends StageRecord {
  readonly batch: number;
  /** What it was simulated on; undefined on a fleet, which says that for itself. */
  readonly engine?: ReplayedEngine | undefined;
}

/** Throws INVALID_PARAMETER where a request does not fit into the replica, and INVALID_SCENARIO for wrong overrides. */
export function simulateStage(
  stage: Stage,
  cached: CachedPart,
  profile: ProfileFile,
  settings: EngineSettings,
  { timeout, overrides }: StageOptions = {},
): SimulatedStage {
  assertStepHolds(profile, settings);
  assertFits(stage.promptTokens + stage.outputTokens, settings);
  const scenario = engineScenario(profile, settings, callersOf(stage, cached), [
    ...lengthOf(stage),
    ...(overrides ?? []),
  ]);
  const figures = figuresOf(endedOf(scenario, timeout), stage.seconds);
  return { ...figures, engine: replayedEngine(scenario.pools["engine"]!) };
}

/** A fleet of the caller's own that takes the load of stages, in place of an engine behind an open door. */
export interface StageFleet {
  readonly name: string;
  /** The source whose arrivals and lengths are the stage's. */
  readonly source: string;
  /** The scenario with these changes. */
  readonly load: (overrides: readonly Override[]) => Scenario;
}

/** As `simulateStage`, on a fleet. Its callers do not try again: a summary tells of requests, not of attempts. */
export function simulateOnFleet(
  stage: Stage,
  cached: CachedPart,
  { source, load }: StageFleet,
  { timeout, overrides }: StageOptions = {},
): SimulatedStage {
  const origin = "the stage";
  const changes = Object.entries({ cached: 0, ...callersOf(stage, cached), client: "none" }).map(
    ([key, value]) => ({
      path: `traffic.${source}.${key}`,
      value: typeof value === "string" ? value : JSON.stringify(value),
      origin,
    }),
  );
  const all = { path: "warmup", value: "0s", origin };
  return figuresOf(
    endedOf(load([...lengthOf(stage), all, ...changes, ...(overrides ?? [])]), timeout),
    stage.seconds,
  );
}

/** What began while there was load is followed to its end, however long after. */
function lengthOf({ seconds }: Stage): Override[] {
  const origin = "the stage";
  return [
    { path: "duration", value: `${seconds}s`, origin },
    { path: "drain", value: "true", origin },
  ];
}

function endedOf(scenario: Scenario, timeout: number | undefined): DrivenRequest[] {
  const ended: DrivenRequest[] = [];
  drive(scenario, { onEnd: (end) => ended.push(end), giveUpAfter: () => timeout });
  return ended;
}

function callersOf(stage: Stage, { tokens, applications }: CachedPart): Callers {
  const { arrivals, seconds, promptTokens, outputTokens } = stage;
  // The last token of a prompt is always computed.
  const shared = Math.min(tokens, promptTokens - 1);
  const common = { arrivals: arrivalsOf(arrivals, seconds), output: outputTokens };
  if (shared === 0) return { ...common, input: promptTokens };
  if (applications === undefined) return { ...common, input: promptTokens, cached: shared / promptTokens };
  return { ...common, input: promptTokens - shared, prefix: { tokens: shared, applications } };
}

function arrivalsOf(arrivals: StageArrivals, seconds: number): Callers["arrivals"] {
  if (arrivals.kind === "closed") return { process: "closed", callers: arrivals.callers, think: 0 };
  const phases = [{ duration: `${seconds}s`, arrivalRate: arrivals.rate }];
  if (arrivals.kind === "gamma") return { process: "gamma", cv: arrivals.cv, phases };
  return { process: arrivals.kind, phases };
}

function figuresOf(ended: readonly DrivenRequest[], seconds: number): SimulatedStage {
  const served = ended.filter(({ completed }) => completed);
  const percentiles = (measure: (one: DrivenRequest) => number | undefined) =>
    percentilesOf(served.flatMap((one) => measure(one) ?? []));
  const first = ended.reduce((least, { arrived }) => Math.min(least, arrived), Number.POSITIVE_INFINITY);
  const last = served.reduce((most, { ended: at }) => Math.max(most, at), 0);
  const tokens = served.reduce((sum, { generated }) => sum + generated, 0);
  return {
    sent: ended.length,
    succeeded: served.length,
    failed: ended.length - served.length,
    ttft: percentiles(({ arrived, firstToken }) => firstToken! - arrived),
    tpot: percentiles(({ firstToken, ended: at, generated }) =>
      generated > 1 ? (at - firstToken!) / (generated - 1) : undefined,
    ),
    e2e: percentiles(({ arrived, ended: at }) => at - arrived),
    outputTokensPerSecond: served.length === 0 ? null : tokens / (last - first),
    batch: meanDecoding(ended, first, first + seconds),
  };
}

/** Over the second half of the load, when the batch is as full as it gets. */
function meanDecoding(ended: readonly DrivenRequest[], first: number, until: number): number {
  const from = (first + until) / 2;
  const inside = ended.reduce((sum, { firstToken, ended: at }) => {
    if (firstToken === undefined) return sum;
    return sum + Math.max(0, Math.min(at, until) - Math.max(firstToken, from));
  }, 0);
  return inside / (until - from);
}

function percentilesOf(values: readonly number[]): Percentiles {
  const sketch = new QuantileSketch({ unit: 1e-9, exactLimit: values.length });
  for (const value of values) sketch.add(value);
  return {
    mean: sketch.mean,
    p50: sketch.quantile(0.5),
    p90: sketch.quantile(0.9),
    p99: sketch.quantile(0.99),
  };
}
