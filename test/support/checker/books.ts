// The checker's own books: where each attempt is, rebuilt from the events alone and from what the engine's request
// table says of a request at its arrival. Nothing here asks a pool, a queue or a ledger; the laws compare with those.

import { NONE } from "../../../src/core/base/none.js";
import type { Instant } from "../../../src/core/base/units.js";
import type { Engine } from "../../../src/core/engine/engine.js";
import type { Occupancy } from "../../../src/core/server/gateway/policies/policy.js";
import { BatchingReplica } from "../../../src/core/server/replica/batching/batching-replica.js";
import type { Replica } from "../../../src/core/server/replica/replica.js";
import type { Cut } from "./cuts.js";

/**
 * "arrived": sent, and not let in so far. "leaving": the server is done with it, and its caller does not know. "away":
 * its caller's side of an attempt that goes on without it.
 */
export type Stage = "arrived" | "queued" | "running" | "leaving" | "away" | "resting" | "gone";

export interface Attempt {
  readonly slot: number;
  /** Its slot in the server, NONE before it is in the queue. */
  inside: number;
  /** Number of the request, and which of its attempts this is. */
  readonly request: number;
  readonly count: number;
  /** Path index, one beyond the last for a request that no path takes. */
  readonly tier: number;
  /** The path as which it is served: its own, unless a detour took it. */
  served: number;
  /** -1 without a path. */
  pool: number;
  rank: number;
  readonly account: number;
  /** The lane of what serves it in the queue of the pool. */
  lane: number;
  readonly inputTokens: number;
  /** As the arrival tells it, until a replica has found more. */
  cachedTokens: number;
  outputTokens: number;
  /** By its caller's clock: when it was sent. */
  readonly arrivedAt: number;
  /** When the server got it, which may be later. */
  receivedAt: number;
  stage: Stage;
  /** Whether its caller has gone, so that its tokens are not reported. */
  isAbandoned: boolean;
  /** Whether another attempt of its request has answered first: its own tokens are not reported. */
  isLost: boolean;
  /** Orders waiting attempts by when they joined, and running ones by when they started. */
  ticket: number;
  startTicket: number;
  /** Infinity for what has not happened. */
  queuedAt: number;
  startedAt: number;
  /** When the server had its first token, as far as that is told, and when its caller had it. */
  beganAt: number;
  firstTokenAt: number;
  /** How long its answers are on their way out, once one has come. */
  wayOut: number | undefined;
  /** Why the server was done with it, and when; -1 for an attempt without a caller that did not complete. */
  doneAs: number;
  doneAt: number;
  /** What it had done by then. */
  done: Cut;
  /** Slot of the instance, -1 for none. */
  replica: number;
  /** Why it ended, and when. */
  reason: number;
  endedAt: number;
  /** When its client's next attempt is due; Infinity for none, -Infinity where no event has said when. */
  retryAt: number;
  /** Tokens generated before the measured window opened. */
  before: number;
  /** Tokens it had generated when it last lost its memory; -1 if it never did. */
  lostAfter: number;
}

export interface PoolBooks {
  readonly name: string;
  /** By lane, in the order in which they joined. */
  readonly waiting: readonly Attempt[][];
  readonly running: Set<Attempt>;
}

export class Books {
  readonly attempts = new Map<number, Attempt>();
  readonly pools: readonly PoolBooks[];
  readonly #engine: Engine;
  /** By slot in the server. */
  readonly #inside = new Map<number, Attempt>();
  #joined = 0;
  #started = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.pools = engine.service.parts.pools.map((pool) => ({
      name: pool.name,
      waiting: pool.queue.ranks.map(() => []),
      running: new Set(),
    }));
  }

  open(slot: number, count: number, now: number): Attempt {
    const { requests, service } = this.#engine;
    const tier = requests.tier(slot);
    const path = service.parts.paths[tier];
    const attempt: Attempt = {
      slot,
      inside: NONE,
      request: requests.number(slot),
      count,
      tier,
      served: tier,
      pool: path?.pool ?? -1,
      rank: path?.rank ?? -1,
      account: requests.account(slot),
      lane: path?.lane ?? -1,
      inputTokens: requests.inputTokens(slot),
      cachedTokens: requests.knownCachedTokens(slot),
      outputTokens: this.#mostOutput(slot, path?.pool),
      arrivedAt: now,
      receivedAt: Number.POSITIVE_INFINITY,
      stage: "arrived",
      isAbandoned: false,
      isLost: false,
      ticket: 0,
      startTicket: 0,
      queuedAt: Number.POSITIVE_INFINITY,
      startedAt: Number.POSITIVE_INFINITY,
      beganAt: Number.POSITIVE_INFINITY,
      firstTokenAt: Number.POSITIVE_INFINITY,
      wayOut: undefined,
      doneAs: -1,
      doneAt: Number.POSITIVE_INFINITY,
      done: { prefilled: 0, generated: 0 },
      replica: -1,
      reason: 0,
      endedAt: Number.POSITIVE_INFINITY,
      retryAt: Number.POSITIVE_INFINITY,
      before: 0,
      lostAfter: -1,
    };
    this.attempts.set(slot, attempt);
    return attempt;
  }

  /** An answer ends at the latest where the memory of a replica does. */
  #mostOutput(slot: number, pool: number | undefined): number {
    const { requests, service } = this.#engine;
    const wanted = requests.outputTokens(slot);
    if (pool === undefined) return wanted;
    const room = service.parts.pools[pool]!.kvMost - requests.inputTokens(slot);
    // Without room it is refused.
    return room > 0 ? Math.min(wanted, room) : wanted;
  }

  /** The caller's side of an attempt that it has abandoned, in a slot of its own. */
  openAway(slot: number, abandoned: Attempt): Attempt {
    const away: Attempt = { ...abandoned, slot, inside: NONE, stage: "away", isAbandoned: false };
    this.attempts.set(slot, away);
    return away;
  }

  /** Where the server has put it: in its path's own seat, or in one that the scenario states instead. Says whether. */
  takesSeat(attempt: Attempt, inside: number): boolean {
    const { stated } = this.#engine.service.attempts;
    const path = this.#engine.service.parts.paths[attempt.tier]!;
    const seat = [path, ...path.detours.map((one) => one.seat)].find(
      (one) => one.path === stated.path(inside) && one.pool === stated.pool(inside),
    );
    if (seat === undefined) return false;
    attempt.served = seat.path;
    attempt.pool = seat.pool;
    attempt.rank = seat.rank;
    attempt.lane = seat.lane;
    attempt.outputTokens = Math.min(attempt.outputTokens, this.#mostOutput(attempt.slot, seat.pool));
    return seat.rank === stated.rank(inside) && seat.lane === stated.lane(inside);
  }

  join(attempt: Attempt, inside: number, now: number): void {
    attempt.inside = inside;
    this.#inside.set(inside, attempt);
    attempt.stage = "queued";
    attempt.queuedAt = now;
    attempt.ticket = ++this.#joined;
    this.pools[attempt.pool]!.waiting[attempt.lane]!.push(attempt);
  }

  start(attempt: Attempt, now: number): void {
    const pool = this.pools[attempt.pool]!;
    this.#leaveQueue(attempt);
    attempt.stage = "running";
    attempt.startedAt = now;
    attempt.startTicket = ++this.#started;
    const { stated, work } = this.#engine.service.attempts;
    attempt.replica = work.instance(attempt.inside);
    attempt.cachedTokens = stated.cachedTokens(attempt.inside);
    pool.running.add(attempt);
  }

  /** Tokens that an attempt inside has generated, by its replica. */
  generatedBy(attempt: Attempt, at: number): number {
    return this.#engine.service.generated(attempt.inside, at as Instant);
  }

  /** Whether it may still be without the memory that it lost: for certain not once it has generated more. */
  mayBeLost(attempt: Attempt, now: number): boolean {
    return attempt.lostAfter >= 0 && this.generatedBy(attempt, now) <= attempt.lostAfter;
  }

  end(attempt: Attempt): void {
    if (attempt.stage === "queued") this.#leaveQueue(attempt);
    if (attempt.stage === "running") this.pools[attempt.pool]!.running.delete(attempt);
    attempt.stage = "leaving";
  }

  /** Preempted attempts of a replica, asked of the replica itself: no event says when they get their memory back. */
  lostIn(index: number): readonly Attempt[] {
    const replica = this.#engine.service.parts.fleet.instances.replicaOf(index);
    if (!(replica instanceof BatchingReplica)) return [];
    return replica["preempted"].flatMap(({ id }) => this.#inside.get(id) ?? []);
  }

  /** Of a pool, what is in instances that drain: they take no more. */
  drainingIn(index: number): number {
    let count = 0;
    for (const attempt of this.pools[index]!.running) {
      if (this.drains(attempt)) count++;
    }
    return count;
  }

  /** Whether a running attempt is in one of those. */
  drains({ replica }: Attempt): boolean {
    return this.#engine.service.parts.fleet.drains(replica);
  }

  /** Replicas of a pool that take sequences. */
  readyIn(index: number): readonly Replica[] {
    const { fleet } = this.#engine.service.parts;
    const { instances } = fleet;
    const ready = [...instances.ofPool(index)].filter((slot) => instances.isUp(slot) && !fleet.drains(slot));
    return ready.map((slot) => instances.replicaOf(slot));
  }

  /** What a pool is to those who decide who may start: its ready instances, and as many places as a limit lets be taken. */
  occupancyOf(index: number, most: number, kvUsed: number): Occupancy {
    const ready = this.readyIn(index);
    const draining = this.drainingIn(index);
    const slots = ready.reduce((sum, replica) => sum + replica.slots, 0);
    return {
      slotsBusy: this.pools[index]!.running.size - draining,
      slots: Math.min(slots, most - draining),
      kvUsed,
      kvTokens: ready.reduce((sum, replica) => sum + replica.kvTokens, 0),
    };
  }

  /** KV tokens in use in the ready instances of a pool, as a policy is shown them: none of a memory without end. */
  kvUsedIn(index: number, at: number): number {
    const bounded = this.readyIn(index).filter(({ kvTokens }) => kvTokens < Number.POSITIVE_INFINITY);
    return bounded.reduce((sum, replica) => sum + replica.kvUsed(at as Instant), 0);
  }

  #leaveQueue(attempt: Attempt): void {
    const queue = this.pools[attempt.pool]!.waiting[attempt.lane]!;
    const place = queue.indexOf(attempt);
    if (place >= 0) queue.splice(place, 1);
  }
}

export function countWaiting(pool: PoolBooks): number {
  return pool.waiting.reduce((sum, queue) => sum + queue.length, 0);
}
