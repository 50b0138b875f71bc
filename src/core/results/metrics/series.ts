// What the history of a run has of every tier and of every pool, bin by bin: sums of what happened, and levels that
// were sampled. Knows names and columns, not how they are counted.
import type { Column, ColumnText } from "./rows.js";

interface SeriesRow {
  /** Of its column in timeseries.csv. */
  readonly name: string;
  /** Among the columns of its kind; new ones come last. */
  readonly place: number;
  readonly unit: string;
  readonly means: string;
  /** How neighbouring bins are taken together: what is counted adds up, a level is averaged. */
  readonly merge: "sum" | "mean";
}

/** Everything is counted in the bin in which it happens. In the order in which a result has them. */
export const TIER_SERIES = {
  attempts: { name: "attempts", place: 1, unit: "attempts", merge: "sum", means: "that arrived in the bin" },
  completed: {
    name: "completed",
    place: 1,
    unit: "attempts",
    merge: "sum",
    means: "that completed in the bin",
  },
  rateLimited: {
    ...{ name: "rate_limited", place: 1, unit: "attempts", merge: "sum" },
    means: "refused with 429 in the bin",
  },
  overloaded: {
    ...{ name: "overloaded", place: 1, unit: "attempts", merge: "sum" },
    means: "shed with 503 in the bin",
  },
  unavailable: {
    ...{ name: "unavailable", place: 1, unit: "attempts", merge: "sum" },
    means: "failed with 503 in the bin because something was down",
  },
  outputTokens: {
    ...{ name: "output_tokens", place: 1, unit: "tokens", merge: "sum" },
    means: "of attempts that completed in the bin",
  },
} as const satisfies Readonly<Record<string, SeriesRow>>;

/** Pools are sampled; in a bin that was merged from several these are the means of their samples. */
export const POOL_SERIES = {
  replicas: {
    ...{ name: "replicas_mean", place: 2, unit: "replicas", merge: "mean" },
    means: "up, likewise; none in an outage",
  },
  queued: {
    ...{ name: "queued_mean", place: 1, unit: "requests", merge: "mean" },
    means: "waiting when sampled; in a bin that was merged from several, the mean of their samples",
  },
  slotsBusy: {
    ...{ name: "slots_busy_mean", place: 1, unit: "sequences", merge: "mean" },
    means: "being served, likewise",
  },
  kvUsed: {
    ...{ name: "kv_used_tokens_mean", place: 1, unit: "tokens", merge: "mean" },
    means: "of KV cache in use, likewise",
  },
} as const satisfies Readonly<Record<string, SeriesRow>>;

/** Of pools in which any of it occurs, that is, not of those whose replicas stay as they are; sampled likewise. */
export const ELASTIC_SERIES = {
  wanted: {
    ...{ name: "replicas_wanted_mean", place: 1, unit: "replicas", merge: "mean" },
    means: "that the pool wants, likewise; this and all that follows is empty where it does not occur",
  },
  ready: {
    ...{ name: "replicas_ready_mean", place: 1, unit: "replicas", merge: "mean" },
    means: "that are ready to take requests, likewise",
  },
  needed: {
    ...{ name: "replicas_needed_mean", place: 1, unit: "replicas", merge: "mean" },
    means: "that hold what runs and what waits, ceil((running + queued) / slots of a replica), likewise",
  },
  shed: {
    ...{ name: "shed", place: 1, unit: "attempts", merge: "sum" },
    means: "shed with 503 by the pool in the bin, counted from sample to sample",
  },
  pending: {
    ...{ name: "instances_pending_mean", place: 1, unit: "instances", merge: "mean" },
    means: "that wait for GPUs, likewise",
  },
  starting: {
    ...{ name: "instances_starting_mean", place: 1, unit: "instances", merge: "mean" },
    means: "in any stage of a cold start, likewise",
  },
  sleeping: {
    ...{ name: "instances_sleeping_mean", place: 1, unit: "instances", merge: "mean" },
    means: "asleep, likewise",
  },
  draining: {
    ...{ name: "instances_draining_mean", place: 1, unit: "instances", merge: "mean" },
    means: "that finish what they have and take no more, likewise",
  },
  hung: {
    ...{ name: "instances_hung_mean", place: 1, unit: "instances", merge: "mean" },
    means: "that make no progress, likewise",
  },
  lost: {
    ...{ name: "instances_lost_mean", place: 1, unit: "instances", merge: "mean" },
    means: "lost and not replaced yet, likewise",
  },
} as const satisfies Readonly<Record<string, SeriesRow>>;

export type TierSeriesKey = keyof typeof TIER_SERIES;
export type PoolSeriesKey = keyof typeof POOL_SERIES;

export type ElasticSeriesKey = keyof typeof ELASTIC_SERIES;

export const TIER_SERIES_KEYS = Object.keys(TIER_SERIES) as TierSeriesKey[];
export const POOL_SERIES_KEYS = Object.keys(POOL_SERIES) as PoolSeriesKey[];
export const ELASTIC_SERIES_KEYS = Object.keys(ELASTIC_SERIES) as ElasticSeriesKey[];

/** One entry per bin. */
export type Bins<Key extends string> = { readonly [Name in Key]: readonly number[] };

export type PoolSeries = { readonly pool: string } & Bins<PoolSeriesKey> & Partial<Bins<ElasticSeriesKey>>;

/** Binned history from the start of the run. */
export interface Series {
  /** Width of a bin in seconds; bin i covers [i, i+1) times this. */
  readonly interval: number;
  readonly tiers: readonly ({ readonly tier: string } & Bins<TierSeriesKey>)[];
  readonly pools: readonly PoolSeries[];
}

/** The columns of one kind of row, in their places, and the bins that each shows. */
function seriesColumns<Key extends string>(
  rows: Readonly<Record<Key, SeriesRow>>,
): (Column<{ readonly of: Partial<Bins<Key>>; readonly bin: number }> & ColumnText)[] {
  const keys = Object.keys(rows) as Key[];
  const columns = keys.map((key) => ({
    ...{ names: `\`${rows[key].name}\``, ...rows[key] },
    value: ({ of, bin }: { readonly of: Partial<Bins<Key>>; readonly bin: number }) => of[key]?.[bin],
  }));
  return columns.sort((one, other) => one.place - other.place);
}

export const TIER_SERIES_COLUMNS = seriesColumns(TIER_SERIES);
export const POOL_SERIES_COLUMNS = [...seriesColumns(POOL_SERIES), ...seriesColumns(ELASTIC_SERIES)];
