// Results for the tests of the HTML report: a small one with every part filled in, one whose names are hostile, and one
// as long and as wide as they come.
import { OUTCOMES } from "../../src/core/base/outcome.js";
import type { DistributionMeasure, RunResult, Series, TierResult } from "../../src/core/index.js";
import { runResult, summaryAround, tierRow } from "./run-result.js";

const NO_ATTEMPTS = Object.fromEntries(OUTCOMES.map((name) => [name, 0])) as TierResult["outcomes"];

const MEASURES: readonly DistributionMeasure[] = [
  "ttft",
  "tokensPerSecond",
  "latency",
  "inputTokens",
  "outputTokens",
];

/** Ends elements, attributes and comments, opens others, and would run if any of it were taken for markup. */
export const HOSTILE = `</script><img src=x onerror=alert(1)>"'><!--<script>alert(2)</script>{{7*7}}`;

interface Shape {
  readonly tiers?: readonly string[];
  readonly pools?: readonly string[];
  readonly bins?: number;
  readonly replications?: number;
  readonly accountName?: (account: number) => string;
}

export function reportResult(shape: Shape = {}, changes: Partial<RunResult> = {}): RunResult {
  const { tiers = ["standard", "priority", "fast"], pools = ["shared", "fast"], bins = 120 } = shape;
  const outcomes = { ...NO_ATTEMPTS, completed: 900, overloaded: 80, rate_limited: 20 };
  const reasons = { overloaded_capacity: 80, requests: 20 };
  const rows = tiers.map((tier) => tierRow(tier, { outcomes, reasons }));
  return runResult({
    tiers: rows,
    all: tierRow("all", { outcomes, reasons }),
    time: { simulated: bins * 10 - 4, warmup: 60, measured: bins * 10 - 64, offeredRate: 6 },
    pools: pools.map(poolRow),
    sessions: [sessionRow("agents")],
    distributions: tiers.flatMap((tier) => MEASURES.map((measure) => distributionRow(tier, measure))),
    accounts: accountRows(shape.accountName ?? ((account) => `account-${account}`)),
    series: seriesOf(tiers, pools, bins),
    ...estimatesOf([...tiers, "all"], shape.replications ?? 1),
    ...changes,
  });
}

/** Fourteen days of five tiers on three pools, in as many bins as a run keeps, over twenty replications. */
export function largestResult(): RunResult {
  const tiers = ["standard", "priority", "fast", "batch", "flex"];
  const shape = { tiers, pools: ["shared", "fast", "spare"], bins: 3780, replications: 20 };
  const result = reportResult(shape);
  return { ...result, series: { ...result.series, interval: 320 } };
}

/** A pool that grows late under a burst, loses an instance and waits for GPUs, beside one that stays as it is. */
export function elasticResult(bins = 120): RunResult {
  const result = reportResult({ bins });
  const [first, ...others] = result.series.pools;
  const third = (values: readonly [number, number, number]) =>
    Array.from({ length: bins }, (_, bin) => values[Math.floor((3 * bin) / bins)]!);
  const elastic = {
    ...first!,
    ...{ wanted: third([1, 6, 2]), ready: third([1, 3, 2]), needed: third([0.5, 4.25, 1.5]) },
    ...{ shed: third([0, 40, 0]), pending: third([0, 1, 0]), starting: third([0, 2, 0]) },
    ...{ draining: third([0, 0, 1]), lost: third([0, 1, 0]) },
  };
  const at = (share: number) => ({
    at: share * bins * 10,
    until: share * bins * 10,
    pool: "shared",
    count: 1,
  });
  return {
    ...result,
    series: { ...result.series, pools: [elastic, ...others] },
    timeline: [
      { ...at(0.1), kind: "launch", pool: "fast", text: "launch of kimi" },
      {
        ...at(0.34),
        until: 5 * bins,
        kind: "scale-up",
        count: 3,
        before: 1,
        after: 6,
        text: "up from 1 to 6",
      },
      { ...at(0.4), kind: "no-gpus", text: "no GPUs for 1 instance" },
      { ...at(0.41), kind: "node-lost", pool: null, text: "1 node lost" },
      { ...at(0.7), kind: "scale-down", before: 6, after: 2, text: "down from 6 to 2" },
    ],
  };
}

export function hostileResult(): RunResult {
  const shape = { tiers: [HOSTILE, "fast"], pools: [HOSTILE], accountName: (n: number) => `${HOSTILE}${n}` };
  const metric = `ttft{tier:${HOSTILE}}`;
  const interval = { low: null, high: null, n: 0, method: "extreme" } as const;
  const bound = { operator: "<", value: 1, unit: "seconds" } as const;
  return reportResult(shape, {
    scenario: HOSTILE,
    description: HOSTILE,
    seed: HOSTILE,
    thresholds: [{ metric, expression: HOSTILE, bound, verdict: "fail", observed: 3, ...interval }],
    sessions: [sessionRow(HOSTILE)],
  });
}

export function poolRow(pool: string): RunResult["pools"][number] {
  return {
    pool,
    profile: "llama-3.1-8b-h100",
    engineVersion: undefined,
    estimate: false,
    uncertainty: null,
    replicas: 4,
    gpus: 4,
    slots: 256,
    slotsBusyMean: 190.25,
    kvUsedMean: 123_456,
    kvPeak: 80_000,
    kvTokens: 400_000,
    queuedMean: 1.75,
    preemptions: 3,
    lostTokens: 4567,
    cutOutputs: 0,
    cutTokens: 0,
    gpuSeconds: { ready: 14_000, draining: 400 },
    scaling: null,
    gpuCost: null,
  };
}

function sessionRow(source: string): RunResult["sessions"][number] {
  return {
    source,
    started: 50,
    finished: 40,
    abandoned: 6,
    open: 4,
    openShare: 0.01,
    duration: summaryAround(300),
    requests: summaryAround(12),
    costPerFinished: 0.25,
    abandonRate: 0.13,
  };
}

function distributionRow(tier: string, measure: DistributionMeasure): RunResult["distributions"][number] {
  const edges = Array.from({ length: 41 }, (_, bin) => Number((0.01 * 2 ** (bin / 4)).toPrecision(9)));
  const counts = Array.from({ length: 40 }, (_, bin) => Math.round(1000 * Math.exp(-((bin - 18) ** 2) / 60)));
  return { tier, measure, edges, counts };
}

function accountRows(nameOf: (account: number) => string): RunResult["accounts"] {
  const row = (account: string | null, accounts: number) => ({
    account,
    accounts,
    attempts: 12_345,
    completed: 12_000,
    rateLimited: 300,
    overloaded: 45,
    unavailable: 0,
    inputTokens: 1_234_567,
    cachedTokens: 234_567,
    outputTokens: 345_678,
    cost: 12.345678,
    endedRequests: 12_000,
    demandedTokens: 1_600_000,
    servedTokens: 1_500_000,
  });
  return [...Array.from({ length: 50 }, (_, account) => row(nameOf(account), 1)), row(null, 150)];
}

/** Numbers with many digits, all of them different. */
function wave(bins: number, size: number, step: number): number[] {
  return Array.from({ length: bins }, (_, bin) => size * (1.1 + Math.sin(bin * step) * Math.cos(bin / 97)));
}

function seriesOf(tiers: readonly string[], pools: readonly string[], bins: number): Series {
  const counts = (size: number, step: number) => wave(bins, size, step).map(Math.round);
  return {
    interval: 10,
    tiers: tiers.map((tier, index) => ({
      tier,
      attempts: counts(20_000, 0.3 + index),
      completed: counts(19_000, 0.3 + index),
      rateLimited: counts(100, 0.7 + index),
      overloaded: counts(300, 0.9 + index),
      unavailable: counts(index, 0.5),
      outputTokens: counts(4_000_000, 0.3 + index),
    })),
    pools: pools.map((pool, index) => ({
      pool,
      replicas: wave(bins, 1, 0).map(() => 4),
      queued: wave(bins, 20, 0.2 + index),
      slotsBusy: wave(bins, 120, 0.1 + index),
      kvUsed: wave(bins, 180_000, 0.1 + index),
    })),
  };
}

const METRICS = [
  ["overloaded_rate", "rate", "share"],
  ["rate_limited_rate", "rate", "share"],
  ["unavailable_rate", "rate", "share"],
  ["give_up_rate", "rate", "share"],
  ["amplification", "value", "ratio"],
  ["ttft", "p(50)", "seconds"],
  ["ttft", "p(99)", "seconds"],
  ["tokens_per_second", "p(50)", "tokens_per_second"],
  ["tokens_per_second", "p(5)", "tokens_per_second"],
  ["latency", "p(50)", "seconds"],
  ["latency", "p(99)", "seconds"],
  ["throughput", "value", "tokens_per_second"],
  ["cost", "value", "dollars"],
] as const;

function estimatesOf(tiers: readonly string[], replications: number) {
  const estimates = tiers.flatMap((tier) =>
    METRICS.map(([name, aggregation, unit], index) => ({
      metric: `${name}{tier:${tier}}`,
      aggregation,
      unit,
      better: "lower" as const,
      value: 0.12345678901234 * (index + 1),
      low: 0.1134567890123 * (index + 1),
      high: 0.1334567890123 * (index + 1),
      n: replications,
      method: "replications" as const,
      oneRun:
        replications < 20 ? null : { low: 0.09 * (index + 1), high: 0.16 * (index + 1), confidence: 0.9 },
    })),
  );
  const seeds = Array.from({ length: replications }, (_, seed) => seed + 1);
  return {
    estimates,
    replications: seeds.map((seed) => ({
      seed: `7/${seed}`,
      values: estimates.map((_, index) => Math.sin(seed * (index + 1)) + 1),
      weights: estimates.map((_, index) => (index % 3 === 0 ? 123_456 + seed : 1)),
    })),
  };
}
