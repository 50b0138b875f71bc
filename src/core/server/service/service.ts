// The server: receives calls, decides about them, serves them and tells what comes of them. The state machine of
// attempts: received, queued, running, ended. The clock is handed in with every call and event; who calls, and what
// becomes of a call after its answer, it does not know.
import { type Answers, type Call, type Calls, type Handle, NO_HANDLE, type Served } from "../../api/wire.js";
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
import type { Admission } from "../gateway/admission.js";
import { NO_REQUEST } from "../gateway/queue/queue.js";
import type { Verdict } from "../gateway/verdict.js";
import type { PoolHistory, ServiceLedger } from "./books.js";
import { Detours } from "./detours.js";
import { ServerEvent } from "./event-kinds.js";
import { Refusals } from "./refusals.js";
import type { ServiceParts, ServiceSetup } from "./service-parts.js";
import { Settling } from "./settling.js";

const OVERLOADED = reasonCode("overloaded_capacity");
const DISPLACED = reasonCode("displaced");
const QUEUE_TIMEOUT = reasonCode("queue_timeout");
const EVICTED = reasonCode("evicted");
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
  readonly #refusals: Refusals;
  readonly #settling: Settling;
  #answers: Answers | undefined;
  /** While an answer is being told: no call is made or cancelled then. */
  #isTelling = false;
  #now: Instant = 0 as Instant;
  #received = 0;
  #ended = 0;
  readonly #detours: Detours;
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
      drop: (attempt, reason) => this.#dropHead(attempt, reason),
    };
    this.parts = setup.build({
      firstToken: (attempt, now) => this.#firstToken(attempt, now),
      completed: (attempt, now) => this.#completed(attempt, now),
      preempted: (attempt, now) => this.#observe("preempted", attempt, now),
    });
    this.#refusals = new Refusals(this.parts.gateway, this.#facts);
    this.#settling = new Settling(this.attempts, this.#facts, this.parts, setup);
    this.#detours = new Detours(this.attempts, this.#facts, this.parts);
  }

  /** Who is told; once, before the first call. */
  answerTo(answers: Answers): void {
    assert(this.#answers === undefined, "a server answers to one");
    this.#answers = answers;
  }

  /** LAW-1, with what callers have sent and take to be under way. Call at the end. */
  assertConserved(sent: number, underWay: number): void {
    assert(this.#received === sent, "LAW-1: every call that is made is received");
    assert(this.attempts.alive === underWay, "LAW-1: every answer reaches its caller");
    assert(this.#received === this.#ended + this.attempts.alive, "LAW-1: every attempt ends exactly once");
  }

  /** Whether any attempt is inside a replica. */
  get isServing(): boolean {
    return this.parts.pools.some(({ slotsBusy }) => slotsBusy > 0);
  }

  receive(call: Call, now: Instant): Handle {
    assert(!this.#isTelling, "no call is made while an answer is being told");
    this.#received++;
    const { route, reference } = call;
    const path = this.parts.openPaths.at(route);
    if (path === undefined) return this.#turnAway(reference, this.parts.openPaths.whyNot(route), now);
    // Generation stops where the memory of a replica ends, as it would at a model's context length.
    const { kvMost } = this.parts.pools[path.pool]!;
    if (call.inputTokens >= kvMost) return this.#turnAway(reference, CONTEXT_LENGTH, now);
    const { attempts } = this;
    const attempt = attempts.open();
    const outputTokens = Math.min(call.outputTokens, kvMost - call.inputTokens);
    attempts.stated.write(attempt, call, path);
    attempts.work.write(attempt, reference, outputTokens, now, attempts.opened);
    const handle = attempts.handleOf(attempt);
    this.#decide(attempt, path, now);
    return handle;
  }

  /** A call that cannot even be decided about. */
  #turnAway(reference: number, reason: Reason, now: Instant): Handle {
    this.#ended++;
    this.#refuse(reference, reason, undefined, now);
    return NO_HANDLE;
  }

  cancel(handle: Handle, now: Instant): void {
    const attempt = this.attempts.slotOf(handle);
    if (attempt === NONE) return;
    assert(!this.#isTelling, "no call is cancelled while an answer is being told");
    const { events } = this.#setup;
    const isEarly = events.nextAt <= now && events.nextPhase === Phase.completion;
    assert(!isEarly, "what completes at an instant has completed before a call is cancelled at it");
    const pool = this.#settling.takeOut(attempt, true, now);
    this.#tell().cancelled(this.attempts.work.reference(attempt), this.#settling.usage, now);
    this.#close(attempt);
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
      const own = verdict;
      verdict = this.#detours.instead(attempt, path, own, now);
      if (verdict.kind === "reject") {
        pools[path.pool]!.counts.turnsAway(verdict.reason, promptTokens);
        this.#refuse(attempts.work.reference(attempt), verdict.reason, attempt, now);
        this.#close(attempt);
        return;
      }
      seat = this.#detours.seat;
      if (seat !== path) this.#enterDetour(attempt, path, seat, own, now);
    }
    const { pool, rank, lane } = seat;
    const target = pools[pool]!;
    target.counts.arrives(promptTokens);
    const admission = gateway.admissionOf(pool);
    const displaced = admission.displacedBy(verdict, rank);
    if (displaced !== NO_REQUEST) this.#evict(displaced, DISPLACED, now);
    attempts.move(attempt, AttemptState.queued);
    const place = target.placeAtOnce(attempt, this.waitingFacts, now);
    if (place === NOWHERE) target.join(attempt, lane, attempts.stated.account(attempt), now);
    this.#observe("queued", attempt, now);
    this.#tell().queued(attempts.work.reference(attempt), now);
    this.#isTelling = false;
    if (place !== NOWHERE) {
      this.#now = now;
      target.startAtOnce(attempt, lane, place, now, this.#dispatching);
      this.#history.poolChanged(pool, now);
      return;
    }
    this.#dispatch(pool, now);
    if (this.#waits(attempt)) this.#evictFor(rank, admission, now);
    if (!this.#waits(attempt)) return;
    if (admission.isOverBound) {
      const other = admission.displacedFrom(rank);
      if (other !== NO_REQUEST) this.#evict(other, DISPLACED, now);
      if (admission.isOverBound) this.#evict(attempt, OVERLOADED, now);
    }
    if (this.#waits(attempt)) this.#settling.limitWait(attempt, admission.deadline(now));
  }

  /** It is served as another path, or in another pool; a pool that was too full for it has lost an arrival all the same. */
  #enterDetour(attempt: number, path: ServedPath, seat: Seat, own: Verdict, now: Instant): void {
    const { stated, work } = this.attempts;
    const enter = seat.path === path.path ? "spilled" : "demoted";
    this.#ledger[enter](path.path, now, work.reference(attempt));
    if (seat.pool === path.pool || own.kind !== "reject") return;
    this.parts.pools[path.pool]!.counts.turnsAway(own.reason, stated.inputTokens(attempt));
  }

  /** Ends a running attempt of a lower rank, if the policy has that done, for one of `rank` that has to wait. */
  #evictFor(rank: number, admission: Admission, now: Instant): void {
    const victim = admission.evictedBy(rank);
    if (victim === NO_REQUEST) return;
    const pool = this.#settling.takeOut(victim, false, now);
    // Before its first token there was no 200 yet.
    this.#tellOfEnd(victim, this.#settling.usage.outputTokens > 0 ? EVICTED : DISPLACED, now);
    this.#dispatch(pool, now);
  }

  /** A waiting attempt could start and is shed instead; its pool is being dispatched. */
  #dropHead(attempt: number, reason: Reason): void {
    const now = this.#now;
    this.#settling.takeOut(attempt, false, now);
    this.#tellOfEnd(attempt, reason, now);
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
    const { gateway, fleet } = this.parts;
    const now = this.#now;
    const arrivedAt = work.arrivedAt(attempt);
    if (arrivedAt < now) this.#countIfCold(stated.pool(attempt), arrivedAt, now);
    this.#settling.endWait(attempt);
    this.attempts.move(attempt, AttemptState.running);
    work.startOn(attempt, instance);
    this.#ledger.attemptStarted(stated.askedPath(attempt), arrivedAt, now, work.reference(attempt));
    const cached = fleet.instances.replicaOf(instance).admit(attempt, this.#work.at(attempt), now);
    const found = cached - stated.cachedTokens(attempt);
    if (found > 0) {
      gateway.foundCached(this.#facts.at(attempt), found, now);
      stated.foundCached(attempt, cached);
    }
    this.#served.path = stated.path(attempt);
    this.#served.pool = stated.pool(attempt);
    this.#tell().started(work.reference(attempt), this.#served, stated.cachedTokens(attempt), now);
    this.#isTelling = false;
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
    this.#tell().firstToken(work.reference(attempt), now);
    this.#isTelling = false;
  }

  #completed(attempt: number, now: Instant): void {
    const { stated, work } = this.attempts;
    const pool = this.parts.pools[stated.pool(attempt)]!;
    pool.left(attempt);
    pool.counts.completes(work.outputTokens(attempt));
    this.#settling.whole(attempt, now);
    this.#tell().completed(work.reference(attempt), this.#settling.usage, now);
    this.#close(attempt);
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
    const { work } = this.attempts;
    const usage = this.#settling.usage;
    const { halted, pools } = this.parts.faults.act(fault, now);
    halted.sort((one, other) => work.serial(one.sequence) - work.serial(other.sequence));
    for (const { sequence: attempt, prefilled, generated } of halted) {
      usage.computedTokens = prefilled;
      usage.outputTokens = generated;
      this.#settling.unfinished(attempt, false, now);
      this.#tellOfEnd(attempt, OUTAGE, now);
    }
    for (const pool of pools) this.#dispatch(pool, now);
  }

  /** The server ends an attempt that waits or runs, wherever it stands. */
  #evict(attempt: number, reason: Reason, now: Instant): void {
    const pool = this.#settling.takeOut(attempt, false, now);
    this.#tellOfEnd(attempt, reason, now);
    this.#dispatch(pool, now);
  }

  /** An attempt is out that the server has ended, and has used what is in `usage`. */
  #tellOfEnd(attempt: number, reason: Reason, now: Instant): void {
    const reference = this.attempts.work.reference(attempt);
    this.parts.pools[this.attempts.stated.pool(attempt)]!.counts.ends(reason);
    if (this.#settling.usage.outputTokens > 0)
      this.#tell().broken(reference, reason, this.#settling.usage, now);
    else this.#refuse(reference, reason, attempt, now);
    this.#close(attempt);
  }

  #refuse(reference: number, reason: Reason, attempt: number | undefined, now: Instant): void {
    this.#tell().refused(reference, this.#refusals.of(reason, attempt, now), now);
    this.#isTelling = false;
  }

  #tell(): Answers {
    assert(this.#answers !== undefined, "a server is given its Answers before the first call");
    this.#isTelling = true;
    return this.#answers;
  }

  /** An attempt whose end has been told. */
  #close(attempt: number): void {
    this.#isTelling = false;
    this.attempts.close(attempt);
    this.#ended++;
  }

  #observe(event: "queued" | "started" | "preempted", attempt: number, now: Instant): void {
    this.#setup.observer?.attempt(event, this.attempts.work.reference(attempt), attempt, now);
  }
}
