// LAW-6, LAW-7 and LAW-10, seen from the side of policies and concurrency limits: what they are shown and what they are
// told. The spies sit on these objects themselves and pass everything on unchanged.
import { REASONS } from "../../../src/core/base/outcome.js";
import type { Instant } from "../../../src/core/base/units.js";
import type { Engine } from "../../../src/core/engine/engine.js";
import type { Scenario } from "../../../src/core/scenario/schema.js";
import type { ConcurrencyLimit, Stay } from "../../../src/core/server/gateway/concurrency/limit.js";
import type { RequestFacts } from "../../../src/core/server/gateway/request-facts.js";
import type { PoolSignals } from "../../../src/core/server/gateway/signals.js";
import { type Attempt, type Books, countWaiting } from "./books.js";
import { DatedPictures } from "./dated-pictures.js";
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

/** All that a policy may know of a pool when a request is to start: nothing that hints at outputs to come. */
const OCCUPANCY = "kvTokens,kvUsed,slots,slotsBusy";

/** A pool as it is, by the checker's books and by what its replicas say of themselves. */
interface Picture {
  readonly asOf: number;
  readonly replicas: number;
  readonly slotsBusy: number;
  readonly slots: number;
  readonly openings: number;
  /** 0 for a policy that does not look at it. */
  readonly kvUsed: number;
  readonly queued: number;
  readonly queuedByRank: readonly number[];
}

export class GatewaySpies {
  readonly #engine: Engine;
  readonly #books: Books;
  readonly #found: Violations;
  /** By pool: what it was whenever a copy fell due. */
  readonly #pictures: readonly DatedPictures<Picture>[];
  /** Stays that limits have been told of since the last end of an attempt, each with how many it left inside. */
  readonly #stays: { readonly stay: Stay; readonly inside: number }[] = [];
  /** Settlements since the last end of an attempt. */
  readonly #settlements: { readonly path: number; readonly kind: string; readonly at: number }[] = [];

  constructor(engine: Engine, scenario: Scenario, books: Books, found: Violations) {
    this.#engine = engine;
    this.#books = books;
    this.#found = found;
    this.#pictures = Object.values(scenario.pools).map(
      ({ signals }, pool) => new DatedPictures(signals, (asOf) => this.#pictureOf(pool, asOf)),
    );
    engine.service.parts.pools.forEach((_, pool) => {
      this.#spyOn(pool);
    });
  }

  #spyOn(index: number): void {
    const { policy, limit } = this.#engine.service.parts.gateway.admissionOf(index);
    this.#spyOnLimit(limit);
    const decide = policy.decide.bind(policy);
    const settle = policy.settle.bind(policy);
    policy.decide = (facts, signals, now) => {
      this.#checkFacts(facts, now);
      this.#checkSignals(index, signals, facts, now);
      return decide(facts, signals, now);
    };
    const mayStart = policy.mayStart.bind(policy);
    policy.mayStart = (path, inputTokens, occupancy) => {
      const shown = Object.keys(occupancy).sort().join();
      this.#found.expect(shown === OCCUPANCY, "LAW-6", 0, () => `who starts is decided on ${shown}`);
      const { now } = this.#engine;
      const isTrue = !policy.startsByKv || occupancy.kvUsed === this.#kvUsed(index, now);
      this.#found.expect(isTrue, "LAW-7", now, () => `who starts is decided on memory that is not so`);
      return mayStart(path, inputTokens, occupancy);
    };
    policy.settle = (path, kind, now) => {
      this.#settlements.push({ path, kind, at: now });
      settle(path, kind, now);
    };
  }

  #spyOnLimit(limit: ConcurrencyLimit): void {
    const inside = new Set<number>();
    let mayEnter = true;
    const left = limit.left.bind(limit);
    limit.left = (attempt, stay, others) => {
      this.#stays.push({ stay: { ...stay }, inside: others });
      const wasTold = inside.delete(attempt) || !limit.weighs;
      this.#found.expect(wasTold, "LAW-10", stay.leftAt, () => "one left that a limit was not told of");
      left(attempt, stay, others);
    };
    const weigh = limit.mayEnter.bind(limit);
    limit.mayEnter = (facts, others, now) => {
      this.#checkFacts(facts, now);
      mayEnter = weigh(facts, others, now);
      return mayEnter;
    };
    const entered = limit.entered.bind(limit);
    limit.entered = (attempt, facts, all, now) => {
      this.#checkFacts(facts, now);
      this.#found.expect(mayEnter || all === 1, "LAW-12", now, () => "one started that its limit kept out");
      this.#found.expect(!inside.has(attempt), "LAW-10", now, () => "one started twice for its limit");
      inside.add(attempt);
      entered(attempt, facts, all, now);
    };
  }

  /** Whether the limit does not let that one in beside those that are. */
  #isKeptOut(index: number, facts: RequestFacts, now: Instant): boolean {
    const { limit } = this.#engine.service.parts.gateway.admissionOf(index);
    const { size } = this.#books.pools[index]!.running;
    return limit.weighs && size > 0 && !limit.mayEnter(facts, size, now);
  }

  /** Before whatever happens at `next`: takes the picture of each pool whose copy falls due by then. */
  beforeStep(next: number): void {
    if (next === Number.POSITIVE_INFINITY) return;
    for (const pictures of this.#pictures) pictures.before(next);
  }

  #checkFacts(facts: RequestFacts, now: number): void {
    for (const key of undeclared(facts)) {
      this.#found.add("LAW-6", now, `a policy was shown ${key} of a request`);
    }
  }

  #checkSignals(index: number, signals: PoolSignals, facts: RequestFacts, now: Instant): void {
    const name = () => this.#books.pools[index]!.name;
    const fault = this.#pictures[index]!.faultOf(signals.asOf, now);
    this.#found.expect(
      fault === undefined,
      "LAW-7",
      now,
      () => `the signals of ${name()}, of ${signals.asOf} us, ${fault}`,
    );
    if (fault !== undefined) return;
    const then = this.#pictures[index]!.seen(signals.asOf, now);
    const isTrue =
      signals.asOf === then.asOf &&
      signals.replicas === then.replicas &&
      signals.slotsBusy === then.slotsBusy &&
      signals.slots === then.slots &&
      signals.openings === (this.#isKeptOut(index, facts, now) ? 0 : then.openings) &&
      (!this.#engine.service.parts.gateway.admissionOf(index).policy.watchesKv ||
        signals.kvUsed === then.kvUsed) &&
      signals.queued === then.queued &&
      then.queuedByRank.every((count, rank) => signals.queuedByRank[rank] === count);
    this.#found.expect(
      isTrue,
      "LAW-7",
      now,
      () => `the signals of ${name()} are not what it was at their date`,
    );
  }

  #pictureOf(index: number, asOf: number): Picture {
    const { queue } = this.#engine.service.parts.pools[index]!;
    const replicas = this.#books.readyIn(index);
    const { limit, policy } = this.#engine.service.parts.gateway.admissionOf(index);
    const pool = this.#books.pools[index]!;
    const openings = replicas.reduce((sum, replica) => sum + replica.openings, 0);
    const { slotsBusy, slots } = this.#books.occupancyOf(index, limit.most, 0);
    const queuedByRank = Array.from({ length: Math.max(0, ...queue.ranks) + 1 }, () => 0);
    pool.waiting.forEach((lane, place) => {
      queuedByRank[queue.ranks[place]!]! += lane.length;
    });
    return {
      asOf,
      replicas: replicas.length,
      slotsBusy,
      slots,
      openings: Math.max(0, Math.min(limit.most - pool.running.size, openings)),
      kvUsed: policy.watchesKv ? this.#kvUsed(index, asOf) : 0,
      queued: countWaiting(pool),
      queuedByRank,
    };
  }

  #kvUsed(index: number, at: number): number {
    return this.#books.kvUsedIn(index, at);
  }

  /** Called before the books move it: an admitted attempt has been settled by now, once, and no other attempt. */
  ending(attempt: Attempt, reason: number, generated: number, isWhole: boolean, now: number): void {
    const { name } = REASONS[reason]!;
    const wasLetIn = attempt.stage === "queued" || attempt.stage === "running";
    const isCut = name.endsWith("_timeout") ? name !== "queue_timeout" : name === "hedge_lost";
    const ending = isCut || generated > 0 ? "cut" : "shed";
    const kind = isWhole ? "completed" : ending;
    this.#settled(attempt, wasLetIn, kind, `ended (${name})`, now);
    this.#stayed(attempt, kind, generated, now);
  }

  /** Likewise for an attempt without a caller; `kind` is what it did in the end. */
  leaving(attempt: Attempt, kind: string, now: number): void {
    const wasLetIn = attempt.stage === "queued" || attempt.stage === "running";
    this.#settled(attempt, wasLetIn, kind, "left", now);
    this.#stayed(attempt, kind, undefined, now);
  }

  #settled(attempt: Attempt, wasLetIn: boolean, kind: string, what: string, now: number): void {
    const [first, ...more] = this.#settlements.splice(0);
    const isRight = wasLetIn
      ? first?.path === attempt.served && first.kind === kind && first.at === now && more.length === 0
      : first === undefined;
    this.#found.expect(isRight, "LAW-10", now, () => {
      const settled = [first, ...more].flatMap((one) => one?.kind ?? []);
      return `request ${attempt.request} ${what} and was settled as [${settled.join(", ")}]`;
    });
  }

  /** Of an attempt that was inside, a limit that learns has been told once, and what is true; of others nothing. */
  #stayed(attempt: Attempt, kind: string, generated: number | undefined, now: number): void {
    const [first, ...more] = this.#stays.splice(0);
    const isTold = attempt.stage === "running" && this.#learns(attempt.pool);
    const { startedAt, beganAt, isAbandoned, isLost } = attempt;
    const isRight = !isTold
      ? first === undefined
      : first !== undefined &&
        more.length === 0 &&
        first.inside === this.#othersOf(attempt) &&
        first.stay.startedAt === startedAt &&
        // The first token of an attempt whose caller has gone is told to no one outside.
        (isAbandoned || isLost || first.stay.firstTokenAt === beganAt) &&
        first.stay.leftAt === now &&
        first.stay.settlement === kind &&
        (generated === undefined || first.stay.outputTokens === generated);
    this.#found.expect(isRight, "LAW-10", now, () => {
      return `request ${attempt.request} was told of as ${JSON.stringify([first, ...more])}`;
    });
  }

  /** Those inside beside it. What an instance loses leaves all at once, before any of it is told of. */
  #othersOf(attempt: Attempt): number {
    const { instances } = this.#engine.service.parts.fleet;
    const inside = [...this.#books.pools[attempt.pool]!.running];
    return inside.filter((other) => other !== attempt && instances.isUp(other.replica)).length;
  }

  #learns(pool: number): boolean {
    return pool >= 0 && this.#engine.service.parts.gateway.admissionOf(pool).limit.learns;
  }

  finish(now: number): void {
    const count = this.#settlements.length;
    this.#found.expect(count === 0, "LAW-10", now, () => `${count} settlements of no attempt`);
  }
}

/** By class, what it has that may not be shown: that of a class is looked at once. */
const ofClasses = new WeakMap<object, readonly string[]>();

/** What can be read off an object and may not be: its own keys, and what its class has but for the way to turn it round. */
function undeclared(object: object): readonly string[] {
  const own = Object.getOwnPropertyNames(object).filter(
    (key) => !Object.hasOwn(DECLARED, key) && key !== "constructor" && key !== "at",
  );
  const inherited = ofClass(Object.getPrototypeOf(object) as object);
  return own.length === 0 ? inherited : [...own, ...inherited];
}

function ofClass(prototype: object): readonly string[] {
  if (prototype === Object.prototype) return [];
  const known = ofClasses.get(prototype) ?? undeclared(prototype);
  ofClasses.set(prototype, known);
  return known;
}
