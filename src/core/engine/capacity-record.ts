// What a fleet had while it ran: capacity of each pool as an average over the measured window, and GPU-seconds by the
// state of the instances that held them. Only watches.
import type { ByInstanceState } from "../base/instance-state.js";
import { type Instant, START } from "../base/units.js";
import { TimeAverage } from "../results/ledger/time-average.js";
import type { FleetResult } from "../results/metrics/fleet.js";
import type { PoolResult } from "../results/metrics/pools.js";
import type { Fleet } from "../server/fleet/fleet.js";

/** In the order in which a pool is asked for them. */
const LEVELS = ["replicas", "slots", "kvTokens", "gpus"] as const;
type Level = (typeof LEVELS)[number];

export type PoolCapacity = Pick<PoolResult, Level | "gpuSeconds">;

export class CapacityRecord {
  readonly #fleet: Fleet;
  /** By pool and level. */
  readonly #averages: readonly Readonly<Record<Level, TimeAverage>>[];
  /** When the measured window ended, with its GPU-seconds: of each pool, and of GPUs that were free. */
  #closed:
    | { readonly pools: readonly ByInstanceState[]; readonly free: number; readonly gone: number }
    | undefined;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
    this.#averages = fleet.pools.map((_, pool) => {
      const levels = levelsOf(fleet, pool);
      const entries = LEVELS.map((level) => [level, new TimeAverage(START, levels[level])] as const);
      return Object.fromEntries(entries) as Record<Level, TimeAverage>;
    });
    fleet.watch({ changed: (pool, now) => this.#changed(pool, now) });
  }

  #changed(pool: number, now: Instant): void {
    if (this.#closed !== undefined) return;
    const levels = levelsOf(this.#fleet, pool);
    for (const level of LEVELS) this.#averages[pool]![level].set(levels[level], now);
  }

  windowOpens(now: Instant): void {
    for (const averages of this.#averages) for (const level of LEVELS) averages[level].reset(now);
    for (const times of this.#fleet.instances.times) times.reset(now);
    this.#fleet.inventory.reset(now);
  }

  windowCloses(now: Instant): void {
    this.#closed = this.#secondsUntil(now);
  }

  /** Averages up to `end`; of a run that was cut off before the window opened, what there was then. */
  poolCapacity(pool: number, end: Instant, isMeasured: boolean): PoolCapacity {
    const levels = levelsOf(this.#fleet, pool);
    const amountOf = (level: Level) =>
      isMeasured ? this.#averages[pool]![level].average(end) : levels[level];
    return {
      replicas: amountOf("replicas"),
      gpus: amountOf("gpus"),
      slots: amountOf("slots"),
      kvTokens: Number.isFinite(this.#fleet.pools[pool]!.kvMost) ? amountOf("kvTokens") : null,
      gpuSeconds: isMeasured ? this.#seconds(end).pools[pool]! : {},
    };
  }

  fleetResult(end: Instant, isMeasured: boolean): FleetResult {
    const { gpus } = this.#fleet.inventory;
    if (!isMeasured) return { gpus, gpuSeconds: {} };
    const { pools, free, gone } = this.#seconds(end);
    const gpuSeconds: Record<string, number> = free > 0 ? { free } : {};
    if (gone > 0) gpuSeconds["gone"] = gone;
    for (const [state, seconds] of pools.flatMap((pool) => Object.entries(pool)))
      gpuSeconds[state] = (gpuSeconds[state] ?? 0) + seconds;
    return { gpus, gpuSeconds };
  }

  #seconds(end: Instant) {
    return this.#closed ?? this.#secondsUntil(end);
  }

  #secondsUntil(end: Instant) {
    const { instances, inventory } = this.#fleet;
    const pools = instances.times.map((times, pool) =>
      times.gpuSeconds(this.#fleet.gpusPerReplica(pool), end),
    );
    return { pools, free: inventory.freeSeconds(end), gone: inventory.goneSeconds(end) };
  }
}

/** What a pool has right now. Memory without a bound is none: nothing is averaged of it. */
function levelsOf(fleet: Fleet, pool: number): Record<Level, number> {
  const { replicaCount, slots, kvTokens, kvMost } = fleet.pools[pool]!;
  return {
    replicas: replicaCount,
    slots,
    kvTokens: Number.isFinite(kvMost) ? kvTokens : 0,
    gpus: fleet.instances.times[pool]!.holding * fleet.gpusPerReplica(pool),
  };
}
