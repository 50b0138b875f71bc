// The history of pools that grow, shrink and break: how many replicas each wants, has ready and needs, what it sheds,
// and its instances by state. Only watches. A state costs memory from when it first occurs, and a pool that stays as it
// is leaves nothing in a result.
import { InstanceState, START_STATES } from "../base/instance-state.js";
import { type Duration, type Instant, START, toSeconds } from "../base/units.js";
import { TimeSeries } from "../results/ledger/time-series.js";
import { type Bins, ELASTIC_SERIES_KEYS, type ElasticSeriesKey } from "../results/metrics/series.js";
import type { Fleet } from "../server/fleet/fleet.js";
import type { Sizing } from "../server/fleet/sizing.js";
import { replicasNeeded } from "./instance-gap.js";

const { pending, ready, sleeping, draining, hung, lost } = InstanceState;

/** Columns of each pool. */
const WANTED = 0;
const READY = 1;
const NEEDED = 2;
const SHED = 3;
const WIDTH = 4;

type StateKey = Exclude<ElasticSeriesKey, "wanted" | "ready" | "needed" | "shed">;

const STATES: Readonly<Record<StateKey, readonly InstanceState[]>> = {
  pending: [pending],
  starting: START_STATES,
  sleeping: [sleeping],
  draining: [draining],
  hung: [hung],
  lost: [lost],
};
const STATE_KEYS = Object.keys(STATES) as StateKey[];

export class ElasticHistory {
  readonly #fleet: Fleet;
  readonly #sizing: Sizing;
  readonly #interval: Duration;
  readonly #levels: TimeSeries;
  /** By pool: those that have occurred. */
  readonly #states: readonly Map<StateKey, TimeSeries>[];
  /** By pool: attempts that are in the history already. */
  readonly #shed: Float64Array;

  /** `interval` is the width of a bin at first. */
  constructor(fleet: Fleet, sizing: Sizing, interval: Duration) {
    const pools = fleet.pools.length;
    this.#fleet = fleet;
    this.#sizing = sizing;
    this.#interval = interval;
    this.#levels = new TimeSeries({ columns: pools * WIDTH, interval });
    this.#states = fleet.pools.map(() => new Map());
    this.#shed = new Float64Array(pools);
  }

  /** Enters the pools as they are, for so many seconds. */
  sample(now: Instant, seconds: number): void {
    const { pools, instances } = this.#fleet;
    for (const [index, pool] of pools.entries()) {
      const first = index * WIDTH;
      const times = instances.times[index]!;
      const load = pool.readyBusy + pool.queue.length;
      const needed = replicasNeeded(load, this.#fleet.shapeOf(index).slots);
      this.#levels.add(first + WANTED, now, this.#sizing.wantedOf(index) * seconds);
      this.#levels.add(first + READY, now, times.count(ready) * seconds);
      this.#levels.add(first + NEEDED, now, needed * seconds);
      this.#enterShed(index, now);
      for (const key of STATE_KEYS) {
        const count = times.countOf(STATES[key]);
        this.#enterState(index, key, now, count * seconds);
      }
    }
  }

  /** The measured window is over: what was shed since the last sample is still in it. */
  windowCloses(now: Instant): void {
    for (const pool of this.#states.keys()) this.#enterShed(pool, now);
  }

  /** A pool's columns in the bins of a history that began with the same width; none where it has stayed as it was. */
  binsOf(
    pool: number,
    { bins, interval }: Pick<TimeSeries, "bins" | "interval">,
  ): Partial<Bins<ElasticSeriesKey>> {
    if (bins === 0) return {};
    const latest = ((bins - 1) * interval) as Instant;
    const read = (series: TimeSeries, column: number, width: number) => {
      series.add(column, latest, 0);
      return Array.from({ length: bins }, (_, bin) => series.value(column, bin) / width);
    };
    const seconds = toSeconds(interval);
    const level = (column: number, width: number) => read(this.#levels, pool * WIDTH + column, width);
    const states = this.#states[pool]!;
    const [wanted, isReady] = [level(WANTED, seconds), level(READY, seconds)];
    const hasStayed =
      states.size === 0 && wanted.every((count, bin) => count === wanted[0] && count === isReady[bin]);
    if (hasStayed) return {};
    const shed = level(SHED, 1);
    const found: Partial<Record<ElasticSeriesKey, number[]>> = {
      ...{ wanted, ready: isReady, needed: level(NEEDED, seconds) },
      ...(shed.some((count) => count > 0) && { shed }),
    };
    for (const [key, series] of states) found[key] = read(series, 0, seconds);
    const keys = ELASTIC_SERIES_KEYS.filter((key) => found[key] !== undefined);
    return Object.fromEntries(keys.map((key) => [key, found[key]]));
  }

  /** What was shed until now was so before now. */
  #enterShed(pool: number, now: Instant): void {
    const { shed } = this.#fleet.pools[pool]!.counts;
    const more = shed - this.#shed[pool]!;
    this.#shed[pool] = shed;
    if (more > 0) this.#levels.add(pool * WIDTH + SHED, Math.max(START, now - 1) as Instant, more);
  }

  /** A state that has not occurred yet has been 0 in all bins before. */
  #enterState(pool: number, key: StateKey, now: Instant, amount: number): void {
    const states = this.#states[pool]!;
    let series = states.get(key);
    if (series === undefined) {
      if (amount === 0) return;
      series = new TimeSeries({ columns: 1, interval: this.#interval });
      states.set(key, series);
    }
    series.add(0, now, amount);
  }
}
