// Admission to one pool: its concurrency limit, its policy and its queue rule in one place. Says what becomes of an
// arrival, who starts next, whom a queue over its bound has to let go and how long a wait may be; and is told of every
// start, first token and end, so that each of the three learns what is its own. It knows no replica: whether a request
// fits anywhere is the pool's.
import { assert } from "../../base/assert.js";
import { grown } from "../../base/grown.js";
import { after, type Instant, NEVER } from "../../base/units.js";
import type { ConcurrencyLimit, Stay } from "./concurrency/limit.js";
import type { AdmissionPolicy, Occupancy, Settlement } from "./policies/policy.js";
import { NO_REQUEST, type RequestQueue } from "./queue/queue.js";
import type { QueueRule, WaitingView } from "./queue/rule.js";
import type { RequestFacts } from "./request-facts.js";
import type { PoolSignals } from "./signals.js";
import type { Verdict } from "./verdict.js";

export interface AdmissionParts {
  readonly limit: ConcurrencyLimit;
  readonly policy: AdmissionPolicy;
  readonly rule: QueueRule;
}

type Writable<View> = { -readonly [Key in keyof View]: View[Key] };

/**
 * Who gets into one pool, made of a concurrency limit, a policy and a queue rule. Times are whole microseconds;
 * throws where something leaves that is not inside (LAW-10).
 */
export class Admission {
  readonly limit: ConcurrencyLimit;
  readonly policy: AdmissionPolicy;
  readonly rule: QueueRule;
  readonly queue: RequestQueue;
  /** Whether the limit has grown since the pool was last asked to start what may: room that no one has left. */
  hasGrown = false;
  #inside = 0;
  /** Without a limit nothing is reckoned with infinity: whole numbers stay whole numbers. */
  readonly #isUnlimited: boolean;
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
  }

  /** Requests that have started and not left. */
  get inside(): number {
    return this.#inside;
  }

  /** Whether the limit lets one more start. */
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
    return this.policy.decide(facts, signals, now);
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
  join(request: number, lane: number, account: number): void {
    this.rule.join(request, lane, account);
  }

  /** A waiting request leaves without having started. */
  leave(request: number): void {
    this.rule.leave(request);
  }

  /** Who starts next, by the rule, of those that the policy lets; NO_REQUEST for none. Ask only below the limit. */
  next(waiting: WaitingView, occupancy: Occupancy): number {
    return this.rule.next(this.policy, waiting, occupancy);
  }

  /** Whether an arrival may start past an empty queue, as far as the limit and the rule are concerned. */
  get isPassable(): boolean {
    return !this.rule.seesAll && this.queue.length === 0 && this.isBelowLimit;
  }

  /** A waiting request starts. */
  start(request: number, inputTokens: number, now: Instant): void {
    this.rule.leave(request);
    this.rule.started(request, inputTokens);
    this.startAtOnce(request, now);
  }

  /** A request starts that has never waited. */
  startAtOnce(request: number, now: Instant): void {
    this.#inside++;
    if (!this.limit.learns) return;
    if (request >= this.#startedAt.length) this.#grow(request);
    this.#startedAt[request] = now;
    this.#firstTokenAt[request] = NEVER;
  }

  /** A request that had started has its first token. */
  firstToken(request: number, now: Instant): void {
    if (!this.limit.learns) return;
    const before = this.limit.most;
    this.#firstTokenAt[request] = now;
    this.limit.firstToken(this.#startedAt[request]! as Instant, this.#inside, now);
    if (this.limit.most > before) this.hasGrown = true;
  }

  /** A request that had started is inside no longer. It is settled next. */
  left(): void {
    this.#inside--;
    assert(this.#inside >= 0, "LAW-10: a request leaves a pool once");
  }

  /** Called once for each request that joined (LAW-10). */
  settle(request: number, path: number, settlement: Settlement, outputTokens: number, now: Instant): void {
    this.policy.settle(path, settlement, now);
    this.rule.settled(request, outputTokens);
    if (this.limit.learns) this.#tellLimit(request, settlement, outputTokens, now);
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
    this.limit.left(stay, this.#inside);
    if (this.limit.most > before) this.hasGrown = true;
  }

  #grow(request: number): void {
    const before = this.#startedAt.length;
    const size = Math.max(request + 1, before * 2, 64);
    this.#startedAt = grown(this.#startedAt, size).fill(NEVER, before);
    this.#firstTokenAt = grown(this.#firstTokenAt, size);
  }
}
