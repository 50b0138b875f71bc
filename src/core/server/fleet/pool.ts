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
import { LoadIndex, NOWHERE } from "./load-index.js";
import { Placement, type PlacementOptions } from "./placement.js";

export interface PoolOptions {
  readonly name: string;
  /** There may be none: then requests wait, or are shed as the policy says. */
  readonly replicas: readonly Replica[];
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
  readonly replicas: readonly Replica[];
  readonly queue: RequestQueue;
  readonly slots: number;
  readonly kvTokens: number;
  /** The most KV tokens that one sequence can ever have here. */
  readonly kvMost: number;
  readonly #options: PoolOptions;
  /** By lane: its place in the order of the discipline, the lowest first. */
  readonly #places: readonly number[];
  readonly #signals: PoolSignals;
  /** What a policy sees of the pool as it is: one object, filled in anew. */
  readonly #occupancy = { slotsBusy: 0, slots: 0, kvUsed: 0, kvTokens: 0 };
  readonly #loads = new LoadIndex();
  readonly #placement: Placement;
  readonly #openingsOf: Int32Array;
  #nextCopyAt: Instant = START;
  #slotsBusy = 0;
  #openings = 0;
  /** The request that found room in no replica, and the replicas that have changed since: no other has room for it. */
  #blocked = NO_REQUEST;
  readonly #changed: number[] = [];
  /** By replica: whether it stands in that list. */
  readonly #isChanged: Uint8Array;

  constructor(options: PoolOptions) {
    this.name = options.name;
    this.replicas = options.replicas;
    this.queue = new RequestQueue(options.ranks);
    this.slots = options.replicas.reduce((sum, replica) => sum + replica.slots, 0);
    this.kvTokens = options.replicas.reduce((sum, replica) => sum + replica.kvTokens, 0);
    this.kvMost = options.kvMost;
    this.#options = options;
    this.#places = placesOf(options.discipline, options.ranks);
    this.#signals = new PoolSignals(Math.max(0, ...options.ranks) + 1);
    this.#signals.slots = this.slots;
    this.#signals.kvTokens = this.kvTokens;
    this.#occupancy.slots = this.slots;
    this.#occupancy.kvTokens = this.kvTokens;
    this.#isChanged = new Uint8Array(options.replicas.length);
    this.#openingsOf = new Int32Array(options.replicas.length);
    this.#placement = new Placement(options.placement, options.replicas, this.#loads);
    for (let replica = 0; replica < options.replicas.length; replica++) this.changed(this.#loads.add());
  }

  /** Sequences inside, over all replicas. */
  get slotsBusy(): number {
    return this.#slotsBusy;
  }

  /** KV tokens in use, over all replicas. */
  kvUsed(now: Instant): number {
    let tokens = 0;
    for (const replica of this.replicas) tokens += replica.kvUsed(now);
    return tokens;
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
    signals.slotsBusy = this.#slotsBusy;
    signals.openings = this.#openings;
    // The most expensive of the signals: it grows in every replica all the time.
    if (this.#options.policy.watchesKv) signals.kvUsed = this.kvUsed(asOf);
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
    if (request === this.#blocked) this.#blocked = NO_REQUEST;
  }

  /**
   * Starts all requests that can start, in the order of the discipline. `start` must admit the request to the replica
   * of that index before it returns. The request has left the queue by then.
   */
  dispatch(now: Instant, facts: WaitingFacts, start: (request: number, replica: number) => void): void {
    this.renewCopy(now);
    while (this.queue.length > 0 && this.#openings > 0) {
      const request = this.#nextEligible(facts, now);
      if (request === NO_REQUEST) return;
      const replica = this.#place(request, facts.workOf(request), now);
      if (replica === NOWHERE) return;
      this.queue.leave(request);
      this.#slotsBusy++;
      start(request, replica);
      this.changed(replica);
    }
  }

  /** A replica may be more or less loaded than before, or have more or fewer places. */
  changed(replica: number): void {
    const { openings, slotsBusy, slots } = this.replicas[replica]!;
    const load = openings > 0 ? slotsBusy / slots : Number.POSITIVE_INFINITY;
    this.#openings += openings - this.#openingsOf[replica]!;
    this.#openingsOf[replica] = openings;
    this.#loads.set(replica, load);
    this.#placement.changed(replica);
    if (this.#blocked === NO_REQUEST || this.#isChanged[replica] === 1) return;
    this.#isChanged[replica] = 1;
    this.#changed.push(replica);
  }

  /** A started request has left its replica. `changed` has to be told as well, once the replica is done with it. */
  left(): void {
    this.#slotsBusy--;
    assert(this.#slotsBusy >= 0, "LAW-10: a request leaves a pool once");
  }

  #place(request: number, work: SequenceWork, now: Instant): number {
    const isStillBlocked = request === this.#blocked;
    const replica = isStillBlocked
      ? this.#placement.chooseAmong(this.#changed, work, now)
      : this.#placement.choose(work, now);
    this.#blocked = replica === NOWHERE ? request : NO_REQUEST;
    while (this.#changed.length > 0) this.#isChanged[this.#changed.pop()!] = 0;
    return replica;
  }

  #occupancyNow(now: Instant): Occupancy {
    const occupancy = this.#occupancy;
    occupancy.slotsBusy = this.#slotsBusy;
    if (this.#options.policy.watchesKv) occupancy.kvUsed = this.kvUsed(now);
    return occupancy;
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
    return this.replicas.some((replica) => replica.fits(work, now));
  }
}
