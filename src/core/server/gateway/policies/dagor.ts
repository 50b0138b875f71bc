// A bounded queue with a deadline, behind a level of admission that follows how long requests wait: rank first, then a
// level that each account draws anew every hour, so that a user is served or refused as a whole for a while and none
// for good. At the end of each window of time or requests, if the mean wait of those that started was too long, the
// level is set so that alpha less would have been let in than were; otherwise so that more would by beta of all that
// came. This is DAGOR of WeChat: Zhou et al., "Overload control for scaling WeChat microservices", SoCC 2018, from
// memory but for the threshold of 20 ms on the mean wait; the 250 ms here are ours, for a model's queue. Ours, too: a
// window without a start goes on, since it says nothing; where the cut falls inside one level chance decides in it, as
// small pools have few accounts; and an idle pool refuses none. That servers tell their callers their level, so that
// these refuse first, is not modelled.
import { type Duration, type Instant, START, since } from "../../../base/units.js";
import { count, duration, share } from "../../../document/units.js";
import type { RequestFacts } from "../request-facts.js";
import type { PoolSignals } from "../signals.js";
import { OVERLOADED_DELAY, type Verdict } from "../verdict.js";
import { Gate, isIdle } from "./gate.js";
import { cohortOf, LevelHistogram } from "./level-histogram.js";
import { definePolicy, type PolicyContext, ranksOf } from "./policy.js";
import { BOUNDED_QUEUE_DEFAULTS, boundedQueue, type TailDropOptions } from "./tail-drop.js";

export interface DagorOptions extends TailDropOptions {
  /** Ranks that requests of the pool may have. */
  readonly ranks: number;
  /** A longer mean wait is overload. */
  readonly delay: Duration;
  /** A window ends after so long, or so many arrivals. */
  readonly window: Duration;
  readonly windowRequests: number;
  /** By how much less is let in under overload, as a share of what was. */
  readonly decrease: number;
  /** By how much more otherwise, as a share of what came. */
  readonly increase: number;
  readonly userLevels: number;
  readonly rehash: Duration;
}

export class Dagor extends Gate {
  override readonly learns: boolean = true;
  readonly #own: DagorOptions;
  readonly #chance: PolicyContext["chance"];
  /** What came in the window, by level. */
  readonly #arrivals: LevelHistogram;
  /** Levels below it are let in. */
  #cursor: number;
  #windowFrom: Instant = START;
  #letIn = 0;
  #starts = 0;
  #waited = 0;

  constructor(options: DagorOptions, chance: PolicyContext["chance"]) {
    super(options, OVERLOADED_DELAY);
    this.#own = options;
    this.#chance = chance;
    this.#arrivals = new LevelHistogram(options.ranks * options.userLevels);
    this.#cursor = this.#arrivals.levels;
  }

  /** Levels below it are let in; a part of one for a part of the requests of that level. */
  get cursor(): number {
    return this.#cursor;
  }

  override decide(facts: RequestFacts, signals: PoolSignals, now: Instant): Verdict {
    const { window, windowRequests } = this.#own;
    const isOver = since(now, this.#windowFrom) >= window || this.#arrivals.total >= windowRequests;
    if (isOver && this.#starts > 0) this.#closeWindow(now);
    const verdict = super.decide(facts, signals, now);
    if (verdict.kind !== "reject") this.#letIn++;
    return verdict;
  }

  override started(_path: number, waited: Duration, _now: Instant): void {
    this.#starts++;
    this.#waited += waited;
  }

  /** Draws once for each arrival, refused or not. */
  protected isClosedTo({ account, rank }: RequestFacts, signals: PoolSignals, now: Instant): boolean {
    const { userLevels, rehash } = this.#own;
    const level = rank * userLevels + cohortOf(account, Math.floor(now / rehash), userLevels);
    this.#arrivals.add(level);
    return level + this.#chance() >= this.#cursor && !isIdle(signals);
  }

  #closeWindow(now: Instant): void {
    const { delay, decrease, increase } = this.#own;
    const isOverloaded = this.#waited > delay * this.#starts;
    const wanted = isOverloaded
      ? (1 - decrease) * this.#letIn
      : this.#letIn + increase * this.#arrivals.total;
    this.#cursor = this.#arrivals.cut(wanted);
    this.#arrivals.clear();
    this.#windowFrom = now;
    this.#letIn = 0;
    this.#starts = 0;
    this.#waited = 0;
  }
}

export const dagor = definePolicy({
  name: "dagor",
  summary: "As tail-drop, and refuses by rank and by account while the mean wait is too long.",
  ordersByPriority: true,
  options: {
    delay: duration({ above: 0 }).prefault("250ms").describe("A longer mean wait in a window is overload."),
    window: duration({ above: 0 }).prefault("1s").describe("How long a window is at most."),
    windowRequests: count(1, 1_000_000_000)
      .prefault(2000)
      .describe("How many arrivals a window has at most."),
    decrease: share({ above: 0, below: 1 })
      .prefault("5%")
      .describe("Alpha: how much less is let in after a window of overload, as a share of what was."),
    increase: share({ above: 0 })
      .prefault("1%")
      .describe("Beta: how much more is let in after any other, as a share of what came."),
    userLevels: count(1, 1024).prefault(128).describe("Levels of accounts inside a rank."),
    rehash: duration({ above: 0 }).prefault("1h").describe("How long an account keeps its level."),
    ...boundedQueue,
  },
  sources: [
    {
      text: "Zhou et al., Overload control for scaling WeChat microservices, SoCC 2018, section 4",
      date: "2026-11",
    },
  ],
  defaults: {
    delay: "ours",
    window: "memory",
    windowRequests: "memory",
    decrease: "memory",
    increase: "memory",
    userLevels: "memory",
    rehash: "memory",
    ...BOUNDED_QUEUE_DEFAULTS,
  },
  create: (options, { paths, chance }) => new Dagor({ ...options, ranks: ranksOf(paths) }, chance),
});
