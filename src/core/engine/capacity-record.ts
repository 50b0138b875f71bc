// What a fleet had while it ran: capacity of each pool as an average over the measured window, GPU-seconds by the state
// of the instances that held them, and what the GPUs cost. Only watches.
import { type ByGpuState, type ByInstanceState, GPU_STATES } from "../base/instance-state.js";
import { type Instant, START } from "../base/units.js";
import { TimeAverage } from "../results/ledger/time-average.js";
import type { FleetTotals } from "../results/metrics/judged.js";
import type { PoolResult } from "../results/metrics/pools.js";
import type { Fleet } from "../server/fleet/fleet.js";
import { type GpuBill, gpuBill } from "../server/fleet/gpu-bill.js";

/** In the order in which a pool is asked for them. */
const LEVELS = ["replicas", "slots", "kvTokens", "gpus"] as const;
type Level = (typeof LEVELS)[number];

export type PoolCapacity = Pick<PoolResult, Level | "gpuSeconds" | "gpuCost">;

/** Of the measured window: GPU-seconds of each pool and of GPUs that none held, and the bill where GPUs have prices. */
interface GpuUse {
  readonly pools: readonly ByInstanceState[];
  readonly free: number;
  readonly gone: number;
  readonly bill: GpuBill | undefined;
}

export class CapacityRecord {
  readonly #fleet: Fleet;
  /** By pool and level. */
  readonly #averages: readonly Readonly<Record<Level, TimeAverage>>[];
  /** When the measured window ended. */
  #closed: GpuUse | undefined;

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
    this.#closed = this.#useUntil(now);
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
      gpuSeconds: isMeasured ? this.#use(end).pools[pool]! : {},
      gpuCost: (isMeasured ? this.#use(end).bill?.pools[pool] : undefined) ?? null,
    };
  }

  fleetTotals(end: Instant, isMeasured: boolean): Omit<FleetTotals, "scaling"> {
    const { gpus, types } = this.#fleet.inventory;
    const isPriced = types.some(({ price }) => price !== undefined);
    if (!isMeasured) return { gpus, gpuSeconds: {}, isPriced, bill: null };
    const { pools, free, gone, bill } = this.#use(end);
    const gpuSeconds: { -readonly [State in keyof ByGpuState]: number } = free > 0 ? { free } : {};
    for (const name of GPU_STATES) {
      const seconds = pools.reduce((sum, pool) => sum + (pool[name] ?? 0), 0);
      if (seconds > 0) gpuSeconds[name] = seconds;
    }
    if (gone > 0) gpuSeconds.gone = gone;
    const { total = null, unused = null } = bill ?? {};
    const isKnown = total !== null && unused !== null;
    return { gpus, gpuSeconds, isPriced, bill: isKnown ? { total, unused } : null };
  }

  #use(end: Instant): GpuUse {
    return this.#closed ?? this.#useUntil(end);
  }

  #useUntil(end: Instant): GpuUse {
    const { instances, inventory } = this.#fleet;
    const pools = instances.times.map((times, pool) =>
      times.gpuSeconds(this.#fleet.gpusPerReplica(pool), end),
    );
    return {
      pools,
      free: inventory.freeSeconds(end),
      gone: inventory.goneSeconds(end),
      bill: gpuBill(inventory, pools.length, end),
    };
  }
}

/** What a pool has right now. Memory without a bound is none: nothing is averaged of it. */
function levelsOf(fleet: Fleet, pool: number): Record<Level, number> {
  const { serving, kvMost } = fleet.pools[pool]!;
  const { replicas, slots, kvTokens } = serving;
  return {
    replicas,
    slots,
    kvTokens: Number.isFinite(kvMost) ? kvTokens : 0,
    gpus: fleet.instances.times[pool]!.holding * fleet.gpusPerReplica(pool),
  };
}
