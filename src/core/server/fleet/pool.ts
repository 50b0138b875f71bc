// A pool: replicas of one kind behind one queue. Requests wait here, never in a replica, so that shedding always comes
// before generation. The pool starts waiting requests when there is room and the policy lets them; what a request is
// and how it ends is the engine's business.
import { assert } from "../../base/assert.js";
import { type Duration, type Instant, START } from "../../base/units.js";
import type { AdmissionPolicy, Occupancy } from "../gateway/policy.js";
import { type Discipline, placesOf } from "../gateway/queue/disciplines.js";
import { NO_REQUEST, RequestQueue } from "../gateway/queue/queue.js";
import { PoolSignals } from "../gateway/signals.js";
import type { Replica, SequenceWork } from "../replica/replica.js";
import { NOWHERE } from "./load-index.js";
import type { PlacementOptions } from "./placement.js";
import { PoolReplicas } from "./pool-replicas.js";

type Writable<View> = { -readonly [Key in keyof View]: View[Key] };

export interface PoolOptions {
  readonly name: string;
  /** The most KV tokens that one sequence can ever have here, whatever is up. */
  readonly kvMost: number;
  readonly policy: AdmissionPolicy;
  /** Shed rank of each path that the pool serves, a lane of the queue each: from 0, shed last, without gaps. */
  readonly ranks: readonly number[];
  /** Which request starts first. */
  readonly discipline: Discipline;
  readonly placement: PlacementOptions;
  /** How often the copy that decisions see is renewed; 0 shows them the pool as it is. */
  readonly staleness: Duration;
}

/** What the pool must know of a waiting request to start it. */
export interface WaitingFacts {
  pathOf(request: number): number;
  inputTokensOf(request: number): number;
  /** What a replica would have to do: valid until the next question. */
  workOf(request: number): SequenceWork;
}

export class Pool {
  readonly name: string;
  readonly queue: RequestQueue;
  /** The most KV tokens that one sequence can ever have here. */
  readonly kvMost: number;
  readonly #options: PoolOptions;
  /** By lane: its place in the order of the discipline, the lowest first. */
  readonly #places: readonly number[];
  readonly #signals: PoolSignals;
  /** What a policy sees of the pool as it is: one object, filled in anew. */
  readonly #occupancy = { slotsBusy: 0, slots: 0, kvUsed: 0, kvTokens: 0 };
  readonly #replicas: PoolReplicas;
  #nextCopyAt: Instant = START;
  #slotsBusy = 0;

  constructor(options: PoolOptions) {
    this.name = options.name;
    this.queue = new RequestQueue(options.ranks);
    this.kvMost = options.kvMost;
    this.#options = options;
    this.#places = placesOf(options.discipline, options.ranks);
    this.#signals = new PoolSignals(Math.max(0, ...options.ranks) + 1);
    this.#replicas = new PoolReplicas(options.placement);
  }

  /** Those that serve, in order: there may be none, and then requests wait, or are shed as the policy says. */
  get replicas(): readonly Replica[] {
    return this.#replicas.all();
  }

  /** What they have together; those that drain count until they have left. */
  get replicaCount(): number {
    return this.#replicas.serving.replicas;
  }

  get slots(): number {
    return this.#replicas.serving.slots;
  }

  get kvTokens(): number {
    return this.#replicas.serving.kvTokens;
  }

  /** Sequences inside, over all replicas. */
  get slotsBusy(): number {
    return this.#slotsBusy;
  }

  /** KV tokens in use, over all replicas. */
  kvUsed(now: Instant): number {
    return this.#replicas.kvUsed(now);
  }

  /** The most KV tokens that one replica has had in use since `forgetPeak`. */
  kvPeak(now: Instant): number {
    return this.#replicas.kvPeak(now);
  }

  forgetPeak(now: Instant): void {
    this.#replicas.forgetPeak(now);
  }

  /** A replica comes up in that slot of the table of instances. Returns its number here. */
  add(slot: number, replica: Replica, now: Instant): number {
    // What a run begins with has always been there.
    if (now > START) this.renewCopy(now);
    return this.#replicas.add(slot, replica);
  }

  /** A replica takes no more requests, and keeps those it has. */
  drain(replica: number, now: Instant): void {
    this.renewCopy(now);
    this.#replicas.drain(replica);
  }

  /** One that drained takes requests again. */
  recall(replica: number, now: Instant): void {
    this.renewCopy(now);
    this.#replicas.takeMore(replica);
  }

  /** A replica that has nothing inside leaves. */
  remove(replica: number, now: Instant): void {
    this.renewCopy(now);
    this.#replicas.remove(replica, now);
  }

  /** What a policy may see at `now`. */
  signalsAt(now: Instant): PoolSignals {
    if (this.#options.staleness === 0) this.#copy(now);
    else this.renewCopy(now);
    return this.#signals;
  }

  /**
   * Renews the copy that decisions see, if one is due. Call before anything in the pool or its replicas changes: until
   * then the pool is what it was when the copy fell due, so that no event is needed to take it in time.
   */
  renewCopy(now: Instant): void {
    const { staleness } = this.#options;
    if (staleness === 0 || now < this.#nextCopyAt) return;
    const dueAt = (Math.floor(now / staleness) * staleness) as Instant;
    this.#copy(dueAt);
    this.#nextCopyAt = (dueAt + staleness) as Instant;
  }

  #copy(asOf: Instant): void {
    const signals = this.#signals;
    signals.asOf = asOf;
    this.#describe(signals, asOf);
    signals.openings = this.#replicas.openings;
    signals.queued = this.queue.length;
    for (let rank = 0; rank < signals.queuedByRank.length; rank++) signals.queuedByRank[rank] = 0;
    for (let lane = 0; lane < this.queue.ranks.length; lane++) {
      signals.queuedByRank[this.queue.ranks[lane]!]! += this.queue.countOf(lane);
    }
  }

  join(request: number, lane: number, now: Instant): void {
    this.renewCopy(now);
    this.queue.join(request, lane);
  }

  /** A waiting request leaves without having started. */
  leave(request: number, now: Instant): void {
    this.renewCopy(now);
    this.queue.leave(request);
    this.#replicas.forget(request);
  }

  /**
   * Starts all requests that can start, in the order of the discipline. `start` must admit the request to the replica
   * in that slot of the table of instances before it returns. The request has left the queue by then.
   */
  dispatch(now: Instant, facts: WaitingFacts, start: (request: number, slot: number) => void): void {
    this.renewCopy(now);
    const replicas = this.#replicas;
    while (this.queue.length > 0 && replicas.openings > 0) {
      const request = this.#nextEligible(facts, now);
      if (request === NO_REQUEST) return;
      const replica = replicas.place(request, facts.workOf(request), now);
      if (replica === NOWHERE) return;
      this.queue.leave(request);
      this.#slotsBusy++;
      start(request, replicas.slotOf(replica));
      replicas.changed(replica);
    }
  }

  /** A replica may be more or less loaded than before, or have more or fewer places. */
  changed(replica: number): void {
    this.#replicas.changed(replica);
  }

  /** A started request has left its replica. `changed` has to be told as well, once the replica is done with it. */
  left(): void {
    this.#slotsBusy--;
    assert(this.#slotsBusy >= 0, "LAW-10: a request leaves a pool once");
  }

  #occupancyNow(now: Instant): Occupancy {
    this.#describe(this.#occupancy, now);
    return this.#occupancy;
  }

  /** What is inside and how much there is, where requests may start: what drains is nobody's to take. */
  #describe(occupancy: Writable<Occupancy>, now: Instant): void {
    const { ready, isDraining } = this.#replicas;
    occupancy.slots = ready.slots;
    occupancy.kvTokens = ready.kvTokens;
    occupancy.slotsBusy = this.#slotsBusy - (isDraining ? this.#replicas.drainingBusy : 0);
    // The most expensive of all: it grows in every replica all the time.
    if (!this.#options.policy.watchesKv) return;
    occupancy.kvUsed = this.kvUsed(now) - (isDraining ? this.#replicas.drainingKv(now) : 0);
  }

  /** The first waiting request that the policy lets start; NO_REQUEST when it lets none. */
  #nextEligible(facts: WaitingFacts, now: Instant): number {
    const { queue } = this;
    const { policy } = this.#options;
    const places = this.#places;
    const occupancy = this.#occupancyNow(now);
    let next = NO_REQUEST;
    let nextPlace = 0;
    for (let lane = 0; lane < queue.ranks.length; lane++) {
      const head = queue.headOf(lane);
      if (head === NO_REQUEST) continue;
      if (!policy.mayStart(facts.pathOf(head), facts.inputTokensOf(head), occupancy)) continue;
      const place = places[lane]!;
      const isSooner = place === nextPlace ? queue.ticketOf(head) < queue.ticketOf(next) : place < nextPlace;
      if (next !== NO_REQUEST && !isSooner) continue;
      next = head;
      nextPlace = place;
    }
    return next;
  }

  /** LAW-8: whether a request waits although it could start. For outside checks; it changes nothing. */
  leavesWorkUndone(facts: WaitingFacts, now: Instant): boolean {
    const request = this.queue.length > 0 ? this.#nextEligible(facts, now) : NO_REQUEST;
    if (request === NO_REQUEST) return false;
    const work = facts.workOf(request);
    return this.#replicas.hasRoomFor(work, now);
  }
}
