// LAW-6, LAW-7 and LAW-10, seen from the policies' side: what they are shown and what they are told. The spies sit
// on the policy objects themselves and pass everything on unchanged.
import type { Instant } from "../../../src/core/base/units.js";
import type { Engine } from "../../../src/core/engine/engine.js";
import type { RequestFacts } from "../../../src/core/gateway/request-facts.js";
import type { PoolSignals } from "../../../src/core/gateway/signals.js";
import { type Attempt, type Books, countWaiting } from "./books.js";
import type { Violations } from "./violations.js";

/** All that a policy may know of a request: the true output length is not among it. */
const DECLARED: Readonly<Record<keyof RequestFacts, true>> = {
  account: true,
  path: true,
  model: true,
  pool: true,
  rank: true,
  inputTokens: true,
  cachedTokens: true,
  maxTokens: true,
};

interface Dated {
  readonly asOf: number;
  readonly slotsBusy: number;
  readonly kvUsed: number;
  readonly queuedByRank: readonly number[];
}

export class GatewaySpies {
  readonly #engine: Engine;
  readonly #books: Books;
  readonly #found: Violations;
  /** By pool: what was published last. */
  readonly #published: (Dated | undefined)[] = [];
  /** Settlements since the last end of an attempt. */
  readonly #settlements: { readonly path: number; readonly kind: string; readonly at: number }[] = [];

  constructor(engine: Engine, books: Books, found: Violations) {
    this.#engine = engine;
    this.#books = books;
    this.#found = found;
    engine.world.pools.forEach((_, pool) => {
      this.#spyOn(pool);
    });
  }

  #spyOn(index: number): void {
    const { gateway, pools, staleness } = this.#engine.world;
    const policy = gateway.policyOf(index);
    const pool = pools[index]!;
    const decide = policy.decide.bind(policy);
    const mayStart = policy.mayStart.bind(policy);
    const settle = policy.settle.bind(policy);
    policy.decide = (facts, signals, now) => {
      this.#checkFacts(facts, now);
      this.#checkSignals(index, signals, now, true);
      return decide(facts, signals, now);
    };
    policy.mayStart = (path, signals) => {
      this.#checkSignals(index, signals, this.#engine.now, false);
      return mayStart(path, signals);
    };
    policy.settle = (path, kind, now) => {
      this.#settlements.push({ path, kind, at: now });
      settle(path, kind, now);
    };
    if (staleness[index] === 0) return;
    this.#published[index] = { ...this.#present(index), asOf: 0 };
    const publish = pool.publish.bind(pool);
    pool.publish = (now: Instant) => {
      this.#published[index] = { ...this.#present(index), asOf: now };
      publish(now);
    };
  }

  #checkFacts(facts: RequestFacts, now: number): void {
    for (const key in facts) {
      if (Object.hasOwn(DECLARED, key)) continue;
      this.#found.add("LAW-6", now, `a policy was shown ${key} of a request`);
    }
  }

  /** A decision comes after the renewal of the same instant; room that appears may come just before it. */
  #checkSignals(index: number, signals: PoolSignals, now: number, isDecision: boolean): void {
    const staleness = this.#engine.world.staleness[index]!;
    const age = now - signals.asOf;
    const isFresh =
      staleness === 0 ? age === 0 : age >= 0 && (isDecision ? age < staleness : age <= staleness);
    const name = () => this.#books.pools[index]!.name;
    this.#found.expect(isFresh, "LAW-7", now, () => `the signals of ${name()} are ${age} us old`);
    const isTrue = staleness === 0 ? this.#isPresent(index, signals) : this.#wasPublished(index, signals);
    this.#found.expect(
      isTrue,
      "LAW-7",
      now,
      () => `the signals of ${name()} are not what it was at their date`,
    );
  }

  #isPresent(index: number, { slotsBusy, kvUsed, queued, queuedByRank }: PoolSignals): boolean {
    const pool = this.#books.pools[index]!;
    if (slotsBusy !== pool.running.size || kvUsed !== pool.kvUsed || queued !== countWaiting(pool))
      return false;
    return pool.waiting.every((line, rank) => line.length === queuedByRank[rank]);
  }

  #wasPublished(index: number, { asOf, slotsBusy, kvUsed, queued, queuedByRank }: PoolSignals): boolean {
    const then = this.#published[index]!;
    const all = then.queuedByRank.reduce((sum, count) => sum + count, 0);
    if (asOf !== then.asOf || slotsBusy !== then.slotsBusy || kvUsed !== then.kvUsed || queued !== all)
      return false;
    return then.queuedByRank.every((count, rank) => queuedByRank[rank] === count);
  }

  #present(index: number): Omit<Dated, "asOf"> {
    const { running, kvUsed, waiting } = this.#books.pools[index]!;
    return { slotsBusy: running.size, kvUsed, queuedByRank: waiting.map((line) => line.length) };
  }

  /** Called before the books move it: whoever was let in has been settled by now, once, and nobody else. */
  ending(attempt: Attempt, reason: string, now: number): void {
    const wasLetIn = attempt.stage === "queued" || attempt.stage === "running";
    const [first, ...more] = this.#settlements.splice(0);
    const kind = { none: "completed", client_timeout: "abandoned" }[reason] ?? "refused";
    const isRight = wasLetIn
      ? first?.path === attempt.tier && first.kind === kind && first.at === now && more.length === 0
      : first === undefined;
    this.#found.expect(isRight, "LAW-10", now, () => {
      const settled = [first, ...more].flatMap((one) => one?.kind ?? []);
      return `request ${attempt.request} ended (${reason}) and was settled as [${settled.join(", ")}]`;
    });
  }

  finish(now: number): void {
    const count = this.#settlements.length;
    this.#found.expect(count === 0, "LAW-10", now, () => `${count} settlements of nobody`);
  }
}
