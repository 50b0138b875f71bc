// A history cut down to what a chart can show: neighbouring bins are taken together, counts added and levels averaged,
// and no number keeps more digits than can be seen.
import {
  type Bins,
  ELASTIC_SERIES,
  ELASTIC_SERIES_KEYS,
  type ElasticSeriesKey,
  POOL_SERIES,
  POOL_SERIES_KEYS,
  type Series,
  TIER_SERIES,
  TIER_SERIES_KEYS,
} from "../../results/metrics/series.js";

/** Characters that a number of the history takes with its comma, about. */
const NUMBER_LENGTH = 7;
const MOST_BINS = 1500;
const FEWEST_BINS = 200;
const DIGITS = 5;

/** Fits about that many characters as JSON, but keeps enough bins to be looked at. */
export function shortenedSeries(series: Series, room: number): Series {
  const columns =
    series.tiers.length * TIER_SERIES_KEYS.length +
    series.pools.reduce((sum, pool) => sum + POOL_SERIES_KEYS.length + elasticKeys(pool).length, 0);
  const most = Math.min(
    MOST_BINS,
    Math.max(FEWEST_BINS, Math.floor(room / NUMBER_LENGTH / Math.max(1, columns))),
  );
  return coarserSeries(series, most);
}

/** At most so many bins, each as wide as a whole number of those before. */
export function coarserSeries(series: Series, most: number): Series {
  const { interval, tiers, pools } = series;
  const bins = Math.max(
    0,
    ...tiers.map(({ attempts }) => attempts.length),
    ...pools.map(({ queued }) => queued.length),
  );
  const size = Math.max(1, Math.ceil(bins / most));
  return {
    interval: interval * size,
    tiers: tiers.map((one) => ({ ...one, ...grouped(TIER_SERIES, one, size) })),
    pools: pools.map((one) => ({
      ...one,
      ...grouped(POOL_SERIES, one, size),
      ...grouped(elasticRows(one), one as Bins<ElasticSeriesKey>, size),
    })),
  };
}

/** What a pool has of it. */
function elasticKeys(pool: Series["pools"][number]): ElasticSeriesKey[] {
  return ELASTIC_SERIES_KEYS.filter((key) => pool[key] !== undefined);
}

function elasticRows(pool: Series["pools"][number]): Partial<typeof ELASTIC_SERIES> {
  return Object.fromEntries(elasticKeys(pool).map((key) => [key, ELASTIC_SERIES[key]]));
}

function grouped<Key extends string>(
  rows: { readonly [Name in Key]?: { readonly merge: "sum" | "mean" } },
  from: Bins<NoInfer<Key>>,
  size: number,
): Bins<Key> {
  const entries = Object.entries(rows) as [Key, { readonly merge: "sum" | "mean" }][];
  return Object.fromEntries(
    entries.map(([key, { merge }]) => [key, groups(from[key], size, merge)]),
  ) as Record<Key, number[]>;
}

function groups(values: readonly number[], size: number, how: "sum" | "mean"): number[] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, group) => {
    const own = values.slice(group * size, (group + 1) * size);
    const sum = own.reduce((total, value) => total + value, 0);
    return Number((how === "sum" ? sum : sum / own.length).toPrecision(DIGITS));
  });
}
