// Whether a run can go on for ever as it goes: what waits in its pools and with its callers, stretch by stretch of the
// measured window. A queue that grows without end has no latency, only one that depends on how long one looks. Reads
// the binned history of a run and knows no fleet.
import { riseOf, STRETCHES, startOf } from "../../stats/trend.js";
import {
  CALLERS,
  judgeLoad,
  type Load,
  type PlaceRise,
  queueOf,
  sequencesIn,
  UNKNOWN_LOAD,
} from "../metrics/load.js";
import type { PoolResult } from "../metrics/pools.js";
import type { Series } from "../metrics/series.js";
import type { Stretch } from "./recovery.js";
import type { RunResult } from "./result.js";

/** Fewer bins have no beginning and no end. */
const LEAST_BINS = 4;
/** A pool that fills from empty rises for some services; in a window of fewer nothing tells this from growth. */
const LEAST_SERVICES = 4;

/** Of its slots or of its memory: a pool that has filled up to here cannot fill much further. */
const FULL = 0.9;

type Room = Pick<PoolResult, "pool" | "replicas" | "slots" | "kvTokens">;

/** Nothing that depends on how long requests take is known of a run whose load grows. */
export function isGrowing({ load }: Pick<RunResult, "load">): boolean {
  return load.verdict === "growing";
}

/**
 * Of the history between two instants, seconds from the start of the run. `waiting` is how many callers wait between
 * two attempts, by bin; none where that is not known. What a pool has no room for left cannot grow in it.
 */
export function loadOf(
  series: Series,
  stretch: Stretch,
  waiting: readonly number[] = [],
  rooms: readonly Room[] = [],
): Load {
  const window = new Window(series, stretch);
  const arrivals = sum(window.arrivals);
  if (window.bins < LEAST_BINS || arrivals === 0) return UNKNOWN_LOAD;
  const seconds = window.bins * series.interval;
  const busy = series.pools.map(({ slotsBusy }) => sum(window.means(slotsBusy)) / STRETCHES);
  const served = sum(busy);
  const completed = sum(series.tiers.map((tier) => window.sum(tier.completed)));
  // What has been served for so long, by Little's law, while so many were done.
  if (served * LEAST_SERVICES > completed) return UNKNOWN_LOAD;
  const place = (where: string, levels: readonly number[], share: number): PlaceRise => {
    const rise = riseOf(levels, Math.min(STRETCHES, window.bins - 1));
    const of = (value: number) => (value === 0 ? 0 : value / (arrivals * share));
    return {
      where,
      rise: {
        ...rise,
        total: of(rise.total),
        late: of(rise.late),
        error: of(rise.error),
        walk: of(rise.walk),
      },
      perSecond: rise.total / seconds,
    };
  };
  const places = [
    ...series.pools.flatMap((one, index) => {
      const { pool, queued, slotsBusy } = one;
      // Which arrivals are whose is not in the history; what a pool serves says it about.
      const share = served === 0 ? 1 : busy[index]! / served;
      const isFull = rooms.some((room) => room.pool === pool && fullAt(window, one, room) >= FULL);
      return [
        place(queueOf(pool), window.levels(queued), share),
        ...(isFull ? [] : [place(sequencesIn(pool), window.perArrival(window.levels(slotsBusy)), share)]),
      ];
    }),
    ...(waiting.length === 0 ? [] : [place(CALLERS, window.levels(waiting), 1)]),
  ];
  const present = [...series.pools.flatMap(({ queued, slotsBusy }) => [queued, slotsBusy]), waiting];
  const inSystem = present.map((level) => window.means(level));
  const times = window.arrivals.map((count, stretch) =>
    count === 0 ? 0 : sum(inSystem.map((means) => means[stretch]!)) / count,
  );
  const start = startOf(times);
  const byPlace = (read: (one: PlaceRise) => number) =>
    Object.fromEntries(places.map((one) => [one.where, read(one)]));
  return {
    ...judgeLoad(places, start),
    growth: byPlace(({ perSecond }) => perSecond),
    growthShare: byPlace(({ rise }) => rise.total),
    lateShare: byPlace(({ rise }) => rise.late),
    errorShare: byPlace(({ rise }) => rise.error),
    startOff: start.off,
  };
}

/** How full a pool is over the last stretch: share of its slots, or of its memory if that is more. */
function fullAt(window: Window, pool: Series["pools"][number], room: Room): number {
  const last = (levels: readonly number[]) => window.means(levels).at(-1)!;
  // Slots and memory are averages over the window, of as many replicas as then served on average.
  const replicas = last(pool.replicas) / room.replicas;
  const share = (used: readonly number[], most: number | null) =>
    most === null || most * replicas === 0 ? 0 : last(used) / (most * replicas);
  return Math.max(share(pool.slotsBusy, room.slots), share(pool.kvUsed, room.kvTokens));
}

/** Whole bins of the history, cut into equal stretches. */
class Window {
  readonly bins: number;
  /** Attempts in each stretch. */
  readonly arrivals: readonly number[];
  readonly #first: number;

  constructor({ interval, tiers }: Series, { from, until }: Stretch) {
    // What rounding left of a bin is no bin.
    this.#first = Math.ceil(from / interval - 1e-6);
    const last = Math.min(tiers[0]?.attempts.length ?? 0, Math.floor(until / interval + 1e-6));
    this.bins = Math.max(0, last - this.#first);
    const means = tiers.map(({ attempts }) => this.means(attempts));
    const each = this.bins / STRETCHES;
    this.arrivals = Array.from(
      { length: STRETCHES },
      (_, stretch) => each * sum(means.map((tier) => tier[stretch]!)),
    );
  }

  sum(counts: readonly number[]): number {
    return sum(counts.slice(this.#first, this.#first + this.bins));
  }

  /** At the edges of the stretches. */
  levels(values: readonly number[]): number[] {
    return Array.from({ length: STRETCHES + 1 }, (_, edge) => {
      const bin = Math.min(this.bins - 1, this.#edge(edge));
      return values[this.#first + bin] ?? 0;
    });
  }

  /** Over each stretch. */
  means(values: readonly number[]): number[] {
    return Array.from({ length: STRETCHES }, (_, stretch) => {
      const [from, until] = [this.#edge(stretch), Math.max(this.#edge(stretch) + 1, this.#edge(stretch + 1))];
      let total = 0;
      for (let bin = from; bin < until; bin++) total += values[this.#first + bin] ?? 0;
      return total / (until - from);
    });
  }

  /** Levels as they would be if as much arrived in all stretches: more is in service where more comes. */
  perArrival(levels: readonly number[]): number[] {
    const mean = sum(this.arrivals) / STRETCHES;
    return levels.map((level, edge) => {
      const beside = this.arrivals.slice(Math.max(0, edge - 1), edge + 1);
      const rate = sum(beside) / beside.length;
      return rate === 0 ? level : (level * mean) / rate;
    });
  }

  #edge(stretch: number): number {
    return Math.round((stretch * this.bins) / STRETCHES);
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((so, value) => so + value, 0);
}
