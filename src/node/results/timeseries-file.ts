// timeseries.csv: one row per bin and tier, then one per bin and pool, in one table. A column that does not
// apply to a row's kind is empty. docs/results.md explains every column.
import type { RunResult, Series } from "../../core/index.js";
import { POOL_SERIES_COLUMNS, TIER_SERIES_COLUMNS } from "../../core/internal.js";
import { type CsvColumn, csvTable } from "./csv.js";

type TierSeries = Series["tiers"][number];
type PoolSeries = Series["pools"][number];

interface BinRow {
  readonly bin: number;
  readonly interval: number;
  readonly tier?: TierSeries;
  readonly pool?: PoolSeries;
}

const MICROS_PER_SECOND = 1_000_000;

export const TIMESERIES_COLUMNS: readonly CsvColumn<BinRow>[] = [
  // Instants are whole microseconds; rounding to them drops what the multiplication adds, as in 3 x 0.1.
  {
    name: "t_s",
    value: ({ bin, interval }) => Math.round(bin * interval * MICROS_PER_SECOND) / MICROS_PER_SECOND,
  },
  { name: "kind", value: ({ tier }) => (tier === undefined ? "pool" : "tier") },
  { name: "name", value: ({ tier, pool }) => tier?.tier ?? pool?.pool },
  ...TIER_SERIES_COLUMNS.map(
    ({ name, value }): CsvColumn<BinRow> => ({
      name,
      value: ({ tier, bin }) => tier && value({ of: tier, bin }),
    }),
  ),
  ...POOL_SERIES_COLUMNS.map(
    ({ name, value }): CsvColumn<BinRow> => ({
      name,
      value: ({ pool, bin }) => pool && value({ of: pool, bin }),
    }),
  ),
];

export function timeseriesCsv({ series }: RunResult): string {
  const { interval } = series;
  const tiers = series.tiers.flatMap((tier) =>
    tier.attempts.map((_, bin): BinRow => ({ bin, interval, tier })),
  );
  const pools = series.pools.flatMap((pool) =>
    pool.queued.map((_, bin): BinRow => ({ bin, interval, pool })),
  );
  return csvTable(TIMESERIES_COLUMNS, [...tiers, ...pools]);
}
