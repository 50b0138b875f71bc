// The book of a run: every attempt is entered once and leaves in exactly one column. Counts and sketches per
// tier; memory does not grow with the number of attempts. Knows tiers as integers, not their names.
//
// What counts: an attempt belongs to the measured window when it arrived in it, whenever it ends. Waits and first
// tokens are entered as they happen, so that a run that stops does not lose those of attempts still under way;
// latencies and speeds are known, and entered, only at completion.
import { assert } from "../../base/assert.js";
import { Outcome, outcomeOf, type Reason } from "../../base/outcome.js";
import { type Instant, MICROS_PER_SECOND, START } from "../../base/units.js";
import { AccountCounts, type TokenPrice } from "./account-counts.js";
import { RunBatches } from "./run-batches.js";
import { TierColumns } from "./tier-columns.js";

/** Times of one completed attempt, as the ledger needs them. */
export interface CompletedAttempt {
  readonly arrivedAt: Instant;
  readonly firstTokenAt: Instant;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
}

export class Ledger {
  readonly tiers: readonly TierColumns[];
  readonly accounts: AccountCounts;
  readonly #batches: RunBatches | undefined;
  readonly #measuredFrom: Instant;
  readonly #measuredUntil: Instant;
  /** Over the whole run, warm-up included: what conservation is asserted on. */
  #attemptsEver = 0;
  #endedEver = 0;
  /** Of those that began in the measured window. */
  #openAttempts = 0;
  #openRequests = 0;
  #windowOpen: boolean;

  /**
   * The measured window is from the one instant up to, but not at, the other. Prices are by tier. Without batches a run
   * is a little faster, and says nothing of how far it varies.
   */
  constructor(
    tiers: number,
    measuredFrom: Instant,
    measuredUntil: Instant,
    prices: readonly (TokenPrice | null)[] = [],
    hasBatches = true,
  ) {
    this.accounts = new AccountCounts(prices);
    this.tiers = Array.from({ length: tiers }, () => new TierColumns());
    this.#batches = hasBatches ? new RunBatches(tiers, measuredFrom, measuredUntil) : undefined;
    this.#measuredFrom = measuredFrom;
    this.#windowOpen = measuredFrom === START;
    this.#measuredUntil = measuredUntil;
  }

  /** Attempts that arrived in the measured window and have not ended so far. */
  get openAttempts(): number {
    return this.#openAttempts;
  }

  /** Requests that came up in it, and are neither completed nor given up so far. */
  get openRequests(): number {
    return this.#openRequests;
  }

  isMeasured(at: Instant): boolean {
    return at >= this.#measuredFrom && at < this.#measuredUntil;
  }

  requestOffered(tier: number, at: Instant): void {
    if (!this.isMeasured(at)) return;
    this.#openRequests++;
    this.tiers[tier]!.requestsOffered++;
    const batch = this.#batches?.columns(tier, at);
    if (batch !== undefined) batch.requestsOffered++;
  }

  /** Another attempt for a request leaves, wherever it goes: it counts by when its request came up. */
  requestAttempted(tier: number, offeredAt: Instant): void {
    if (!this.isMeasured(offeredAt)) return;
    this.tiers[tier]!.requestAttempts++;
    const batch = this.#batches?.columns(tier, offeredAt);
    if (batch !== undefined) batch.requestAttempts++;
  }

  /** A logical request is over: completed, or given up by its client. */
  requestEnded(tier: number, offeredAt: Instant, reason: Reason): void {
    if (!this.isMeasured(offeredAt)) return;
    this.#openRequests--;
    this.tiers[tier]!.requestEnded(reason);
    this.#batches?.columns(tier, offeredAt).requestEnded(reason);
  }

  /** A client tries again what has failed for that reason. */
  retried(tier: number, offeredAt: Instant, reason: Reason): void {
    if (this.isMeasured(offeredAt)) this.tiers[tier]!.retries[reason]!++;
  }

  clientRejected(tier: number, now: Instant): void {
    if (this.isMeasured(now)) this.tiers[tier]!.clientRejected++;
  }

  hedged(tier: number, now: Instant): void {
    if (this.isMeasured(now)) this.tiers[tier]!.hedges++;
  }

  /** Work for an attempt that has left without its caller getting it whole. */
  wasted(tier: number, prefillTokens: number, decodeTokens: number): void {
    if (!this.#windowOpen) return;
    this.tiers[tier]!.wastedPrefillTokens += prefillTokens;
    this.tiers[tier]!.wastedDecodeTokens += decodeTokens;
  }

  attemptArrived(tier: number, at: Instant, account = 0): void {
    this.#attemptsEver++;
    if (!this.isMeasured(at)) return;
    this.#openAttempts++;
    this.tiers[tier]!.attempts++;
    const batch = this.#batches?.columns(tier, at);
    if (batch !== undefined) batch.attempts++;
    this.accounts.arrived(account);
  }

  attemptStarted(tier: number, arrivedAt: Instant, now: Instant): void {
    if (!this.isMeasured(arrivedAt)) return;
    const wait = (now - arrivedAt) / MICROS_PER_SECOND;
    this.tiers[tier]!.queueWait.add(wait);
    this.#batches?.columns(tier, arrivedAt).queueWait.add(wait);
  }

  firstToken(tier: number, arrivedAt: Instant, now: Instant): void {
    if (!this.isMeasured(arrivedAt)) return;
    const wait = (now - arrivedAt) / MICROS_PER_SECOND;
    this.tiers[tier]!.ttft.add(wait);
    this.#batches?.columns(tier, arrivedAt).ttft.add(wait);
  }

  /** An attempt that got no answer: refused, timed out, cancelled or invalid. */
  attemptFailed(tier: number, arrivedAt: Instant, reason: Reason, account = 0): void {
    this.#endedEver++;
    if (!this.isMeasured(arrivedAt)) return;
    this.#openAttempts--;
    this.tiers[tier]!.attemptFailed(reason);
    this.#batches?.columns(tier, arrivedAt).attemptFailed(reason);
    this.accounts.failed(account, outcomeOf(reason));
  }

  attemptCompleted(tier: number, attempt: CompletedAttempt, now: Instant, account = 0): void {
    this.#endedEver++;
    if (!this.isMeasured(attempt.arrivedAt)) return;
    this.#openAttempts--;
    const { inputTokens, cachedTokens, outputTokens } = attempt;
    const latency = (now - attempt.arrivedAt) / MICROS_PER_SECOND;
    const streaming = now - attempt.firstTokenAt;
    const hasSpeed = outputTokens > 1 && streaming > 0;
    const speed = hasSpeed ? ((outputTokens - 1) * MICROS_PER_SECOND) / streaming : Number.NaN;
    const columns = this.tiers[tier]!;
    columns.attemptCompleted(latency, speed);
    columns.tokensCompleted(inputTokens, cachedTokens, outputTokens);
    this.#batches?.columns(tier, attempt.arrivedAt).attemptCompleted(latency, speed);
    this.accounts.completed(account, tier, inputTokens, cachedTokens, outputTokens);
  }

  /** Tokens of an attempt that has stopped generating, or is still at it when the window closes. */
  tokensGenerated(tier: number, tokens: number): void {
    if (this.#windowOpen) this.tiers[tier]!.generatedTokens += tokens;
  }

  /** What is generated from here on counts as throughput; told of a ledger whose window does not open at the start. */
  windowOpens(): void {
    this.#windowOpen = true;
  }

  /** What is generated from here on does not. */
  windowCloses(): void {
    this.#windowOpen = false;
  }

  /** Takes off what running attempts had generated before the measured window opened. */
  tokensBeforeWindow(tier: number, tokens: number): void {
    this.tiers[tier]!.generatedTokens -= tokens;
  }

  /** An attempt that is still under way when the run stops. */
  attemptInFlight(tier: number, arrivedAt: Instant): void {
    this.#endedEver++;
    if (!this.isMeasured(arrivedAt)) return;
    this.tiers[tier]!.outcomes[Outcome.inFlight]!++;
    const batch = this.#batches?.columns(tier, arrivedAt);
    if (batch !== undefined) batch.outcomes[Outcome.inFlight]!++;
  }

  /** A request whose client is not done with it when the run stops. */
  requestOpen(tier: number, offeredAt: Instant): void {
    if (!this.isMeasured(offeredAt)) return;
    this.tiers[tier]!.requestsOpen++;
    const batch = this.#batches?.columns(tier, offeredAt);
    if (batch !== undefined) batch.requestsOpen++;
  }

  /**
   * The measured window cut into up to 64 stretches of equal length, in order of time, each with its tiers. What
   * belongs to a stretch is what arrived in it: outcomes, times and speeds of attempts, and ends of requests; nothing
   * else. None if it was told to do without.
   */
  batches(): readonly (readonly TierColumns[])[] {
    return this.#batches?.all ?? [];
  }

  /** LAW-1: attempts and requests ended in exactly one column. Call once, when those in flight have been entered. */
  assertConserved(): void {
    assert(this.#attemptsEver === this.#endedEver, "LAW-1: every attempt ends exactly once");
    for (const [tier, columns] of this.tiers.entries()) {
      const ended = columns.outcomes.reduce((sum, count) => sum + count, 0);
      assert(ended === columns.attempts, "LAW-1: the outcomes of a tier add up to its attempts");
      const { requestsOffered, requestsCompleted, requestsFailed, requestsOpen } = columns;
      const answered = requestsCompleted + requestsFailed + requestsOpen;
      assert(answered === requestsOffered, "LAW-1: every request is completed, failed or open");
      if (this.#batches === undefined) continue;
      const batched = this.#batches.all.reduce((sum, batch) => sum + batch[tier]!.attempts, 0);
      assert(batched === columns.attempts, "LAW-1: every attempt is in one batch");
    }
  }
}
