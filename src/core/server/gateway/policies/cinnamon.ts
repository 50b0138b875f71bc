// A bounded queue with a deadline, behind a rejector that a PID controller drives: every half second it compares what
// came into the queue with what left it to be served and with what is free inside, err = (in - (out + free)) / out,
// and rejects a share Kp x err + Ki x integral of err, those that matter least first. Which those are it reads off the
// last thousand arrivals: rank first, then one of 128 cohorts of accounts. It does so only while the queue has not
// been empty for ten seconds. This is the rejector of Uber's Cinnamon, by its articles of 2023, excerpted; constants
// from memory. Ours: the integral of err is over seconds and bounded so that the share is from 0 to 1; inside one
// cohort chance decides. Beside it the concurrency limit `pid` is Cinnamon's other half.
import { type Duration, type Instant, MICROS_PER_SECOND, START, since } from "../../../base/units.js";
import { count, duration, real } from "../../../document/units.js";
import type { RequestFacts } from "../request-facts.js";
import type { PoolSignals } from "../signals.js";
import { OVERLOADED_CAPACITY, type Verdict } from "../verdict.js";
import { Gate } from "./gate.js";
import { cohortOf, LevelHistogram } from "./level-histogram.js";
import { definePolicy, type PolicyContext, ranksOf } from "./policy.js";
import { BOUNDED_QUEUE_DEFAULTS, boundedQueue, type TailDropOptions } from "./tail-drop.js";

export interface CinnamonOptions extends TailDropOptions {
  /** Ranks that requests of the pool may have. */
  readonly ranks: number;
  readonly interval: Duration;
  readonly kp: number;
  readonly ki: number;
  readonly cohorts: number;
  /** How many of the last arrivals are looked at. */
  readonly sample: number;
  /** How long the queue has not been empty when it begins. */
  readonly emptyQueue: Duration;
}

const NO_SALT = 0;

export class Cinnamon extends Gate {
  override readonly learns: boolean = true;
  readonly #own: CinnamonOptions;
  readonly #chance: PolicyContext["chance"];
  readonly #recent: LevelHistogram;
  /** Their levels, the oldest at #oldest once it is full. */
  readonly #ring: Int32Array;
  #oldest = 0;
  /** Levels below it are let in. */
  #threshold: number;
  #ratio = 0;
  #integral = 0;
  #came = 0;
  #left = 0;
  #tickedAt: Instant = START;
  #emptyAt: Instant = START;

  constructor(options: CinnamonOptions, chance: PolicyContext["chance"]) {
    super(options, OVERLOADED_CAPACITY);
    this.#own = options;
    this.#chance = chance;
    this.#recent = new LevelHistogram(options.ranks * options.cohorts);
    this.#ring = new Int32Array(options.sample);
    this.#threshold = this.#recent.levels;
  }

  /** The share of arrivals that are to be rejected. */
  get ratio(): number {
    return this.#ratio;
  }

  override decide(facts: RequestFacts, signals: PoolSignals, now: Instant): Verdict {
    if (signals.queued === 0) this.#emptyAt = now;
    if (since(now, this.#tickedAt) >= this.#own.interval) this.#tick(signals, now);
    const verdict = super.decide(facts, signals, now);
    if (verdict.kind !== "reject") this.#came++;
    return verdict;
  }

  override started(_path: number, waited: Duration, now: Instant): void {
    this.#left++;
    if (waited === 0) this.#emptyAt = now;
  }

  /** Draws once for each arrival, rejected or not. */
  protected isClosedTo({ account, rank }: RequestFacts, signals: PoolSignals): boolean {
    const { cohorts } = this.#own;
    const level = rank * cohorts + cohortOf(account, NO_SALT, cohorts);
    this.#note(level);
    return level + this.#chance() >= this.#threshold && signals.queued > 0;
  }

  #note(level: number): void {
    const ring = this.#ring;
    if (this.#recent.total === ring.length) this.#recent.remove(ring[this.#oldest]!);
    this.#recent.add(level);
    ring[this.#oldest] = level;
    this.#oldest = this.#oldest + 1 === ring.length ? 0 : this.#oldest + 1;
  }

  /** What was missed for want of arrivals counts as one interval. */
  #tick({ slots, slotsBusy }: PoolSignals, now: Instant): void {
    const { interval, kp, ki, emptyQueue } = this.#own;
    if (since(now, this.#emptyAt) < emptyQueue) {
      this.#integral = 0;
      this.#ratio = 0;
    } else {
      const error = (this.#came - (this.#left + slots - slotsBusy)) / Math.max(1, this.#left);
      const integral = this.#integral + (error * interval) / MICROS_PER_SECOND;
      this.#integral = between(integral, 1 / ki);
      this.#ratio = between(kp * error + ki * this.#integral, 1);
    }
    const kept = (1 - this.#ratio) * this.#recent.total;
    this.#threshold = this.#recent.cut(kept);
    this.#tickedAt = now;
    this.#came = 0;
    this.#left = 0;
  }
}

function between(value: number, most: number): number {
  return Math.max(0, Math.min(most, value));
}

export const cinnamon = definePolicy({
  name: "cinnamon",
  summary:
    "As tail-drop, and a PID controller refuses the share of arrivals that keeps the queue from growing.",
  ordersByPriority: true,
  options: {
    interval: duration({ above: 0 }).prefault("500ms").describe("How often the controller looks."),
    kp: real({ from: 0, to: 1000 }).prefault(0.1).describe("What the error of an interval counts."),
    ki: real({ above: 0, to: 1000 }).prefault(1.4).describe("What its integral over seconds counts."),
    cohorts: count(1, 1024).prefault(128).describe("Levels of accounts inside a rank."),
    sample: count(1, 1_000_000)
      .prefault(1000)
      .describe("How many of the last arrivals tell which matter least."),
    emptyQueue: duration()
      .prefault("10s")
      .describe("It refuses none until the queue was not empty for so long."),
    ...boundedQueue,
  },
  sources: [
    { text: "Uber, Cinnamon: using century old tech to build a mean load shedder, 2023", date: "2026-11" },
    { text: "Uber, PID controller for Cinnamon, 2023", date: "2026-11" },
  ],
  defaults: {
    interval: "memory",
    kp: "memory",
    ki: "memory",
    cohorts: "excerpted",
    sample: "memory",
    emptyQueue: "memory",
    ...BOUNDED_QUEUE_DEFAULTS,
  },
  create: (options, { paths, chance }) => new Cinnamon({ ...options, ranks: ranksOf(paths) }, chance),
});
