// The callers: what they want, attempt after attempt, until they have it or give up. The state machine of requests.
// Hands calls to a server and hears what comes of them by reference, the slot of the request; what a server is made
// of, it does not know. What clients do about failures is tries.ts.
import type { Catalogue } from "../../api/catalogue.js";
import type { AttemptEnd, CallersObserver } from "../../api/observer.js";
import {
  type Answers,
  type Call,
  type Calls,
  emptyCall,
  type Refusal,
  type Served,
  type Usage,
} from "../../api/wire.js";
import { unreachable } from "../../base/assert.js";
import { SurgefleetError } from "../../base/errors.js";
import { NONE } from "../../base/none.js";
import { Outcome, outcomeOf, type Reason, reasonCode, statusOf } from "../../base/outcome.js";
import { after, type Instant, NEVER } from "../../base/units.js";
import { type EventQueue, NO_EVENT } from "../../kernel/event-queue.js";
import { Phase } from "../../kernel/phase.js";
import type { Cohorts } from "../../results/ledger/cohorts.js";
import type { Ledger } from "../../results/ledger/ledger.js";
import type { AccountNames } from "../traffic/accounts.js";
import type { Arrival, RequestEnd } from "../traffic/source.js";
import { Arrivals } from "./arrivals.js";
import { type AttemptHistory, CallersBooks } from "./books.js";
import type { Callers } from "./callers.js";
import { CallerEvent } from "./event-kinds.js";
import { MOST_COHORTS, MOST_TIERS, Role } from "./request-lines.js";
import { RequestState, RequestTable } from "./request-table.js";
import { type Next, NO_NEXT, Tries } from "./tries.js";

const COMPLETED = reasonCode("none");
const OVERLOADED = reasonCode("overloaded_capacity");
const CLIENT_TIMEOUT = reasonCode("client_timeout");
const HEDGE_LOST = reasonCode("hedge_lost");
const CALLER_GONE = reasonCode("caller_gone");
const CONTEXT_LENGTH = reasonCode("context_length");

export interface DemandSetup {
  readonly events: EventQueue;
  readonly catalogue: Catalogue;
  readonly callers: readonly Callers[];
  /** Names of the accounts of all callers. */
  readonly accounts: AccountNames;
  /** Which callers are counted together; its sources are those of the callers. */
  readonly cohorts: Cohorts;
  /** Who answers. */
  readonly calls: Calls;
  readonly ledger: Ledger;
  readonly history: AttemptHistory;
  readonly observer?: CallersObserver | undefined;
}

export class Demand implements Answers {
  readonly callers: readonly Callers[];
  readonly accounts: AccountNames;
  readonly requests: RequestTable = new RequestTable();
  readonly arrivals: Arrivals;
  readonly #catalogue: Catalogue;
  readonly #cohorts: Cohorts;
  readonly #events: EventQueue;
  readonly #calls: Calls;
  readonly #books: CallersBooks;
  readonly #observer: CallersObserver | undefined;
  readonly #tries: Tries;
  #sent = 0;
  /** Why the call is cancelled that is being cancelled. */
  #cause: Reason = COMPLETED;
  // Reused, so that nothing is allocated per attempt.
  readonly #call: Call = emptyCall();
  readonly #attemptEnd: AttemptEnd = { reason: COMPLETED, status: 0, generated: 0, retryIn: undefined };
  readonly #requestEnd: RequestEnd = { ticket: NONE, completed: false, outputTokens: 0, cost: 0 };

  constructor(setup: DemandSetup) {
    const { events, catalogue, callers, accounts, cohorts, calls, ledger, history, observer } = setup;
    if (catalogue.paths.length >= MOST_TIERS) {
      throw new SurgefleetError("INVALID_SCENARIO", `there are fewer than ${MOST_TIERS} paths`);
    }
    if (cohorts.count > MOST_COHORTS) {
      throw new SurgefleetError(
        "INVALID_SCENARIO",
        `sources times accounts that thresholds name are ${cohorts.count}: at most ${MOST_COHORTS}`,
      );
    }
    this.callers = callers;
    this.accounts = accounts;
    this.arrivals = new Arrivals(callers.map(({ source }) => source));
    this.#catalogue = catalogue;
    this.#cohorts = cohorts;
    this.#events = events;
    this.#calls = calls;
    this.#books = new CallersBooks(this.requests, ledger, history);
    this.#observer = observer;
    this.#tries = new Tries(this.requests, events, callers);
  }

  /** Calls that were made. */
  get sent(): number {
    return this.#sent;
  }

  /** A new request and its first attempt. */
  offer(arrival: Arrival, source: number, now: Instant): void {
    const { requests } = this;
    const request = requests.open(arrival, source, now);
    const route = this.#catalogue.route(arrival.model, arrival.serviceTier);
    const tier = route >= 0 ? route : this.#catalogue.paths.length;
    requests.takeRoute(request, route, tier);
    requests.setHome(request, tier);
    requests.setCohort(request, this.#cohorts.of(source, this.accounts.trackedPlace(arrival.account)));
    requests.setGoneAt(request, this.#tries.patientUntil(source, now));
    this.#books.offered(request, now);
    this.#attempt(request, now);
  }

  /** An event of the callers' own has come. */
  handle(kind: CallerEvent, request: number, now: Instant): void {
    switch (kind) {
      case CallerEvent.retry:
        this.#attempt(request, now);
        return;
      case CallerEvent.clientTimeout:
        this.requests.setClientTimer(request, NO_EVENT);
        this.#timedOut(request, CLIENT_TIMEOUT, now);
        return;
      case CallerEvent.totalTimeout:
        this.requests.setClientTimer(request, NO_EVENT);
        this.#timedOut(request, this.#tries.reasonOfTotal(request, now), now);
        return;
      case CallerEvent.hedge:
        this.#hedge(request, now);
        return;
      case CallerEvent.hedgeLost:
        this.requests.setClientTimer(request, NO_EVENT);
        this.#cancel(request, HEDGE_LOST, now);
        return;
      case CallerEvent.callerGone:
        // Its attempt is cancelled, whatever its client does about timeouts.
        this.requests.setClientTimer(request, NO_EVENT);
        this.#cancel(request, CALLER_GONE, now);
        return;
      default:
        unreachable(kind);
    }
  }

  /** Tokens that the attempt in a slot has brought so far. */
  progress(request: number, now: Instant): number {
    return this.#calls.progress(this.requests.handle(request), now);
  }

  /** Enters everything that is still open. Call once. */
  closeBooks(): void {
    this.#books.close();
  }

  queued(request: number, now: Instant): void {
    this.#tries.startTimers(request, now);
  }

  started(request: number, served: Served, cachedTokens: number, now: Instant): void {
    this.requests.setServed(request, served);
    this.requests.setStartedAt(request, now);
    this.requests.setCachedTokens(request, cachedTokens);
  }

  firstToken(request: number, now: Instant): void {
    const { requests } = this;
    if (requests.role(request) === Role.abandoned || this.#tries.hasLost(request)) return;
    requests.setFirstTokenAt(request, now);
    this.#books.firstToken(request, now);
    this.#tries.stopTimers(request);
    this.#tries.waitForRest(request, now);
    this.#observer?.request("first_token", request, now);
    this.#tries.answersFirst(request, now);
  }

  completed(request: number, usage: Usage, now: Instant): void {
    // A whole answer may come in the very instant in which another attempt of its request has begun one.
    const isLost = this.#tries.hasLost(request);
    const isAbandoned = this.requests.role(request) === Role.abandoned;
    if (isLost || isAbandoned) this.#books.unwanted(request, usage);
    this.#end(request, isLost ? HEDGE_LOST : COMPLETED, undefined, usage.outputTokens, now);
  }

  refused(request: number, refusal: Refusal, now: Instant): void {
    this.#end(request, refusal.reason, refusal, 0, now);
  }

  broken(request: number, reason: Reason, { outputTokens }: Usage, now: Instant): void {
    this.#end(request, reason, this.#tries.failureFor(reason), outputTokens, now);
  }

  cancelled(request: number, { outputTokens }: Usage, now: Instant): void {
    const reason = this.#cause;
    // What a caller calls off says nothing against the server; what has timed out does.
    const failure = outcomeOf(reason) === Outcome.timedOut ? this.#tries.failureFor(reason) : undefined;
    this.#end(request, reason, failure, outputTokens, now);
  }

  /** The next attempt of a request that rests. */
  #attempt(request: number, now: Instant): void {
    if (this.#tries.allows(request, now)) this.#send(request, now);
    else this.#rejectLocally(request, now);
  }

  #send(request: number, now: Instant): void {
    const { requests } = this;
    requests.send(request, now);
    this.#books.arrived(request, now);
    this.#observer?.request("arrived", request, now);
    const { maxInput } = this.callers[requests.source(request)]!;
    if (requests.inputTokens(request) > maxInput && requests.route(request) >= 0) {
      this.#end(request, CONTEXT_LENGTH, this.#tries.failureFor(CONTEXT_LENGTH), 0, now);
      return;
    }
    this.#sent++;
    requests.fill(this.#call, request);
    const handle = this.#calls.receive(this.#call, now);
    // It may be over by now: then the handle is stale, and so is the slot.
    requests.setHandle(request, handle);
  }

  /** A local rejection: the client itself refuses and makes no call. To its caller that is a failure like any other. */
  #rejectLocally(request: number, now: Instant): void {
    const { requests } = this;
    this.#books.rejectedLocally(request, now);
    requests.setFirstTokenAt(request, NEVER);
    const next = this.#tries.afterLocalRejection(request, now);
    this.#observer?.request("rejected", request, now, this.#endOf(OVERLOADED, 0, 0, next));
    this.#goOn(request, OVERLOADED, next, 0, now);
  }

  /** Its client waits no longer for the first token, and sends the same again without cancelling what it has sent. */
  #hedge(request: number, now: Instant): void {
    const { requests } = this;
    requests.setHedgeTimer(request, NO_EVENT);
    const other = this.#tries.openHedge(request);
    if (this.#tries.allows(other, now)) {
      this.#books.hedged(other, now);
      this.#send(other, now);
    } else {
      this.#tries.leavesItToTwin(other);
      requests.close(other);
    }
  }

  #timedOut(request: number, reason: Reason, now: Instant): void {
    if (!this.#tries.abandons(request)) {
      this.#cancel(request, reason, now);
      return;
    }
    // The attempt is over for its caller, and goes on in its slot; the request goes on in another.
    this.#tries.stopTimers(request);
    const generated = this.progress(request, now);
    const left = this.#tries.leaveBehind(request);
    this.#observer?.request("abandoned", request, now);
    this.#end(left, reason, this.#tries.failureFor(reason), generated, now);
  }

  #cancel(request: number, cause: Reason, now: Instant): void {
    this.#cause = cause;
    this.#calls.cancel(this.requests.handle(request), now);
  }

  /** The one way out of an attempt: answered where there is no failure. */
  #end(request: number, reason: Reason, failure: Refusal | undefined, generated: number, now: Instant): void {
    const { requests } = this;
    this.#tries.stopTimers(request);
    requests.move(request, RequestState.resting);
    if (requests.role(request) === Role.abandoned) {
      this.#observer?.request("left", request, now);
      requests.close(request);
      return;
    }
    this.#tries.informClient(request, failure, now);
    this.#books.ended(request, reason, failure, generated, now);
    const isOver =
      reason !== COMPLETED && (this.#tries.hasLost(request) || this.#tries.leavesItToTwin(request));
    const goesOn = failure !== undefined && !isOver;
    const next = goesOn ? this.#tries.afterFailure(request, failure, now) : NO_NEXT;
    if (this.#observer !== undefined) {
      const status = requests.firstTokenAt(request) < NEVER ? 200 : (failure?.status ?? statusOf(reason));
      this.#observer.request("ended", request, now, this.#endOf(reason, status, generated, next));
    }
    if (isOver) requests.close(request);
    else this.#goOn(request, reason, next, generated, now);
  }

  #endOf(reason: Reason, status: number, generated: number, { delay }: Next): AttemptEnd {
    const end = this.#attemptEnd;
    end.reason = reason;
    end.status = status;
    end.generated = generated;
    end.retryIn = delay;
    return end;
  }

  /** Its next attempt in a while, or the end of the request. */
  #goOn(request: number, reason: Reason, { delay, fallback }: Next, generated: number, now: Instant): void {
    const { requests } = this;
    if (delay !== undefined) {
      this.#books.retried(request, reason);
      if (fallback !== NONE)
        requests.fallBack(request, fallback, this.#tries.fallbackPath(request, fallback));
      this.#events.schedule(after(now, delay), Phase.arrival, CallerEvent.retry, request);
      return;
    }
    const completed = reason === COMPLETED;
    if (!completed) this.#observer?.request("gave_up", request, now);
    this.#books.requestEnded(request, reason);
    this.#tellSource(request, completed, generated, now);
    requests.close(request);
  }

  /** The request has ended for good. */
  #tellSource(request: number, completed: boolean, generated: number, now: Instant): void {
    const { requests } = this;
    const ticket = requests.ticket(request);
    if (ticket === NONE) return;
    const source = requests.source(request);
    const end = this.#requestEnd;
    end.ticket = ticket;
    end.completed = completed;
    end.outputTokens = generated;
    const served = requests.servedPath(request);
    end.cost = completed ? this.#catalogue.costOf(this.#books.completionOf(request, generated), served) : 0;
    this.callers[source]!.source.ended!(end, now);
    this.arrivals.changed(source);
  }
}
