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

export type TierSeriesKey = keyof typeof TIER_SERIES;
export type PoolSeriesKey = keyof typeof POOL_SERIES;

export const TIER_SERIES_KEYS = Object.keys(TIER_SERIES) as TierSeriesKey[];
export const POOL_SERIES_KEYS = Object.keys(POOL_SERIES) as PoolSeriesKey[];

/** One entry per bin. */
export type Bins<Key extends string> = { readonly [Name in Key]: readonly number[] };

/** Binned history from the start of the run. */
export interface Series {
  /** Width of a bin in seconds; bin i covers [i, i+1) times this. */
  readonly interval: number;
  readonly tiers: readonly ({ readonly tier: string } & Bins<TierSeriesKey>)[];
  readonly pools: readonly ({ readonly pool: string } & Bins<PoolSeriesKey>)[];
}

/** The columns of one kind of row, in their places, and the bins that each shows. */
function seriesColumns<Key extends string>(
  rows: Readonly<Record<Key, SeriesRow>>,
): (Column<{ readonly of: Bins<Key>; readonly bin: number }> & ColumnText)[] {
  const keys = Object.keys(rows) as Key[];
  const columns = keys.map((key) => ({
    ...{ names: `\`${rows[key].name}\``, ...rows[key] },
    value: ({ of, bin }: { readonly of: Bins<Key>; readonly bin: number }) => of[key][bin],
  }));
  return columns.sort((one, other) => one.place - other.place);
}

export const TIER_SERIES_COLUMNS = seriesColumns(TIER_SERIES);
export const POOL_SERIES_COLUMNS = seriesColumns(POOL_SERIES);
