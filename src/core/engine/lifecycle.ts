// The life of an attempt: arrival, verdict, queue, replica, end. The state machine of the simulation; the engine feeds
// it events and time. Everything that ends goes through `#end`, once; what its client does then is callers.ts.
import { assert } from "../base/assert.js";
import { NONE } from "../base/none.js";
import { type Reason, reasonCode, statusOf } from "../base/outcome.js";
import { type Instant, NEVER } from "../base/units.js";
import type { Arrival } from "../demand/traffic/source.js";
import { type EventQueue, NO_EVENT } from "../kernel/event-queue.js";
import { Phase } from "../kernel/phase.js";
import type { Ledger } from "../results/ledger/ledger.js";
import type { WaitingFacts } from "../server/fleet/pool.js";
import type { Settlement } from "../server/gateway/policies/policy.js";
import { NO_REQUEST } from "../server/gateway/queue/queue.js";
import type { ReplicaListener } from "../server/replica/replica.js";
import { Callers, type Next, NO_NEXT } from "./callers.js";
import type { AttemptEnd, EngineObserver } from "./observer.js";
import { Reception } from "./reception.js";
import type { Recorder } from "./recorder.js";
import { RequestState, RequestTable, Role } from "./request-table.js";
import { RequestViews } from "./request-views.js";
import { EventKind } from "./world/event-kinds.js";
import type { World } from "./world/world.js";

const COMPLETED = reasonCode("none");
const OVERLOADED = reasonCode("overloaded_capacity");
const DISPLACED = reasonCode("displaced");
const QUEUE_TIMEOUT = reasonCode("queue_timeout");
const CLIENT_TIMEOUT = reasonCode("client_timeout");
const OUTAGE = reasonCode("outage");
const HEDGE_LOST = reasonCode("hedge_lost");
const CALLER_GONE = reasonCode("caller_gone");
/** The caller's side has cancelled the attempt, however far it had come. */
const CALLED_OFF: readonly Reason[] = [CLIENT_TIMEOUT, HEDGE_LOST, CALLER_GONE];

export class Lifecycle implements ReplicaListener {
  readonly requests: RequestTable = new RequestTable();
  readonly #events: EventQueue;
  readonly #ledger: Ledger;
  readonly #recorder: Recorder;
  readonly #observer: EngineObserver | undefined;
  #world!: World;
  #views!: RequestViews;
  #callers!: Callers;
  #reception!: Reception;
  // Reused, so that nothing is allocated per attempt.
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
  enter(world: World, sourceChanged: (source: number) => void): void {
    this.#world = world;
    this.#views = new RequestViews(this.requests, world.paths);
    this.#reception = new Reception(this.requests, world);
    this.#callers = new Callers(this.requests, this.#events, world, this.#views, sourceChanged);
  }

  /** What a pool asks of waiting requests. */
  get waitingFacts(): WaitingFacts {
    return this.#views;
  }

  /** A new request and its first attempt. */
  offer(arrival: Arrival, source: number, now: Instant): void {
    const { requests } = this;
    const request = requests.open();
    requests.describe(request, arrival, source, now);
    this.#reception.route(request, arrival.model, arrival.serviceTier);
    requests.goneAt[request] = this.#callers.patientUntil(source, now);
    this.#ledger.requestOffered(requests.home[request]!, now);
    this.attempt(request, now);
  }

  /** The next attempt of a request that rests. */
  attempt(request: number, now: Instant): void {
    const { requests } = this;
    assert(requests.state[request] === RequestState.resting, "one attempt at a time in a slot");
    if (!this.#callers.allows(request, now)) {
      this.#rejectLocally(request, now);
      return;
    }
    this.#send(request, now);
  }

  #send(request: number, now: Instant): void {
    const { requests } = this;
    const tier = requests.tier[request]!;
    requests.attempt[request] = ++requests.attempts[request]!;
    requests.cachedTokens[request] = requests.knownCachedTokens[request]!;
    requests.arrivedAt[request] = now;
    requests.startedAt[request] = NEVER;
    requests.firstTokenAt[request] = NEVER;
    this.#ledger.attemptArrived(tier, now, requests.account[request]!);
    this.#recorder.attemptArrived(tier, now);
    this.#observer?.attempt?.("arrived", request, now);
    const refusal = requests.refusal[request]!;
    if (refusal !== COMPLETED) this.#end(request, refusal, 0, 0, now);
    else this.#decide(request, now);
  }

  /** A local rejection: the client itself refuses and makes no call. To its caller that is a failure like any other. */
  #rejectLocally(request: number, now: Instant): void {
    const { requests } = this;
    this.#ledger.clientRejected(requests.tier[request]!, now);
    requests.firstTokenAt[request] = NEVER;
    this.#goOn(request, OVERLOADED, this.#callers.afterLocalRejection(request, now), 0, now);
  }

  /** Its client waits no longer for the first token, and sends the same again without cancelling what it has sent. */
  hedge(request: number, now: Instant): void {
    const { requests } = this;
    requests.hedgeTimer[request] = NO_EVENT;
    const other = this.#callers.openHedge(request);
    if (this.#callers.allows(other, now)) {
      this.#ledger.hedged(requests.tier[other]!, now);
      this.#send(other, now);
    } else {
      this.#callers.leavesItToTwin(other);
      requests.close(other);
    }
  }

  #decide(request: number, now: Instant): void {
    const { gateway, pools, paths } = this.#world;
    const facts = this.#views.facts(request);
    // Kept apart: the facts are one object, and it is filled in anew for a request that is displaced below.
    const { path, pool, rank } = facts;
    const verdict = gateway.decide(facts, now);
    if (verdict.kind === "reject") {
      this.#end(request, verdict.reason, 0, 0, now);
      return;
    }
    const admission = gateway.admissionOf(pool);
    this.#displace(admission.displacedBy(verdict, rank), now);
    const { requests } = this;
    requests.state[request] = RequestState.queued;
    pools[pool]!.join(request, paths[path]!.lane, requests.account[request]!, now);
    this.#observer?.attempt?.("queued", request, now);
    this.#callers.startTimers(request, now);
    this.dispatch(pool, now);
    if (requests.state[request] !== RequestState.queued) return;
    if (admission.isOverBound) {
      this.#displace(admission.displacedFrom(rank), now);
      if (admission.isOverBound) this.#evict(request, OVERLOADED, now);
    }
    if (requests.state[request] === RequestState.queued) this.#limitWait(request, admission.deadline(now));
  }

  #limitWait(request: number, at: Instant): void {
    if (at === NEVER) return;
    this.requests.queueTimer[request] = this.#events.schedule(
      at,
      Phase.timeout,
      EventKind.queueTimeout,
      request,
    );
  }

  #displace(victim: number, now: Instant): void {
    if (victim !== NO_REQUEST) this.#evict(victim, DISPLACED, now);
  }

  /** Starts what can start in a pool. Call after anything that may have made room. In an outage nothing starts. */
  dispatch(pool: number, now: Instant): void {
    this.#now = now;
    if (!this.#world.gateway.isOut(pool)) this.#world.pools[pool]!.dispatch(now, this.#views, this.#start);
    this.#recorder.poolChanged(pool, now);
  }

  #startOn(request: number, replica: number): void {
    const { requests } = this;
    const { gateway, pools, paths, firstReplica } = this.#world;
    const now = this.#now;
    const pool = paths[requests.tier[request]!]!.pool;
    this.#callers.cancelTimer(requests.queueTimer, request);
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
    const { gateway, paths } = this.#world;
    gateway.admissionOf(paths[requests.tier[request]!]!.pool).firstToken(request, now);
    if (requests.role[request] === Role.abandoned || this.#callers.hasLost(request)) return;
    requests.firstTokenAt[request] = now;
    this.#ledger.firstToken(requests.tier[request]!, requests.arrivedAt[request]! as Instant, now);
    this.#callers.stopTimers(request);
    this.#observer?.attempt?.("first_token", request, now);
    this.#callers.answersFirst(request, now);
  }

  completed(request: number, now: Instant): void {
    const { requests } = this;
    const { pools, paths } = this.#world;
    pools[paths[requests.tier[request]!]!.pool]!.left();
    const generated = requests.outputTokens[request]!;
    const computed = requests.inputTokens[request]! - requests.cachedTokens[request]!;
    this.#settle(request, "completed", generated, now);
    // A whole answer may come in the very instant in which another attempt of its request has begun one.
    this.#end(request, this.#callers.hasLost(request) ? HEDGE_LOST : COMPLETED, generated, computed, now);
  }

  preempted(request: number, now: Instant): void {
    this.#observer?.attempt?.("preempted", request, now);
  }

  queueTimedOut(request: number, now: Instant): void {
    this.requests.queueTimer[request] = NO_EVENT;
    this.#evict(request, QUEUE_TIMEOUT, now);
  }

  clientTimedOut(request: number, now: Instant): void {
    const { requests } = this;
    requests.clientTimer[request] = NO_EVENT;
    if (!this.#callers.abandons(request)) {
      this.#evict(request, CLIENT_TIMEOUT, now);
      return;
    }
    // The attempt is over for its caller, and goes on in its slot; the request goes on in another.
    this.#callers.stopTimers(request);
    const left = this.#callers.leaveBehind(request);
    this.#observer?.attempt?.("abandoned", request, now);
    this.#end(left, CLIENT_TIMEOUT, 0, 0, now);
  }

  /** Its caller's patience is at an end: its attempt is cancelled, whatever its client does about timeouts. */
  callerGone(request: number, now: Instant): void {
    this.requests.clientTimer[request] = NO_EVENT;
    this.#evict(request, CALLER_GONE, now);
  }

  /** Another attempt of the same request has been answered first. */
  hedgeLost(request: number, now: Instant): void {
    this.requests.clientTimer[request] = NO_EVENT;
    this.#evict(request, HEDGE_LOST, now);
  }

  /** All attempts in the pool, waiting or running, end unavailable. */
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
    let computed = 0;
    if (requests.state[request] === RequestState.queued) pools[pool]!.leave(request, now);
    else {
      assert(requests.state[request] === RequestState.running, "LAW-10: only an admitted attempt is settled");
      pools[pool]!.renewCopy(now);
      const replica = requests.replica[request]!;
      computed = replicas[replica]!.prefilled(request, now);
      generated = replicas[replica]!.cancel(request, now);
      pools[pool]!.left();
      pools[pool]!.changed(replica - firstReplica[pool]!);
    }
    const isCut = generated > 0 || CALLED_OFF.includes(reason);
    this.#settle(request, isCut ? "cut" : "shed", generated, now);
    this.#end(request, reason, generated, computed, now);
    this.dispatch(pool, now);
  }

  #settle(request: number, settlement: Settlement, generated: number, now: Instant): void {
    this.#callers.cancelTimer(this.requests.queueTimer, request);
    this.#callers.stopTimers(request);
    this.#world.gateway.settle(request, this.#views.facts(request), settlement, generated, now);
  }

  /** The one way out of an attempt, which has computed that many tokens of its prompt. */
  #end(request: number, reason: Reason, generated: number, computed: number, now: Instant): void {
    const { requests } = this;
    const tier = requests.tier[request]!;
    requests.state[request] = RequestState.resting;
    this.#ledger.tokensGenerated(tier, generated);
    const isAbandoned = requests.role[request] === Role.abandoned;
    if (isAbandoned || reason !== COMPLETED) this.#ledger.wasted(tier, computed, generated);
    if (isAbandoned) {
      this.#observer?.attempt?.("left", request, now);
      requests.close(request);
      return;
    }
    this.#recorder.attemptEnded(tier, reason, generated, now);
    this.#callers.informClient(request, reason, now);
    const account = requests.account[request]!;
    if (reason === COMPLETED)
      this.#ledger.attemptCompleted(tier, this.#views.completion(request), now, account);
    else this.#ledger.attemptFailed(tier, requests.arrivedAt[request]! as Instant, reason, account);
    const isOver =
      reason !== COMPLETED && (this.#callers.hasLost(request) || this.#callers.leavesItToTwin(request));
    const goesOn = reason !== COMPLETED && !isOver;
    const next = goesOn ? this.#callers.afterFailure(request, reason, now) : NO_NEXT;
    this.#attemptEnd.reason = reason;
    this.#attemptEnd.status = requests.firstTokenAt[request]! < NEVER ? 200 : statusOf(reason);
    this.#attemptEnd.generated = generated;
    this.#attemptEnd.retryIn = next.delay;
    this.#observer?.attempt?.("ended", request, now, this.#attemptEnd);
    if (isOver) requests.close(request);
    else this.#goOn(request, reason, next, generated, now);
  }

  /** Its next attempt in a while, or the end of the request. */
  #goOn(request: number, reason: Reason, next: Next, generated: number, now: Instant): void {
    const { requests } = this;
    const home = requests.home[request]!;
    if (next.delay !== undefined) {
      this.#ledger.retried(home, requests.offeredAt[request]! as Instant, reason);
      this.#callers.tryAgain(request, next, now);
      if (next.path !== NONE) requests.refusal[request] = this.#reception.fit(request, next.path);
      return;
    }
    const completed = reason === COMPLETED;
    if (!completed) this.#observer?.attempt?.("gave_up", request, now);
    this.#ledger.requestEnded(home, requests.offeredAt[request]! as Instant, reason);
    this.#callers.requestEnded(request, completed, generated, now);
    requests.close(request);
  }
}
