// A pool: replicas of one kind behind one line. Requests wait here, never in a replica, so that shedding always comes
// before generation. The pool starts waiting requests when there is room and the policy lets them; what a request is
// and how it ends is the engine's business.
import { assert } from "../base/assert.js";
import type { Instant } from "../base/units.js";
import type { AdmissionPolicy } from "../gateway/policy.js";
import { PoolSignals } from "../gateway/signals.js";
import type { Replica } from "../replica/replica.js";
import { leastLoaded, NOWHERE } from "./placement.js";
import { NOBODY, WaitingLine } from "./waiting-line.js";

/**
 * Who starts first: `priority` takes ranks in order and first come first served within a rank; `fifo` takes whoever
 * came first. In both, a request that may start but does not fit yet lets nobody overtake it, or large ones starve.
 */
export type Discipline = "priority" | "fifo";

export interface PoolOptions {
  readonly name: string;
  readonly replicas: readonly Replica[];
  readonly policy: AdmissionPolicy;
  /** Shed ranks that share the pool: 0 to ranks - 1, 0 shed last. */
  readonly ranks: number;
  readonly discipline: Discipline;
  /** False when decisions see a live copy; true when `publish` dates the copy from outside. */
  readonly stale: boolean;
}

/** What the pool must know of a waiting request to start it. */
export interface WaitingFacts {
  pathOf(request: number): number;
  kvNeededBy(request: number): number;
}

export class Pool {
  readonly name: string;
  readonly replicas: readonly Replica[];
  readonly line: WaitingLine;
  readonly slots: number;
  readonly kvTokens: number;
  /** The most KV tokens that one sequence can ever have here. */
  readonly kvMost: number;
  readonly #options: PoolOptions;
  readonly #signals: PoolSignals;
  #slotsBusy = 0;
  #kvUsed = 0;

  constructor(options: PoolOptions) {
    assert(options.replicas.length > 0, "a pool has replicas");
    this.name = options.name;
    this.replicas = options.replicas;
    this.line = new WaitingLine(options.ranks);
    this.slots = options.replicas.reduce((sum, replica) => sum + replica.slots, 0);
    this.kvTokens = options.replicas.reduce((sum, replica) => sum + replica.kvTokens, 0);
    this.kvMost = options.replicas.reduce((most, replica) => Math.max(most, replica.kvTokens), 0);
    this.#options = options;
    this.#signals = new PoolSignals(options.ranks);
    this.#signals.slots = this.slots;
    this.#signals.kvTokens = this.kvTokens;
  }

  /** Sequences inside, over all replicas. */
  get slotsBusy(): number {
    return this.#slotsBusy;
  }

  /** KV tokens reserved, over all replicas. */
  get kvUsed(): number {
    return this.#kvUsed;
  }

  /** What a policy may see at `now`. */
  signalsAt(now: Instant): PoolSignals {
    if (!this.#options.stale) this.publish(now);
    return this.#signals;
  }

  /** Dates the copy that policies see: the pool as it is at `now`. */
  publish(now: Instant): void {
    const signals = this.#signals;
    signals.asOf = now;
    signals.slotsBusy = this.slotsBusy;
    signals.kvUsed = this.kvUsed;
    signals.queued = this.line.length;
    for (let rank = 0; rank < this.line.ranks; rank++) signals.queuedByRank[rank] = this.line.countOf(rank);
  }

  /**
   * Starts whoever can start, in the order of the discipline. `start` must admit the request to the replica of that
   * index before it returns. The request has left the line by then.
   */
  dispatch(now: Instant, facts: WaitingFacts, start: (request: number, replica: number) => void): void {
    while (this.line.length > 0) {
      const request = this.#nextEligible(now, facts);
      if (request === NOBODY) return;
      const kvTokens = facts.kvNeededBy(request);
      const replica = leastLoaded(this.replicas, kvTokens);
      if (replica === NOWHERE) return;
      this.line.leave(request);
      this.#slotsBusy++;
      this.#kvUsed += kvTokens;
      start(request, replica);
    }
  }

  /** A started request has left its replica and gives back the KV tokens it had reserved. */
  left(kvTokens: number): void {
    this.#slotsBusy--;
    this.#kvUsed -= kvTokens;
    assert(this.#slotsBusy >= 0 && this.#kvUsed >= 0, "LAW-10: nobody leaves a pool twice");
  }

  /** The first waiting request that the policy lets start; NOBODY when it holds all of them back. */
  #nextEligible(now: Instant, facts: WaitingFacts): number {
    const { policy, discipline } = this.#options;
    const signals = this.signalsAt(now);
    let next = NOBODY;
    for (let rank = 0; rank < this.line.ranks; rank++) {
      const head = this.line.headOf(rank);
      if (head === NOBODY || !policy.mayStart(facts.pathOf(head), signals)) continue;
      if (discipline === "priority") return head;
      if (next === NOBODY || this.line.ticketOf(head) < this.line.ticketOf(next)) next = head;
    }
    return next;
  }

  /** LAW-8: whether a request waits although it could start. For outside checks; it changes nothing. */
  leavesWorkUndone(now: Instant, facts: WaitingFacts): boolean {
    const request = this.line.length > 0 ? this.#nextEligible(now, facts) : NOBODY;
    return request !== NOBODY && leastLoaded(this.replicas, facts.kvNeededBy(request)) !== NOWHERE;
  }
}
