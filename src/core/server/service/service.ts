// The server: receives calls, decides about them, serves them and tells what comes of them. The state machine of
// attempts: received, queued, running, ended. The clock is handed in with every call and event; who calls, and what
// becomes of a call after its answer, it does not know.
import type { Answers, Call, Calls, Handle, Served } from "../../api/wire.js";
import { assert, unreachable } from "../../base/assert.js";
import { NONE } from "../../base/none.js";
import { type Reason, reasonCode } from "../../base/outcome.js";
import { type Instant, since } from "../../base/units.js";
import { NO_EVENT } from "../../kernel/event-queue.js";
import { Phase } from "../../kernel/phase.js";
import { AttemptState, AttemptTable } from "../attempts/attempt-table.js";
import { StatedFacts } from "../attempts/stated/facts.js";
import { AttemptPrompt } from "../attempts/stated/prompt.js";
import type { Seat, ServedPath } from "../attempts/stated/rows.js";
import { AttemptWork } from "../attempts/work.js";
import { NOWHERE } from "../fleet/load-index.js";
import type { Dispatching, WaitingFacts } from "../fleet/pool.js";
import { NO_REQUEST } from "../gateway/queue/queue.js";
import type { PoolHistory, ServiceLedger } from "./books.js";
import { CachedPrompts } from "./cached-prompts.js";
import { Detours } from "./detours.js";
import { Endings } from "./endings.js";
import { ServerEvent } from "./event-kinds.js";
import { Evictions } from "./evictions.js";
import { Refusals } from "./refusals.js";
import type { ServiceParts, ServiceSetup } from "./service-parts.js";
import { Settling } from "./settling.js";
import { Told } from "./told.js";

const OVERLOADED = reasonCode("overloaded_capacity");
const DISPLACED = reasonCode("displaced");
const QUEUE_TIMEOUT = reasonCode("queue_timeout");
const OUTAGE = reasonCode("outage");
const CONTEXT_LENGTH = reasonCode("context_length");

/**
 * The server of a run, or of one's own making: `receive(call, now)` gives a handle, everything else is told to whom
 * `answerTo` named, at once or when `handle` is given one of its own events. Instants are whole microseconds, and
 * never run back.
 */
export class Service<Parts extends ServiceParts = ServiceParts> implements Calls {
  readonly parts: Parts;
  readonly attempts: AttemptTable = new AttemptTable();
  readonly #setup: ServiceSetup<Parts>;
  readonly #ledger: ServiceLedger;
  readonly #history: PoolHistory;
  readonly #facts = new StatedFacts(this.attempts.stated);
  readonly #work = new AttemptWork(this.attempts.stated, this.attempts.work);
  readonly #cached: CachedPrompts;
  readonly #settling: Settling;
  readonly #endings: Endings;
  readonly #told = new Told();
  #now: Instant = 0 as Instant;
  #received = 0;
  readonly #detours: Detours;
  readonly #evictions: Evictions;
  readonly #served: Served = { path: 0, pool: 0 };
  readonly #dispatching: Dispatching;
  /** What a pool asks of waiting attempts. */
  readonly waitingFacts: WaitingFacts;

  constructor(setup: ServiceSetup<Parts>) {
    const { stated } = this.attempts;
    const prompt = new AttemptPrompt(stated);
    this.#setup = setup;
    this.#ledger = setup.ledger;
    this.#history = setup.history;
    const { work } = this.attempts;
    const waiting = new StatedFacts(stated);
    this.waitingFacts = {
      pathOf: (attempt) => stated.path(attempt),
      inputTokensOf: (attempt) => stated.inputTokens(attempt),
      arrivedAtOf: (attempt) => work.arrivedAt(attempt),
      factsOf: (attempt) => waiting.at(attempt),
      promptOf: (attempt) => prompt.at(attempt),
    };
    this.#dispatching = {
      facts: this.waitingFacts,
      start: (attempt, instance) => this.#startOn(attempt, instance),
      drop: (attempt, reason) => void this.#endings.end(attempt, reason, this.#now),
    };
    this.parts = setup.build({
      firstToken: (attempt, now) => this.#firstToken(attempt, now),
      completed: (attempt, now) => this.#completed(attempt, now),
      preempted: (attempt, now) => this.#observe("preempted", attempt, now),
    });
    const { attempts, parts } = this;
    this.#cached = new CachedPrompts(attempts, this.#facts, parts.gateway);
    this.#settling = new Settling(attempts, this.#facts, parts, setup);
    this.#detours = new Detours(attempts, this.#facts, parts);
    this.#evictions = new Evictions(attempts, this.waitingFacts, parts);
    const refusals = new Refusals(parts.gateway, stated, this.#facts);
    this.#endings = new Endings({ attempts, parts, settling: this.#settling, refusals, told: this.#told });
  }

  /** Who is told; once, before the first call. */
  answerTo(answers: Answers): void {
    this.#told.answerTo(answers);
  }

  /** LAW-1, with what callers have sent and take to be under way. Call at the end. */
  assertConserved(sent: number, underWay: number): void {
    assert(this.#received === sent, "LAW-1: every call that is made is received");
    assert(this.attempts.alive === underWay, "LAW-1: every answer reaches its caller");
    assert(
      this.#received === this.#endings.count + this.attempts.alive,
      "LAW-1: every attempt ends exactly once",
    );
  }

  /** Whether any attempt is inside a replica. */
  get isServing(): boolean {
    return this.parts.pools.some(({ slotsBusy }) => slotsBusy > 0);
  }

  receive(call: Call, now: Instant): Handle {
    this.#told.assertNotTelling();
    this.#received++;
    const { route, reference } = call;
    const path = this.parts.openPaths.at(route);
    if (path === undefined) return this.#endings.turnAway(reference, this.parts.openPaths.whyNot(route), now);
    // Generation stops where the memory of a replica ends, as it would at a model's context length.
    const { kvMost } = this.parts.pools[path.pool]!;
    if (call.inputTokens >= kvMost) return this.#endings.turnAway(reference, CONTEXT_LENGTH, now);
    const { attempts } = this;
    const attempt = attempts.open();
    const outputTokens = Math.min(call.outputTokens, kvMost - call.inputTokens);
    attempts.stated.write(attempt, call, path);
    this.#cached.estimate(attempt);
    attempts.work.write(attempt, reference, outputTokens, now, attempts.opened);
    const handle = attempts.handleOf(attempt);
    this.#decide(attempt, path, now);
    // A detour to another pool may have cut it shorter.
    const missing = call.outputTokens - attempts.work.outputTokens(attempt);
    if (missing > 0 && attempts.slotOf(handle) !== NONE)
      this.parts.pools[attempts.stated.pool(attempt)]!.counts.cuts(missing);
    return handle;
  }

  cancel(handle: Handle, now: Instant): void {
    const attempt = this.attempts.slotOf(handle);
    if (attempt === NONE) return;
    this.#told.assertNotTelling();
    const { events } = this.#setup;
    const isEarly = events.nextAt <= now && events.nextPhase === Phase.completion;
    assert(!isEarly, "what completes at an instant has completed before a call is cancelled at it");
    const pool = this.#settling.takeOut(attempt, true, now);
    this.#told.begins().cancelled(this.attempts.work.reference(attempt), this.#settling.usage, now);
    this.#endings.close(attempt);
    this.#dispatch(pool, now);
  }

  progress(handle: Handle, now: Instant): number {
    const attempt = this.attempts.slotOf(handle);
    return attempt === NONE ? 0 : this.generated(attempt, now);
  }

  generated(attempt: number, now: Instant): number {
    const { work } = this.attempts;
    const { instances } = this.parts.fleet;
    const instance = work.instance(attempt);
    // What its instance has lost is gone, and it is about to end.
    const isInside = work.state(attempt) === AttemptState.running && instances.isUp(instance);
    return isInside ? instances.replicaOf(instance).generated(attempt, now) : 0;
  }

  /** An event of the server's own has come. */
  handle(kind: ServerEvent, subject: number, now: Instant): void {
    const { gateway, fleet, pools, controllers } = this.parts;
    switch (kind) {
      case ServerEvent.replica: {
        const hasRoom = fleet.wake(subject, now);
        const pool = fleet.instances.poolOf(subject);
        if (hasRoom || (gateway.learns && gateway.admissionOf(pool).hasGrown)) this.#dispatch(pool, now);
        return;
      }
      case ServerEvent.queueTimeout:
        this.attempts.work.setQueueTimer(subject, NO_EVENT);
        this.#evict(subject, QUEUE_TIMEOUT, now);
        return;
      case ServerEvent.outageBegins:
        gateway.outageBegins(subject);
        this.#history.outage(subject, true);
        this.#breakPool(subject, now);
        return;
      case ServerEvent.outageEnds:
        gateway.outageEnds(subject);
        this.#history.outage(subject, false);
        return;
      case ServerEvent.fault:
        this.#strike(subject, now);
        return;
      case ServerEvent.start: {
        const pool = fleet.instances.poolOf(subject);
        if (fleet.advance(subject, now)) this.#dispatch(pool, now);
        return;
      }
      case ServerEvent.control:
        controllers.act(subject, now);
        for (let pool = 0; pool < pools.length; pool++) this.#dispatch(pool, now);
        return;
      default:
        unreachable(kind);
    }
  }

  #decide(attempt: number, path: ServedPath, now: Instant): void {
    const { attempts } = this;
    const { gateway, pools } = this.parts;
    const promptTokens = attempts.stated.inputTokens(attempt);
    let verdict = gateway.decide(this.#facts.at(attempt), now);
    let seat: Seat = path;
    if (verdict.kind !== "admit" && verdict.kind !== "wait") {
      verdict = this.#detours.instead(attempt, path, verdict, now);
      if (verdict.kind === "reject") {
        gateway.refused(verdict.reason, this.#facts.at(attempt), now);
        pools[path.pool]!.counts.turnsAway(verdict.reason, promptTokens);
        this.#endings.refuse(attempt, verdict.reason, now);
        return;
      }
      seat = this.#detours.seat;
      if (seat !== path) this.#enterDetour(attempt, path, seat, now);
    }
    const { pool, rank, lane } = seat;
    const target = pools[pool]!;
    target.counts.arrives(promptTokens);
    const admission = gateway.admissionOf(pool);
    const displaced = admission.displacedBy(verdict, rank);
    if (displaced !== NO_REQUEST) this.#evict(displaced, DISPLACED, now);
    attempts.move(attempt, AttemptState.queued);
    const account = attempts.stated.account(attempt);
    const place = target.placeAtOnce(attempt, this.waitingFacts, now);
    if (place === NOWHERE) target.join(attempt, lane, account, now);
    this.#observe("queued", attempt, now);
    this.#told.begins().queued(attempts.work.reference(attempt), now);
    this.#told.ends();
    if (place !== NOWHERE) {
      this.#now = now;
      target.startAtOnce(attempt, lane, account, place, now, this.#dispatching);
      this.#history.poolChanged(pool, now);
      return;
    }
    this.#dispatch(pool, now);
    if (this.#waits(attempt)) this.#evictFor(rank, pool, now);
    if (!this.#waits(attempt)) return;
    if (admission.isOverBound) {
      const other = admission.displacedFrom(rank);
      if (other !== NO_REQUEST) this.#evict(other, DISPLACED, now);
      if (admission.isOverBound) this.#evict(attempt, OVERLOADED, now);
    }
    if (this.#waits(attempt)) this.#settling.limitWait(attempt, admission.deadline(now));
  }

  /** It is served as another path, or in another pool. One that was too full has lost an arrival all the same. */
  #enterDetour(attempt: number, path: ServedPath, seat: Seat, now: Instant): void {
    const { stated, work } = this.attempts;
    const enter = seat.path === path.path ? "spilled" : "demoted";
    this.#ledger[enter](path.path, now, work.reference(attempt));
    const own = this.#detours.avoided;
    if (seat.pool === path.pool || own.kind !== "reject") return;
    this.parts.pools[path.pool]!.counts.turnsAway(own.reason, stated.inputTokens(attempt));
  }

  /** Ends a running attempt of a lower rank, if the policy has that done, for one of `rank` that has to wait. */
  #evictFor(rank: number, pool: number, now: Instant): void {
    const victim = this.#evictions.victimOf(rank, pool, now);
    if (victim !== NO_REQUEST) this.#dispatch(this.#endings.evict(victim, now), now);
  }

  #waits(attempt: number): boolean {
    return this.attempts.work.state(attempt) === AttemptState.queued;
  }

  /** Starts what can start in a pool. Call after anything that may have made room. In an outage nothing starts. */
  #dispatch(pool: number, now: Instant): void {
    this.#now = now;
    const { gateway, pools } = this.parts;
    if (!gateway.isOut(pool)) pools[pool]!.dispatch(now, this.#dispatching);
    this.#history.poolChanged(pool, now);
  }

  #startOn(attempt: number, instance: number): void {
    const { stated, work } = this.attempts;
    const { fleet } = this.parts;
    const now = this.#now;
    const arrivedAt = work.arrivedAt(attempt);
    if (arrivedAt < now) this.#countIfCold(stated.pool(attempt), arrivedAt, now);
    this.#settling.endWait(attempt);
    this.attempts.move(attempt, AttemptState.running);
    work.startOn(attempt, instance);
    this.#ledger.attemptStarted(stated.askedPath(attempt), arrivedAt, now, work.reference(attempt));
    const cached = fleet.instances.replicaOf(instance).admit(attempt, this.#work.at(attempt), now);
    this.#cached.found(attempt, cached, now);
    this.#served.path = stated.path(attempt);
    this.#served.pool = stated.pool(attempt);
    this.#told.begins().started(work.reference(attempt), this.#served, stated.cachedTokens(attempt), now);
    this.#told.ends();
    this.#observe("started", attempt, now);
  }

  #countIfCold(pool: number, arrivedAt: Instant, now: Instant): void {
    const waited = this.parts.pools[pool]!;
    if (waited.wasCold(arrivedAt)) waited.counts.hasWaitedCold(since(now, arrivedAt));
  }

  #firstToken(attempt: number, now: Instant): void {
    const { stated, work } = this.attempts;
    const { gateway } = this.parts;
    if (gateway.learns) gateway.admissionOf(stated.pool(attempt)).firstToken(attempt, now);
    this.#told.begins().firstToken(work.reference(attempt), now);
    this.#told.ends();
  }

  #completed(attempt: number, now: Instant): void {
    const { stated, work } = this.attempts;
    const pool = this.parts.pools[stated.pool(attempt)]!;
    pool.left(attempt);
    pool.counts.completes(work.outputTokens(attempt));
    this.#settling.whole(attempt, now);
    this.#told.begins().completed(work.reference(attempt), this.#settling.usage, now);
    this.#endings.close(attempt);
  }

  /** All attempts in the pool, waiting or running, end unavailable. */
  #breakPool(pool: number, now: Instant): void {
    const { stated } = this.attempts;
    for (const attempt of this.attempts.inOrder()) {
      if (stated.pool(attempt) === pool) this.#evict(attempt, OUTAGE, now);
    }
  }

  /** A fault breaks or mends something: attempts inside instances that are gone end unavailable. */
  #strike(fault: number, now: Instant): void {
    const { halted, pools } = this.parts.faults.act(fault, now);
    this.#endings.break(halted, now);
    for (const pool of pools) this.#dispatch(pool, now);
  }

  /** The server ends an attempt that waits or runs, wherever it stands. */
  #evict(attempt: number, reason: Reason, now: Instant): void {
    this.#dispatch(this.#endings.end(attempt, reason, now), now);
  }

  #observe(event: "queued" | "started" | "preempted", attempt: number, now: Instant): void {
    this.#setup.observer?.attempt(event, this.attempts.work.reference(attempt), attempt, now);
  }
}
