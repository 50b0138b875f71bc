// From the ledger's columns to one row of the result: rates, distributions and cost. Knows one tier at a
// time.
import { OUTCOMES, Outcome, type OutcomeName, REASONS, type ReasonName } from "../../base/outcome.js";
import type { QuantileSketch } from "../../stats/quantile-sketch.js";
import { TOKENS_PER_PRICE, type TokenPrice } from "../ledger/account-counts.js";
import type { TierColumns } from "../ledger/tier-columns.js";
import type { Cost, Summary, TierResult } from "./result.js";

export interface TierRow {
  readonly tier: string;
  readonly columns: TierColumns;
  readonly cost: Cost | null;
  /** Length of the measured window, seconds. */
  readonly measured: number;
}

/** A row without its distributions, whose quantiles are by far the dearest part of it. */
export type TierCounts = Omit<TierResult, "ttft" | "tokensPerSecond" | "latency" | "queueWait">;

export function tierResult(row: TierRow): TierResult {
  const { inputTokens, cachedTokens, outputTokens, throughput, cost, ...counts } = tierCounts(row);
  const { columns } = row;
  return {
    ...counts,
    ttft: summary(columns.ttft),
    tokensPerSecond: summary(columns.tokensPerSecond),
    latency: summary(columns.latency),
    queueWait: summary(columns.queueWait),
    inputTokens,
    cachedTokens,
    outputTokens,
    throughput,
    cost,
  };
}

export function tierCounts({ tier, columns, cost, measured }: TierRow): TierCounts {
  const { attempts, requestsOffered, requestsCompleted, requestsFailed } = columns;
  return {
    tier,
    attempts,
    outcomes: outcomeCounts(columns),
    reasons: byReason(columns.reasons),
    requests: {
      offered: requestsOffered,
      completed: requestsCompleted,
      failed: requestsFailed,
      givenUp: columns.requestsGivenUp,
      open: columns.requestsOpen,
    },
    retries: byReason(columns.retries),
    hedges: columns.hedges,
    clientRejected: columns.clientRejected,
    wastedPrefillTokens: columns.wastedPrefillTokens,
    wastedDecodeTokens: columns.wastedDecodeTokens,
    overloadedRate: ratio(columns.outcomes[Outcome.overloaded]!, attempts),
    rateLimitedRate: ratio(columns.outcomes[Outcome.rateLimited]!, attempts),
    unavailableRate: ratio(columns.outcomes[Outcome.unavailable]!, attempts),
    amplification: ratio(attempts, requestsOffered),
    failureRate: ratio(requestsFailed, requestsFailed + requestsCompleted),
    giveUpRate: ratio(columns.requestsGivenUp, requestsFailed + requestsCompleted),
    inputTokens: columns.inputTokens,
    cachedTokens: columns.cachedTokens,
    outputTokens: columns.outputTokens,
    throughput: ratio(columns.generatedTokens, measured) ?? 0,
    cost,
  };
}

/** Attempts that followed a failure, whatever it was. */
export function totalRetries({ retries }: TierCounts): number {
  return Object.values(retries).reduce((sum, count) => sum + count, 0);
}

/** A share or a ratio; null where it would be 0 / 0. */
export function ratio(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}

/** What the completed attempts' tokens cost, in dollars; null where the path has no price. */
export function tierCost(columns: TierColumns, price: TokenPrice | null): Cost | null {
  if (price === null) return null;
  const input = ((columns.inputTokens - columns.cachedTokens) * price.input) / TOKENS_PER_PRICE;
  const cached = (columns.cachedTokens * price.cached) / TOKENS_PER_PRICE;
  const output = (columns.outputTokens * price.output) / TOKENS_PER_PRICE;
  return { input, cached, output, total: input + cached + output };
}

/** The sum of what is priced; null where nothing is. */
export function totalCost(costs: readonly (Cost | null)[]): Cost | null {
  const priced = costs.filter((cost) => cost !== null);
  if (priced.length === 0) return null;
  const sum = (part: keyof Cost) => priced.reduce((total, cost) => total + cost[part], 0);
  return { input: sum("input"), cached: sum("cached"), output: sum("output"), total: sum("total") };
}

function outcomeCounts(columns: TierColumns): Record<OutcomeName, number> {
  const entries = OUTCOMES.map((name, code) => [name, columns.outcomes[code]!] as const);
  return Object.fromEntries(entries) as Record<OutcomeName, number>;
}

function byReason(counts: Float64Array): Partial<Record<ReasonName, number>> {
  const entries = REASONS.map((spec, code) => [spec.name, counts[code]!] as const);
  return Object.fromEntries(entries.filter(([, count]) => count > 0));
}

export function summary(sketch: QuantileSketch): Summary {
  // The sketch answers NaN while it is empty, and a result holds null instead.
  const value = (number: number) => (sketch.count === 0 ? null : number);
  return {
    count: sketch.count,
    mean: value(sketch.mean),
    min: value(sketch.minimum),
    max: value(sketch.maximum),
    p1: value(sketch.quantile(0.01)),
    p5: value(sketch.quantile(0.05)),
    p25: value(sketch.quantile(0.25)),
    p50: value(sketch.quantile(0.5)),
    p75: value(sketch.quantile(0.75)),
    p90: value(sketch.quantile(0.9)),
    p95: value(sketch.quantile(0.95)),
    p99: value(sketch.quantile(0.99)),
    exact: sketch.exact,
  };
}
