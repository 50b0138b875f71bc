// How the pools of a fleet were scaled while it ran: what they wanted, how often that changed, what was missing and
// what was too much against the load, how long starts took and GPUs were short, and who waited for a pool that had
// nothing up. Only watches. The load is looked at with every event of a pool, so that telling the same again costs
// three comparisons and allocates nothing.
import { InstanceState } from "../base/instance-state.js";
import { type Instant, MICROS_PER_SECOND, START, since, toSeconds } from "../base/units.js";
import { TimeAverage } from "../results/ledger/time-average.js";
import type { ScalingTotals } from "../results/metrics/judged.js";
import { ExactTime } from "../server/fleet/exact-time.js";
import type { Fleet } from "../server/fleet/fleet.js";
import type { Pool } from "../server/fleet/pool.js";
import type { Sizing } from "../server/fleet/sizing.js";
import { InstanceGap } from "./instance-gap.js";
import { ScaleChanges } from "./scale-changes.js";

/** Attempts that waited because no replica took requests, and microseconds that they waited together. */
interface ColdWaits {
  readonly count: number;
  readonly waited: number;
}

interface PoolScaling {
  readonly of: Pool;
  /** Of `of`, at hand: they are looked at with every event. */
  readonly serving: Pool["serving"];
  readonly ready: Pool["ready"];
  readonly gap: InstanceGap;
  readonly wanted: TimeAverage;
  readonly changes: ScaleChanges;
  starts: number;
  /** Microseconds from wanting to serving, of all starts. */
  startDelays: number;
  /** Before the measured window. */
  coldBefore: ColdWaits;
}

export class ScalingRecord {
  readonly #fleet: Fleet;
  readonly #pools: readonly PoolScaling[];
  /** Pools in which an instance is missing, and for how long there has been any. */
  #shortPools = 0;
  readonly #shortTime = new ExactTime();
  #shortNow: Instant = START;
  #from: Instant = START;
  /** When the measured window ended: of each pool, then of all together. */
  #closed: readonly ScalingTotals[] | undefined;

  constructor(fleet: Fleet, sizing: Sizing) {
    this.#fleet = fleet;
    this.#pools = fleet.pools.map((of, pool) => ({
      of,
      serving: of.serving,
      ready: of.ready,
      gap: new InstanceGap(fleet.shapeOf(pool).slots, of.ready.replicas),
      wanted: new TimeAverage(START, sizing.wantedOf(pool)),
      changes: new ScaleChanges(),
      starts: 0,
      startDelays: 0,
      coldBefore: { count: 0, waited: 0 },
    }));
    fleet.watch({
      changed: (pool, now) => this.poolChanged(pool, now),
      started: (pool, wantedAt, now) => this.#started(pool, wantedAt, now),
    });
    sizing.watch({ resized: (...change) => this.#resized(...change) });
  }

  /**
   * A pool may have more or less inside or waiting than before, `inside` what drains included, or more or fewer
   * instances that take requests.
   */
  loadChanged(pool: number, inside: number, waiting: number, now: Instant): void {
    const { gap, of, serving, ready } = this.#pools[pool]!;
    const drains = ready.replicas < serving.replicas;
    const load = (drains ? of.readyBusy : inside) + waiting;
    if (gap.isSame(load, ready.replicas)) return;
    this.#gapChanged(gap, load, ready.replicas, now);
  }

  #gapChanged(gap: InstanceGap, load: number, ready: number, now: Instant): void {
    if (this.#closed !== undefined) return;
    const wasShort = gap.missing > 0;
    gap.set(load, ready, now);
    const isShort = gap.missing > 0;
    if (isShort === wasShort) return;
    this.#advance(now);
    this.#shortPools += isShort ? 1 : -1;
  }

  /** The same of a pool as it is. */
  poolChanged(pool: number, now: Instant): void {
    const { slotsBusy, queue } = this.#pools[pool]!.of;
    this.loadChanged(pool, slotsBusy, queue.length, now);
  }

  windowOpens(now: Instant): void {
    this.#from = now;
    this.#advance(now);
    this.#shortTime.reset();
    for (const [pool, scaling] of this.#pools.entries()) {
      scaling.gap.reset(now);
      scaling.wanted.reset(now);
      scaling.changes.reset();
      scaling.starts = 0;
      scaling.startDelays = 0;
      scaling.coldBefore = this.#coldWaits(pool);
    }
  }

  windowCloses(now: Instant): void {
    this.#closed = this.#totals(now);
  }

  /** Of the measured window up to `end`. */
  totalsOf(pool: number, end: Instant): ScalingTotals {
    return (this.#closed ?? this.#totals(end))[pool]!;
  }

  /** Of all pools together, likewise. */
  totals(end: Instant): ScalingTotals {
    return (this.#closed ?? this.#totals(end)).at(-1)!;
  }

  #started(pool: number, wantedAt: Instant, now: Instant): void {
    const scaling = this.#pools[pool]!;
    scaling.starts++;
    scaling.startDelays += since(now, wantedAt);
  }

  #resized(pool: number, before: number, wanted: number, now: Instant): void {
    if (this.#closed !== undefined) return;
    const scaling = this.#pools[pool]!;
    scaling.wanted.set(wanted, now);
    scaling.changes.change(before, wanted, now);
  }

  #totals(end: Instant): ScalingTotals[] {
    const pools = this.#pools.map((_, pool) => this.#totalsOf(pool, end));
    this.#advance(end);
    const sum = (what: keyof ScalingTotals) => pools.reduce((total, one) => total + one[what], 0);
    const all: ScalingTotals = {
      measured: toSeconds(since(end, this.#from)),
      wanted: sum("wanted"),
      starts: sum("starts"),
      startDelay: sum("startDelay"),
      scaleUps: sum("scaleUps"),
      scaleDowns: sum("scaleDowns"),
      flaps: sum("flaps"),
      missing: sum("missing"),
      short: this.#shortTime.seconds(),
      spare: sum("spare"),
      pending: sum("pending"),
      coldWaits: sum("coldWaits"),
      coldWait: sum("coldWait"),
    };
    return [...pools, all];
  }

  #totalsOf(pool: number, end: Instant): ScalingTotals {
    const { gap, wanted, changes, starts, startDelays, coldBefore } = this.#pools[pool]!;
    const { count, waited } = this.#coldWaits(pool);
    return {
      measured: toSeconds(since(end, this.#from)),
      wanted: wanted.average(end),
      starts,
      startDelay: startDelays / MICROS_PER_SECOND,
      scaleUps: changes.ups,
      scaleDowns: changes.downs,
      flaps: changes.flaps,
      ...gap.seconds(end),
      pending: this.#fleet.instances.times[pool]!.seconds(InstanceState.pending, end),
      coldWaits: count - coldBefore.count,
      coldWait: (waited - coldBefore.waited) / MICROS_PER_SECOND,
    };
  }

  #coldWaits(pool: number): ColdWaits {
    const { coldWaits, coldWaited } = this.#fleet.pools[pool]!.counts;
    return { count: coldWaits, waited: coldWaited };
  }

  #advance(now: Instant): void {
    if (this.#shortPools > 0) this.#shortTime.add(1, since(now, this.#shortNow));
    this.#shortNow = now;
  }
}
