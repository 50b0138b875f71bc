// LAW-1 and Little's law: the checker's own totals of attempts, requests, tokens and time, compared with the result
// when the run is over. Counts must agree exactly; sums of reals to a few rounding errors.

import type { AttemptEnd } from "../../../src/core/api/observer.js";
import type { Price } from "../../../src/core/api/prices.js";
import { NONE } from "../../../src/core/base/none.js";
import { OUTCOMES, outcomeOf, REASONS } from "../../../src/core/base/outcome.js";
import { statusPlace } from "../../../src/core/base/status.js";
import type { Instant } from "../../../src/core/base/units.js";
import type { Engine } from "../../../src/core/engine/engine.js";
import type { Objective } from "../../../src/core/results/ledger/objective.js";
import type { PoolResult } from "../../../src/core/results/metrics/pools.js";
import type { SliceResult, TierResult } from "../../../src/core/results/metrics/tier.js";
import type { RunResult } from "../../../src/core/results/shape/result.js";
import type { Scenario } from "../../../src/core/scenario/schema.js";
import { AccountTotals } from "./account-totals.js";
import type { Attempt, Books, Stage } from "./books.js";
import type { RequestBook, Requests } from "./requests.js";
import { addTo, count, isClose, SliceTotals } from "./slice-totals.js";
import type { Violations } from "./violations.js";

const COMPLETED = 0;

/** Where an attempt is that has not ended for its caller. */
const UNDER_WAY: ReadonlySet<Stage> = new Set(["arrived", "queued", "running", "leaving"]);

/** Time that requests spent waiting and running in one pool, clipped to the window, in microseconds. */
class PoolTotals {
  waiting = 0;
  running = 0;
  preemptions = 0;
  /** Of preempted attempts: at most, and for certain. */
  recomputed = 0;
  recomputedAtLeast = 0;
}

export class Totals {
  readonly #engine: Engine;
  readonly #books: Books;
  readonly #requests: Requests;
  readonly #found: Violations;
  readonly #from: number;
  readonly #to: number;
  readonly #names: readonly string[];
  readonly #tiers: readonly SliceTotals[];
  readonly #sources: readonly SliceTotals[];
  readonly #accounts = new Map<string, SliceTotals>();
  readonly #pools: readonly PoolTotals[];
  /** By tier. */
  readonly #objectives: readonly (Objective | undefined)[];
  /** By tier; empty where some have none. */
  readonly #prices: readonly Price[];
  readonly #fairness: AccountTotals;
  readonly #hasOffload: ReadonlySet<string>;
  #isOpen = false;
  #isClosed = false;

  constructor(engine: Engine, scenario: Scenario, books: Books, requests: Requests, found: Violations) {
    this.#engine = engine;
    this.#books = books;
    this.#requests = requests;
    this.#found = found;
    this.#from = scenario.warmup;
    this.#to = engine.until;
    this.#names = [...Object.keys(scenario.paths), "unrouted"];
    this.#tiers = this.#names.map(() => new SliceTotals());
    this.#sources = Object.keys(scenario.traffic).map(() => new SliceTotals());
    this.#pools = books.pools.map(() => new PoolTotals());
    this.#objectives = Object.values(scenario.paths).map(({ objective }) => objective);
    const prices = Object.values(scenario.paths).map(({ price }) => price);
    this.#prices = prices.every((price) => price !== undefined) ? prices : [];
    const pools = Object.entries(scenario.pools);
    const offloading = pools.filter(([, { replica }]) => "kvOffload" in replica && replica.kvOffload);
    this.#hasOffload = new Set(offloading.map(([name]) => name));
    this.#fairness = new AccountTotals(this.#names.length);
  }

  /**
   * Before whatever happens at `next`: reads off what has been generated when the window opens and closes. What is
   * generated at its first instant belongs to it, and what is generated at its last does not.
   */
  beforeStep(next: number): void {
    if (!this.#isOpen && next >= this.#from) {
      this.#isOpen = true;
      for (const attempt of this.#running()) attempt.before = this.#generated(attempt, this.#from - 1);
    }
    if (!this.#isClosed && next >= this.#to) {
      this.#isClosed = true;
      for (const attempt of this.#running()) {
        const generated = this.#generated(attempt, this.#to - 1) - attempt.before;
        for (const slice of this.#slicesOf(attempt)) slice.generated += generated;
      }
    }
  }

  /** Everything that an attempt or request of a tier counts in. */
  #slices(tier: number, { source, account }: RequestBook): SliceTotals[] {
    const name = this.#engine.demand.accounts.nameOf(account);
    const own = this.#accounts.get(name) ?? new SliceTotals();
    this.#accounts.set(name, own);
    return [this.#tiers[tier]!, this.#sources[source]!, own];
  }

  #slicesOf({ tier, request }: Attempt): SliceTotals[] {
    return this.#slices(tier, this.#requests.all.get(request)!);
  }

  #running(): Attempt[] {
    return this.#books.pools.flatMap((pool) => [...pool.running]);
  }

  #generated(attempt: Attempt, at: number): number {
    return this.#engine.service.generated(attempt.inside, at as Instant);
  }

  arrived(attempt: Attempt, book: RequestBook): void {
    if (!this.#isMeasured(attempt.arrivedAt)) return;
    this.#fairness.in(attempt.tier, book.account).attempts++;
    for (const slice of this.#slices(attempt.tier, book)) {
      slice.attempts++;
      if (book.live.size > 1) slice.hedges++;
    }
  }

  /** A try that its client did not let leave counts as overloaded where it is followed up, and nowhere else. */
  rejectedLocally(book: RequestBook, tier: number, at: number, goesOn: boolean): void {
    if (this.#isMeasured(at)) for (const slice of this.#slices(tier, book)) slice.clientRejected++;
    if (!goesOn || !this.#isMeasured(book.offeredAt)) return;
    for (const slice of this.#slices(book.home, book)) count(slice.retries, "overloaded_capacity");
  }

  gaveUp(book: RequestBook, reason: number): void {
    if (!this.#isMeasured(book.offeredAt)) return;
    if (OUTCOMES[outcomeOf(reason)] !== "invalid") this.#asked(book);
    for (const slice of this.#slices(book.home, book)) {
      slice.failed++;
      if (OUTCOMES[outcomeOf(reason)] !== "invalid") slice.givenUp++;
    }
  }

  /** It has been let in, where its path says or where a detour leads. */
  seated({ arrivedAt, tier, served, pool, request }: Attempt): void {
    if (!this.#isMeasured(arrivedAt)) return;
    const isSpilled = pool !== this.#engine.service.parts.paths[tier]!.pool;
    for (const slice of this.#slices(tier, this.#requests.all.get(request)!)) {
      if (served !== tier) slice.demoted++;
      else if (isSpilled) slice.spilled++;
    }
  }

  #asked({ home, account, tokens }: RequestBook, served = 0): void {
    const own = this.#fairness.in(home, account);
    own.requests++;
    own.demanded += tokens;
    own.served += served;
  }

  starting(attempt: Attempt, now: number): void {
    if (!this.#isMeasured(attempt.arrivedAt)) return;
    for (const slice of this.#slicesOf(attempt)) addTo(slice.queueWait, now - attempt.receivedAt);
  }

  firstToken(attempt: Attempt, now: number): void {
    if (!this.#isMeasured(attempt.arrivedAt)) return;
    for (const slice of this.#slicesOf(attempt)) addTo(slice.ttft, now - attempt.arrivedAt);
  }

  /** An attempt that decoded is computed again as a whole; one that still prefilled, as far as it had come. */
  preempted(attempt: Attempt, now: number): void {
    const pool = this.#pools[attempt.pool]!;
    const tokens = attempt.inputTokens + this.#generated(attempt, now);
    pool.preemptions++;
    pool.recomputed += tokens;
    if (attempt.lostAfter < 0 && attempt.beganAt <= now) pool.recomputedAtLeast += tokens;
  }

  /** A replica may find more of the prompt than was known of, but never all that was not known. */
  foundCached(attempt: Attempt, known: number, now: number): void {
    const { cachedTokens, inputTokens } = attempt;
    const isRight = cachedTokens === known || (known < cachedTokens && cachedTokens <= inputTokens - 1);
    const message = () => `${cachedTokens} of ${inputTokens} tokens were cached, ${known} were known of`;
    this.#found.expect(isRight, "LAW-1", now, message);
  }

  #isMeasured(at: number): boolean {
    return at >= this.#from && at < this.#to;
  }

  /**
   * The server is done with an attempt. Called before the books move it. Whether what completes was for nothing is for
   * its caller to say.
   */
  done(attempt: Attempt, isCompleted: boolean, now: number): void {
    this.#addTimes(attempt, now);
    const { prefilled, generated } = attempt.done;
    const { inputTokens, cachedTokens, lostAfter } = attempt;
    // The last token of a prompt is computed in any case; a preempted one computes its answer again, too.
    const most = lostAfter < 0 ? Math.max(1, inputTokens - cachedTokens) : inputTokens + lostAfter;
    const isPossible = prefilled >= 0 && prefilled <= most && generated <= attempt.outputTokens;
    this.#found.expect(isPossible, "LAW-1", this.#to, () => {
      return `request ${attempt.request}: ${prefilled} of ${most} tokens computed, ${generated} generated`;
    });
    if (!this.#isOpen || this.#isClosed) return;
    for (const slice of this.#slicesOf(attempt)) slice.generated += generated - attempt.before;
    if (!isCompleted) this.wasted(attempt);
  }

  /** What it has done was for nothing. */
  wasted(attempt: Attempt): void {
    if (!this.#isOpen || this.#isClosed) return;
    for (const slice of this.#slicesOf(attempt)) {
      slice.wastedPrefill += attempt.done.prefilled;
      slice.wastedDecode += attempt.done.generated;
    }
  }

  /** Its caller knows how it ended. */
  ending(attempt: Attempt, book: RequestBook, end: AttemptEnd, now: number): void {
    if (this.#isMeasured(book.offeredAt)) {
      if (end.reason === COMPLETED) this.#asked(book, book.tokens);
      for (const slice of this.#slices(book.home, book)) {
        if (end.reason === COMPLETED) slice.completed++;
        else if (end.retryIn !== undefined) count(slice.retries, REASONS[end.reason]!.name);
      }
    }
    if (!this.#isMeasured(attempt.arrivedAt)) return;
    const outcome = OUTCOMES[outcomeOf(end.reason)]!;
    if (outcome === "overloaded") this.#fairness.in(attempt.tier, book.account).overloaded++;
    for (const slice of this.#slices(attempt.tier, book)) {
      count(slice.outcomes, outcome);
      if (end.reason === COMPLETED) {
        slice.answered(attempt, end.generated, now, this.#objectives[attempt.tier] ?? {});
        const price = this.#prices[attempt.served];
        if (price !== undefined) slice.paid(attempt, end.generated, price);
      } else count(slice.reasons, REASONS[end.reason]!.name);
      if (statusPlace(end.status) !== NONE) count(slice.statuses, String(end.status));
    }
  }

  #addTimes(attempt: Attempt, end: number): void {
    if (attempt.queuedAt === Number.POSITIVE_INFINITY) return;
    const pool = this.#pools[attempt.pool]!;
    pool.waiting += this.#clipped(attempt.queuedAt, Math.min(attempt.startedAt, end));
    if (attempt.startedAt === Number.POSITIVE_INFINITY) return;
    pool.running += this.#clipped(attempt.startedAt, end);
  }

  #clipped(from: number, to: number): number {
    return Math.max(0, Math.min(to, this.#to) - Math.max(from, this.#from));
  }

  /** Enters the attempts still inside; then every number must be that of the result. */
  finish(result: RunResult): void {
    for (const attempt of this.#books.attempts.values()) {
      if (!UNDER_WAY.has(attempt.stage)) continue;
      if (attempt.stage === "queued" || attempt.stage === "running") this.#addTimes(attempt, this.#to);
      if (attempt.isAbandoned || !this.#isMeasured(attempt.arrivedAt)) continue;
      for (const slice of this.#slicesOf(attempt)) count(slice.outcomes, "in_flight");
    }
    for (const book of this.#requests.all.values()) {
      if (!this.#isMeasured(book.offeredAt)) continue;
      for (const slice of this.#slices(book.home, book)) {
        slice.offered++;
        slice.requestAttempts += book.attempts;
      }
    }
    const { measured } = result.time;
    const compare = (name: string, row: SliceResult, own: SliceTotals) =>
      own.compare(row, measured, (what, told, counted) => this.#same(`${name} ${what}`, told, counted));
    const fair = (name: string, row: TierResult | undefined, tier?: number) =>
      this.#fairness.compare(row?.fairness ?? null, tier, (what, told, counted) =>
        this.#same(`${name} ${what}`, told ?? -1, counted ?? -1),
      );
    fair("all", result.all);
    this.#names.forEach((name, index) => {
      const row = result.tiers.find((tier) => tier.tier === name);
      fair(name, row, index);
      const own = this.#tiers[index]!;
      if (row !== undefined) compare(name, row, own);
      else this.#same(`${name} attempts`, 0, own.attempts);
    });
    for (const [index, row] of result.sources.entries()) compare(row.source, row, this.#sources[index]!);
    for (const row of result.trackedAccounts) {
      compare(row.account, row, this.#accounts.get(row.account) ?? new SliceTotals());
    }
    this.#compareAll(result);
    result.pools.forEach((pool, index) => {
      this.#comparePool(pool, this.#pools[index]!);
    });
    this.#same("events", result.work.events, this.#engine.processed);
  }

  #compareAll({ all, tiers }: RunResult): void {
    const total = (read: (tier: SliceResult) => number) => tiers.reduce((sum, tier) => sum + read(tier), 0);
    this.#same(
      "all attempts",
      all.attempts,
      total((tier) => tier.attempts),
    );
    for (const name of OUTCOMES)
      this.#same(
        `all ${name}`,
        all.outcomes[name],
        total((tier) => tier.outcomes[name]),
      );
    this.#same(
      "all offered",
      all.requests.offered,
      total((tier) => tier.requests.offered),
    );
    this.#same(
      "all output tokens",
      all.outputTokens,
      total((tier) => tier.outputTokens),
    );
    this.#same(
      "all throughput",
      all.throughput,
      total((tier) => tier.throughput),
    );
  }

  /** Little's law as an identity: the mean number inside, times the window, is the time that was spent inside. */
  #comparePool(told: PoolResult, own: PoolTotals): void {
    const window = this.#to - this.#from;
    const same = (what: string, mean: number | null, spent: number) => {
      const isEqual = isClose((mean ?? Number.NaN) * window, spent);
      const message = () =>
        `${what} in ${told.pool}: mean ${mean}, but ${spent / window} by the requests' own times`;
      this.#found.expect(isEqual, "LITTLE", this.#to, message);
    };
    same("waiting", told.queuedMean, own.waiting);
    same("busy slots", told.slotsBusyMean, own.running);
    this.#same(`${told.pool} preemptions`, told.preemptions, own.preemptions);
    const { kvUsedMean, kvPeak, kvTokens, replicas, lostTokens } = told;
    // What the host has kept comes back without being computed.
    const least = this.#hasOffload.has(told.pool) ? 0 : own.recomputedAtLeast;
    const isBetween = least <= lostTokens && lostTokens <= own.recomputed;
    this.#found.expect(isBetween, "LAW-1", this.#to, () => {
      return `${lostTokens} tokens computed again in ${told.pool}, of at most ${own.recomputed}`;
    });
    if (kvPeak === null || kvTokens === null || kvUsedMean === null) return;
    // Of a pool that changes, samples and averages over time say different things; its mean may be a whole number, too.
    const { gpuSeconds, scaling } = told;
    const hasChanged = gpuSeconds.draining !== undefined || (scaling?.starts ?? 0) > 0;
    if (hasChanged || !Number.isInteger(replicas)) return;
    // A mean that stands at the peak throughout may be rounded to the next number above it.
    const isBelowPeak = kvUsedMean <= kvPeak * replicas || isClose(kvUsedMean, kvPeak * replicas);
    const isWithin = isBelowPeak && kvPeak * replicas <= kvTokens;
    this.#found.expect(isWithin, "LAW-12", this.#to, () => {
      return `${kvUsedMean} KV tokens on average, ${kvPeak} of a replica at most, ${kvTokens} in ${told.pool}`;
    });
  }

  #same(what: string, told: number, counted: number): void {
    const message = () => `${what}: the result says ${told}, the events say ${counted}`;
    this.#found.expect(isClose(told, counted), "LAW-1", this.#to, message);
  }
}
