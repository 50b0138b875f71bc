// Builds the result of a run from its ledger: a row per tier, a row for all of them, and the judged
// thresholds. Knows tiers by name and the ledger by column; the pools and the series come ready from the
// engine.
import { assert } from "../base/assert.js";
import { type Ledger, TierColumns } from "../stats/ledger.js";
import { type JudgedRun, type JudgedTier, judge, type StatedThreshold } from "./evaluate.js";
import { recoveryOf, type Trigger } from "./recovery.js";
import {
  type PoolResult,
  RESULT_SCHEMA_VERSION,
  type RunResult,
  type Series,
  type ThresholdResult,
  type Work,
} from "./result.js";
import { type JudgedSessions, mergedSessions, type SessionTotals, sessionResult } from "./session-result.js";
import { ALL_TIERS, parseThreshold, UNROUTED } from "./threshold.js";
import { ratio, type TokenPrice, tierCost, tierResult, totalCost } from "./tier-result.js";

export interface ResultInput {
  readonly scenario: string;
  readonly description: string;
  readonly seed: string;
  readonly partial: boolean;
  /** In the ledger's order; `unrouted`, where the ledger has it, is the last. */
  readonly tiers: readonly { readonly name: string; readonly price: TokenPrice | null }[];
  readonly ledger: Ledger;
  readonly pools: readonly PoolResult[];
  /** Of the sources that have sessions; none if left out. */
  readonly sessions?: readonly { readonly source: string; readonly totals: SessionTotals }[];
  /** Seconds from the start of the run; left out where the scenario has none. */
  readonly trigger?: Trigger | undefined;
  readonly series: Series;
  readonly thresholds: readonly StatedThreshold[];
  /** Seconds. */
  readonly time: {
    readonly simulated: number;
    readonly warmup: number;
    readonly measured: number;
    /** Length of the part of the measured window in which requests came up. */
    readonly arrivals: number;
  };
  readonly work: Work;
}

export function buildResult(input: ResultInput): RunResult {
  const { scenario, description, seed, partial, pools, series, time, work } = input;
  assert(input.tiers.length === input.ledger.tiers.length, "the ledger has one entry per named tier");
  const { arrivals, ...measuredTime } = time;
  const tiers = judgedTiers(input);
  const all = judgedTotal(tiers, time.measured);
  const sessions = judgedSessions(input);
  const stretch = { from: time.warmup, until: time.warmup + time.measured };
  const recovery = input.trigger === undefined ? null : recoveryOf(series, input.trigger, stretch);
  const run: JudgedRun = { tiers: [...tiers, all], sessions, recovery };
  return {
    schemaVersion: RESULT_SCHEMA_VERSION,
    scenario,
    description,
    seed,
    partial,
    time: { ...measuredTime, offeredRate: ratio(all.row.requests.offered, arrivals) },
    tiers: tiers.map((tier) => tier.row),
    all: all.row,
    pools,
    sessions: sessions.slice(0, -1).map(({ row }) => row),
    recovery,
    series: {
      ...series,
      tiers: series.tiers.filter((one) => one.tier !== UNROUTED || one.attempts.some(isAny)),
    },
    thresholds: input.thresholds.map((stated) => judgeStated(stated, run)),
    work,
  };
}

const isAny = (count: number) => count > 0;

function judgedTiers({ tiers, ledger, time }: ResultInput): JudgedTier[] {
  const judged = tiers.map(({ name, price }, index) => {
    const columns = ledger.tiers[index]!;
    const cost = tierCost(columns, price);
    return { columns, row: tierResult({ tier: name, columns, cost, measured: time.measured }) };
  });
  return judged.filter(({ row }) => row.tier !== UNROUTED || row.attempts > 0 || row.requests.offered > 0);
}

function judgedTotal(tiers: readonly JudgedTier[], measured: number): JudgedTier {
  const columns = new TierColumns();
  for (const tier of tiers) mergeColumns(columns, tier.columns);
  const cost = totalCost(tiers.map((tier) => tier.row.cost));
  return { columns, row: tierResult({ tier: ALL_TIERS, columns, cost, measured }) };
}

function mergeColumns(into: TierColumns, from: TierColumns): void {
  into.attempts += from.attempts;
  from.outcomes.forEach((count, outcome) => {
    into.outcomes[outcome]! += count;
  });
  from.reasons.forEach((count, reason) => {
    into.reasons[reason]! += count;
  });
  into.requestsOffered += from.requestsOffered;
  into.requestsCompleted += from.requestsCompleted;
  into.requestsFailed += from.requestsFailed;
  into.requestsGivenUp += from.requestsGivenUp;
  into.requestsOpen += from.requestsOpen;
  from.retries.forEach((count, reason) => {
    into.retries[reason]! += count;
  });
  into.clientRejected += from.clientRejected;
  into.hedges += from.hedges;
  into.wastedPrefillTokens += from.wastedPrefillTokens;
  into.wastedDecodeTokens += from.wastedDecodeTokens;
  into.inputTokens += from.inputTokens;
  into.cachedTokens += from.cachedTokens;
  into.outputTokens += from.outputTokens;
  into.generatedTokens += from.generatedTokens;
  into.ttft.merge(from.ttft);
  into.tokensPerSecond.merge(from.tokensPerSecond);
  into.latency.merge(from.latency);
  into.queueWait.merge(from.queueWait);
}

/** A row per source, and one for all of them together, which is the last. */
function judgedSessions({ sessions = [], tiers }: ResultInput): JudgedSessions[] {
  if (sessions.length === 0) return [];
  const isPriced = tiers.some(({ price }) => price !== null);
  const all = { source: ALL_TIERS, totals: mergedSessions(sessions.map(({ totals }) => totals)) };
  return [...sessions, all].map(({ source, totals }) => ({
    row: sessionResult(source, totals, isPriced),
    totals,
  }));
}

function judgeStated(stated: StatedThreshold, run: JudgedRun): ThresholdResult {
  const threshold = parseThreshold(stated.metric, stated.expression);
  assert(threshold.ok, "thresholds are checked when the scenario is loaded");
  return judge(stated, threshold.value, run);
}
