// A history cut down to what a chart can show: neighbouring bins are taken together, counts added and levels averaged,
// and no number keeps more digits than can be seen.
import type { Series } from "../../results/shape/result.js";

/** Characters that a number of the history takes with its comma, about. */
const NUMBER_LENGTH = 7;
const MOST_BINS = 1500;
const FEWEST_BINS = 200;
const DIGITS = 5;

const TIER_COLUMNS = [
  "attempts",
  "completed",
  "rateLimited",
  "overloaded",
  "unavailable",
  "outputTokens",
] as const satisfies readonly (keyof Series["tiers"][number])[];
const POOL_COLUMNS = [
  "replicas",
  "queued",
  "slotsBusy",
  "kvUsed",
] as const satisfies readonly (keyof Series["pools"][number])[];

/** Fits about that many characters as JSON, but keeps enough bins to be looked at. */
export function shortenedSeries(series: Series, room: number): Series {
  const columns = series.tiers.length * TIER_COLUMNS.length + series.pools.length * POOL_COLUMNS.length;
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
    tiers: tiers.map((one) => ({ ...one, ...grouped(one, TIER_COLUMNS, size, "sum") })),
    pools: pools.map((one) => ({ ...one, ...grouped(one, POOL_COLUMNS, size, "mean") })),
  };
}

function grouped<Column extends string>(
  from: Readonly<Record<Column, readonly number[]>>,
  columns: readonly Column[],
  size: number,
  how: "sum" | "mean",
): Record<Column, number[]> {
  const entries = columns.map((column) => [column, groups(from[column], size, how)] as const);
  return Object.fromEntries(entries) as Record<Column, number[]>;
}

function groups(values: readonly number[], size: number, how: "sum" | "mean"): number[] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, group) => {
    const own = values.slice(group * size, (group + 1) * size);
    const sum = own.reduce((total, value) => total + value, 0);
    return Number((how === "sum" ? sum : sum / own.length).toPrecision(DIGITS));
  });
}
