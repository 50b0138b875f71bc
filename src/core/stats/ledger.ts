// The book of a run: every attempt is entered once and leaves in exactly one column. Counts and sketches per
// tier; memory does not grow with the number of attempts. Knows tiers as integers and nothing about who they are.
//
// What counts: an attempt belongs to the measured window when it arrived in it, whenever it ends. Waits and first
// tokens are entered as they happen, so that a run that stops does not lose those of attempts still under way;
// latencies and speeds are known, and entered, only at completion.
import { assert } from "../base/assert.js";
import { OUTCOMES, Outcome, outcomeOf, REASONS, type Reason } from "../base/outcome.js";
import { type Instant, MICROS_PER_SECOND, START } from "../base/units.js";
import { QuantileSketch } from "./quantile-sketch.js";

/** Resolution of the sketches: a microsecond for times, a thousandth of a token per second for speeds. */
const TIME_UNIT = 1 / MICROS_PER_SECOND;
const SPEED_UNIT = 1e-3;

export class TierColumns {
  attempts = 0;
  readonly outcomes: Float64Array = new Float64Array(OUTCOMES.length);
  readonly reasons: Float64Array = new Float64Array(REASONS.length);
  requestsOffered = 0;
  requestsCompleted = 0;
  requestsFailed = 0;
  /** Of the failed, those that their clients gave up after a refusal or a timeout. */
  requestsGivenUp = 0;
  /** Neither, when the run stopped. */
  requestsOpen = 0;
  /** Failures that a client followed up with another attempt, by reason. */
  readonly retries: Float64Array = new Float64Array(REASONS.length);
  /** Tries that a client did not let leave, and second attempts that it sent beside a first. */
  clientRejected = 0;
  hedges = 0;
  /** Work for attempts whose callers never got it whole: prompt tokens computed, tokens generated. */
  wastedPrefillTokens = 0;
  wastedDecodeTokens = 0;
  inputTokens = 0;
  cachedTokens = 0;
  outputTokens = 0;
  /** Tokens generated inside the measured window, by whomever. */
  generatedTokens = 0;
  readonly ttft: QuantileSketch = new QuantileSketch({ unit: TIME_UNIT });
  readonly tokensPerSecond: QuantileSketch = new QuantileSketch({ unit: SPEED_UNIT });
  readonly latency: QuantileSketch = new QuantileSketch({ unit: TIME_UNIT });
  readonly queueWait: QuantileSketch = new QuantileSketch({ unit: TIME_UNIT });
}

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
  readonly #measuredFrom: Instant;
  readonly #measuredUntil: Instant;
  /** Over the whole run, warm-up included: what conservation is asserted on. */
  #attemptsEver = 0;
  #endedEver = 0;
  #windowOpen: boolean;

  /** The measured window is from the one instant up to, but not at, the other. */
  constructor(tiers: number, measuredFrom: Instant, measuredUntil: Instant) {
    this.tiers = Array.from({ length: tiers }, () => new TierColumns());
    this.#measuredFrom = measuredFrom;
    this.#windowOpen = measuredFrom === START;
    this.#measuredUntil = measuredUntil;
  }

  isMeasured(at: Instant): boolean {
    return at >= this.#measuredFrom && at < this.#measuredUntil;
  }

  requestOffered(tier: number, at: Instant): void {
    if (this.isMeasured(at)) this.tiers[tier]!.requestsOffered++;
  }

  /** A logical request is over: completed, or given up by its client. */
  requestEnded(tier: number, offeredAt: Instant, reason: Reason): void {
    if (!this.isMeasured(offeredAt)) return;
    const columns = this.tiers[tier]!;
    const outcome = outcomeOf(reason);
    if (outcome === Outcome.completed) columns.requestsCompleted++;
    else {
      columns.requestsFailed++;
      if (outcome !== Outcome.invalid) columns.requestsGivenUp++;
    }
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

  attemptArrived(tier: number, at: Instant): void {
    this.#attemptsEver++;
    if (this.isMeasured(at)) this.tiers[tier]!.attempts++;
  }

  attemptStarted(tier: number, arrivedAt: Instant, now: Instant): void {
    if (this.isMeasured(arrivedAt)) this.tiers[tier]!.queueWait.add((now - arrivedAt) / MICROS_PER_SECOND);
  }

  firstToken(tier: number, arrivedAt: Instant, now: Instant): void {
    if (this.isMeasured(arrivedAt)) this.tiers[tier]!.ttft.add((now - arrivedAt) / MICROS_PER_SECOND);
  }

  /** An attempt that got no answer: refused, timed out, cancelled or invalid. */
  attemptFailed(tier: number, arrivedAt: Instant, reason: Reason): void {
    this.#endedEver++;
    if (!this.isMeasured(arrivedAt)) return;
    const columns = this.tiers[tier]!;
    columns.outcomes[outcomeOf(reason)]!++;
    columns.reasons[reason]!++;
  }

  attemptCompleted(tier: number, attempt: CompletedAttempt, now: Instant): void {
    this.#endedEver++;
    if (!this.isMeasured(attempt.arrivedAt)) return;
    const columns = this.tiers[tier]!;
    columns.outcomes[Outcome.completed]!++;
    columns.inputTokens += attempt.inputTokens;
    columns.cachedTokens += attempt.cachedTokens;
    columns.outputTokens += attempt.outputTokens;
    columns.latency.add((now - attempt.arrivedAt) / MICROS_PER_SECOND);
    const streaming = now - attempt.firstTokenAt;
    if (attempt.outputTokens > 1 && streaming > 0) {
      columns.tokensPerSecond.add(((attempt.outputTokens - 1) * MICROS_PER_SECOND) / streaming);
    }
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
    if (this.isMeasured(arrivedAt)) this.tiers[tier]!.outcomes[Outcome.inFlight]!++;
  }

  /** A request whose client is not done with it when the run stops. */
  requestOpen(tier: number, offeredAt: Instant): void {
    if (this.isMeasured(offeredAt)) this.tiers[tier]!.requestsOpen++;
  }

  /** LAW-1: attempts and requests ended in exactly one column. Call once, after everyone who has not ended. */
  assertConserved(): void {
    assert(this.#attemptsEver === this.#endedEver, "LAW-1: every attempt ends exactly once");
    for (const columns of this.tiers) {
      const ended = columns.outcomes.reduce((sum, count) => sum + count, 0);
      assert(ended === columns.attempts, "LAW-1: the outcomes of a tier add up to its attempts");
      const { requestsOffered, requestsCompleted, requestsFailed, requestsOpen } = columns;
      const answered = requestsCompleted + requestsFailed + requestsOpen;
      assert(answered === requestsOffered, "LAW-1: every request is completed, failed or open");
    }
  }
}
