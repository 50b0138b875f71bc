// The result of one run: plain, versioned, JSON-ready data. Everything a report prints comes from here, and
// the same seed gives the same bytes, so nothing in it may depend on the clock or the machine. Missing
// numbers are null, never NaN. Times are seconds, rates per second or shares of one, money is US dollars. What its rows
// hold is decided by the tables of metrics.

import type { RankedValues } from "../../stats/ranked-values.js";
import type { LivesData } from "../../stats/session-lives.js";
import type { AccountResult } from "../metrics/accounts.js";
import type { Better } from "../metrics/asks.js";
import type { FleetResult } from "../metrics/fleet.js";
import type { Operator } from "../metrics/kinds.js";
import type { Load } from "../metrics/load.js";
import type { PoolResult } from "../metrics/pools.js";
import type { Recovery } from "../metrics/recovery.js";
import type { RunTime, Work } from "../metrics/run.js";
import type { Series } from "../metrics/series.js";
import type { SessionResult } from "../metrics/sessions.js";
import type { SourceResult, TierResult, TrackedResult } from "../metrics/tier.js";
import type { MetricUnit } from "../metrics/units.js";
import type { Caveat } from "./caveat-kinds.js";
import type { SourceCut } from "./cuts.js";
import type { DistributionResult } from "./distribution.js";
import type { IntervalMethod } from "./interval-method.js";
import type { Reading } from "./reading.js";
import type { RunEvent } from "./run-events.js";

export const RESULT_SCHEMA_VERSION = 2;

/** A number with the interval around it: open where low or high is null, and none where both are. */
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
  readonly better: Better;
  /** Null without data. */
  readonly value: number | null;
  /** Between which values a single run lies, and how surely; null where nothing tells. */
  readonly oneRun: OneRun | null;
}

export interface OneRun {
  readonly low: number;
  readonly high: number;
  /** At least. */
  readonly confidence: number;
}

/** What one seed says of every measure, in the order of the estimates. */
export interface Replication {
  readonly seed: string;
  readonly values: readonly (number | null)[];
  /** What a value is a share of: the denominator of a quotient or a mean, 1 for everything else. */
  readonly weights: readonly number[];
  /** What it measured of every trend, by its name with all tags; only of a run that is to be pooled with others. */
  readonly ranked?: Readonly<Record<string, RankedValues>>;
  /** What it saw of the lives of sessions, by source, and of `all`; likewise. */
  readonly lives?: Readonly<Record<string, LivesData>>;
}

/** Seeds that were chosen together out of so many candidates, by what was known of them before they ran. */
export interface StrataBlock {
  readonly candidates: number;
  readonly strata: readonly {
    /** Of all seeds. */
    readonly share: number;
    /** Those that were run, picked at random. */
    readonly seeds: readonly string[];
  }[];
}

/** Several blocks where a study went on. */
export interface SeedStrata {
  readonly blocks: readonly StrataBlock[];
}

export type ThresholdVerdict = "pass" | "fail" | "undecided" | "no-data";

/** What an expression asks of the value. */
export interface Bound {
  readonly operator: Operator;
  readonly value: number;
  readonly unit: MetricUnit;
}

export interface ThresholdResult extends Interval {
  readonly metric: string;
  readonly expression: string;
  readonly bound: Bound;
  readonly verdict: ThresholdVerdict;
  /** The observed value of the expression's aggregation; null without data, and for a time that never came. */
  readonly observed: number | null;
}

/** One run, or many replications of it pooled: then counts are sums, and quantiles those of all values together. */
export interface RunResult {
  readonly schemaVersion: typeof RESULT_SCHEMA_VERSION;
  readonly scenario: string;
  readonly description: string;
  /** Of several replications, the one from which their seeds were made: `seed/1`, `seed/2`, ..., or some of them. */
  readonly seed: string;
  /** True when the run was interrupted: the numbers cover only the part that ran. */
  readonly partial: boolean;
  readonly time: RunTime;
  /** Rows in the order of the scenario's paths, then `unrouted` when it occurred. */
  readonly tiers: readonly TierResult[];
  readonly all: TierResult;
  /** A row per source, in the scenario's order; none where there is one alone, of which `all` tells. */
  readonly sources: readonly SourceResult[];
  readonly pools: readonly PoolResult[];
  readonly fleet: FleetResult;
  /** A row per source whose callers have sessions, in the scenario's order. */
  readonly sessions: readonly SessionResult[];
  /** Of every tier that measured something: how its times, speeds and lengths are spread. */
  readonly distributions: readonly DistributionResult[];
  /** The accounts with the most attempts, then all others as one row. */
  readonly accounts: readonly AccountResult[];
  /** Accounts that thresholds name, then those that send most by the scenario's rates. */
  readonly trackedAccounts: readonly TrackedResult[];
  /** Null where the scenario names no trigger. */
  readonly recovery: Recovery | null;
  /** Whether the fleet keeps up with its load. */
  readonly load: Load;
  /** Of several replications: the first one's. */
  readonly series: Series;
  /** What happened to the fleet, in order of time; left out where nothing did. Of several replications: likewise. */
  readonly timeline?: readonly RunEvent[];
  readonly thresholds: readonly ThresholdResult[];
  /** Of the intervals of estimates: 0.95. */
  readonly confidence: number;
  /**
   * With which a threshold that passes is met: higher where it was looked at more than once, for all looks to err as
   * rarely.
   */
  readonly judgedAt: number;
  readonly estimates: readonly Estimate[];
  /** How the seeds were chosen; null of a single run, and where every seed was as good as any other. */
  readonly strata: SeedStrata | null;
  /** One for a single run. */
  readonly replications: readonly Replication[];
  readonly work: Work;
  /** What reading traces did to them, by source; left out where none was read. Of several replications: the first's. */
  readonly reading?: readonly Reading[];
  /** What was to be longer than bounds are, by source; left out where nothing was. Of several replications: sums. */
  readonly cuts?: readonly SourceCut[];
  /** What to know besides the numbers. */
  readonly caveats: readonly Caveat[];
}
