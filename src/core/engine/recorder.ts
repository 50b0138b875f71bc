// The history of a run for its charts, and the time averages of its pools. Only watches: nothing here influences the
// simulation. Memory is bounded, however long the run: see stats/time-series.ts.
import { assert } from "../base/assert.js";
import { Outcome, outcomeOf, type Reason } from "../base/outcome.js";
import { type Duration, type Instant, START, toSeconds } from "../base/units.js";
import { TimeAverage } from "../results/ledger/time-average.js";
import { TimeSeries } from "../results/ledger/time-series.js";
import type { FleetTotals } from "../results/metrics/judged.js";
import type { PoolResult } from "../results/metrics/pools.js";
import { scalingResult } from "../results/metrics/scaling.js";
import {
  POOL_SERIES_KEYS,
  type PoolSeriesKey,
  type Series,
  TIER_SERIES_KEYS,
  type TierSeriesKey,
} from "../results/metrics/series.js";
import type { RunEvent } from "../results/shape/run-events.js";
import type { Fleet } from "../server/fleet/fleet.js";
import type { Pool } from "../server/fleet/pool.js";
import type { Sizing } from "../server/fleet/sizing.js";
import { CapacityRecord } from "./capacity-record.js";
import { ElasticHistory } from "./elastic-history.js";
import { EventRecord, type PlannedEvent } from "./event-record.js";
import { ScalingRecord } from "./scaling-record.js";

const TIER_WIDTH = TIER_SERIES_KEYS.length;
const POOL_WIDTH = POOL_SERIES_KEYS.length;
const tierColumn = (key: TierSeriesKey) => TIER_SERIES_KEYS.indexOf(key);
const poolColumn = (key: PoolSeriesKey) => POOL_SERIES_KEYS.indexOf(key);

const ATTEMPTS = tierColumn("attempts");
const OUTPUT_TOKENS = tierColumn("outputTokens");
const QUEUED = poolColumn("queued");
const SLOTS_BUSY = poolColumn("slotsBusy");
const KV_USED = poolColumn("kvUsed");
const REPLICAS = poolColumn("replicas");

/** Column of an outcome in the history, -1 for those that it leaves out. By outcome. */
const COLUMN_OF_OUTCOME = Object.keys(Outcome).map((outcome) => tierColumn(outcome as TierSeriesKey));

/** What a pool runs on. */
export type Machines = Pick<PoolResult, "profile" | "engineVersion" | "estimate" | "uncertainty">;

export class Recorder {
  readonly #tiers: readonly string[];
  /** Columns of each tier, then of each pool, then one of callers. */
  readonly #history: TimeSeries;
  readonly #averages: readonly { busy: TimeAverage; queued: TimeAverage }[];
  /** KV grows by itself all the time, so that its mean is that of samples, each for the time until the next. */
  readonly #kvSums: Float64Array;
  #kvSeconds = 0;
  readonly #kvPeaks: Float64Array;
  #fleet!: Fleet;
  #capacity!: CapacityRecord;
  #elastic!: ElasticHistory;
  #events!: EventRecord;
  #scaling!: ScalingRecord;
  #pools: readonly Pool[] = [];
  /** Outages that a pool is in; they may overlap. */
  readonly #outages: Float64Array;
  #windowClosed = false;

  constructor(tiers: readonly string[], pools: number, interval: Duration) {
    const columns = tiers.length * TIER_WIDTH + pools * POOL_WIDTH + 1;
    const zero = () => new TimeAverage(START);
    this.#tiers = tiers;
    this.#history = new TimeSeries({ columns, interval });
    this.#averages = Array.from({ length: pools }, () => ({ busy: zero(), queued: zero() }));
    this.#kvSums = new Float64Array(pools);
    this.#kvPeaks = new Float64Array(pools);
    this.#outages = new Float64Array(pools);
  }

  /** The fleet comes after the recorder: the engine that it records builds it. */
  watch(fleet: Fleet, sizing: Sizing): void {
    assert(fleet.pools.length === this.#averages.length, "as many pools as were announced");
    this.#fleet = fleet;
    this.#pools = fleet.pools;
    this.#capacity = new CapacityRecord(fleet);
    this.#elastic = new ElasticHistory(fleet, sizing, this.#history.interval);
    this.#events = new EventRecord(fleet, sizing);
    this.#scaling = new ScalingRecord(fleet, sizing);
  }

  attemptArrived(tier: number, now: Instant): void {
    if (this.#windowClosed) return;
    this.#history.add(tier * TIER_WIDTH + ATTEMPTS, now, 1);
  }

  attemptEnded(tier: number, reason: Reason, generated: number, now: Instant): void {
    if (this.#windowClosed) return;
    const first = tier * TIER_WIDTH;
    const outcome = outcomeOf(reason);
    const column = COLUMN_OF_OUTCOME[outcome]!;
    if (column >= 0) this.#history.add(first + column, now, 1);
    if (outcome === Outcome.completed) this.#history.add(first + OUTPUT_TOKENS, now, generated);
  }

  /** While an outage lasts, none of the pool's replicas is up. */
  outage(pool: number, begins: boolean): void {
    this.#outages[pool]! += begins ? 1 : -1;
  }

  poolChanged(pool: number, now: Instant): void {
    if (this.#windowClosed) return;
    const { slotsBusy, queue } = this.#pools[pool]!;
    const averages = this.#averages[pool]!;
    averages.busy.set(slotsBusy, now);
    averages.queued.set(queue.length, now);
    this.#scaling.loadChanged(pool, slotsBusy, queue.length, now);
  }

  /**
   * Enters the pools as they are, and how many requests their callers will try again, once per bin of the history.
   * Returns the time until the next bin.
   */
  sample(now: Instant, waiting: number): Duration {
    if (this.#windowClosed) return this.#history.interval;
    // Nothing added, but bins fold if this instant is beyond them: the sample then stands for the wider bin.
    this.#history.add(0, now, 0);
    const bin = this.#history.interval;
    const seconds = toSeconds(bin);
    this.#history.add(this.#history.columns - 1, now, waiting * seconds);
    this.#kvSeconds += seconds;
    this.#elastic.sample(now, seconds);
    this.#pools.forEach((pool, index) => {
      const first = this.#firstOfPool(index);
      const kvUsed = pool.kvUsed(now);
      this.#history.add(first + QUEUED, now, pool.queue.length * seconds);
      this.#history.add(first + SLOTS_BUSY, now, pool.slotsBusy * seconds);
      this.#history.add(first + KV_USED, now, kvUsed * seconds);
      const up = this.#outages[index]! > 0 ? 0 : pool.serving.replicas;
      this.#history.add(first + REPLICAS, now, up * seconds);
      this.#kvSums[index]! += kvUsed * seconds;
    });
    return bin;
  }

  /** Warm-up is over: averages begin here. */
  windowOpens(now: Instant): void {
    for (const { busy, queued } of this.#averages) {
      for (const average of [busy, queued]) average.reset(now);
    }
    this.#scaling.windowOpens(now);
    this.#capacity.windowOpens(now);
    this.#kvSeconds = 0;
    this.#kvSums.fill(0);
    for (const pool of this.#pools) pool.forgetPeak(now);
  }

  /** The measured window is over: averages and the history end here, though the pools go on. */
  windowCloses(now: Instant): void {
    this.#windowClosed = true;
    this.#scaling.windowCloses(now);
    this.#capacity.windowCloses(now);
    this.#elastic.windowCloses(now);
    this.#events.windowCloses();
    for (const [index, pool] of this.#pools.entries()) {
      this.#kvPeaks[index] = pool.kvPeak(now);
      // A window too short for a sample is told by how it ended.
      if (this.#kvSeconds === 0) this.#kvSums[index] = pool.kvUsed(now);
    }
  }

  /** Averages up to `end`; null where the run was cut off before they began. */
  poolResults(machines: readonly Machines[], end: Instant, isMeasured: boolean): PoolResult[] {
    const averageOf = (average: TimeAverage) => (isMeasured ? average.average(end) : null);
    return this.#pools.map((pool, index) => {
      const capacity = this.#capacity.poolCapacity(index, end, isMeasured);
      const { replicas, gpus, slots, kvTokens, gpuSeconds, gpuCost } = capacity;
      const { preemptions, lostTokens } = this.#fleet.workOf(index);
      return {
        pool: pool.name,
        replicas,
        ...machines[index]!,
        gpus,
        slots,
        slotsBusyMean: averageOf(this.#averages[index]!.busy),
        kvUsedMean: isMeasured ? this.#kvSums[index]! / (this.#kvSeconds || 1) : null,
        kvPeak: isMeasured && kvTokens !== null ? this.#kvPeaks[index]! : null,
        kvTokens,
        queuedMean: averageOf(this.#averages[index]!.queued),
        preemptions,
        lostTokens,
        cutOutputs: pool.counts.cutOutputs,
        cutTokens: pool.counts.cutTokens,
        gpuSeconds,
        scaling: isMeasured ? scalingResult(this.#scaling.totalsOf(index, end)) : null,
        gpuCost,
      };
    });
  }

  /** GPUs of all pools, and of none, up to `end`, and how all pools together were scaled. */
  fleetTotals(end: Instant, isMeasured: boolean): FleetTotals {
    const scaling = isMeasured ? this.#scaling.totals(end) : null;
    return { ...this.#capacity.fleetTotals(end, isMeasured), scaling };
  }

  /** Steps and epochs of all replicas. */
  work(): { steps: number; epochs: number } {
    const works = this.#pools.map((_, pool) => this.#fleet.workOf(pool));
    const sum = (what: "steps" | "epochs") => works.reduce((total, work) => total + work[what], 0);
    return { steps: sum("steps"), epochs: sum("epochs") };
  }

  series(): Series {
    const interval = toSeconds(this.#history.interval);
    const columns = <Key extends string>(keys: readonly Key[], first: number, scale = 1) => {
      const bins = keys.map((key, index) => [key, this.#bins(first + index, scale)] as const);
      return Object.fromEntries(bins) as Record<Key, number[]>;
    };
    return {
      interval,
      tiers: this.#tiers.map((tier, index) => ({ tier, ...columns(TIER_SERIES_KEYS, index * TIER_WIDTH) })),
      pools: this.#pools.map(({ name: pool }, index) => ({
        pool,
        ...columns(POOL_SERIES_KEYS, this.#firstOfPool(index), 1 / interval),
        ...this.#elastic.binsOf(index, this.#history),
      })),
    };
  }

  /** What has happened to the fleet, and of what was planned to happen what came before the end. */
  events(planned: readonly PlannedEvent[], end: Instant): RunEvent[] {
    return this.#events.list(planned.filter(({ at }) => at < end));
  }

  /** Requests between two of their attempts: by bin of the series, sampled like its pools. */
  waiting(): number[] {
    return this.#bins(this.#history.columns - 1, 1 / toSeconds(this.#history.interval));
  }

  #bins(column: number, scale: number): number[] {
    return Array.from({ length: this.#history.bins }, (_, bin) => this.#history.value(column, bin) * scale);
  }

  #firstOfPool(pool: number): number {
    return this.#tiers.length * TIER_WIDTH + pool * POOL_WIDTH;
  }
}
