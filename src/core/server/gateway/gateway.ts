// The gateway: one verdict per attempt, in the order outage or incident, account limit, admission to the pool.
// (Routing comes before, by the catalogue of paths, and placement after, in the fleet.) It sees request facts and
// dated signals; time and chance are arguments. The same object decides in a simulation and in a live server (LAW-14).
import { assert } from "../../base/assert.js";
import { Outcome, outcomeOf } from "../../base/outcome.js";
import { type Duration, duration, type Instant, MICROS_PER_SECOND } from "../../base/units.js";
import type { AccountLimits } from "./accounts/account-limits.js";
import type { Admission } from "./admission.js";
import type { CacheEstimator } from "./cached/estimator.js";
import type { Settlement } from "./policies/policy.js";
import { AnswerTable } from "./providers/answers.js";
import type { RequestFacts } from "./request-facts.js";
import type { SignalSource } from "./signals.js";
import { OUTAGE, SOFTENED, type Verdict } from "./verdict.js";

export interface RetryAfterOptions {
  /** Sent with a 503 overloaded; undefined sends none. */
  readonly overloaded: Duration | undefined;
  /** Sent with a 429: fixed, or when the account's bucket will hold enough again; undefined sends none. */
  readonly rateLimited: Duration | "estimate" | undefined;
  /** The `x-should-retry` header; undefined sends none. */
  readonly shouldRetry: {
    readonly overloaded?: boolean | undefined;
    readonly rateLimited?: boolean | undefined;
  };
  /** Spread as a share of the value: 0.5 turns 10 s into 5 to 15 s, and an estimate of 10 s into 10 to 15 s. */
  readonly jitter: number;
}

/** Real clients retry at once on 0: no wait is shorter. */
const RETRY_AFTER_LEAST = 1_000;
/**
 * Some of them ignore what is 60 s or more, and others obey it to the letter: a wait that is chosen stays below. One
 * that is reckoned is told as it is, since who comes sooner is refused again for certain.
 */
const CHOSEN_WAIT_MOST = 60 * MICROS_PER_SECOND - 1_000;
/** A time that no microsecond can count any more. */
const RECKONED_WAIT_MOST = Number.MAX_SAFE_INTEGER;

/** A partial outage: asked once for each attempt whether that one fails. */
export type Incident = () => boolean;

export interface GatewayOptions {
  /** By pool index. */
  readonly admissions: readonly Admission[];
  readonly limits: AccountLimits | undefined;
  /** By path: whether it has a detour for accounts over a soft limit; left out: none has. */
  readonly softens?: readonly boolean[] | undefined;
  readonly retryAfter: RetryAfterOptions;
  /** What causes are answered with; by default as the first provider has it. */
  readonly answers?: AnswerTable | undefined;
  readonly signals: SignalSource;
  /** By pool index: what of a prompt is taken to be cached; undefined where nothing looks at it, or nothing is kept. */
  readonly cached?: readonly (CacheEstimator | undefined)[] | undefined;
  /** Uniform on [0, 1): the jitter of retry-after. */
  readonly chance: () => number;
}

/**
 * One verdict per attempt: `decide(facts, now)` charges the account unless it rejects, `refused` says that this stands,
 * and `settle` what became of an attempt that was let in, once; `retryAfter` is what goes with a refusal, in
 * microseconds above 0.
 */
export class Gateway {
  /** Whether the limit of any pool learns from what becomes of requests. */
  readonly learns: boolean;
  /** What goes over the wire with a refusal, by its reason and path. */
  readonly answers: AnswerTable;
  readonly #options: GatewayOptions;
  /** By pool index: how many outages cover it right now. */
  readonly #outages: Int32Array;
  /** By pool index: the incidents under way, each of which fails some of the attempts. */
  readonly #incidents: readonly Incident[][];
  /** By pool index: both together, so that each attempt looks but once where there are none. */
  readonly #troubles: Int32Array;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.answers = options.answers ?? new AnswerTable();
    this.#outages = new Int32Array(options.admissions.length);
    this.#incidents = options.admissions.map(() => []);
    this.#troubles = new Int32Array(options.admissions.length);
    this.learns = options.admissions.some(({ limit }) => limit.learns);
  }

  admissionOf(pool: number): Admission {
    return this.#options.admissions[pool]!;
  }

  outageBegins(pool: number): void {
    this.#outages[pool]!++;
    this.#troubles[pool]!++;
  }

  outageEnds(pool: number): void {
    assert(this.#outages[pool]! > 0, "an outage that ends has begun");
    this.#outages[pool]!--;
    this.#troubles[pool]!--;
  }

  isOut(pool: number): boolean {
    return this.#outages[pool]! > 0;
  }

  /** From now on attempts in the pool fail where it says so, before anything else is asked. */
  incidentBegins(pool: number, incident: Incident): void {
    this.#incidents[pool]!.push(incident);
    this.#troubles[pool]!++;
  }

  incidentEnds(pool: number, incident: Incident): void {
    const place = this.#incidents[pool]!.indexOf(incident);
    assert(place >= 0, "an incident that ends has begun");
    this.#incidents[pool]!.splice(place, 1);
    this.#troubles[pool]!--;
  }

  /** Whether its attempts fail now, all or some. */
  isTroubled(pool: number): boolean {
    return this.#troubles[pool]! > 0;
  }

  /**
   * The verdict on an attempt as its path has it, or a detour of that. Charges the account where it is admitted or
   * waits; `refused` is to be told of a refusal that stands. Where the path has a detour for accounts over a soft
   * limit, it is SOFTENED, unless `isSoftened` says that the detours have been tried.
   */
  decide(facts: RequestFacts, now: Instant, isSoftened = false): Verdict {
    if (this.isTroubled(facts.pool) && this.#isUnavailable(facts.pool)) return OUTAGE;
    return this.decideUp(facts, now, isSoftened);
  }

  /** The same of an attempt that its pool is known not to fail now: incidents are asked once about each. */
  decideUp(facts: RequestFacts, now: Instant, isSoftened: boolean): Verdict {
    const { limits, admissions, signals } = this.#options;
    const refusal = limits?.charge(facts, now);
    if (refusal !== undefined) return refusal;
    if (!isSoftened && limits?.isOverSoftCap === true && this.#options.softens?.[facts.path] === true) {
      limits.withdraw(facts, now, now);
      return SOFTENED;
    }
    const verdict = admissions[facts.pool]!.decide(facts, signals(facts.pool, now), now);
    if (verdict.kind !== "admit" && verdict.kind !== "wait") limits?.withdraw(facts, now, now);
    return verdict;
  }

  /** An attempt is refused on arrival, with that verdict on it: what is shed may be charged all the same. */
  refused(reason: number, facts: RequestFacts, now: Instant): void {
    if (outcomeOf(reason) === Outcome.overloaded) this.#options.limits?.shedOnArrival(facts, now);
  }

  #isUnavailable(pool: number): boolean {
    return this.isOut(pool) || this.#incidents[pool]!.some((fails) => fails());
  }

  /**
   * Settles a request that `decide` let in at `decidedAt`. A shed one gets its charge back; the others pay what they
   * generated.
   */
  settle(
    request: number,
    facts: RequestFacts,
    settlement: Settlement,
    outputTokens: number,
    decidedAt: Instant,
    now: Instant,
  ): void {
    this.#options.admissions[facts.pool]!.settle(request, facts.path, settlement, outputTokens, now);
    if (settlement === "shed") this.#options.limits?.shed(facts, decidedAt, now);
    else this.#options.limits?.settleOutput(facts, outputTokens, decidedAt, now);
  }

  /** Whether anything looks at how much of a prompt is cached. */
  get estimatesCached(): boolean {
    return this.#options.cached !== undefined;
  }

  /** What estimates how much of a prompt for a pool is cached. */
  cacheEstimatorOf(pool: number): CacheEstimator | undefined {
    return this.#options.cached?.[pool];
  }

  /**
   * Of the prompt of a request that `decide` let in and that has started, so many more tokens are cached than its facts
   * said, or less where that is negative; they now say it.
   */
  foundCached(request: number, facts: RequestFacts, more: number, decidedAt: Instant, now: Instant): void {
    this.#options.limits?.foundCached(facts, more, decidedAt, now);
    this.#options.admissions[facts.pool]!.foundCached(request, facts);
  }

  /**
   * What `retry-after` goes with a refusal, as its caller's path has it; undefined for none. Above 0, and below 60 s
   * but for an estimate, which is as long as the wait is.
   */
  retryAfter(reason: number, facts: RequestFacts, now: Instant, path = facts.path): Duration | undefined {
    const { retryAfter, limits, chance } = this.#options;
    const { retry } = this.answers.of(reason, path);
    const isEstimate = retry === "rateLimited" && retryAfter.rateLimited === "estimate";
    let wait: Duration | undefined;
    if (isEstimate) wait = limits?.waitFor(facts, now);
    else if (retry !== undefined) wait = retryAfter[retry] as Duration | undefined;
    // An account within its limits waits for nothing: it is told as over them where all refusals look alike.
    if (wait === undefined || (isEstimate && wait === 0)) return undefined;
    // Less than the estimate would be a second 429 for certain, so that one is only ever made longer.
    const spread = 1 + retryAfter.jitter * (isEstimate ? chance() : 2 * chance() - 1);
    const most = isEstimate ? RECKONED_WAIT_MOST : CHOSEN_WAIT_MOST;
    return duration(Math.min(most, Math.max(RETRY_AFTER_LEAST, Math.round(wait * spread))));
  }

  /** What `x-should-retry` goes with a refusal on a path, or of none; undefined for none. */
  shouldRetry(reason: number, path?: number): boolean | undefined {
    const { retry } = this.answers.of(reason, path);
    return retry === undefined ? undefined : this.#options.retryAfter.shouldRetry[retry];
  }
}
