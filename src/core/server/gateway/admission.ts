// Admission to one pool: its concurrency limit, its policy and its queue rule in one place. Says what becomes of an
// arrival, who starts next, who is shed at the head, whom a queue over its bound or a higher rank has to let go and
// how long a wait may be; and is told of every start, first token and end, so that each of the three learns what is
// its own. It knows no replica: whether a request fits anywhere is the pool's.
import { assert } from "../../base/assert.js";
import { grown } from "../../base/grown.js";
import { type Reason, reasonCode } from "../../base/outcome.js";
import { after, type Instant, NEVER, since } from "../../base/units.js";
import type { ConcurrencyLimit, Stay } from "./concurrency/limit.js";
import type { AdmissionPolicy, Occupancy, Settlement } from "./policies/policy.js";
import { NO_REQUEST, RequestQueue } from "./queue/queue.js";
import type { QueueRule, WaitingView } from "./queue/rule.js";
import type { RequestFacts } from "./request-facts.js";
import type { PoolSignals } from "./signals.js";
import { OVERLOADED_CAPACITY, OVERLOADED_PREDICTED, type Verdict } from "./verdict.js";

export interface AdmissionParts {
  readonly limit: ConcurrencyLimit;
  readonly policy: AdmissionPolicy;
  readonly rule: QueueRule;
}

type Writable<View> = { -readonly [Key in keyof View]: View[Key] };

/** The reason of a request that is not shed. */
export const KEPT: Reason = 0;
const DELAY = reasonCode("overloaded_delay");
const LATE = reasonCode("queue_timeout");
const NO_WAIT = 0 as Parameters<AdmissionPolicy["started"]>[1];

/**
 * Who gets into one pool, made of a concurrency limit, a policy and a queue rule. Times are whole microseconds;
 * throws where something leaves that is not inside (LAW-10).
 */
export class Admission {
  readonly limit: ConcurrencyLimit;
  readonly policy: AdmissionPolicy;
  readonly rule: QueueRule;
  readonly queue: RequestQueue;
  /** Whether the limit has grown while some waited since the pool was last asked to start what may. */
  hasGrown = false;
  /** Whether requests at the head may be shed. */
  readonly dropsAtHead: boolean;
  /** Whether the limit looks at each attempt: only then `mayEnter` need be asked. */
  readonly weighs: boolean;
  // What every attempt would ask its limit, policy and rule, asked once.
  readonly #limitLearns: boolean;
  readonly #policyLearns: boolean;
  readonly #isBounded: boolean;
  readonly #seesAll: boolean;
  #inside = 0;
  /** Without a limit nothing is reckoned with infinity: whole numbers stay whole numbers. */
  readonly #isUnlimited: boolean;
  /** Where an arrival may end a running request: those inside by lane, in the order in which they started. */
  readonly #running: RequestQueue | undefined;
  /** By request, where the limit learns: when it started and had its first token; NEVER for what has not happened. */
  #startedAt: Float64Array = new Float64Array(0);
  #firstTokenAt: Float64Array = new Float64Array(0);
  readonly #stay: Writable<Stay> = {
    startedAt: NEVER,
    firstTokenAt: NEVER,
    leftAt: NEVER,
    outputTokens: 0,
    settlement: "completed",
  };

  constructor({ limit, policy, rule }: AdmissionParts) {
    this.limit = limit;
    this.#isUnlimited = !limit.learns && limit.most === Number.POSITIVE_INFINITY;
    this.policy = policy;
    this.rule = rule;
    this.queue = rule.queue;
    this.dropsAtHead = policy.dropsAtHead || rule.dropsLate;
    this.weighs = limit.weighs;
    this.#limitLearns = limit.learns;
    this.#policyLearns = policy.learns;
    this.#isBounded = rule.isBounded;
    this.#seesAll = rule.seesAll;
    this.#running = policy.evictsLower ? new RequestQueue(rule.queue.ranks) : undefined;
  }

  /** Requests that have started and not left. */
  get inside(): number {
    return this.#inside;
  }

  /** Whether the limit lets one more start, whatever that is. */
  get isBelowLimit(): boolean {
    return this.#isUnlimited || this.#inside < this.limit.most;
  }

  /** Of so many places of the pool, those that the limit lets anyone take. */
  slotsOf(places: number): number {
    if (this.#isUnlimited) return places;
    return Math.min(places, this.limit.most);
  }

  /** Of so many openings, those that the limit lets anyone take now. */
  openingsOf(openings: number): number {
    if (this.#isUnlimited) return openings;
    return Math.max(0, Math.min(openings, this.limit.most - this.#inside));
  }

  /** The verdict on an arrival. */
  decide(facts: RequestFacts, signals: PoolSignals, now: Instant): Verdict {
    // Before the policy is asked, which is to settle what it lets in (LAW-10).
    if (this.#isBounded && !this.rule.hasPlace(facts.rank, facts.account)) return OVERLOADED_CAPACITY;
    if (!this.mayEnter(facts, now)) return this.#decideWithoutOpening(facts, signals, now);
    return this.policy.decide(facts, signals, now);
  }

  /** To one whom the limit does not let in now it is as if there were no opening. */
  #decideWithoutOpening(facts: RequestFacts, signals: PoolSignals, now: Instant): Verdict {
    const { openings } = signals;
    signals.openings = 0;
    const verdict = this.policy.decide(facts, signals, now);
    signals.openings = openings;
    // There was room, and by what the limit makes of this one it is not for it.
    return verdict === OVERLOADED_CAPACITY && openings > 0 ? OVERLOADED_PREDICTED : verdict;
  }

  /** Whether a limit that weighs lets that one in, beside those inside. */
  mayEnter(facts: RequestFacts, now: Instant): boolean {
    return !this.weighs || this.#inside === 0 || this.limit.mayEnter(facts, this.#inside, now);
  }

  /** Whether more wait than the policy has places for. */
  get isOverBound(): boolean {
    return this.queue.length > this.policy.maxQueue;
  }

  /**
   * Whom an arrival of `rank` displaces on this verdict; NO_REQUEST where it finds a place, or where all that it was to
   * displace have left since: a stale copy may count some.
   */
  displacedBy(verdict: Verdict, rank: number): number {
    if (verdict.kind !== "wait" || !verdict.displaces) return NO_REQUEST;
    return this.queue.length >= this.policy.maxQueue ? this.rule.lastBelow(rank) : NO_REQUEST;
  }

  /**
   * Whom an arrival of `rank` displaces that was let in to start at once and could not: there was no memory, or it was
   * let in on an old belief. NO_REQUEST for none.
   */
  displacedFrom(rank: number): number {
    return this.policy.displaceLower ? this.rule.lastBelow(rank) : NO_REQUEST;
  }

  /**
   * Whom an arrival of `rank` that has to wait evicts: of the lowest rank below it that has a request running whose
   * place another may take, the last that started; NO_REQUEST for none, as while more are inside than the limit lets.
   */
  evictedBy(rank: number, hasPlace: (request: number) => boolean): number {
    if (this.#running === undefined || this.#inside > this.limit.most) return NO_REQUEST;
    return this.#running.lastBelow(rank, hasPlace);
  }

  /** Requests inside, and those in the queue that an arrival of `rank` has to wait behind or cannot displace. */
  aheadOf(rank: number): number {
    const { queue } = this;
    if (!this.policy.displaceLower) return this.#inside + queue.length;
    let ahead = this.#inside;
    for (let other = 0; other <= rank && queue.length > 0; other++) ahead += queue.countOfRank(other);
    return ahead;
  }

  /** When a wait that begins now ends; NEVER for one that may take as long as it takes. */
  deadline(now: Instant): Instant {
    const { queueTimeout } = this.policy;
    return queueTimeout === undefined ? NEVER : after(now, queueTimeout);
  }

  /** `lane` is that of its path. */
  join(request: number, lane: number, account: number, now: Instant): void {
    this.rule.join(request, lane, account, now);
  }

  /** A waiting request leaves without having started. */
  leave(request: number): void {
    this.rule.leave(request);
  }

  /** Who starts next, by the rule, of those that the policy lets; NO_REQUEST for none. Ask only below the limit. */
  next(waiting: WaitingView, occupancy: Occupancy, now: Instant): number {
    const next = this.rule.next(this.policy, waiting, occupancy, now);
    if (!this.weighs || next === NO_REQUEST) return next;
    return this.mayEnter(waiting.factsOf(next), now) ? next : NO_REQUEST;
  }

  /**
   * Why the request that `next` named is shed instead of started, or another in its place (`droppedFor`); KEPT where
   * none is. Ask once before it starts.
   */
  dropsHead(request: number, waiting: WaitingView, now: Instant): Reason {
    const { policy, rule } = this;
    if (rule.dropsLate && rule.isLate(request, waiting, now)) return LATE;
    if (!policy.dropsAtHead) return KEPT;
    const waited = since(now, waiting.arrivedAtOf(request));
    const others = this.queue.length - 1;
    return policy.dropsHead(waiting.pathOf(request), waited, now, others) ? DELAY : KEPT;
  }

  /** Who is shed for that reason as `request` could start: one of a lower rank that waits goes before it (LAW-9). */
  droppedFor(request: number, reason: Reason): number {
    if (reason !== DELAY) return request;
    const { queue } = this;
    const below = this.displacedFrom(queue.rankOf(queue.laneOf(request)));
    return below === NO_REQUEST ? request : below;
  }

  /** Whether an arrival may start past an empty queue, as far as the limit is concerned. */
  get isPassable(): boolean {
    return this.queue.length === 0 && this.isBelowLimit;
  }

  /** A waiting request starts. */
  start(request: number, waiting: WaitingView, now: Instant): void {
    const { rule, policy } = this;
    const lane = rule.queue.laneOf(request);
    rule.leave(request);
    rule.started(request, waiting.inputTokensOf(request), now);
    this.#starts(request, lane, waiting, now);
    if (!this.#policyLearns) return;
    policy.started(waiting.pathOf(request), since(now, waiting.arrivedAtOf(request)), now);
  }

  /** A request starts that has never waited; `lane` is that of its path. */
  startAtOnce(request: number, lane: number, account: number, waiting: WaitingView, now: Instant): void {
    if (this.#seesAll) this.rule.passed(request, lane, account, waiting.inputTokensOf(request), now);
    this.#starts(request, lane, waiting, now);
    if (this.#policyLearns) this.policy.started(waiting.pathOf(request), NO_WAIT, now);
  }

  #starts(request: number, lane: number, waiting: WaitingView, now: Instant): void {
    this.#inside++;
    this.#running?.join(request, lane % this.#running.ranks.length);
    if (!this.#limitLearns) return;
    if (request >= this.#startedAt.length) this.#grow(request);
    this.#startedAt[request] = now;
    this.#firstTokenAt[request] = NEVER;
    if (this.weighs) this.limit.entered(request, waiting.factsOf(request), this.#inside, now);
  }

  /** A request that starts has more or less of its prompt cached than its facts said; they now say it. */
  foundCached(request: number, facts: RequestFacts): void {
    if (this.weighs) this.limit.foundCached?.(request, facts);
  }

  /** A request that had started has its first token. */
  firstToken(request: number, now: Instant): void {
    if (!this.#limitLearns) return;
    const { limit } = this;
    const before = limit.most;
    this.#firstTokenAt[request] = now;
    limit.firstToken(request, this.#startedAt[request]! as Instant, this.#inside, now);
    if (limit.most > before || this.weighs) this.#grows();
  }

  /** A request that had started is inside no longer. It is settled next. */
  left(request: number): void {
    this.#inside--;
    assert(this.#inside >= 0, "LAW-10: a request leaves a pool once");
    this.#running?.leave(request);
  }

  /** Called once for each request that joined (LAW-10). */
  settle(request: number, path: number, settlement: Settlement, outputTokens: number, now: Instant): void {
    this.policy.settle(path, settlement, now);
    this.rule.settled(request, outputTokens, now);
    if (this.#limitLearns) this.#tellLimit(request, settlement, outputTokens, now);
  }

  #tellLimit(request: number, settlement: Settlement, outputTokens: number, now: Instant): void {
    const startedAt = this.#startedAt[request] ?? NEVER;
    if (startedAt === NEVER) return;
    const before = this.limit.most;
    const stay = this.#stay;
    stay.startedAt = startedAt as Instant;
    stay.firstTokenAt = this.#firstTokenAt[request]! as Instant;
    stay.leftAt = now;
    stay.outputTokens = outputTokens;
    stay.settlement = settlement;
    this.#startedAt[request] = NEVER;
    this.limit.left(request, stay, this.#inside);
    if (this.limit.most > before) this.#grows();
  }

  /** Where none waits there is none to start. */
  #grows(): void {
    if (this.queue.length > 0) this.hasGrown = true;
  }

  #grow(request: number): void {
    const before = this.#startedAt.length;
    const size = Math.max(request + 1, before * 2, 64);
    this.#startedAt = grown(this.#startedAt, size).fill(NEVER, before);
    this.#firstTokenAt = grown(this.#firstTokenAt, size);
  }
}
