// The book of a run: every attempt is entered once and leaves in exactly one column. Counts and sketches by tier and
// source, and by tracked account; memory does not grow with the number of attempts. Knows integers, not their names.
//
// What counts: an attempt belongs to the measured window when it arrived in it, whenever it ends. Waits and first
// tokens are entered as they happen, so that a run that stops does not lose those of attempts still under way;
// latencies and speeds are known, and entered, only at completion.
import { assert } from "../../base/assert.js";
import { NONE } from "../../base/none.js";
import { outcomeOf, type Reason } from "../../base/outcome.js";
import { type Instant, MICROS_PER_SECOND, START } from "../../base/units.js";
import { AccountCounts, type TokenPrice } from "./account-counts.js";
import { Cohorts } from "./cohorts.js";
import { CrossTable } from "./cross-table.js";
import { meetsObjective, type Objective } from "./objective.js";
import { RunBatches } from "./run-batches.js";
import type { TierColumns } from "./tier-columns.js";
import { Entry, TrackedAccounts } from "./tracked-accounts.js";

/** Times of one completed attempt, as the ledger needs them. */
export interface CompletedAttempt {
  readonly arrivedAt: Instant;
  readonly firstTokenAt: Instant;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  /** The tier as which it was served: what it costs is by that. */
  readonly servedTier: number;
}

/** Callers that are not told apart. */
export const ALL_ALIKE: Cohorts = new Cohorts(["all"]);

export class Ledger {
  /** Every attempt and request, by tier and source. */
  readonly table: CrossTable;
  readonly accounts: AccountCounts;
  readonly #prices: readonly (TokenPrice | null)[];
  readonly #objectives: readonly (Objective | undefined)[];
  readonly #batches: RunBatches | undefined;
  readonly #tracked: TrackedAccounts;
  readonly #sourceOf: Int32Array;
  readonly #trackedOf: Int32Array;
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
   * is a little faster, and says nothing of how far it varies. Without cohorts all callers are alike. Objectives are by
   * tier: one that has none is met by whatever completes.
   */
  constructor(
    tiers: number,
    measuredFrom: Instant,
    measuredUntil: Instant,
    prices: readonly (TokenPrice | null)[] = [],
    hasBatches = true,
    cohorts: Cohorts = ALL_ALIKE,
    objectives: readonly (Objective | undefined)[] = [],
  ) {
    // One for each tier, those that have none among them: every completion looks there.
    this.#objectives = Array.from({ length: tiers }, (_, tier) => objectives[tier]);
    this.accounts = new AccountCounts(tiers, prices);
    this.#prices = prices;
    const sources = cohorts.sources.length;
    this.table = new CrossTable(tiers, sources);
    this.#tracked = new TrackedAccounts(tiers, cohorts.accounts.length);
    this.#batches = hasBatches ? new RunBatches(tiers, sources, measuredFrom, measuredUntil) : undefined;
    this.#sourceOf = cohorts.sourceOfEach();
    this.#trackedOf = cohorts.trackedOfEach();
    this.#measuredFrom = measuredFrom;
    this.#windowOpen = measuredFrom === START;
    this.#measuredUntil = measuredUntil;
  }

  /** What is of tracked accounts, once more: by tier and account. */
  get tracked(): CrossTable {
    return this.#tracked.table;
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

  requestOffered(tier: number, at: Instant, cohort = 0): void {
    if (!this.isMeasured(at)) return;
    this.#openRequests++;
    const source = this.#sourceOf[cohort]!;
    this.table.at(tier, source).requestOffered();
    this.#batches?.columns(tier, source, at).requestOffered();
    this.#note(Entry.requestOffered, tier, cohort);
  }

  /** Another attempt for a request leaves, wherever it goes: it counts by when its request came up. */
  requestAttempted(tier: number, offeredAt: Instant, cohort = 0): void {
    if (!this.isMeasured(offeredAt)) return;
    const source = this.#sourceOf[cohort]!;
    this.table.at(tier, source).requestAttempted();
    this.#batches?.columns(tier, source, offeredAt).requestAttempted();
    this.#note(Entry.requestAttempted, tier, cohort);
  }

  /** A logical request is over: completed, or given up by its client. It asked for so many prompt and output tokens. */
  requestEnded(tier: number, offeredAt: Instant, reason: Reason, account = 0, cohort = 0, tokens = 0): void {
    if (!this.isMeasured(offeredAt)) return;
    this.#openRequests--;
    const source = this.#sourceOf[cohort]!;
    this.table.at(tier, source).requestEnded(reason);
    this.#batches?.columns(tier, source, offeredAt).requestEnded(reason);
    this.#note(Entry.requestEnded, tier, cohort, reason);
    this.accounts.requestEnded(account, tier, outcomeOf(reason), tokens);
  }

  /** A client tries again what has failed for that reason. */
  retried(tier: number, offeredAt: Instant, reason: Reason, cohort = 0): void {
    if (!this.isMeasured(offeredAt)) return;
    this.table.at(tier, this.#sourceOf[cohort]!).retries[reason]!++;
    this.#note(Entry.retried, tier, cohort, reason);
  }

  clientRejected(tier: number, now: Instant, cohort = 0): void {
    if (!this.isMeasured(now)) return;
    this.table.at(tier, this.#sourceOf[cohort]!).clientRejected++;
    this.#note(Entry.clientRejected, tier, cohort);
  }

  hedged(tier: number, now: Instant, cohort = 0): void {
    if (!this.isMeasured(now)) return;
    this.table.at(tier, this.#sourceOf[cohort]!).hedges++;
    this.#note(Entry.hedged, tier, cohort);
  }

  /** Work for an attempt that has left without its caller getting it whole. */
  wasted(tier: number, prefillTokens: number, decodeTokens: number, cohort = 0): void {
    if (!this.#windowOpen) return;
    this.table.at(tier, this.#sourceOf[cohort]!).wasted(prefillTokens, decodeTokens);
    this.#note(Entry.wasted, tier, cohort, prefillTokens, decodeTokens);
  }

  attemptArrived(tier: number, at: Instant, account = 0, cohort = 0): void {
    this.#attemptsEver++;
    if (!this.isMeasured(at)) return;
    this.#openAttempts++;
    const source = this.#sourceOf[cohort]!;
    this.table.at(tier, source).attemptArrived();
    this.#batches?.columns(tier, source, at).attemptArrived();
    this.#note(Entry.attemptArrived, tier, cohort);
    this.accounts.arrived(account, tier);
  }

  attemptStarted(tier: number, arrivedAt: Instant, now: Instant, cohort = 0): void {
    if (!this.isMeasured(arrivedAt)) return;
    const wait = (now - arrivedAt) / MICROS_PER_SECOND;
    const source = this.#sourceOf[cohort]!;
    this.table.at(tier, source).queueWait.add(wait);
    this.#batches?.columns(tier, source, arrivedAt).queueWait.add(wait);
    this.#note(Entry.attemptStarted, tier, cohort, wait);
  }

  firstToken(tier: number, arrivedAt: Instant, now: Instant, cohort = 0): void {
    if (!this.isMeasured(arrivedAt)) return;
    const wait = (now - arrivedAt) / MICROS_PER_SECOND;
    const source = this.#sourceOf[cohort]!;
    this.table.at(tier, source).ttft.add(wait);
    this.#batches?.columns(tier, source, arrivedAt).ttft.add(wait);
    this.#note(Entry.firstToken, tier, cohort, wait);
  }

  /**
   * An attempt that got no answer: refused, timed out, cancelled or invalid. With the status that its caller saw, 0 for
   * none, and whether status and code name another cause.
   */
  attemptFailed(
    tier: number,
    arrivedAt: Instant,
    reason: Reason,
    account = 0,
    cohort = 0,
    status = 0,
    isMisread = false,
  ): void {
    this.#endedEver++;
    if (!this.isMeasured(arrivedAt)) return;
    this.#openAttempts--;
    const source = this.#sourceOf[cohort]!;
    this.table.at(tier, source).attemptFailed(reason, status, isMisread);
    this.#batches?.columns(tier, source, arrivedAt).attemptFailed(reason, status, isMisread);
    this.#note(Entry.attemptFailed, tier, cohort, reason, status, isMisread ? 1 : 0);
    this.accounts.failed(account, tier, outcomeOf(reason));
  }

  attemptCompleted(tier: number, attempt: CompletedAttempt, now: Instant, account = 0, cohort = 0): void {
    this.#endedEver++;
    if (!this.isMeasured(attempt.arrivedAt)) return;
    this.#openAttempts--;
    const { inputTokens, cachedTokens, outputTokens, servedTier } = attempt;
    const latency = (now - attempt.arrivedAt) / MICROS_PER_SECOND;
    const streaming = now - attempt.firstTokenAt;
    const hasSpeed = outputTokens > 1 && streaming > 0;
    const speed = hasSpeed ? ((outputTokens - 1) * MICROS_PER_SECOND) / streaming : Number.NaN;
    const source = this.#sourceOf[cohort]!;
    const columns = this.table.at(tier, source);
    columns.attemptCompleted(latency, speed);
    columns.tokensCompleted(inputTokens, cachedTokens, outputTokens);
    this.#batches?.columns(tier, source, attempt.arrivedAt).attemptCompleted(latency, speed);
    this.#note(Entry.attemptCompleted, tier, cohort, latency, speed);
    if (!meetsObjective(this.#objectives[tier], attempt.firstTokenAt - attempt.arrivedAt, speed)) {
      columns.objectiveMissed(outputTokens);
      this.#note(Entry.objectiveMissed, tier, cohort, outputTokens);
    }
    this.#note(Entry.tokensCompleted, tier, cohort, inputTokens, cachedTokens, outputTokens);
    if (servedTier !== tier) this.#shiftCost(tier, attempt, cohort);
    this.accounts.completed(account, servedTier, inputTokens, cachedTokens, outputTokens);
  }

  /** What is served as another tier costs what that does: the difference to its own tier's price. */
  #shiftCost(tier: number, attempt: CompletedAttempt, cohort: number): void {
    const { inputTokens, cachedTokens, outputTokens, servedTier } = attempt;
    const [asked, served] = [this.#prices[tier], this.#prices[servedTier]];
    if (!asked || !served) return;
    const input = (inputTokens - cachedTokens) * (served.input - asked.input);
    const cached = cachedTokens * (served.cached - asked.cached);
    const output = outputTokens * (served.output - asked.output);
    this.table.at(tier, this.#sourceOf[cohort]!).costShifted(input, cached, output);
    this.#note(Entry.costShifted, tier, cohort, input, cached, output);
  }

  /** An attempt is served as another tier than it asked for. */
  demoted(tier: number, arrivedAt: Instant, cohort = 0): void {
    if (!this.isMeasured(arrivedAt)) return;
    this.table.at(tier, this.#sourceOf[cohort]!).demoted++;
    this.#note(Entry.demoted, tier, cohort);
  }

  /** An attempt is served in another pool than its tier's own. */
  spilled(tier: number, arrivedAt: Instant, cohort = 0): void {
    if (!this.isMeasured(arrivedAt)) return;
    this.table.at(tier, this.#sourceOf[cohort]!).spilled++;
    this.#note(Entry.spilled, tier, cohort);
  }

  /** Tokens of an attempt that has stopped generating, or is still at it when the window closes. */
  tokensGenerated(tier: number, tokens: number, cohort = 0): void {
    if (this.#windowOpen) this.#generated(tier, tokens, cohort);
  }

  /** Takes off what running attempts had generated before the measured window opened. */
  tokensBeforeWindow(tier: number, tokens: number, cohort = 0): void {
    this.#generated(tier, -tokens, cohort);
  }

  #generated(tier: number, tokens: number, cohort: number): void {
    this.table.at(tier, this.#sourceOf[cohort]!).generated(tokens);
    this.#note(Entry.tokensGenerated, tier, cohort, tokens);
  }

  /** What is generated from here on counts as throughput; told of a ledger whose window does not open at the start. */
  windowOpens(): void {
    this.#windowOpen = true;
  }

  /** What is generated from here on does not. */
  windowCloses(): void {
    this.#windowOpen = false;
  }

  /** An attempt that is still under way when the run stops. */
  attemptInFlight(tier: number, arrivedAt: Instant, cohort = 0): void {
    this.#endedEver++;
    if (!this.isMeasured(arrivedAt)) return;
    const source = this.#sourceOf[cohort]!;
    this.table.at(tier, source).attemptInFlight();
    this.#batches?.columns(tier, source, arrivedAt).attemptInFlight();
    this.#note(Entry.attemptInFlight, tier, cohort);
  }

  /** A request whose client is not done with it when the run stops. */
  requestOpen(tier: number, offeredAt: Instant, cohort = 0): void {
    if (!this.isMeasured(offeredAt)) return;
    const source = this.#sourceOf[cohort]!;
    this.table.at(tier, source).requestOpen();
    this.#batches?.columns(tier, source, offeredAt).requestOpen();
    this.#note(Entry.requestOpen, tier, cohort);
  }

  /** What is of a tracked account counts there as well. */
  #note(entry: Entry, tier: number, cohort: number, one = 0, two = 0, three = 0): void {
    const account = this.#trackedOf[cohort]!;
    if (account !== NONE) this.#tracked.note(entry, tier, account, one, two, three);
  }

  /**
   * The measured window cut into up to 64 stretches of equal length, in order of time, by tier and source. What belongs
   * to a stretch is what arrived in it: outcomes, times and speeds of attempts, and ends of requests; nothing else.
   * None if it was told to do without.
   */
  batches(): readonly CrossTable[] {
    return this.#batches?.all ?? [];
  }

  /** LAW-1: attempts and requests ended in exactly one column. Call once, when those in flight have been entered. */
  assertConserved(): void {
    assert(this.#attemptsEver === this.#endedEver, "LAW-1: every attempt ends exactly once");
    let [attempts, requests] = [0, 0];
    for (const { columns } of this.table.cells()) {
      attempts += columns.attempts;
      requests += columns.requestsCompleted + columns.requestsGivenUp;
      const ended = columns.outcomes.reduce((sum, count) => sum + count, 0);
      assert(ended === columns.attempts, "LAW-1: the outcomes of a tier add up to its attempts");
      const { requestsOffered, requestsCompleted, requestsFailed, requestsOpen } = columns;
      const answered = requestsCompleted + requestsFailed + requestsOpen;
      assert(answered === requestsOffered, "LAW-1: every request is completed, failed or open");
    }
    for (let tier = 0; tier < this.table.tiers && this.#batches !== undefined; tier++) {
      const batched = this.#batches.all.flatMap((batch) => batch.cellsOf(tier));
      const isWhole = attemptsOf(batched) === attemptsOf(this.table.cellsOf(tier));
      assert(isWhole, "LAW-1: every attempt is in one batch");
    }
    assert(this.accounts.total("attempts") === attempts, "LAW-1: every attempt is of one account");
    const ended = this.accounts.total("endedRequests");
    assert(ended === requests, "LAW-1: every valid request that ended is of one account");
  }
}

function attemptsOf(cells: readonly TierColumns[]): number {
  return cells.reduce((sum, { attempts }) => sum + attempts, 0);
}
