// The engine: one simulated world and its clock. It merges the sorted arrivals with the head of the event queue and
// hands each event to the part that handles it. It knows nothing of wall-clock time, files or reports: a batch run, a
// browser worker and a live server drive the same object.
import type { AttemptEnd, AttemptEvent, EngineObserver } from "../api/observer.js";
import { assert } from "../base/assert.js";
import { after, earlier, type Instant, NEVER, START } from "../base/units.js";
import type { Arrivals } from "../demand/callers/arrivals.js";
import type { Demand } from "../demand/callers/demand.js";
import type { CallerEvent } from "../demand/callers/event-kinds.js";
import type { RequestTable } from "../demand/callers/request-table.js";
import { type Arrival, emptyArrival } from "../demand/traffic/source.js";
import { EventQueue } from "../kernel/event-queue.js";
import { Phase } from "../kernel/phase.js";
import type { Seed } from "../random/stream.js";
import { Cohorts } from "../results/ledger/cohorts.js";
import type { Ledger } from "../results/ledger/ledger.js";
import { UNROUTED } from "../results/verdict/threshold.js";
import type { Scenario } from "../scenario/schema.js";
import { ServerEvent } from "../server/service/event-kinds.js";
import { foresightOf } from "./foresight/foresight.js";
import { IdleWatch } from "./idle-limit.js";
import { type Followed, type MeasuredWindow, measuredWindow } from "./measured-window.js";
import { Recorder } from "./recorder.js";
import { visitRunning } from "./running-tokens.js";
import { buildDemand } from "./world/build-demand.js";
import { buildLedger } from "./world/build-ledger.js";
import { assertConserved, buildNetwork, connect, slotOf } from "./world/build-network.js";
import { buildService, type ServiceOptions, type SimulatedService } from "./world/build-service.js";
import { type Network, NetworkEvent } from "./world/network.js";
import type { Seams } from "./world/seams.js";
import { ServiceBooks } from "./world/service-books.js";
import { trackedAccounts } from "./world/tracked-accounts.js";

export interface EngineOptions extends Pick<ServiceOptions, "openRealm"> {
  readonly seed: Seed;
  readonly readTrace?: ((path: string) => Iterable<string>) | undefined;
  readonly observer?: EngineObserver | undefined;
  /** Whether replicas work through every step one by one: slower, and equal to the last bit (LAW-5). */
  readonly stepByStep?: boolean | undefined;
  /** Whether the ledger counts stretches of the run by themselves, too; default false. */
  readonly batches?: boolean | undefined;
  /** What the run goes on for beyond the measured window; default: attempts and requests that began in it. */
  readonly followed?: Followed | undefined;
  /** Puts something between two parts, as tests do that plant a fault. */
  readonly seams?: Seams | undefined;
}

/** All pools are sampled; the one kind of event that is neither the server's nor the callers'. */
export const SAMPLE = 6;
type Kind = ServerEvent | CallerEvent | NetworkEvent | typeof SAMPLE;

/**
 * A server and its callers on one clock, from a scenario that is checked already: `step()` works through one event or
 * arrival and says whether there was one; `close()` ends the run where it stands. Instants are whole microseconds.
 * Throws SurgefleetError INVALID_TRACE or NOT_FOUND where a trace is bad or cannot be opened.
 */
export class Engine {
  readonly service: SimulatedService;
  readonly demand: Demand;
  /** Between the two, where a call takes time outside the engine that serves it. */
  readonly network: Network | undefined;
  readonly ledger: Ledger;
  /** Which callers the ledger counts together. */
  readonly cohorts: Cohorts;
  readonly recorder: Recorder;
  readonly #scenario: Scenario;
  readonly #events = new EventQueue();
  readonly #arrivals: Arrivals;
  readonly #observer: EngineObserver | undefined;
  readonly #window: MeasuredWindow;
  readonly #followed: Followed;
  readonly #arrival: Arrival = emptyArrival();
  #now: Instant = START;
  #processed = 0;
  /** Since anything has happened but samples, control and faults, which may go on for ever. */
  readonly #idle: IdleWatch;
  #lastArrivalAt: Instant = START;
  /** An instant that has been waited for: nothing of it has happened yet. */
  #waitedUntil: Instant = NEVER;
  #windowOpen: boolean;
  #windowClosed = false;

  constructor(scenario: Scenario, options: EngineOptions) {
    const tiers = [...Object.keys(scenario.paths), UNROUTED];
    this.#scenario = scenario;
    this.#idle = new IdleWatch(scenario);
    this.#observer = options.observer;
    this.#followed = options.followed ?? "all";
    this.#window = measuredWindow(scenario, this.#followed);
    this.#windowOpen = scenario.warmup === 0;
    this.cohorts = new Cohorts(Object.keys(scenario.traffic), trackedAccounts(scenario));
    this.ledger = buildLedger(scenario, this.#window, this.cohorts, options.batches ?? false);
    this.recorder = new Recorder(tiers, Object.keys(scenario.pools).length, scenario.sampling.interval);
    const { seams = {} } = options;
    const events = seams.events?.(this.#events) ?? this.#events;
    const ledger = seams.ledger?.(this.ledger) ?? this.ledger;
    const cohortOf = (reference: number) => this.requests.cohort(reference);
    const books = new ServiceBooks(ledger, cohortOf);
    this.service = buildService(scenario, {
      seed: options.seed,
      events,
      stepByStep: options.stepByStep ?? false,
      ledger: books,
      history: this.recorder,
      observer: this.#observer && { attempt: (...told) => this.#observeAttempt(...told) },
      foresight: foresightOf(scenario, {
        seed: options.seed,
        now: () => this.#now,
        makeWorld: (ample, observer) =>
          new Engine(ample, { ...options, seams: undefined, batches: false, observer }),
      }),
      seams,
      openRealm: options.openRealm,
    });
    const calls = seams.calls?.(this.service) ?? this.service;
    this.network = buildNetwork(scenario, { seed: options.seed, events, calls, ledger: books });
    this.demand = buildDemand(scenario, {
      seed: options.seed,
      events,
      readTrace: options.readTrace,
      openRealm: options.openRealm,
      calls: this.network ?? calls,
      ledger,
      cohorts: this.cohorts,
      history: this.recorder,
      observer: this.#observer && { request: (...told) => this.#observeRequest(...told) },
      seams,
    });
    this.#arrivals = this.demand.arrivals;
    connect(this.service, this.network, seams.answers?.(this.demand) ?? this.demand);
    this.recorder.watch(this.service.parts.fleet, this.service.parts.sizing);
    this.#events.schedule(START, Phase.sample, SAMPLE, 0);
  }

  get now(): Instant {
    return this.#now;
  }

  /** The last instant of which everything has happened: what comes at the very end of a run is not part of it. */
  get lastSeen(): Instant {
    return this.#now === this.#waitedUntil ? ((this.#now - 1) as Instant) : this.#now;
  }

  get requests(): RequestTable {
    return this.demand.requests;
  }

  get processed(): number {
    return this.#processed;
  }

  /** The end of the measured window: the run goes on for what began in it. NEVER where only a trace knows. */
  get until(): Instant {
    return this.#window.until;
  }

  get lastArrivalAt(): Instant {
    return this.#lastArrivalAt;
  }

  /** When the next thing happens; NEVER when the run is over. */
  get nextEventAt(): Instant {
    const arrivalAt = this.#nextArrivalAt();
    return this.#isOver(arrivalAt) ? NEVER : earlier(this.#events.nextAt, arrivalAt);
  }

  /** A request from outside, at a time not before `now`. Whatever is due before it happens first. */
  submit(arrival: Arrival, source: number, at: Instant): void {
    while (this.#nextArrivalAt() < at || this.#eventComesBefore(at)) this.#processNext();
    this.#offer(arrival, source, at);
  }

  /** Processes one event or arrival; false when the run is over. */
  step(): boolean {
    const arrivalAt = this.#nextArrivalAt();
    if (arrivalAt >= this.#window.until && this.#isOver(arrivalAt)) return false;
    this.#processNext();
    return true;
  }

  /** Lets time pass up to an instant before which nothing more happens. */
  waitUntil(at: Instant): void {
    assert(earlier(this.#events.nextAt, this.#nextArrivalAt()) >= at, "what is due happens first");
    this.#advanceTo(at);
    this.#waitedUntil = at;
  }

  /**
   * Ends the run where it stands: closes the books on all requests in flight. Returns the end of the measured
   * window. Call once.
   */
  close(): Instant {
    const { until, followedUntil } = this.#window;
    const arrivalAt = this.#nextArrivalAt();
    if (until < NEVER && this.#isOver(arrivalAt)) {
      if (this.#now < until) this.waitUntil(until);
      const isCutOff = earlier(arrivalAt, this.#events.nextAt) >= followedUntil && this.#isFollowing;
      if (isCutOff) this.waitUntil(followedUntil);
    }
    const end = earlier(this.#now, until);
    this.#closeWindow(end, earlier(this.lastSeen, end));
    this.demand.closeBooks();
    assertConserved(this.service, this.network, this.demand);
    this.ledger.assertConserved();
    return end;
  }

  /** Samples and other events of control never run out: they do not keep a run going beyond its measured window. */
  #isOver(arrivalAt: Instant): boolean {
    const { until, followedUntil } = this.#window;
    const next = earlier(arrivalAt, this.#events.nextAt);
    if (until === NEVER ? arrivalAt < NEVER : next < until) return false;
    if (next >= followedUntil) return true;
    // With nothing but samples, control and faults to come, what still waits would wait for ever: no replica will ever
    // be up.
    if (arrivalAt === NEVER && this.#isIdleAt(next)) return true;
    if (followedUntil === NEVER) return !this.#isWaiting;
    // What happens in one instant happens as a whole.
    return !this.#isFollowing && next > this.#now;
  }

  /** Whether nothing but the next sample comes any more, or only that, control and faults for longer than any plan. */
  #isIdleAt(next: Instant): boolean {
    const { size } = this.#events;
    return size <= 1 || this.#idle.isIdleAt(next, this.#processed, size, this.service.parts);
  }

  /** Whether anything that began in the measured window is still to end, of what is followed. */
  get #isFollowing(): boolean {
    const { openAttempts, openRequests } = this.ledger;
    if (this.#followed === "all") return openAttempts + openRequests > 0;
    return this.#followed === "attempts" && openAttempts > 0;
  }

  /** Whether the run goes on for all that is there. Without an end of its own, as long as answers may bring more. */
  get #isWaiting(): boolean {
    if (this.requests.alive === 0) return false;
    const mayBringMore = this.demand.callers.some(({ source }) => source.ended !== undefined);
    return this.#scenario.drain || (this.#window.until === NEVER && mayBringMore);
  }

  #eventComesBefore(arrivalAt: Instant): boolean {
    const { nextAt } = this.#events;
    return nextAt < arrivalAt || (nextAt === arrivalAt && this.#events.nextPhase < Phase.arrival);
  }

  #processNext(): void {
    const arrivalAt = this.#nextArrivalAt();
    if (this.#eventComesBefore(arrivalAt)) {
      this.#processed++;
      this.#events.pop();
      this.#advanceTo(this.#events.time);
      this.#handle(this.#events.kind as Kind, this.#events.subject, this.#now);
      this.#observer?.settled?.(this.#now);
    } else {
      const source = this.#arrivals.next;
      this.#arrivals.take(this.#arrival);
      this.#offer(this.#arrival, source, arrivalAt);
    }
  }

  #offer(arrival: Arrival, source: number, at: Instant): void {
    this.#processed++;
    this.#advanceTo(at);
    this.#lastArrivalAt = at;
    this.demand.offer(arrival, source, at);
    this.#observer?.settled?.(at);
  }

  #nextArrivalAt(): Instant {
    const at = this.#arrivals.nextAt;
    return at < this.#window.arrivalsUntil ? at : NEVER;
  }

  #advanceTo(at: Instant): void {
    assert(at >= this.#now, "LAW-2: the clock never runs back");
    const { from, until } = this.#window;
    if (at >= from) this.#openWindow();
    // What is generated at its very end is not in the window any more.
    if (at >= until) this.#closeWindow(until, (until - 1) as Instant);
    this.#now = at;
  }

  #handle(kind: Kind, subject: number, now: Instant): void {
    switch (kind) {
      case ServerEvent.replica:
      case ServerEvent.queueTimeout:
      case ServerEvent.outageBegins:
      case ServerEvent.outageEnds:
        this.service.handle(kind, subject, now);
        return;
      case ServerEvent.fault:
      case ServerEvent.control:
      case ServerEvent.start:
        this.#idle.rests(kind, this.#processed, this.service.isServing, now);
        this.service.handle(kind, subject, now);
        return;
      case NetworkEvent.received:
      case NetworkEvent.firstToken:
      case NetworkEvent.ended:
        this.network!.handle(kind, subject, now);
        return;
      case SAMPLE:
        this.#idle.rests(kind, this.#processed, this.service.isServing, now);
        this.#sample(now);
        return;
      default:
        this.demand.handle(kind, subject, now);
    }
  }

  #sample(now: Instant): void {
    const waiting = this.requests.alive - this.service.attempts.alive - (this.network?.outside ?? 0);
    this.#events.schedule(after(now, this.recorder.sample(now, waiting)), Phase.sample, SAMPLE, 0);
  }

  /** What the server tells of an attempt, with the request that it is for. */
  #observeAttempt(event: AttemptEvent, reference: number, attempt: number, now: Instant): void {
    this.#observer?.attempt?.(event, reference, attempt, now);
  }

  /** What callers tell of a request, with the attempt of it that the server has. */
  #observeRequest(event: AttemptEvent, request: number, now: Instant, end?: AttemptEnd): void {
    const attempt = slotOf(this.service, this.network, this.requests.handle(request));
    this.#observer?.attempt?.(event, request, attempt, now, end);
  }

  /** Warm-up is over: what was generated before does not count. */
  #openWindow(): void {
    if (this.#windowOpen) return;
    this.#windowOpen = true;
    const { from } = this.#window;
    this.recorder.windowOpens(from);
    this.ledger.windowOpens();
    visitRunning(this.service, (from - 1) as Instant, (tier, tokens, reference) =>
      this.ledger.tokensBeforeWindow(tier, tokens, this.requests.cohort(reference)),
    );
  }

  /** The measured window ends: what is generated after `last` is not throughput any more. */
  #closeWindow(end: Instant, last: Instant): void {
    if (this.#windowClosed) return;
    this.#windowClosed = true;
    visitRunning(this.service, last, (tier, tokens, reference) =>
      this.ledger.tokensGenerated(tier, tokens, this.requests.cohort(reference)),
    );
    this.ledger.windowCloses();
    this.recorder.windowCloses(end);
  }
}
