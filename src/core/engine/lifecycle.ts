// The life of an attempt: arrival, verdict, line, replica, end, and what its client does then. The state machine of
// the simulation; the engine feeds it events and time. Everything that ends goes through `#end`, once.
import { assert } from "../base/assert.js";
import { type Reason, reasonCode, statusOf } from "../base/outcome.js";
import { after, type Duration, type Instant, NEVER } from "../base/units.js";
import type { WaitingFacts } from "../fleet/pool.js";
import { NOBODY } from "../fleet/waiting-line.js";
import type { Settlement } from "../gateway/policy.js";
import { type EventQueue, NO_EVENT } from "../kernel/event-queue.js";
import { Phase } from "../kernel/phase.js";
import type { ReplicaListener, SequenceWork } from "../replica/replica.js";
import type { Ledger } from "../stats/ledger.js";
import type { Arrival } from "../traffic/source.js";
import { EventKind } from "./event-kinds.js";
import type { AttemptEnd, EngineObserver } from "./observer.js";
import type { Recorder } from "./recorder.js";
import { RequestState, RequestTable } from "./request-table.js";
import { RequestViews } from "./request-views.js";
import type { World } from "./world.js";

const COMPLETED = reasonCode("none");
const OVERLOADED = reasonCode("overloaded_capacity");
const DISPLACED = reasonCode("displaced");
const QUEUE_TIMEOUT = reasonCode("queue_timeout");
const CLIENT_TIMEOUT = reasonCode("client_timeout");
const OUTAGE = reasonCode("outage");
const CONTEXT_LENGTH = reasonCode("context_length");

export class Lifecycle implements ReplicaListener, WaitingFacts {
  readonly requests: RequestTable = new RequestTable();
  readonly #events: EventQueue;
  readonly #ledger: Ledger;
  readonly #recorder: Recorder;
  readonly #observer: EngineObserver | undefined;
  #world!: World;
  #views!: RequestViews;
  // Reused, so that nothing is allocated per attempt.
  readonly #refusal = {
    status: 0,
    retryAfter: undefined as Duration | undefined,
    shouldRetry: undefined as boolean | undefined,
  };
  readonly #attemptEnd: AttemptEnd = {
    reason: COMPLETED,
    status: 0,
    generated: 0,
    retryIn: undefined,
  };
  #now: Instant = 0 as Instant;
  readonly #start = (request: number, replica: number): void => this.#startOn(request, replica);

  constructor(events: EventQueue, ledger: Ledger, recorder: Recorder, observer: EngineObserver | undefined) {
    this.#events = events;
    this.#ledger = ledger;
    this.#recorder = recorder;
    this.#observer = observer;
  }

  /** The world is built with this listener in hand, so it comes second. */
  enter(world: World): void {
    this.#world = world;
    this.#views = new RequestViews(this.requests, world.paths);
  }

  /** A new request and its first attempt. */
  offer(arrival: Arrival, source: number, now: Instant): void {
    const { requests } = this;
    const { router, paths } = this.#world;
    const routing = router.route(arrival.model, arrival.serviceTier);
    const request = requests.open();
    requests.source[request] = source;
    requests.account[request] = arrival.account;
    requests.inputTokens[request] = arrival.inputTokens;
    requests.knownCachedTokens[request] = arrival.cachedTokens;
    requests.prefix[request] = arrival.prefix;
    requests.prefixTokens[request] = arrival.prefixTokens;
    requests.session[request] = arrival.session;
    requests.sharedTokens[request] = arrival.sharedTokens;
    requests.outputTokens[request] = arrival.outputTokens;
    requests.maxTokens[request] = arrival.maxTokens;
    requests.offeredAt[request] = now;
    requests.tier[request] = "path" in routing ? routing.path : paths.length;
    requests.refusal[request] = "path" in routing ? this.#fit(request, routing.path) : routing.reason;
    this.#ledger.requestOffered(requests.tier[request]!, now);
    this.attempt(request, now);
  }

  /**
   * Generation stops where the memory of a replica ends, as it would at a model's context length. A prompt that is
   * longer than the callers' model takes, or than any replica holds, is refused: returns the reason, 0 for none.
   */
  #fit(request: number, path: number): Reason {
    const { requests } = this;
    const { demands, pools, paths } = this.#world;
    const { kvMost } = pools[paths[path]!.pool]!;
    const inputTokens = requests.inputTokens[request]!;
    const { maxInput } = demands[requests.source[request]!]!;
    if (inputTokens > maxInput || inputTokens >= kvMost) return CONTEXT_LENGTH;
    requests.outputTokens[request] = Math.min(requests.outputTokens[request]!, kvMost - inputTokens);
    return COMPLETED;
  }

  /** The next attempt of a request that rests. */
  attempt(request: number, now: Instant): void {
    const { requests } = this;
    assert(requests.state[request] === RequestState.resting, "a request has one attempt at a time");
    const tier = requests.tier[request]!;
    requests.attempts[request]!++;
    requests.cachedTokens[request] = requests.knownCachedTokens[request]!;
    requests.arrivedAt[request] = now;
    requests.startedAt[request] = NEVER;
    requests.firstTokenAt[request] = NEVER;
    this.#ledger.attemptArrived(tier, now);
    this.#recorder.attemptArrived(tier, now);
    this.#observer?.attempt?.("arrived", request, now);
    const refusal = requests.refusal[request]!;
    if (refusal !== COMPLETED) this.#end(request, refusal, 0, now);
    else this.#decide(request, now);
  }

  #decide(request: number, now: Instant): void {
    const { gateway, pools, paths, demands } = this.#world;
    const facts = this.#views.facts(request);
    // Kept apart: the facts are one object, and whoever is displaced below fills it in anew.
    const { path, pool, rank } = facts;
    const verdict = gateway.decide(facts, now);
    if (verdict.kind === "reject") {
      this.#end(request, verdict.reason, 0, now);
      return;
    }
    const isFull = pools[pool]!.line.length >= gateway.policyOf(pool).maxQueue;
    if (verdict.kind === "wait" && verdict.displaces && isFull) this.#displaceBelow(pool, rank, now);
    const { requests } = this;
    const { client } = demands[requests.source[request]!]!;
    requests.state[request] = RequestState.queued;
    pools[pool]!.join(request, paths[path]!.lane, now);
    this.#observer?.attempt?.("queued", request, now);
    if (client.timeout !== undefined) {
      const at = after(now, client.timeout);
      requests.clientTimer[request] = this.#events.schedule(
        at,
        Phase.timeout,
        EventKind.clientTimeout,
        request,
      );
    }
    this.dispatch(pool, now);
    if (requests.state[request] !== RequestState.queued) return;
    const { maxQueue, displaceLower, queueTimeout } = gateway.policyOf(pool);
    if (pools[pool]!.line.length > maxQueue) {
      // It was let in to start at once, and could not: there was no memory, or it was let in on an old belief.
      if (displaceLower) this.#displaceBelow(pool, rank, now);
      if (pools[pool]!.line.length > maxQueue) this.#evict(request, OVERLOADED, now);
    }
    if (requests.state[request] !== RequestState.queued) return;
    if (queueTimeout !== undefined) this.#limitWait(request, queueTimeout, now);
  }

  #limitWait(request: number, queueTimeout: Duration, now: Instant): void {
    const at = after(now, queueTimeout);
    this.requests.queueTimer[request] = this.#events.schedule(
      at,
      Phase.timeout,
      EventKind.queueTimeout,
      request,
    );
  }

  #displaceBelow(pool: number, rank: number, now: Instant): void {
    const victim = this.#world.pools[pool]!.line.youngestBelow(rank);
    // A stale copy may tell of someone who has left since.
    if (victim !== NOBODY) this.#evict(victim, DISPLACED, now);
  }

  /** Starts whoever can start in a pool. Call after anything that may have made room. Nobody starts in an outage. */
  dispatch(pool: number, now: Instant): void {
    this.#now = now;
    if (!this.#world.gateway.isOut(pool)) this.#world.pools[pool]!.dispatch(now, this, this.#start);
    this.#recorder.poolChanged(pool, now);
  }

  #startOn(request: number, replica: number): void {
    const { requests } = this;
    const { gateway, pools, paths, firstReplica } = this.#world;
    const now = this.#now;
    const pool = paths[requests.tier[request]!]!.pool;
    this.#cancelTimer(requests.queueTimer, request);
    requests.state[request] = RequestState.running;
    requests.startedAt[request] = now;
    this.#ledger.attemptStarted(requests.tier[request]!, requests.arrivedAt[request]! as Instant, now);
    requests.replica[request] = firstReplica[pool]! + replica;
    const cached = pools[pool]!.replicas[replica]!.admit(request, this.#views.work(request), now);
    const found = cached - requests.cachedTokens[request]!;
    if (found > 0) {
      gateway.foundCached(this.#views.facts(request), found, now);
      requests.cachedTokens[request] = cached;
    }
    this.#observer?.attempt?.("started", request, now);
  }

  firstToken(request: number, now: Instant): void {
    const { requests } = this;
    requests.firstTokenAt[request] = now;
    this.#ledger.firstToken(requests.tier[request]!, requests.arrivedAt[request]! as Instant, now);
    this.#cancelTimer(this.requests.clientTimer, request);
    this.#observer?.attempt?.("first_token", request, now);
  }

  completed(request: number, now: Instant): void {
    const { requests } = this;
    const { pools, paths } = this.#world;
    pools[paths[requests.tier[request]!]!.pool]!.left();
    this.#settle(request, "completed", requests.outputTokens[request]!, now);
    this.#end(request, COMPLETED, requests.outputTokens[request]!, now);
  }

  preempted(request: number, now: Instant): void {
    this.#observer?.attempt?.("preempted", request, now);
  }

  queueTimedOut(request: number, now: Instant): void {
    this.requests.queueTimer[request] = NO_EVENT;
    this.#evict(request, QUEUE_TIMEOUT, now);
  }

  clientTimedOut(request: number, now: Instant): void {
    this.requests.clientTimer[request] = NO_EVENT;
    this.#evict(request, CLIENT_TIMEOUT, now);
  }

  /** Everyone in the pool, waiting or running, ends unavailable. */
  breakPool(pool: number, now: Instant): void {
    for (const request of this.requests.underWay()) {
      if (this.#world.paths[this.requests.tier[request]!]!.pool === pool) this.#evict(request, OUTAGE, now);
    }
  }

  /** Ends an attempt that waits or runs, wherever it stands. */
  #evict(request: number, reason: Reason, now: Instant): void {
    const { requests } = this;
    const { pools, paths, replicas, firstReplica } = this.#world;
    const { pool } = paths[requests.tier[request]!]!;
    let generated = 0;
    if (requests.state[request] === RequestState.queued) pools[pool]!.leave(request, now);
    else {
      assert(requests.state[request] === RequestState.running, "LAW-10: only who was let in is settled");
      pools[pool]!.renewCopy(now);
      const replica = requests.replica[request]!;
      generated = replicas[replica]!.cancel(request, now);
      pools[pool]!.left();
      pools[pool]!.changed(replica - firstReplica[pool]!);
    }
    this.#settle(request, reason === CLIENT_TIMEOUT || generated > 0 ? "cut" : "shed", generated, now);
    this.#end(request, reason, generated, now);
    this.dispatch(pool, now);
  }

  #settle(request: number, settlement: Settlement, generated: number, now: Instant): void {
    this.#cancelTimer(this.requests.queueTimer, request);
    this.#cancelTimer(this.requests.clientTimer, request);
    this.#world.gateway.settle(this.#views.facts(request), settlement, generated, now);
  }

  /** The one way out of an attempt. */
  #end(request: number, reason: Reason, generated: number, now: Instant): void {
    const { requests } = this;
    const tier = requests.tier[request]!;
    const arrivedAt = requests.arrivedAt[request]! as Instant;
    requests.state[request] = RequestState.resting;
    this.#ledger.tokensGenerated(tier, generated);
    this.#recorder.attemptEnded(tier, reason, generated, now);
    let retryIn: Duration | undefined;
    if (reason === COMPLETED) this.#ledger.attemptCompleted(tier, this.#views.completion(request), now);
    else {
      this.#ledger.attemptFailed(tier, arrivedAt, reason);
      retryIn = this.#retryDelay(request, reason, now);
    }
    this.#attemptEnd.reason = reason;
    this.#attemptEnd.status = requests.firstTokenAt[request]! < NEVER ? 200 : statusOf(reason);
    this.#attemptEnd.generated = generated;
    this.#attemptEnd.retryIn = retryIn;
    this.#observer?.attempt?.("ended", request, now, this.#attemptEnd);
    if (retryIn !== undefined) {
      this.#events.schedule(after(now, retryIn), Phase.arrival, EventKind.retry, request);
      return;
    }
    if (reason !== COMPLETED) this.#observer?.attempt?.("gave_up", request, now);
    this.#ledger.requestEnded(tier, requests.offeredAt[request]! as Instant, reason === COMPLETED);
    requests.close(request);
  }

  /** A stream that breaks off after its first token has answered 200 already: no client tries that again by itself. */
  #retryDelay(request: number, reason: Reason, now: Instant): Duration | undefined {
    const { requests } = this;
    if (requests.firstTokenAt[request]! < NEVER) return undefined;
    const { client, chance } = this.#world.demands[requests.source[request]!]!;
    const refusal = this.#refusal;
    refusal.status = statusOf(reason);
    const routed = requests.tier[request]! < this.#world.paths.length;
    refusal.retryAfter = routed
      ? this.#world.gateway.retryAfter(reason, this.#views.facts(request), now)
      : undefined;
    refusal.shouldRetry = this.#world.gateway.shouldRetry(reason);
    return client.retryDelay(refusal, requests.attempts[request]!, chance);
  }

  #cancelTimer(timers: Int32Array, request: number): void {
    const timer = timers[request]!;
    if (timer === NO_EVENT) return;
    this.#events.cancel(timer);
    timers[request] = NO_EVENT;
  }

  pathOf(request: number): number {
    return this.requests.tier[request]!;
  }

  inputTokensOf(request: number): number {
    return this.requests.inputTokens[request]!;
  }

  workOf(request: number): SequenceWork {
    return this.#views.work(request);
  }
}
