// What callers do about their attempts: reject one locally, hedge it, stop waiting, retry, fall back to another path
// and give up. The clients decide (demand/clients); this keeps their timers, the pairs of attempts that belong
// together, and what a client is told. The life of a request is demand.ts.
import { readAs } from "../../api/reading.js";
import type { Refusal } from "../../api/wire.js";
import { NONE } from "../../base/none.js";
import { Outcome, outcomeOf, type Reason, reasonCode, statusOf } from "../../base/outcome.js";
import { after, type Duration, type Instant, MICROS_PER_SECOND, NEVER } from "../../base/units.js";
import { type EventQueue, NO_EVENT } from "../../kernel/event-queue.js";
import { Phase } from "../../kernel/phase.js";
import { type Client, LOCAL_REJECTION } from "../clients/client.js";
import type { Callers } from "./callers.js";
import { CallerEvent } from "./event-kinds.js";
import { Role } from "./request-lines.js";
import { RequestState, type RequestTable } from "./request-table.js";

const ATTEMPT_TIMEOUT = reasonCode("attempt_timeout");
const REQUEST_TIMEOUT = reasonCode("request_timeout");

/** How a request goes on after a failure; one object, reused. */
export interface Next {
  /** What its client waits before the next attempt; undefined when there is none. */
  delay: Duration | undefined;
  /** Of the fallback that it takes, its place in the list; NONE where it stays on its path. */
  fallback: number;
}

/** There is nothing more to do. */
export const NO_NEXT: Next = { delay: undefined, fallback: NONE };

export class Tries {
  readonly #requests: RequestTable;
  readonly #events: EventQueue;
  readonly #callers: readonly Callers[];
  /** Whether any client bounds the time of a whole answer. */
  readonly #hasTotals: boolean;
  // Reused, so that nothing is allocated per attempt.
  readonly #failure: Refusal = {
    reason: 0,
    status: 0,
    code: "",
    retryAfter: undefined,
    shouldRetry: undefined,
  };
  readonly #next: Next = { delay: undefined, fallback: NONE };

  constructor(requests: RequestTable, events: EventQueue, callers: readonly Callers[]) {
    this.#requests = requests;
    this.#events = events;
    this.#callers = callers;
    this.#hasTotals = callers.some(({ clients }) =>
      clients.clients.some((one) => one.attemptTimeout !== undefined || one.requestTimeout !== undefined),
    );
  }

  /** Whether the client lets an attempt leave at all. */
  allows(request: number, now: Instant): boolean {
    const callers = this.#callersOf(request);
    const account = this.#requests.account(request);
    return callers.clients.of(account).allows(account, now, callers.chance, this.#requests.tries(request));
  }

  /** When the caller of a new request of that source goes away unless it has a first token by then. */
  patientUntil(source: number, now: Instant): Instant {
    const { patience } = this.#callers[source]!;
    if (patience === undefined) return NEVER;
    return after(now, Math.round(patience.sample() * MICROS_PER_SECOND) as Duration);
  }

  /** The attempt has got past the gateway: its client's clocks run from here, and its caller's since long ago. */
  startTimers(request: number, now: Instant): void {
    const client = this.#clientOf(request);
    const requests = this.#requests;
    const timeoutAt = client.timeout === undefined ? NEVER : after(now, client.timeout);
    const patientUntil = requests.goneAt(request);
    const isGoneFirst = patientUntil <= timeoutAt;
    const silentUntil = isGoneFirst ? patientUntil : timeoutAt;
    // The last token may be due before a first one would be missed.
    const isTotalFirst = this.#hasTotals && this.#startTotal(request, client, silentUntil, now);
    if (!isTotalFirst && silentUntil < NEVER) {
      const kind = isGoneFirst ? CallerEvent.callerGone : CallerEvent.clientTimeout;
      requests.setClientTimer(request, this.#events.schedule(silentUntil, Phase.timeout, kind, request));
    }
    if (client.hedgeAfter !== undefined && requests.role(request) === Role.main) {
      const at = after(now, client.hedgeAfter);
      requests.setHedgeTimer(request, this.#events.schedule(at, Phase.arrival, CallerEvent.hedge, request));
    }
  }

  /** An attempt has ended, or has begun to answer: its caller does not wait for a first token any more. */
  stopTimers(request: number): void {
    const requests = this.#requests;
    const clientTimer = requests.clientTimer(request);
    if (clientTimer !== NO_EVENT) {
      this.#events.cancel(clientTimer);
      requests.setClientTimer(request, NO_EVENT);
    }
    const hedgeTimer = requests.hedgeTimer(request);
    if (hedgeTimer !== NO_EVENT) {
      this.#events.cancel(hedgeTimer);
      requests.setHedgeTimer(request, NO_EVENT);
    }
  }

  /** An attempt has begun to answer: what bounds the whole of that runs from now on alone. */
  waitForRest(request: number, now: Instant): void {
    if (this.#hasTotals) this.#startTotal(request, this.#clientOf(request), NEVER, now);
  }

  /** Sets the timer by which the last token is due if that is before `other`. */
  #startTotal(request: number, client: Client, other: Instant, now: Instant): boolean {
    const requests = this.#requests;
    const { attemptTimeout } = client;
    const attemptUntil =
      attemptTimeout === undefined ? NEVER : after(requests.arrivedAt(request), attemptTimeout);
    const dueAt = Math.min(attemptUntil, this.#requestUntil(request, client)) as Instant;
    if (dueAt >= other) return false;
    const at = Math.max(now, dueAt) as Instant;
    const timer = this.#events.schedule(at, Phase.timeout, CallerEvent.totalTimeout, request);
    requests.setClientTimer(request, timer);
    return true;
  }

  /** When a request is given up for good. */
  #requestUntil(request: number, { requestTimeout }: Client): Instant {
    return requestTimeout === undefined ? NEVER : after(this.#requests.offeredAt(request), requestTimeout);
  }

  /** Which time is over once the last token is due. */
  reasonOfTotal(request: number, now: Instant): Reason {
    return this.#requestUntil(request, this.#clientOf(request)) <= now ? REQUEST_TIMEOUT : ATTEMPT_TIMEOUT;
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
    const requests = this.#requests;
    const other = requests.twin(request);
    if (other === NONE) return;
    this.#part(request, other);
    requests.setRole(request, Role.main);
    requests.setRole(other, Role.hedge);
    this.stopTimers(other);
    requests.setClientTimer(other, this.#events.schedule(now, Phase.timeout, CallerEvent.hedgeLost, other));
  }

  /** Whether another attempt of the same request has answered first. */
  hasLost(request: number): boolean {
    return this.#requests.role(request) === Role.hedge && this.#requests.twin(request) === NONE;
  }

  /** Opens the slot of a second attempt of a request. */
  openHedge(request: number): number {
    const requests = this.#requests;
    const other = requests.openBeside(request, RequestState.resting);
    requests.setRole(other, Role.hedge);
    requests.setTwin(request, other);
    requests.setTwin(other, request);
    return other;
  }

  /** The attempt in this slot goes on without its request, which gets a new slot: returns that. */
  leaveBehind(request: number): number {
    const requests = this.#requests;
    const other = requests.openBeside(request, RequestState.underWay);
    const twin = requests.twin(request);
    requests.setTwin(other, twin);
    if (twin !== NONE) requests.setTwin(twin, other);
    requests.setTwin(request, NONE);
    requests.setRole(request, Role.abandoned);
    return other;
  }

  /** Whether the request goes on in another attempt under way, now that this one has failed. */
  leavesItToTwin(request: number): boolean {
    const requests = this.#requests;
    const other = requests.twin(request);
    if (other === NONE) return false;
    this.#part(request, other);
    requests.setRole(other, Role.main);
    return true;
  }

  /** What a client sees of an attempt that no server has refused: its own timeout, or a stream that broke off. */
  failureFor(reason: Reason): Refusal {
    const failure = this.#failure;
    failure.reason = reason;
    failure.status = statusOf(reason);
    failure.code = "";
    failure.retryAfter = undefined;
    failure.shouldRetry = undefined;
    return failure;
  }

  /** Tells the client how an attempt ended, answered or with that failure, if it learns anything from it. */
  informClient(request: number, failure: Refusal | undefined, now: Instant): void {
    const client = this.#clientOf(request);
    if (!client.learns) return;
    const account = this.#requests.account(request);
    client.observe(account, failure === undefined, failure, now, this.#requests.tries(request));
  }

  /** What the client does about a failure. Comes after `informClient`. */
  afterFailure(request: number, failure: Refusal, now: Instant): Next {
    const next = this.#next;
    next.fallback = NONE;
    // A stream that breaks off after its first token has answered 200 already: no client tries that again by itself.
    const isBroken = this.#requests.firstTokenAt(request) < NEVER && failure.reason !== ATTEMPT_TIMEOUT;
    if (isBroken || failure.reason === REQUEST_TIMEOUT) next.delay = undefined;
    else this.#plan(request, failure, outcomeOf(failure.reason) !== Outcome.invalid, now);
    return next;
  }

  /** What the client does about a try that it has rejected locally. */
  afterLocalRejection(request: number, now: Instant): Next {
    const failure = this.#failure;
    failure.status = LOCAL_REJECTION;
    failure.code = "";
    failure.retryAfter = undefined;
    failure.shouldRetry = undefined;
    this.#plan(request, failure, true, now);
    return this.#next;
  }

  #plan(request: number, failure: Refusal, mayFallBack: boolean, now: Instant): void {
    const requests = this.#requests;
    const next = this.#next;
    const client = this.#clientOf(request);
    const { chance } = this.#callersOf(request);
    const caller = requests.account(request);
    next.fallback = NONE;
    next.delay = client.retryDelay(failure, requests.tries(request), caller, now, chance);
    if (next.delay !== undefined) {
      requests.setTries(request, client.nextTries);
      const at = after(now, next.delay);
      // No retry that would come after its caller has gone, or after the time of the request.
      const isTooLate = at > requests.goneAt(request) || at >= this.#requestUntil(request, client);
      if (isTooLate) next.delay = undefined;
    } else if (mayFallBack) {
      next.fallback = this.#fallbackFor(request, failure);
      if (next.fallback !== NONE) next.delay = 0 as Duration;
    }
  }

  /** The next place in the list whose path is for a failure that reads like this one; NONE for none. */
  #fallbackFor(request: number, { status, code }: Refusal): number {
    const { fallbacks } = this.#callersOf(request);
    for (let place = this.#requests.fallbacks(request); place < fallbacks.length; place++) {
      const { on } = fallbacks[place]!;
      // What a client has not let leave has no answer that reads as a failure.
      if (on === undefined || on.includes(readAs(status, code))) return place;
    }
    return NONE;
  }

  /** The path of the fallback at a place of the list. */
  fallbackPath(request: number, place: number): number {
    return this.#callersOf(request).fallbacks[place]!.path;
  }

  #callersOf(request: number): Callers {
    return this.#callers[this.#requests.source(request)]!;
  }

  #clientOf(request: number): Client {
    return this.#callersOf(request).clients.of(this.#requests.account(request));
  }

  /** Whichever of them the request is from now on may be tried again, and counts the other among its attempts. */
  #part(one: number, other: number): void {
    const requests = this.#requests;
    const attempts = Math.max(requests.attempts(one), requests.attempts(other));
    for (const request of [one, other]) {
      requests.setTwin(request, NONE);
      requests.setAttempts(request, attempts);
    }
  }
}
