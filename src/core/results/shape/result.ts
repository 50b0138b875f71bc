// The result of one run: plain, versioned, JSON-ready data. Everything a report prints comes from here, and
// the same seed gives the same bytes, so nothing in it may depend on the clock or the machine. Missing
// numbers are null, never NaN. Times are seconds, rates per second or shares of one, money is US dollars.
import type { OutcomeName, ReasonName } from "../../base/outcome.js";
import type { MetricUnit } from "../metrics/metric-names.js";
import type { AccountResult } from "./account-result.js";
import type { DistributionResult } from "./distribution.js";

export const RESULT_SCHEMA_VERSION = 2;

/** A distribution of measured values in a few numbers; all null when nothing was measured. */
export interface Summary {
  readonly count: number;
  readonly mean: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly p1: number | null;
  readonly p5: number | null;
  readonly p25: number | null;
  readonly p50: number | null;
  readonly p75: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** False when the quantiles come from a histogram of three significant digits. */
  readonly exact: boolean;
}

export interface Cost {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly total: number;
}

/** One path's share of the run, or all of them together. Counts are of attempts that arrived in the measured window. */
export interface TierResult {
  /** Path name, `all`, or `unrouted` for requests that no path takes. */
  readonly tier: string;
  readonly attempts: number;
  /** Every attempt is in exactly one of these. */
  readonly outcomes: Readonly<Record<OutcomeName, number>>;
  /** The same attempts by reason; reasons that did not occur are left out. */
  readonly reasons: Readonly<Partial<Record<ReasonName, number>>>;
  /** What the callers wanted: logical requests, each of one or more attempts. */
  readonly requests: {
    readonly offered: number;
    readonly completed: number;
    readonly failed: number;
    /** Of the failed, those that their clients gave up on after a refusal or a timeout. */
    readonly givenUp: number;
    readonly open: number;
  };
  /** Attempts that followed a failure, by its reason; reasons that did not occur are left out. */
  readonly retries: Readonly<Partial<Record<ReasonName, number>>>;
  /** Second attempts sent beside a first, and tries that clients did not let leave: those are no attempts. */
  readonly hedges: number;
  readonly clientRejected: number;
  /** Work for attempts whose callers never got it whole: prompt tokens computed, tokens generated. */
  readonly wastedPrefillTokens: number;
  readonly wastedDecodeTokens: number;
  /** Attempts that ended overloaded / attempts; likewise the others. Null without attempts. */
  readonly overloadedRate: number | null;
  readonly rateLimitedRate: number | null;
  readonly unavailableRate: number | null;
  readonly amplification: number | null;
  /** Logical requests that failed for good / logical requests that ended. */
  readonly failureRate: number | null;
  /** Logical requests that their clients gave up on / logical requests that ended. */
  readonly giveUpRate: number | null;
  /** First token minus arrival of the attempt at the gateway, seconds. */
  readonly ttft: Summary;
  /** (Output tokens - 1) / (last token - first token) of each completed request with two or more output tokens. */
  readonly tokensPerSecond: Summary;
  /** Completion minus arrival of the attempt, seconds. */
  readonly latency: Summary;
  /** Start on a replica minus arrival of the attempt, seconds, of completed attempts. */
  readonly queueWait: Summary;
  /** Tokens of completed attempts. */
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  /** Tokens generated in the measured window by anyone / measured time, tokens per second. */
  readonly throughput: number;
  /** Of completed attempts; null where the path has no price. */
  readonly cost: Cost | null;
}

export interface PoolResult {
  readonly pool: string;
  /** Name of the step-time profile of its replicas, null where they have none, and whether it is only an estimate. */
  readonly profile: string | null;
  readonly estimate: boolean;
  readonly replicas: number;
  readonly gpus: number;
  /** Sequences that fit at once. */
  readonly slots: number;
  /** Time averages over the measured window; null when the run was cut off before it. */
  readonly slotsBusyMean: number | null;
  /** KV tokens in use: the mean of samples taken every sampling interval of the measured window. */
  readonly kvUsedMean: number | null;
  /** The most KV tokens that one replica had in use. */
  readonly kvPeak: number | null;
  /** Null where the replicas have no such limit. */
  readonly kvTokens: number | null;
  readonly queuedMean: number | null;
  /** Sequences that lost their memory on the way, over the whole run, and the tokens of KV that they lost. */
  readonly preemptions: number;
  readonly lostTokens: number;
}

/** What computing a run took. The one part of a result that depends on how it was computed (LAW-5). */
export interface Work {
  /** Events the engine processed, arrivals included. */
  readonly events: number;
  /** Steps that replicas made, and stretches of them that were computed at once. */
  readonly steps: number;
  readonly epochs: number;
}

/** Binned history from the start of the run. Every array has one entry per bin. */
export interface Series {
  /** Width of a bin in seconds; bin i covers [i, i+1) times this. */
  readonly interval: number;
  readonly tiers: readonly {
    readonly tier: string;
    readonly attempts: readonly number[];
    readonly completed: readonly number[];
    readonly rateLimited: readonly number[];
    readonly overloaded: readonly number[];
    readonly unavailable: readonly number[];
    /** Output tokens of attempts that completed in the bin. */
    readonly outputTokens: readonly number[];
  }[];
  readonly pools: readonly {
    readonly pool: string;
    /** Means of samples taken every sampling interval. Replicas are those that are up. */
    readonly replicas: readonly number[];
    readonly queued: readonly number[];
    readonly slotsBusy: readonly number[];
    readonly kvUsed: readonly number[];
  }[];
}

/** What became of the sessions of one source: of those that began in the measured window. */
export interface SessionResult {
  /** Traffic source of the scenario. */
  readonly source: string;
  readonly started: number;
  readonly finished: number;
  /** Ended by a caller whose request had failed for good. */
  readonly abandoned: number;
  /** Neither, when the run stopped. */
  readonly open: number;
  /** Of finished ones: from the first request to the last answer, seconds. */
  readonly duration: Summary;
  /** Of finished ones: requests that were answered. */
  readonly requests: Summary;
  /** What finished and abandoned ones cost together / finished ones; null without any, or without prices. */
  readonly costPerFinished: number | null;
  /** Abandoned ones / those that ended. */
  readonly abandonRate: number | null;
}

export type RecoveryVerdict = "recovered" | "stuck" | "unknown";

/** What a trigger did to goodput, in completed requests per second of all tiers, and whether it came back. */
export interface Recovery {
  /** Seconds from the start of the run. */
  readonly trigger: { readonly from: number; readonly until: number };
  /** Seconds over which goodput is averaged, and the share of before at which it is back. */
  readonly window: number;
  readonly share: number;
  /** From the end of warm-up to the trigger; null where there is no time between. */
  readonly goodputBefore: number | null;
  readonly goodputDuring: number | null;
  /** From 60 s after the trigger to the end of arrivals. */
  readonly goodputAfter: number | null;
  /** Seconds from the trigger's end until goodput was back for good; null if it was not within the run. */
  readonly recoveryTime: number | null;
  /** `unknown` where the run is too short before or after the trigger to tell. */
  readonly verdict: RecoveryVerdict;
}

/**
 * Where an interval comes from: Student's t over replications or over batches of one run; the rule of three where not
 * one event was seen; too few where more replications or a longer run would give one; none where nothing would.
 */
export type IntervalMethod = "replications" | "batches" | "zero-events" | "too-few" | "none";

/** A number with the interval around it; low and high are null where there is none. */
export interface Interval {
  readonly low: number | null;
  readonly high: number | null;
  /** Independent samples that it rests on: replications, or batches of one run. */
  readonly n: number;
  readonly method: IntervalMethod;
}

/** One measure of a run, or over all its replications. */
export interface Estimate extends Interval {
  /** As a threshold names it: `overloaded_rate{tier:standard,per:attempt}`. */
  readonly metric: string;
  /** As a threshold writes it: `rate`, `count`, `value`, `avg`, `p(50)`. */
  readonly aggregation: string;
  readonly unit: MetricUnit;
  /** Which way is an improvement. */
  readonly better: "lower" | "higher" | "none";
  /** Null without data. */
  readonly value: number | null;
}

/** What one seed says of every measure, in the order of the estimates. */
export interface Replication {
  readonly seed: string;
  readonly values: readonly (number | null)[];
  /** What a value is a share of: the denominator of a rate or a ratio, 1 for everything else. */
  readonly weights: readonly number[];
}

export type ThresholdVerdict = "pass" | "fail" | "inconclusive" | "no-data";

export interface ThresholdResult extends Interval {
  readonly metric: string;
  readonly expression: string;
  readonly verdict: ThresholdVerdict;
  /** The observed value of the expression's aggregation; null without data, and for a time that never came. */
  readonly observed: number | null;
}

/** One run, or many replications of it pooled: then counts are sums, and quantiles means over replications. */
export interface RunResult {
  readonly schemaVersion: typeof RESULT_SCHEMA_VERSION;
  readonly scenario: string;
  readonly description: string;
  /** Of several replications, the one from which their seeds were made: `seed/1`, `seed/2`, ... */
  readonly seed: string;
  /** True when the run was interrupted: the numbers cover only the part that ran. */
  readonly partial: boolean;
  readonly time: {
    /** Simulated seconds from the start to the last event. */
    readonly simulated: number;
    readonly warmup: number;
    /** Length of the measured window: from warm-up to the end of arrivals (or of the run, where it drains a trace). */
    readonly measured: number;
    /** Logical requests per second over the arrivals of the measured window. */
    readonly offeredRate: number | null;
  };
  /** Rows in the order of the scenario's paths, then `unrouted` when it occurred. */
  readonly tiers: readonly TierResult[];
  readonly all: TierResult;
  readonly pools: readonly PoolResult[];
  /** A row per source whose callers have sessions, in the scenario's order. */
  readonly sessions: readonly SessionResult[];
  /** Of every tier that measured something: how its times, speeds and lengths are spread. */
  readonly distributions: readonly DistributionResult[];
  /** The accounts with the most attempts, then all others as one row. */
  readonly accounts: readonly AccountResult[];
  /** Null where the scenario names no trigger. */
  readonly recovery: Recovery | null;
  /** Of several replications: the first one's. */
  readonly series: Series;
  readonly thresholds: readonly ThresholdResult[];
  /** Of the intervals of estimates: 0.95. */
  readonly confidence: number;
  /** Of those of thresholds: higher where they were looked at again and again, for all looks to err as rarely. */
  readonly judgedAt: number;
  readonly estimates: readonly Estimate[];
  /** One for a single run. */
  readonly replications: readonly Replication[];
  readonly work: Work;
}
