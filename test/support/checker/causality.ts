// LAW-2 and LAW-3: time never runs back, and nothing happens before its cause. An attempt arrives, may join the queue,
// may start, may yield a first token, and ends; its client retries after exactly the delay it chose. A pool that
// is down serves no request; what completes in the instant in which it goes down has completed before that, and makes
// room for a start that it then takes along.

import type { AttemptEnd } from "../../../src/core/api/observer.js";
import { REASONS } from "../../../src/core/base/outcome.js";
import type { Engine } from "../../../src/core/engine/engine.js";
import type { Scenario } from "../../../src/core/scenario/schema.js";
import { AnswerTable } from "../../../src/core/server/gateway/providers/answers.js";
import { providerNamed } from "../../../src/core/server/gateway/providers/registry.js";
import type { Attempt, Books } from "./books.js";
import type { Violations } from "./violations.js";

const COMPLETED = 0;
const REFUSED_AT_ONCE = new Set([
  "requests",
  "prompt_tokens",
  "uncached_prompt_tokens",
  "generated_tokens",
  "ramp",
  "concurrency",
  "quota",
  "tier_not_offered",
  "unknown_model",
  "context_length",
]);
/** What a replica itself tells: a whole answer may be one that has lost against another. */
const AT_A_BOUNDARY = new Set(["none", "hedge_lost"]);
/** By the client's clock, while the server may work on. */
const GIVEN_UP = new Set(["client_timeout", "attempt_timeout", "request_timeout"]);
const FROM_THE_QUEUE = new Set(["queue_timeout", "displaced"]);

interface Stretch {
  readonly pool: number;
  readonly from: number;
  readonly to: number;
}

export class Causality {
  readonly #found: Violations;
  readonly #outages: readonly Stretch[];
  readonly #engine: Engine;
  /** In which some instances are lost: when they begin. */
  readonly #losses: readonly Stretch[];
  /** Whether more breaks than the scenario says when. */
  readonly #hasFaults: boolean;
  /** What causes are answered with, by the scenario's provider. */
  readonly #answers: AnswerTable;
  /** Whether attempts are on their way for a while. */
  readonly #isFar: boolean;
  #now = 0;
  /** The last instant in which something has happened that comes after all completions, and so after faults, too. */
  #actedAt = Number.NEGATIVE_INFINITY;

  constructor(engine: Engine, scenario: Scenario, found: Violations) {
    this.#engine = engine;
    this.#found = found;
    this.#isFar = engine.network !== undefined;
    this.#hasFaults = Object.keys(scenario.faults).length > 0;
    const { provider, paths } = scenario;
    const tiers = Object.values(paths).map(({ serviceTier }) => serviceTier);
    this.#answers = new AnswerTable(providerNamed(provider.preset), provider.answers, tiers);
    const pools = Object.keys(scenario.pools);
    const outages = scenario.outages.map(({ pool, from, for: length, instances }) => {
      return { pool: pools.indexOf(pool), from, to: from + length, isWhole: instances === undefined };
    });
    this.#outages = outages.filter(({ isWhole }) => isWhole);
    this.#losses = outages.filter(({ isWhole }) => !isWhole);
  }

  tick(now: number): void {
    this.#found.expect(now >= this.#now, "LAW-2", now, () => `the clock ran back from ${this.#now / 1e6} s`);
    this.#now = Math.max(this.#now, now);
  }

  /** Whether a pool is down for whatever comes after the faults of this instant. */
  #isOut(pool: number, now: number): boolean {
    return this.#outages.some((outage) => outage.pool === pool && outage.from <= now && now < outage.to);
  }

  /** Whether it is down for what a replica tells: completions of an instant come before its faults. */
  #isDown(pool: number, now: number): boolean {
    if (this.#actedAt === now) return this.#isOut(pool, now);
    return this.#outages.some((outage) => outage.pool === pool && outage.from < now && now <= outage.to);
  }

  /** `previous` is what the slot held before. */
  arrived(attempt: Attempt, previous: Attempt | undefined): void {
    const { request, arrivedAt } = attempt;
    this.#actedAt = arrivedAt;
    // A slot that was given back may go to the same request again, for a second attempt beside its first.
    if (previous === undefined || previous.stage === "gone") return;
    if (previous.request !== request) {
      this.#expect(false, attempt, arrivedAt, "took the place of a request that was not over");
      return;
    }
    this.#expect(previous.stage === "resting", attempt, arrivedAt, "came back before its last attempt ended");
    const isSaid = previous.retryAt === arrivedAt || previous.retryAt === Number.NEGATIVE_INFINITY;
    const isDue = isSaid && arrivedAt >= previous.endedAt;
    this.#expect(
      isDue,
      attempt,
      arrivedAt,
      () => `came back at another time than ${previous.retryAt / 1e6} s`,
    );
  }

  queued(attempt: Attempt, now: number): void {
    this.#expect(
      attempt.stage === "arrived",
      attempt,
      now,
      () => `joined the queue when it was ${attempt.stage}`,
    );
    const isAtOnce = attempt.receivedAt === now;
    this.#expect(isAtOnce, attempt, now, "joined the queue at another time than it came in");
    this.#expect(!this.#isOut(attempt.pool, now), attempt, now, "joined the queue of a pool that is down");
  }

  started(attempt: Attempt, now: number): void {
    this.#expect(attempt.stage === "queued", attempt, now, () => `started when it was ${attempt.stage}`);
    this.#expect(!this.#isDown(attempt.pool, now), attempt, now, "started in a pool that is down");
  }

  /** The server has its first token. */
  begins(attempt: Attempt, now: number): void {
    const isFirst = attempt.beganAt === Number.POSITIVE_INFINITY;
    this.#expect(
      attempt.stage === "running",
      attempt,
      now,
      () => `had a first token when it was ${attempt.stage}`,
    );
    this.#expect(now >= attempt.startedAt, attempt, now, "had its first token before it started");
    this.#expect(isFirst, attempt, now, "had a first token twice");
    this.#expect(
      !this.#isDown(attempt.pool, now),
      attempt,
      now,
      "had a first token from a pool that is down",
    );
  }

  /** Its caller has it. */
  firstToken(attempt: Attempt, now: number): void {
    const isFirst = attempt.firstTokenAt === Number.POSITIVE_INFINITY;
    this.#expect(isFirst, attempt, now, "had a first token twice");
    this.#expect(attempt.beganAt <= now, attempt, now, "had a first token that the server had not made");
  }

  preempted(attempt: Attempt, now: number): void {
    this.#actedAt = now;
    this.#expect(
      attempt.stage === "running",
      attempt,
      now,
      () => `lost its memory when it was ${attempt.stage}`,
    );
    this.#expect(!this.#isOut(attempt.pool, now), attempt, now, "lost its memory in a pool that is down");
  }

  /** The server is done with it, or what its caller has called off ends there. */
  done(attempt: Attempt, reason: number, now: number): void {
    const { name } = REASONS[reason]!;
    const { stage } = attempt;
    if (!AT_A_BOUNDARY.has(name)) this.#actedAt = now;
    const isAlive = stage === "arrived" || stage === "queued" || stage === "running";
    this.#expect(isAlive, attempt, now, () => `was answered (${name}) when it was ${stage}`);
    if (reason === COMPLETED) {
      this.#expect(attempt.beganAt <= now, attempt, now, "completed before its first token");
      this.#expect(!this.#isDown(attempt.pool, now), attempt, now, "completed in a pool that is down");
    }
    // What its own client finds too long is never sent.
    const cameAt = Math.min(attempt.receivedAt, now === attempt.arrivedAt ? now : Number.POSITIVE_INFINITY);
    if (REFUSED_AT_ONCE.has(name)) {
      const isAtOnce = stage === "arrived" && cameAt === now;
      this.#expect(isAtOnce, attempt, now, () => `was refused (${name}) after it had been let in`);
    }
    if (name === "overloaded_capacity") {
      const hasNotWaited = stage !== "running" && cameAt === now;
      this.#expect(hasNotWaited, attempt, now, "was refused by a full queue after it had waited in it");
    }
    if (FROM_THE_QUEUE.has(name)) {
      // Before its first token one that runs is displaced, too: shedding.ts says by whom.
      const mayRun = name === "displaced" && stage === "running";
      this.#expect(
        stage === "queued" || mayRun,
        attempt,
        now,
        () => `ended (${name}) though it did not wait`,
      );
    }
    if (name === "evicted") this.#expect(stage === "running", attempt, now, "was evicted and did not run");
    if (name === "outage") {
      const isBroken = this.#isOut(attempt.pool, now) || this.#isBroken(attempt, now);
      this.#expect(isBroken, attempt, now, "ended by no outage");
    }
  }

  /** Its caller knows. */
  ended(attempt: Attempt, end: AttemptEnd, now: number): void {
    const { name } = REASONS[end.reason]!;
    const { stage } = attempt;
    if (!AT_A_BOUNDARY.has(name)) this.#actedAt = now;
    const isAlive = stage === "leaving" || (stage === "away" && GIVEN_UP.has(name));
    this.#expect(isAlive, attempt, now, () => `ended (${name}) when it was ${stage}`);
    if (end.reason === COMPLETED) this.#completed(attempt, end, now);
    if (name === "client_timeout") {
      const isSilent = attempt.firstTokenAt === Number.POSITIVE_INFINITY;
      this.#expect(isSilent, attempt, now, "was given up after its first token");
    }
    const hasSpoken = attempt.firstTokenAt <= now;
    // Of an attempt that lost against another one of the same microsecond nothing is sent at all; and what is called off
    // while its first token is on its way out has generated it.
    const isUnderWay = attempt.isLost || (stage === "leaving" && attempt.beganAt <= now);
    const mostUnsent = isUnderWay ? attempt.outputTokens : 0;
    this.#expect(
      hasSpoken ? end.generated >= 1 && end.generated <= attempt.outputTokens : end.generated <= mostUnsent,
      attempt,
      now,
      () => `ended with ${end.generated} tokens, first token at ${attempt.firstTokenAt / 1e6} s`,
    );
    const isWhole = attempt.doneAs === COMPLETED;
    const isCut = AT_A_BOUNDARY.has(name) || isWhole || end.generated < attempt.outputTokens;
    this.#expect(isCut, attempt, now, () => `ended (${name}) with its whole answer`);
    const status = hasSpoken ? 200 : this.#answers.of(end.reason, attempt.tier).status;
    this.#expect(end.status === status, attempt, now, () => `ended (${name}) with status ${end.status}`);
    if (name === "hedge_lost") {
      this.#expect(end.retryIn === undefined, attempt, now, "comes back although another was answered");
    }
    this.#expect(end.retryIn === undefined || end.retryIn >= 0, attempt, now, "comes back before it left");
  }

  /** Its instance is lost, at a stated time or by a fault; or an incident fails it on arrival. */
  #isBroken({ stage, pool, replica, receivedAt }: Attempt, now: number): boolean {
    const { fleet, gateway } = this.#engine.service.parts;
    if (stage === "arrived") return receivedAt === now && gateway.isTroubled(pool);
    if (stage !== "running" || fleet.instances.isUp(replica)) return false;
    return this.#hasFaults || this.#losses.some((loss) => loss.pool === pool && loss.from === now);
  }

  #completed(attempt: Attempt, end: AttemptEnd, now: number): void {
    this.#expect(attempt.firstTokenAt <= now, attempt, now, "completed before its caller had a first token");
    this.#expect(end.generated === attempt.outputTokens, attempt, now, "completed with tokens missing");
    this.#expect(end.retryIn === undefined, attempt, now, "comes back although it was served");
  }

  abandoned(attempt: Attempt, now: number): void {
    this.#actedAt = now;
    const { stage, isAbandoned } = attempt;
    const isUnderWay = stage === "queued" || stage === "running" || (this.#isFar && stage !== "away");
    this.#expect(isUnderWay && !isAbandoned, attempt, now, () => `was abandoned when it was ${stage}`);
    // Whether that may be after its first token is for its end to say, which tells which time was over.
  }

  left(attempt: Attempt, now: number): void {
    const isDone = attempt.stage === "leaving";
    this.#expect(isDone && attempt.isAbandoned, attempt, now, () => `left when it was ${attempt.stage}`);
  }

  gaveUp(attempt: Attempt, now: number): void {
    const isFinal = attempt.stage === "resting" && Math.abs(attempt.retryAt) === Number.POSITIVE_INFINITY;
    this.#expect(isFinal, attempt, now, "gave up although it would come back");
  }

  /** After an event: a pool that is down is empty, once every outage of this very instant has had its turn. */
  settled(books: Books, now: number): void {
    for (const { pool, from, to } of this.#outages) {
      if (now <= from || now >= to) continue;
      const { name, waiting, running } = books.pools[pool]!;
      const isEmpty = running.size === 0 && waiting.every((queue) => queue.length === 0);
      this.#found.expect(isEmpty, "LAW-3", now, () => `pool ${name} is down and holds requests`);
    }
  }

  /** All attempts that were due before the run ended have come. */
  finish(books: Books, end: number): void {
    for (const attempt of books.attempts.values()) {
      if (attempt.stage !== "resting") continue;
      const isUnsaid = attempt.retryAt === Number.NEGATIVE_INFINITY;
      const isLater = isUnsaid || (attempt.retryAt >= end && attempt.retryAt < Number.POSITIVE_INFINITY);
      this.#expect(isLater, attempt, end, "should have come back, or given up");
    }
  }

  #expect(condition: boolean, attempt: Attempt, now: number, what: string | (() => string)): void {
    this.#found.expect(
      condition,
      "LAW-3",
      now,
      () => `request ${attempt.request} ${typeof what === "string" ? what : what()}`,
    );
  }
}
