// A pool: replicas of one kind behind one queue. Requests wait here, never in a replica, so that shedding always comes
// before generation. The pool starts waiting requests when there is room and its admission lets them; what a request is
// and how it ends is the engine's business.
import type { Reason } from "../../base/outcome.js";
import { type Instant, NEVER } from "../../base/units.js";
import type { StatedPrompt } from "../attempts/stated/prompt.js";
import { type Admission, KEPT } from "../gateway/admission.js";
import { DatedCopies } from "../gateway/dated-copies.js";
import type { Occupancy } from "../gateway/policies/policy.js";
import { NO_REQUEST, type RequestQueue } from "../gateway/queue/queue.js";
import type { WaitingView } from "../gateway/queue/rule.js";
import type { SignalTiming } from "../gateway/signal-timing.js";
import { PoolSignals } from "../gateway/signals.js";
import type { Replica } from "../replica/replica.js";
import { ColdSpells } from "./cold-spells.js";
import { NOWHERE } from "./load-index.js";
import type { PlacementOptions } from "./placement.js";
import { PoolCounts } from "./pool-counts.js";
import { type Capacity, PoolReplicas } from "./pool-replicas.js";

type Writable<View> = { -readonly [Key in keyof View]: View[Key] };

export interface PoolOptions {
  readonly name: string;
  /** The most KV tokens that one sequence can ever have here, whatever is up. */
  readonly kvMost: number;
  /** Who waits, and who of them may start. */
  readonly admission: Admission;
  readonly placement: PlacementOptions;
  /** Of the copies that policies see; without a period they see the pool as it is. */
  readonly signals: SignalTiming & {
    /** Uniform draws by which copies get lost. */
    readonly chance: () => number;
  };
}

/** What the pool must know of a waiting request to start it. */
export interface WaitingFacts extends WaitingView {
  /** Valid until the next question. */
  promptOf(request: number): StatedPrompt;
}

/** What the service gives a pool that starts requests. */
export interface Dispatching {
  readonly facts: WaitingFacts;
  /** Must admit the request to the replica in that slot of the table of instances before it returns. */
  readonly start: (request: number, slot: number) => void;
  /** Must take the waiting request out of the queue. */
  readonly drop: (request: number, reason: Reason) => void;
}

export class Pool {
  readonly name: string;
  readonly counts: PoolCounts = new PoolCounts();
  readonly queue: RequestQueue;
  /** The most KV tokens that one sequence can ever have here. */
  readonly kvMost: number;
  readonly #admission: Admission;
  /** What a policy sees: the pool as it is, or copies of it. */
  readonly #signals: PoolSignals | undefined;
  readonly #copies: DatedCopies<PoolSignals> | undefined;
  /** What a policy sees of the pool as it is: one object, filled in anew. */
  readonly #occupancy = { slotsBusy: 0, slots: 0, kvUsed: 0, kvTokens: 0 };
  readonly #replicas: PoolReplicas;
  readonly #coldSpells = new ColdSpells();
  /** When the next copy falls due of those that admission and placement see; NEVER where they see what is. */
  #nextCopyAt: Instant;

  constructor(options: PoolOptions) {
    this.name = options.name;
    this.#admission = options.admission;
    this.queue = options.admission.queue;
    this.kvMost = options.kvMost;
    const make = () => new PoolSignals(this.queue.rankCount);
    const { chance, ...timing } = options.signals;
    if (timing.period === 0) this.#signals = make();
    else {
      const take = (copy: PoolSignals, asOf: Instant) => this.#copyTo(copy, asOf);
      this.#copies = new DatedCopies({ timing, chance, make, take });
    }
    this.#replicas = new PoolReplicas(options.placement);
    this.#nextCopyAt = this.#nextDueAt();
  }

  /** Those that serve, in order: there may be none, and then requests wait, or are shed as the policy says. */
  get replicas(): readonly Replica[] {
    return this.#replicas.all();
  }

  /** Counts of them, those that drain included until they have left; one object for good. */
  get serving(): Capacity {
    return this.#replicas.serving;
  }

  /** The same of those that take requests. */
  get ready(): Capacity {
    return this.#replicas.ready;
  }

  /** Whether none of them did at an earlier instant. */
  wasCold(at: Instant): boolean {
    return this.#coldSpells.includes(at);
  }

  /** Sequences inside those that take requests. */
  get readyBusy(): number {
    return this.slotsBusy - this.#drainingBusy;
  }

  /** Sequences inside replicas that drain. Asked with every event: they are added up only where there are any. */
  get #drainingBusy(): number {
    return this.#replicas.isDraining ? this.#replicas.drainingBusy : 0;
  }

  readyReplicas(): readonly Replica[] {
    return this.#replicas.takers();
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
    return this.#replicas.kvUsed(now);
  }

  /** The most KV tokens that one replica has had in use since `forgetPeak`. */
  kvPeak(now: Instant): number {
    return this.#replicas.kvPeak(now);
  }

  forgetPeak(now: Instant): void {
    this.#replicas.forgetPeak(now);
  }

  // The copy that decisions see is renewed before its replicas change, by the one that changes them.

  /** A replica comes up in that slot of the table of instances. Returns its number here. */
  add(slot: number, replica: Replica, now: Instant): number {
    if (this.ready.replicas === 0) this.#coldSpells.end(now);
    return this.#replicas.add(slot, replica);
  }

  /** A replica takes no more requests, and keeps those it has. */
  drain(replica: number, now: Instant): void {
    this.#replicas.drain(replica);
    if (this.ready.replicas === 0) this.#coldSpells.begin(now);
  }

  /** One that drained takes requests again. */
  recall(replica: number, now: Instant): void {
    if (this.ready.replicas === 0) this.#coldSpells.end(now);
    this.#replicas.takeMore(replica);
  }

  /** A replica that has nothing inside leaves. */
  remove(replica: number, now: Instant): void {
    const before = this.ready.replicas;
    this.#replicas.remove(replica, now);
    if (before > 0 && this.ready.replicas === 0) this.#coldSpells.begin(now);
  }

  /** What a policy may see at `now`; valid until the next question. */
  signalsAt(now: Instant): PoolSignals {
    if (this.#signals === undefined) {
      this.renewCopy(now);
      return this.#copies!.at(now);
    }
    this.#copyTo(this.#signals, now);
    return this.#signals;
  }

  /**
   * Renews the copies that decisions see, if due. Call before anything in the pool or its replicas changes: until
   * then the pool is what it was when the copy fell due, so that no event is needed to take it in time.
   */
  renewCopy(now: Instant): void {
    if (now < this.#nextCopyAt) return;
    this.#copies?.renew(now);
    this.#replicas.placementSignals?.renew(now);
    this.#nextCopyAt = this.#nextDueAt();
  }

  #nextDueAt(): Instant {
    const admission = this.#copies?.dueAt ?? NEVER;
    return Math.min(admission, this.#replicas.placementSignals?.dueAt ?? NEVER) as Instant;
  }

  #copyTo(signals: PoolSignals, asOf: Instant): void {
    const admission = this.#admission;
    signals.asOf = asOf;
    signals.replicas = this.#replicas.ready.replicas;
    this.#describe(signals, admission.policy.watchesKv, asOf);
    signals.openings = admission.openingsOf(this.#replicas.openings);
    signals.queued = this.queue.length;
    for (let rank = 0; rank < signals.queuedByRank.length; rank++) {
      signals.queuedByRank[rank] = this.queue.countOfRank(rank);
    }
  }

  /** `lane` is that of its path. */
  join(request: number, lane: number, account: number, now: Instant): void {
    this.renewCopy(now);
    this.#admission.join(request, lane, account, now);
  }

  /** A waiting request leaves without having started. */
  leave(request: number, now: Instant): void {
    this.renewCopy(now);
    this.#admission.leave(request);
    this.#replicas.forget(request);
  }

  /**
   * Where an arrival goes that finds an empty queue and may start, as `join` and `dispatch` would have it; NOWHERE
   * where it has to join the queue. `startAtOnce` comes next.
   */
  placeAtOnce(request: number, facts: WaitingFacts, now: Instant): number {
    this.renewCopy(now);
    const admission = this.#admission;
    if (this.#replicas.openings === 0 || !admission.isPassable) return NOWHERE;
    if (admission.weighs && !admission.mayEnter(facts.factsOf(request), now)) return NOWHERE;
    const path = facts.pathOf(request);
    const mayStart = admission.policy.mayStart(path, facts.inputTokensOf(request), this.#occupancyNow(now));
    return mayStart ? this.#replicas.place(request, facts.promptOf(request), now) : NOWHERE;
  }

  /** `lane` is that of its path. */
  startAtOnce(
    request: number,
    lane: number,
    account: number,
    replica: number,
    now: Instant,
    given: Dispatching,
  ): void {
    this.#admission.hasGrown = false;
    this.#admission.startAtOnce(request, lane, account, given.facts, now);
    given.start(request, this.#replicas.slotOf(replica));
    this.#replicas.changed(replica);
  }

  /** Who starts next once there is room, as far as the queue rule and the policy are concerned; NO_REQUEST for none. */
  nextUp(facts: WaitingFacts, now: Instant): number {
    const { rule, policy } = this.#admission;
    return rule.next(policy, facts, this.#occupancyNow(now), now);
  }

  /** Starts all requests that can start, in the order of the queue rule, but for those that are shed at the head. */
  dispatch(now: Instant, given: Dispatching): void {
    const { facts } = given;
    const replicas = this.#replicas;
    const admission = this.#admission;
    admission.hasGrown = false;
    if (this.queue.length === 0) return;
    this.renewCopy(now);
    while (this.queue.length > 0 && replicas.openings > 0 && admission.isBelowLimit) {
      const request = admission.next(facts, this.#occupancyNow(now), now);
      if (request === NO_REQUEST) return;
      if (admission.dropsAtHead) {
        const reason = admission.dropsHead(request, facts, now);
        if (reason !== KEPT) {
          given.drop(admission.droppedFor(request, reason), reason);
          continue;
        }
      }
      const replica = replicas.place(request, facts.promptOf(request), now);
      if (replica === NOWHERE) return;
      admission.start(request, facts, now);
      given.start(request, replicas.slotOf(replica));
      replicas.changed(replica);
    }
  }

  /** A replica may be more or less loaded than before, or have more or fewer places. */
  changed(replica: number): void {
    this.#replicas.changed(replica);
  }

  /** A started request has left its replica. `changed` has to be told as well, once the replica is done with it. */
  left(request: number): void {
    this.#admission.left(request);
  }

  #occupancyNow(now: Instant): Occupancy {
    this.#describe(this.#occupancy, this.#admission.policy.startsByKv, now);
    return this.#occupancy;
  }

  /** What is inside and how much there is, where requests may start: what drains is not to be taken. */
  #describe(occupancy: Writable<Occupancy>, withKv: boolean, now: Instant): void {
    const admission = this.#admission;
    const { ready, isDraining } = this.#replicas;
    const draining = this.#drainingBusy;
    occupancy.slotsBusy = admission.inside - draining;
    // The limit counts all that is inside.
    occupancy.slots = admission.slotsOf(ready.slots + draining) - draining;
    occupancy.kvTokens = ready.kvTokens;
    // The most expensive of all: it grows in every replica all the time. Of a memory without end no share is taken.
    if (!withKv || ready.kvTokens === Number.POSITIVE_INFINITY) return;
    occupancy.kvUsed = this.kvUsed(now) - (isDraining ? this.#replicas.drainingKv(now) : 0);
  }

  /** LAW-8: whether a request waits although it could start. For outside checks; it changes nothing. */
  leavesWorkUndone(facts: WaitingFacts, now: Instant): boolean {
    const admission = this.#admission;
    if (this.queue.length === 0 || !admission.isBelowLimit) return false;
    const request = admission.next(facts, this.#occupancyNow(now), now);
    if (request === NO_REQUEST) return false;
    const work = facts.promptOf(request);
    return this.#replicas.hasRoomFor(work, now);
  }
}
