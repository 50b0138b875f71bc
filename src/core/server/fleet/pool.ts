// A pool: replicas of one kind behind one queue. Requests wait here, never in a replica, so that shedding always comes
// before generation. The pool starts waiting requests when there is room and its admission lets them; what a request is
// and how it ends is the engine's business.
import { assert } from "../../base/assert.js";
import { type Duration, type Instant, START } from "../../base/units.js";
import type { Admission } from "../gateway/admission.js";
import type { Occupancy } from "../gateway/policies/policy.js";
import { NO_REQUEST, type RequestQueue } from "../gateway/queue/queue.js";
import type { WaitingView } from "../gateway/queue/rule.js";
import { PoolSignals } from "../gateway/signals.js";
import type { Replica, SequenceWork } from "../replica/replica.js";
import { LoadIndex, NOWHERE } from "./load-index.js";
import { Placement, type PlacementOptions } from "./placement.js";

export interface PoolOptions {
  readonly name: string;
  readonly replicas: readonly Replica[];
  /** Who waits, and who of them may start. */
  readonly admission: Admission;
  readonly placement: PlacementOptions;
  /** How often the copy that decisions see is renewed; 0 shows them the pool as it is. */
  readonly staleness: Duration;
}

/** What the pool must know of a waiting request to start it. */
export interface WaitingFacts extends WaitingView {
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
  readonly #admission: Admission;
  readonly #signals: PoolSignals;
  /** What a policy sees of the pool as it is: one object, filled in anew. */
  readonly #occupancy = { slotsBusy: 0, slots: 0, kvUsed: 0, kvTokens: 0 };
  readonly #loads: LoadIndex;
  readonly #placement: Placement;
  readonly #openingsOf: Int32Array;
  #nextCopyAt: Instant = START;
  #openings = 0;
  /** The request that found room in no replica, and the replicas that have changed since: no other has room for it. */
  #blocked = NO_REQUEST;
  readonly #changed: number[] = [];
  /** By replica: whether it stands in that list. */
  readonly #isChanged: Uint8Array;

  constructor(options: PoolOptions) {
    assert(options.replicas.length > 0, "a pool has replicas");
    this.name = options.name;
    this.replicas = options.replicas;
    this.#admission = options.admission;
    this.queue = options.admission.queue;
    this.slots = options.replicas.reduce((sum, replica) => sum + replica.slots, 0);
    this.kvTokens = options.replicas.reduce((sum, replica) => sum + replica.kvTokens, 0);
    this.kvMost = options.replicas.reduce((most, replica) => Math.max(most, replica.kvTokens), 0);
    this.#options = options;
    this.#signals = new PoolSignals(this.queue.rankCount);
    this.#signals.kvTokens = this.kvTokens;
    this.#occupancy.kvTokens = this.kvTokens;
    this.#isChanged = new Uint8Array(options.replicas.length);
    this.#openingsOf = new Int32Array(options.replicas.length);
    this.#loads = new LoadIndex(options.replicas.length);
    this.#placement = new Placement(options.placement, options.replicas, this.#loads);
    for (let replica = 0; replica < options.replicas.length; replica++) this.changed(replica);
  }

  /** Sequences inside, over all replicas. */
  get slotsBusy(): number {
    return this.#admission.inside;
  }

  /** How close it is to shedding an arrival of `rank`: the more are ahead of it, the closer. */
  crowding(rank: number): number {
    return this.#admission.aheadOf(rank);
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
    const admission = this.#admission;
    signals.asOf = asOf;
    signals.replicas = this.replicas.length;
    signals.slotsBusy = admission.inside;
    signals.slots = admission.slotsOf(this.slots);
    signals.openings = admission.openingsOf(this.#openings);
    // The most expensive of the signals: it grows in every replica all the time.
    if (admission.policy.watchesKv) signals.kvUsed = this.kvUsed(asOf);
    signals.queued = this.queue.length;
    for (let rank = 0; rank < signals.queuedByRank.length; rank++) {
      signals.queuedByRank[rank] = this.queue.countOfRank(rank);
    }
  }

  /** `lane` is that of its path. */
  join(request: number, lane: number, account: number, now: Instant): void {
    this.renewCopy(now);
    this.#admission.join(request, lane, account);
  }

  /** A waiting request leaves without having started. */
  leave(request: number, now: Instant): void {
    this.renewCopy(now);
    this.#admission.leave(request);
    if (request === this.#blocked) this.#blocked = NO_REQUEST;
  }

  /** Starts an arrival past an empty queue, as `join` and `dispatch` would; false where it has to join the queue. */
  startAtOnce(
    request: number,
    facts: WaitingFacts,
    now: Instant,
    start: (request: number, replica: number) => void,
  ): boolean {
    this.renewCopy(now);
    const admission = this.#admission;
    if (this.#openings === 0) return false;
    const path = facts.pathOf(request);
    if (!admission.letsPast(path, facts.inputTokensOf(request), this.#occupancyNow(now))) return false;
    const replica = this.#place(request, facts.workOf(request), now);
    if (replica === NOWHERE) return false;
    admission.hasGrown = false;
    admission.startAtOnce(request, now);
    start(request, replica);
    this.changed(replica);
    return true;
  }

  /**
   * Starts all requests that can start, in the order of the queue rule. `start` must admit the request to the replica
   * of that index before it returns. The request has left the queue by then.
   */
  dispatch(now: Instant, facts: WaitingFacts, start: (request: number, replica: number) => void): void {
    this.renewCopy(now);
    const admission = this.#admission;
    admission.hasGrown = false;
    while (this.queue.length > 0 && this.#openings > 0 && admission.isBelowLimit) {
      const request = admission.next(facts, this.#occupancyNow(now));
      if (request === NO_REQUEST) return;
      const replica = this.#place(request, facts.workOf(request), now);
      if (replica === NOWHERE) return;
      admission.start(request, facts.inputTokensOf(request), now);
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
    this.#admission.left();
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
    const admission = this.#admission;
    const occupancy = this.#occupancy;
    occupancy.slotsBusy = admission.inside;
    occupancy.slots = admission.slotsOf(this.slots);
    if (admission.policy.watchesKv) occupancy.kvUsed = this.kvUsed(now);
    return occupancy;
  }

  /** LAW-8: whether a request waits although it could start. For outside checks; it changes nothing. */
  leavesWorkUndone(facts: WaitingFacts, now: Instant): boolean {
    const admission = this.#admission;
    if (this.queue.length === 0 || !admission.isBelowLimit) return false;
    const request = admission.next(facts, this.#occupancyNow(now));
    if (request === NO_REQUEST) return false;
    const work = facts.workOf(request);
    return this.replicas.some((replica) => replica.fits(work, now));
  }
}
