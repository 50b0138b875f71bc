// A result made by hand, for the tests of what is built on results: three tiers over six bins, one of them
// shed.
import { OUTCOMES } from "../../src/core/base/outcome.js";
import type { RunResult, Summary, TierResult } from "../../src/core/result/result.js";

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
    requests: { offered: 100, completed: 100, failed: 0, givenUp: 0, open: 0 },
    retries: {},
    hedges: 0,
    clientRejected: 0,
    wastedPrefillTokens: 0,
    wastedDecodeTokens: 0,
    overloadedRate: outcomes.overloaded / attempts,
    rateLimitedRate: outcomes.rate_limited / attempts,
    unavailableRate: outcomes.unavailable / attempts,
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
    ...changes,
    outcomes,
  };
}

export function runResult(changes: Partial<RunResult> = {}): RunResult {
  const shed = { ...emptyOutcomes(), completed: 80, overloaded: 15, rate_limited: 5 };
  const reasons = { requests: 5, overloaded_capacity: 12, queue_timeout: 3 };
  const standard = tierRow("standard", { outcomes: shed, reasons });
  const fast = tierRow("fast", { tokensPerSecond: summaryAround(120), cost: null });
  const all = tierRow("all", {
    outcomes: { ...emptyOutcomes(), completed: 280, overloaded: 15, rate_limited: 5 },
    reasons,
    requests: { offered: 300, completed: 280, failed: 20, givenUp: 20, open: 0 },
  });
  return {
    schemaVersion: 1,
    scenario: "example",
    description: "Three tiers.",
    seed: "7",
    partial: false,
    time: { simulated: 62.5, warmup: 10, measured: 50, offeredRate: 6 },
    tiers: [standard, tierRow("priority"), fast],
    all,
    pools: [],
    sessions: [],
    recovery: null,
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
          queued: [0, 1.5, 4, 2, 0, 0],
          slotsBusy: [3, 8, 8, 8, 2, 0],
          kvUsed: [9, 9, 9, 9, 9, 0],
        },
      ],
    },
    thresholds: [
      { metric: "overloaded_rate{tier:priority}", expression: "rate==0", verdict: "pass", observed: 0 },
      { metric: "overloaded_rate{tier:standard}", expression: "rate<0.1%", verdict: "fail", observed: 0.15 },
      { metric: "ttft{tier:fast}", expression: "p(99)<2s", verdict: "no-data", observed: null },
    ],
    work: { events: 1234, steps: 5678, epochs: 90 },
    ...changes,
  };
}

function emptyOutcomes(): TierResult["outcomes"] {
  return Object.fromEntries(OUTCOMES.map((name) => [name, 0])) as TierResult["outcomes"];
}

function tierSeries(tier: string, attempts: readonly number[], overloaded: readonly number[]) {
  const completed = attempts.map((count, bin) => count - overloaded[bin]!);
  const none = attempts.map(() => 0);
  const outputTokens = completed.map((count) => count * 100);
  return { tier, attempts, completed, rateLimited: none, overloaded, unavailable: none, outputTokens };
}
