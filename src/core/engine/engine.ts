// The engine: one simulated world and its clock. It merges the sorted arrivals with the head of the event queue and
// hands each event to the part that handles it. It knows nothing of wall-clock time, files or reports: a batch run, a
// browser worker and a live server drive the same object.
import { assert, unreachable } from "../base/assert.js";
import { after, earlier, type Instant, NEVER, START } from "../base/units.js";
import { Arrivals } from "../demand/callers/arrivals.js";
import { type Arrival, emptyArrival } from "../demand/traffic/source.js";
import { EventQueue } from "../kernel/event-queue.js";
import { Phase } from "../kernel/phase.js";
import type { Seed } from "../random/stream.js";
import { Ledger } from "../results/ledger/ledger.js";
import { UNROUTED } from "../results/verdict/threshold.js";
import type { Scenario } from "../scenario/schema.js";
import type { WaitingFacts } from "../server/fleet/pool.js";
import { Lifecycle } from "./lifecycle.js";
import type { EngineObserver } from "./observer.js";
import { Recorder } from "./recorder.js";
import { RequestState, type RequestTable, Role } from "./request-table.js";
import { EventKind } from "./world/event-kinds.js";
import { buildWorld, type World } from "./world/world.js";

export interface EngineOptions {
  readonly seed: Seed;
  readonly readTrace?: ((path: string) => Iterable<string>) | undefined;
  readonly observer?: EngineObserver | undefined;
  /** Whether replicas work through every step one by one: slower, and equal to the last bit (LAW-5). */
  readonly stepByStep?: boolean | undefined;
  /** Whether the ledger counts stretches of the run by themselves, too; default true. */
  readonly batches?: boolean | undefined;
}

type Kind = (typeof EventKind)[keyof typeof EventKind];

export class Engine {
  readonly world: World;
  readonly ledger: Ledger;
  readonly recorder: Recorder;
  readonly #scenario: Scenario;
  readonly #events = new EventQueue();
  readonly #lifecycle: Lifecycle;
  readonly #arrivals: Arrivals;
  readonly #observer: EngineObserver | undefined;
  /** Arrivals stop here, and the run too unless it drains. */
  readonly #until: Instant;
  readonly #arrival: Arrival = emptyArrival();
  #now: Instant = START;
  #processed = 0;
  #lastArrivalAt: Instant = START;
  readonly #measuredFrom: Instant;
  #windowOpen: boolean;
  #windowClosed = false;

  constructor(scenario: Scenario, options: EngineOptions) {
    const tiers = [...Object.keys(scenario.paths), UNROUTED];
    this.#scenario = scenario;
    this.#observer = options.observer;
    this.#until = scenario.duration === undefined ? NEVER : after(START, scenario.duration);
    this.#measuredFrom = after(START, scenario.warmup);
    this.#windowOpen = scenario.warmup === 0;
    const prices = Object.values(scenario.paths).map(({ price }) => price ?? null);
    this.ledger = new Ledger(tiers.length, this.#measuredFrom, this.#until, prices, options.batches);
    this.recorder = new Recorder(tiers, Object.keys(scenario.pools).length, scenario.sampling.interval);
    this.#lifecycle = new Lifecycle(this.#events, this.ledger, this.recorder, options.observer);
    this.world = buildWorld(scenario, {
      seed: options.seed,
      events: this.#events,
      listener: this.#lifecycle,
      readTrace: options.readTrace,
      stepByStep: options.stepByStep ?? false,
    });
    this.#lifecycle.enter(this.world, (source) => this.#arrivals.changed(source));
    this.recorder.watch(this.world.pools);
    this.#arrivals = new Arrivals(this.world.demands.map((demand) => demand.source));
    this.#scheduleControl();
  }

  get now(): Instant {
    return this.#now;
  }

  /** The last instant of which everything has happened: what comes at the very end of a run is not part of it. */
  get lastSeen(): Instant {
    return this.#now === this.#until ? ((this.#until - 1) as Instant) : this.#now;
  }

  get requests(): RequestTable {
    return this.#lifecycle.requests;
  }

  /** For outside checks. */
  get lifecycle(): Lifecycle {
    return this.#lifecycle;
  }

  /** What a pool asks of waiting requests; for outside checks. */
  get waitingFacts(): WaitingFacts {
    return this.#lifecycle.waitingFacts;
  }

  get processed(): number {
    return this.#processed;
  }

  get until(): Instant {
    return this.#until;
  }

  get lastArrivalAt(): Instant {
    return this.#lastArrivalAt;
  }

  /** When the next thing happens; NEVER when the run is over. */
  get nextEventAt(): Instant {
    if (this.#isOver()) return NEVER;
    const arrivalAt = this.#nextArrivalAt();
    return earlier(this.#events.nextAt, arrivalAt);
  }

  /** A request from outside, at a time not before `now`. Whatever is due before it happens first. */
  submit(arrival: Arrival, source: number, at: Instant): void {
    while (this.#nextArrivalAt() < at || this.#eventComesBefore(at)) this.#processNext();
    this.#offer(arrival, source, at);
  }

  /** Processes one event or arrival; false when the run is over. */
  step(): boolean {
    if (this.#nextArrivalAt() === NEVER && this.#isOver()) return false;
    this.#processNext();
    return true;
  }

  /**
   * Ends the run where it stands: closes the books on all requests in flight. Returns the end of the measured
   * window. Call once.
   */
  close(): Instant {
    const isComplete = this.#isOver();
    if (isComplete && this.#until < NEVER && this.#now < this.#until) this.#advanceTo(this.#until);
    const end = earlier(this.#now, this.#until);
    this.#closeWindow(end, end);
    const { requests } = this;
    for (let request = 0; request < requests.capacity; request++) {
      const role = requests.role[request];
      if (requests.state[request] === RequestState.free || role === Role.abandoned) continue;
      if (role === Role.main) {
        this.ledger.requestOpen(requests.home[request]!, requests.offeredAt[request]! as Instant);
      }
      if (requests.state[request] === RequestState.resting) continue;
      this.ledger.attemptInFlight(requests.tier[request]!, requests.arrivedAt[request]! as Instant);
    }
    this.ledger.assertConserved();
    return end;
  }

  /** Samples and other events of control never run out, so they keep a run going only up to its stated end. */
  #isOver(): boolean {
    if (this.#nextArrivalAt() < NEVER) return false;
    // Without an end of its own, a run goes on as long as answers may bring more.
    const mayGoOn =
      this.#until === NEVER && this.world.demands.some(({ source }) => source.ended !== undefined);
    if ((this.#scenario.drain || mayGoOn) && this.requests.alive > 0) return false;
    return this.#until === NEVER || this.#events.nextAt >= this.#until;
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
    this.#lifecycle.offer(arrival, source, at);
    this.#observer?.settled?.(at);
  }

  #nextArrivalAt(): Instant {
    const at = this.#arrivals.nextAt;
    return at < this.#until ? at : NEVER;
  }

  #advanceTo(at: Instant): void {
    assert(at >= this.#now, "LAW-2: the clock never runs back");
    if (at >= this.#measuredFrom) this.#openWindow();
    // What is generated at its very end is not in the window any more.
    if (at >= this.#until) this.#closeWindow(this.#until, (this.#until - 1) as Instant);
    this.#now = at;
  }

  #scheduleControl(): void {
    const { outages } = this.#scenario;
    const poolNames = Object.keys(this.#scenario.pools);
    for (const outage of outages) {
      const pool = poolNames.indexOf(outage.pool);
      const from = after(START, outage.from);
      this.#events.schedule(from, Phase.fault, EventKind.outageBegins, pool);
      this.#events.schedule(after(from, outage.for), Phase.fault, EventKind.outageEnds, pool);
    }
    this.#events.schedule(START, Phase.sample, EventKind.sample, 0);
  }

  #handle(kind: Kind, subject: number, now: Instant): void {
    switch (kind) {
      case EventKind.replica: {
        const { poolOfReplica, pools, replicas, firstReplica, gateway } = this.world;
        const pool = poolOfReplica[subject]!;
        pools[pool]!.renewCopy(now);
        const hasRoom = replicas[subject]!.wake(now);
        pools[pool]!.changed(subject - firstReplica[pool]!);
        if (hasRoom || gateway.admissionOf(pool).hasGrown) this.#lifecycle.dispatch(pool, now);
        return;
      }
      case EventKind.retry:
        this.#lifecycle.attempt(subject, now);
        return;
      case EventKind.queueTimeout:
        this.#lifecycle.queueTimedOut(subject, now);
        return;
      case EventKind.clientTimeout:
        this.#lifecycle.clientTimedOut(subject, now);
        return;
      case EventKind.hedge:
        this.#lifecycle.hedge(subject, now);
        return;
      case EventKind.hedgeLost:
        this.#lifecycle.hedgeLost(subject, now);
        return;
      case EventKind.callerGone:
        this.#lifecycle.callerGone(subject, now);
        return;
      case EventKind.outageBegins:
        this.world.gateway.outageBegins(subject);
        this.recorder.outage(subject, true);
        this.#lifecycle.breakPool(subject, now);
        return;
      case EventKind.outageEnds:
        this.world.gateway.outageEnds(subject);
        this.recorder.outage(subject, false);
        return;
      case EventKind.sample:
        this.#events.schedule(after(now, this.recorder.sample(now)), Phase.sample, kind, subject);
        return;
      default:
        unreachable(kind);
    }
  }

  /** Warm-up is over: what was generated before does not count. */
  #openWindow(): void {
    if (this.#windowOpen) return;
    this.#windowOpen = true;
    const from = this.#measuredFrom;
    this.recorder.windowOpens(from);
    this.ledger.windowOpens();
    this.#visitRunning((from - 1) as Instant, (tier, tokens) => this.ledger.tokensBeforeWindow(tier, tokens));
  }

  /** The measured window ends: what is generated after `last` is not throughput any more. */
  #closeWindow(end: Instant, last: Instant): void {
    if (this.#windowClosed) return;
    this.#windowClosed = true;
    this.#visitRunning(last, (tier, generated) => this.ledger.tokensGenerated(tier, generated));
    this.ledger.windowCloses();
    this.recorder.windowCloses(end);
  }

  #visitRunning(now: Instant, visit: (tier: number, generated: number) => void): void {
    const { requests } = this;
    for (let request = 0; request < requests.capacity; request++) {
      if (requests.state[request] !== RequestState.running) continue;
      const replica = this.world.replicas[requests.replica[request]!]!;
      visit(requests.tier[request]!, replica.generated(request, now));
    }
  }
}
