// What callers do about their attempts: reject one locally, hedge it, stop waiting, retry, fall back to another path,
// give up, and continue from an answer. The engine's side of demand/clients: it keeps the timers and the
// slots, the clients decide. It knows nothing of pools and replicas; the life of an attempt in there is lifecycle.ts.
import { assert } from "../base/assert.js";
import { NONE } from "../base/none.js";
import { Outcome, outcomeOf, type Reason, reasonCode, statusOf } from "../base/outcome.js";
import { after, type Duration, type Instant, MICROS_PER_SECOND, NEVER } from "../base/units.js";
import { type Client, LOCAL_REJECTION } from "../demand/clients/client.js";
import type { RequestEnd } from "../demand/traffic/source.js";
import { type EventQueue, NO_EVENT } from "../kernel/event-queue.js";
import { Phase } from "../kernel/phase.js";
import { type RequestTable, Role } from "./request-table.js";
import type { RequestViews } from "./request-views.js";
import { EventKind } from "./world/event-kinds.js";
import type { Demand, World } from "./world/world.js";

const COMPLETED = reasonCode("none");
const HEDGE_LOST = reasonCode("hedge_lost");
const CALLER_GONE = reasonCode("caller_gone");

/** How a request goes on after a failure; one object, reused. */
export interface Next {
  /** What its client waits before the next attempt; undefined when there is none. */
  delay: Duration | undefined;
  /** The path that this attempt takes, where it is another one; NONE otherwise. */
  path: number;
}

/** There is nothing more to do. */
export const NO_NEXT: Next = { delay: undefined, path: NONE };

export class Callers {
  readonly #requests: RequestTable;
  readonly #events: EventQueue;
  readonly #world: World;
  readonly #views: RequestViews;
  /** Told of a source that has something new to say about its next arrival. */
  readonly #sourceChanged: (source: number) => void;
  // Reused, so that nothing is allocated per attempt.
  readonly #refusal = {
    status: 0,
    retryAfter: undefined as Duration | undefined,
    shouldRetry: undefined as boolean | undefined,
  };
  readonly #next: Next = { delay: undefined, path: NONE };
  readonly #ended: RequestEnd = { ticket: NONE, completed: false, outputTokens: 0, cost: 0 };

  constructor(
    requests: RequestTable,
    events: EventQueue,
    world: World,
    views: RequestViews,
    sourceChanged: (source: number) => void,
  ) {
    this.#requests = requests;
    this.#events = events;
    this.#world = world;
    this.#views = views;
    this.#sourceChanged = sourceChanged;
  }

  /** Whether the client lets an attempt leave at all. */
  allows(request: number, now: Instant): boolean {
    const { account, tries } = this.#requests;
    const { chance } = this.#demandOf(request);
    return this.#clientOf(request).allows(account[request]!, now, chance, tries[request]!);
  }

  /** When the caller of a new request of that source goes away unless it has a first token by then. */
  patientUntil(source: number, now: Instant): Instant {
    const { patience } = this.#world.demands[source]!;
    if (patience === undefined) return NEVER;
    return after(now, Math.round(patience.sample() * MICROS_PER_SECOND) as Duration);
  }

  /** The attempt has got past the gateway: its client's clocks run from here, and its caller's since long ago. */
  startTimers(request: number, now: Instant): void {
    const client = this.#clientOf(request);
    const { clientTimer, hedgeTimer, goneAt, role } = this.#requests;
    const timeoutAt = client.timeout === undefined ? NEVER : after(now, client.timeout);
    const patientUntil = goneAt[request]! as Instant;
    const isGoneFirst = patientUntil <= timeoutAt;
    const at = isGoneFirst ? patientUntil : timeoutAt;
    if (at < NEVER) {
      const kind = isGoneFirst ? EventKind.callerGone : EventKind.clientTimeout;
      clientTimer[request] = this.#events.schedule(at, Phase.timeout, kind, request);
    }
    if (client.hedgeAfter !== undefined && role[request] === Role.main) {
      const at = after(now, client.hedgeAfter);
      hedgeTimer[request] = this.#events.schedule(at, Phase.arrival, EventKind.hedge, request);
    }
  }

  /** An attempt has ended, or has begun to answer: its caller does not wait for a first token any more. */
  stopTimers(request: number): void {
    this.cancelTimer(this.#requests.clientTimer, request);
    this.cancelTimer(this.#requests.hedgeTimer, request);
  }

  /** Whether the work of an attempt whose caller has stopped waiting goes on. */
  abandons(request: number): boolean {
    return this.#clientOf(request).onTimeout === "abandon";
  }

  /**
   * One of two attempts has begun to answer, and is the request from now on. The other is cancelled at the end of this
   * instant: nothing leaves a replica while that tells of what it has done.
   */
  answersFirst(request: number, now: Instant): void {
    const { twin, role, clientTimer } = this.#requests;
    const other = twin[request]!;
    if (other === NONE) return;
    this.#part(request, other);
    role[request] = Role.main;
    role[other] = Role.hedge;
    this.stopTimers(other);
    clientTimer[other] = this.#events.schedule(now, Phase.timeout, EventKind.hedgeLost, other);
  }

  /** Whether another attempt of the same request has answered first. */
  hasLost(request: number): boolean {
    return this.#requests.role[request] === Role.hedge && this.#requests.twin[request] === NONE;
  }

  /** Opens the slot of a second attempt of a request. */
  openHedge(request: number): number {
    const requests = this.#requests;
    const other = requests.openBeside(request);
    requests.role[other] = Role.hedge;
    requests.twin[request] = other;
    requests.twin[other] = request;
    return other;
  }

  /** The attempt in this slot goes on without its request, which gets a new slot: returns that. */
  leaveBehind(request: number): number {
    const requests = this.#requests;
    const other = requests.openBeside(request);
    const twin = requests.twin[request]!;
    requests.twin[other] = twin;
    if (twin !== NONE) requests.twin[twin] = other;
    requests.twin[request] = NONE;
    requests.role[request] = Role.abandoned;
    return other;
  }

  /** Whether the request goes on in another attempt under way, now that this one has failed. */
  leavesItToTwin(request: number): boolean {
    const { twin, role, attempts } = this.#requests;
    const other = twin[request]!;
    if (other === NONE) return false;
    this.#part(request, other);
    role[other] = Role.main;
    attempts[other] = Math.max(attempts[other]!, attempts[request]!);
    return true;
  }

  informClient(request: number, reason: Reason, now: Instant): void {
    const { account, tries } = this.#requests;
    // A cancelled attempt, whose twin was answered or whose caller has gone, says nothing against the server.
    const answered = reason === COMPLETED || reason === HEDGE_LOST || reason === CALLER_GONE;
    if (!answered) this.#describe(request, reason, now);
    const refusal = answered ? undefined : this.#refusal;
    this.#clientOf(request).heard(account[request]!, answered, refusal, now, tries[request]!);
  }

  /** What the client does about the refusal or timeout that `informClient` has just passed to it. */
  afterFailure(request: number, reason: Reason, now: Instant): Next {
    const next = this.#next;
    next.path = NONE;
    // A stream that breaks off after its first token has answered 200 already: no client tries that again by itself.
    const isOver = this.#requests.firstTokenAt[request]! < NEVER || reason === CALLER_GONE;
    if (isOver) next.delay = undefined;
    else this.#plan(request, outcomeOf(reason) !== Outcome.invalid, now);
    return next;
  }

  /** What the client does about a try that it has rejected locally. */
  afterLocalRejection(request: number, now: Instant): Next {
    this.#refusal.status = LOCAL_REJECTION;
    this.#refusal.retryAfter = undefined;
    this.#refusal.shouldRetry = undefined;
    this.#plan(request, true, now);
    return this.#next;
  }

  #plan(request: number, mayFallBack: boolean, now: Instant): void {
    const requests = this.#requests;
    const next = this.#next;
    const client = this.#clientOf(request);
    const { chance } = this.#demandOf(request);
    const caller = requests.account[request]!;
    next.path = NONE;
    next.delay = client.retryDelay(this.#refusal, requests.tries[request]!, caller, now, chance);
    if (next.delay !== undefined) {
      requests.tries[request] = client.nextTries;
      // No retry that would come after its caller has gone.
      if (after(now, next.delay) > requests.goneAt[request]!) next.delay = undefined;
    } else if (mayFallBack) {
      next.path = this.#demandOf(request).fallbacks[requests.fallbacks[request]!] ?? NONE;
      if (next.path !== NONE) next.delay = 0 as Duration;
    }
  }

  tryAgain(request: number, { delay, path }: Next, now: Instant): void {
    assert(delay !== undefined, "a request that is tried again waits for a while");
    if (path !== NONE) {
      this.#requests.tier[request] = path;
      this.#requests.fallbacks[request]!++;
      this.#requests.tries[request] = 0;
    }
    this.#events.schedule(after(now, delay), Phase.arrival, EventKind.retry, request);
  }

  /** The request has ended for good: tells its source. */
  requestEnded(request: number, completed: boolean, generated: number, now: Instant): void {
    const requests = this.#requests;
    const ticket = requests.ticket[request]!;
    if (ticket === NONE) return;
    const source = requests.source[request]!;
    const end = this.#ended;
    end.ticket = ticket;
    end.completed = completed;
    end.outputTokens = generated;
    end.cost = completed ? this.#cost(request, generated) : 0;
    this.#world.demands[source]!.source.ended!(end, now);
    this.#sourceChanged(source);
  }

  #demandOf(request: number): Demand {
    return this.#world.demands[this.#requests.source[request]!]!;
  }

  #clientOf(request: number): Client {
    return this.#demandOf(request).clients.of(this.#requests.account[request]!);
  }

  #part(one: number, other: number): void {
    this.#requests.twin[one] = NONE;
    this.#requests.twin[other] = NONE;
  }

  #describe(request: number, reason: Reason, now: Instant): void {
    const { gateway, paths } = this.#world;
    const refusal = this.#refusal;
    refusal.status = statusOf(reason);
    const routed = this.#requests.tier[request]! < paths.length;
    refusal.retryAfter = routed ? gateway.retryAfter(reason, this.#views.facts(request), now) : undefined;
    refusal.shouldRetry = gateway.shouldRetry(reason);
  }

  #cost(request: number, generated: number): number {
    const requests = this.#requests;
    const path = this.#world.paths[requests.tier[request]!];
    assert(path !== undefined, "only what a path has answered is charged");
    if (path.price === undefined) return 0;
    const cached = requests.cachedTokens[request]!;
    const uncached = requests.inputTokens[request]! - cached;
    const { price } = path;
    return (uncached * price.input + cached * price.cached + generated * price.output) / 1e6;
  }

  cancelTimer(timers: Int32Array, request: number): void {
    const timer = timers[request]!;
    if (timer === NO_EVENT) return;
    this.#events.cancel(timer);
    timers[request] = NO_EVENT;
  }
}
