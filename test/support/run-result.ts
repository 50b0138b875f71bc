// A result made by hand, for the tests of what is built on results: three tiers over six bins, one of them
// shed.
import { OUTCOMES } from "../../src/core/base/outcome.js";
import { type Load, UNKNOWN_LOAD } from "../../src/core/results/metrics/load.js";
import type { Summary } from "../../src/core/results/metrics/summary.js";
import type { TierResult } from "../../src/core/results/metrics/tier.js";
import type { Estimate, RunResult } from "../../src/core/results/shape/result.js";

export const NO_SAMPLES: Summary = {
  count: 0,
  mean: null,
  min: null,
  max: null,
  p1: null,
  p5: null,
  p25: null,
  p50: null,
  p75: null,
  p90: null,
  p95: null,
  p99: null,
  exact: true,
};

/** A distribution in which every statistic is the median times something, so that mixed-up columns show. */
export function summaryAround(p50: number, count = 100): Summary {
  return {
    count,
    mean: p50 * 1.1,
    min: p50 * 0.1,
    max: p50 * 9,
    p1: p50 * 0.2,
    p5: p50 * 0.5,
    p25: p50 * 0.8,
    p50,
    p75: p50 * 1.5,
    p90: p50 * 2,
    p95: p50 * 3,
    p99: p50 * 5,
    exact: true,
  };
}

export function tierRow(tier: string, changes: Partial<TierResult> = {}): TierResult {
  const outcomes = { ...emptyOutcomes(), completed: 100, ...changes.outcomes };
  const attempts = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  return {
    tier,
    attempts,
    reasons: {},
    statuses: {},
    misread: 0,
    requests: { offered: 100, attempts, completed: 100, failed: 0, givenUp: 0, open: 0 },
    retries: {},
    hedges: 0,
    clientRejected: 0,
    demoted: 0,
    objectivesMet: 100,
    spilled: 0,
    wastedPrefillTokens: 0,
    wastedDecodeTokens: 0,
    overloadedRate: outcomes.overloaded / attempts,
    rateLimitedRate: outcomes.rate_limited / attempts,
    unavailableRate: outcomes.unavailable / attempts,
    timedOutRate: outcomes.timed_out / attempts,
    misreadRate: null,
    evictedRate: outcomes.evicted / attempts,
    demotedRate: 0,
    objectiveMetRate: 100 / attempts,
    spilledRate: 0,
    amplification: attempts / 100,
    failureRate: 0,
    giveUpRate: 0,
    ttft: summaryAround(0.2),
    tokensPerSecond: summaryAround(50),
    latency: summaryAround(4),
    queueWait: summaryAround(0.01),
    inputTokens: 200_000,
    cachedTokens: 50_000,
    outputTokens: 30_000,
    throughput: 500,
    cost: { input: 1.5, cached: 0.05, output: 1.2, total: 2.75 },
    fairness: null,
    ...changes,
    outcomes,
  };
}

const STEADY: Load = { ...UNKNOWN_LOAD, verdict: "steady" };

export function runResult(changes: Partial<RunResult> = {}): RunResult {
  const shed = { ...emptyOutcomes(), completed: 80, overloaded: 15, rate_limited: 5 };
  const reasons = { requests: 5, overloaded_capacity: 12, queue_timeout: 3 };
  const standard = tierRow("standard", { outcomes: shed, reasons });
  const fast = tierRow("fast", { tokensPerSecond: summaryAround(120), cost: null });
  const all = tierRow("all", {
    outcomes: { ...emptyOutcomes(), completed: 280, overloaded: 15, rate_limited: 5 },
    reasons,
    requests: { offered: 300, attempts: 300, completed: 280, failed: 20, givenUp: 20, open: 0 },
  });
  return {
    schemaVersion: 2,
    scenario: "example",
    description: "Three tiers.",
    seed: "7",
    partial: false,
    caveats: [],
    time: { simulated: 62.5, warmup: 10, measured: 50, offeredRate: 6 },
    tiers: [standard, tierRow("priority"), fast],
    all,
    sources: [],
    pools: [],
    fleet: {
      gpus: 8,
      gpuSeconds: { free: 150, ready: 250 },
      scaling: null,
      isPriced: false,
      gpuCost: null,
    },
    sessions: [],
    distributions: [],
    accounts: [],
    trackedAccounts: [],
    recovery: null,
    load: STEADY,
    series: {
      interval: 10,
      tiers: [
        tierSeries("standard", [10, 20, 30, 20, 10, 10], [0, 1, 9, 5, 0, 0]),
        tierSeries("priority", [20, 20, 20, 20, 20, 0], [0, 0, 0, 0, 0, 0]),
        tierSeries("fast", [20, 20, 20, 20, 20, 0], [0, 0, 0, 0, 0, 0]),
      ],
      pools: [
        {
          pool: "shared",
          replicas: [2, 2, 2, 2, 2, 2],
          queued: [0, 1.5, 4, 2, 0, 0],
          slotsBusy: [3, 8, 8, 8, 2, 0],
          kvUsed: [9, 9, 9, 9, 9, 0],
        },
      ],
    },
    thresholds: [
      {
        metric: "overloaded_rate{tier:priority}",
        expression: "rate==0",
        bound: { operator: "==", value: 0, unit: "share" },
        verdict: "pass",
        observed: 0,
        ...{ low: 0, high: 0.03, n: 1, method: "zero-events" },
      },
      {
        metric: "overloaded_rate{tier:standard}",
        expression: "rate<0.1%",
        bound: { operator: "<", value: 0.001, unit: "share" },
        verdict: "fail",
        observed: 0.15,
        ...{ low: 0.12, high: 0.18, n: 8, method: "batches" },
      },
      {
        metric: "ttft{tier:fast}",
        expression: "p(99)<2s",
        bound: { operator: "<", value: 2, unit: "seconds" },
        verdict: "no-data",
        observed: null,
        ...{ low: null, high: null, n: 0, method: "no-data" },
      },
    ],
    confidence: 0.95,
    judgedAt: 0.95,
    estimates: ESTIMATES,
    strata: null,
    replications: [
      { seed: "7", values: ESTIMATES.map(({ value }) => value), weights: [100, 100, 300, 1, 1, 1] },
    ],
    work: { events: 1234, steps: 5678, epochs: 90 },
    ...changes,
  };
}

const OVERLOADED = { aggregation: "rate", unit: "share", better: "lower" } as const;
const FIRST_TOKEN = { aggregation: "p(99)", unit: "seconds", better: "lower" } as const;

/** One of each kind: from batches, without an event, of all tiers, without an interval, and without a value. */
const ESTIMATES: readonly Estimate[] = [
  {
    metric: "overloaded_rate{tier:standard,per:attempt}",
    ...OVERLOADED,
    ...{ value: 0.15, low: 0.12, high: 0.18, n: 8, method: "batches", oneRun: null },
  },
  {
    metric: "overloaded_rate{tier:priority,per:attempt}",
    ...OVERLOADED,
    ...{ value: 0, low: 0, high: 0.03, n: 1, method: "zero-events", oneRun: null },
  },
  {
    metric: "overloaded_rate{tier:all,per:attempt}",
    ...OVERLOADED,
    ...{ value: 0.05, low: 0.04, high: 0.06, n: 12, method: "batches", oneRun: null },
  },
  {
    metric: "ttft{tier:standard}",
    ...FIRST_TOKEN,
    ...{ value: 1, low: 0.92, high: 1.08, n: 8, method: "batches", oneRun: null },
  },
  {
    metric: "ttft{tier:priority}",
    ...FIRST_TOKEN,
    ...{ value: 1, low: null, high: null, n: 1, method: "too-few", oneRun: null },
  },
  {
    metric: "ttft{tier:fast}",
    ...FIRST_TOKEN,
    ...{ value: null, low: null, high: null, n: 0, method: "no-data", oneRun: null },
  },
];

function emptyOutcomes(): TierResult["outcomes"] {
  return Object.fromEntries(OUTCOMES.map((name) => [name, 0])) as TierResult["outcomes"];
}

function tierSeries(tier: string, attempts: readonly number[], overloaded: readonly number[]) {
  const completed = attempts.map((count, bin) => count - overloaded[bin]!);
  const none = attempts.map(() => 0);
  const outputTokens = completed.map((count) => count * 100);
  return { tier, attempts, completed, rateLimited: none, overloaded, unavailable: none, outputTokens };
}
