// LAW-8 and LAW-9: no room stays empty beside a request that may take it, and the higher rank comes first in the queue,
// and last where one must be shed; and no more are inside than the concurrency limit lets in (LAW-12). Decided from the
// checker's own books; the policy is asked only what it would let start. With stale signals the gateway may shed on an
// old copy, so there shedding is not judged; what starts is.
import { REASONS } from "../../../src/core/base/outcome.js";
import type { Instant } from "../../../src/core/base/units.js";
import type { Engine } from "../../../src/core/engine/engine.js";
import type { Scenario } from "../../../src/core/scenario/schema.js";
import type { AdmissionPolicy, Occupancy } from "../../../src/core/server/gateway/policies/policy.js";
import { type Attempt, type Books, countWaiting } from "./books.js";
import type { Capacity } from "./capacity.js";
import { orderOf, type QueueOrder } from "./queue-orders.js";
import type { Violations } from "./violations.js";

interface Rules {
  readonly isLive: boolean;
  readonly order: QueueOrder;
  /** Undefined for a policy that displaces no request by design. */
  readonly displaceLower: boolean | undefined;
  /** Whether an arrival that has to wait ends a running one. */
  readonly evictLower: boolean;
  /** Places in the queue. */
  readonly maxQueue: number;
  readonly queueTimeout: number | undefined;
  /** Whether the policy looks at memory in use, which changes all the time. */
  readonly watchesKv: boolean;
  readonly mayStart: (path: number, inputTokens: number, occupancy: Occupancy) => boolean;
  /** How many may be inside at once. */
  readonly most: () => number;
}

/** Reasons for which a policy refuses an arrival. */
const REFUSALS: ReadonlySet<string> = new Set([
  "overloaded_capacity",
  "overloaded_delay",
  "overloaded_predicted",
]);

type Admission = Scenario["pools"][string]["admission"];

/** What a scenario states of the queue: of several policies the least places, and what all of them do to others. */
function statedQueue(
  admission: Admission,
): Pick<Rules, "displaceLower" | "evictLower" | "maxQueue" | "queueTimeout"> {
  const all = admission.policy === "any-of" ? admission.of : [admission];
  const places = all.map(({ maxQueue }) => (maxQueue === "unlimited" ? Number.POSITIVE_INFINITY : maxQueue));
  const moving = all.flatMap((one) => (one.policy === "none" ? [] : [one]));
  const isBare = moving.length < all.length;
  return {
    displaceLower: isBare ? undefined : moving.every(({ displaceLower }) => displaceLower),
    evictLower: !isBare && moving.every(({ evictLower }) => evictLower),
    maxQueue: places.reduce((least, one) => Math.min(least, one)),
    queueTimeout: all
      .flatMap(({ queueTimeout }) => queueTimeout ?? [])
      .reduce<number | undefined>((least, one) => Math.min(least ?? one, one), undefined),
  };
}

export class Shedding {
  readonly #engine: Engine;
  readonly #books: Books;
  readonly #capacity: Capacity;
  readonly #found: Violations;
  readonly #rules: readonly Rules[];
  /** By pool: KV tokens in use that its policy was shown when it was last asked what may start. */
  readonly #kvShown: number[];
  /** Pools in which an attempt moved in the event at hand: there the policy has just been asked. */
  readonly #asked = new Set<number>();
  /** By pool: the rank of the arrival that its policy was last asked about, which a detour may have given it. */
  readonly #rankAsked: number[];

  constructor(engine: Engine, scenario: Scenario, books: Books, capacity: Capacity, found: Violations) {
    this.#engine = engine;
    this.#books = books;
    this.#capacity = capacity;
    this.#found = found;
    this.#rankAsked = engine.service.parts.pools.map(() => Number.POSITIVE_INFINITY);
    this.#kvShown = engine.service.parts.pools.map(() => 0);
    this.#rules = Object.values(scenario.pools).map(
      ({ signals, discipline, admission, concurrency }, index): Rules => {
        const { policy, limit } = engine.service.parts.gateway.admissionOf(index);
        const stated = concurrency.limit === "fixed" ? concurrency.most : Number.POSITIVE_INFINITY;
        return {
          isLive: signals.period === 0,
          order: orderOf(discipline, Object.keys(scenario.paths)),
          ...statedQueue(admission),
          watchesKv: policy.watchesKv,
          mayStart: this.#listenTo(policy, index),
          most: () => (limit.learns ? limit.most : stated),
        };
      },
    );
  }

  /** Notes what a policy is shown from now on; returns its own answer, which is not noted. */
  #listenTo(policy: AdmissionPolicy, index: number): Rules["mayStart"] {
    const decide = policy.decide.bind(policy);
    policy.decide = (facts, ...seen) => {
      this.#rankAsked[index] = facts.rank;
      return decide(facts, ...seen);
    };
    const mayStart = policy.mayStart.bind(policy);
    policy.mayStart = (path, inputTokens, occupancy) => {
      this.#kvShown[index] = occupancy.kvUsed;
      return mayStart(path, inputTokens, occupancy);
    };
    return mayStart;
  }

  /** An attempt moved in a pool, and so the pool was asked to start what may start. */
  moved(pool: number): void {
    this.#asked.add(pool);
  }

  /** Called before the books move it. */
  joining(attempt: Attempt, now: number): void {
    const { order } = this.#rules[attempt.pool]!;
    const { waiting } = this.#books.pools[attempt.pool]!;
    this.#expect(order.hasPlace?.(attempt, waiting) !== false, attempt, now, "joined a queue that was full");
    order.joining?.(attempt, waiting, now);
  }

  /** Called before the books move it. */
  starting(attempt: Attempt, now: number): void {
    const inside = this.#books.pools[attempt.pool]!.running.size + 1;
    const most = this.#rules[attempt.pool]!.most();
    this.#found.expect(inside <= most, "LAW-12", now, () => `${inside} inside at once, of ${most}`);
    // Its replica has it already, and counts its prompt: the policy was asked before.
    const next = this.#nextInQueue(attempt.pool, this.#kvShown[attempt.pool]!);
    this.#expect(
      next === attempt,
      attempt,
      now,
      () => `started when it was the turn of ${next?.request ?? "none"}`,
    );
    const { order } = this.#rules[attempt.pool]!;
    this.#expect(order.isLate?.(attempt, now) !== true, attempt, now, "started when it was late");
    this.#leaves(attempt);
    order.starting?.(attempt, this.#books.pools[attempt.pool]!.waiting, now);
  }

  /** Only a higher tier comes in before preempted attempts; they are the youngest of the lowest tier. */
  startingOn(attempt: Attempt, replica: number, now: number): void {
    const lost = this.#books.lostIn(replica).filter(({ rank }) => rank <= attempt.rank);
    const { request } = lost[0] ?? attempt;
    this.#expect(
      lost.length === 0,
      attempt,
      now,
      () => `started in replica ${replica} before ${request} was back`,
    );
  }

  preempted(victim: Attempt, now: number): void {
    for (const other of this.#books.pools[victim.pool]!.running) {
      if (other.replica !== victim.replica || other === victim || this.#books.mayBeLost(other, now)) continue;
      const goesFirst =
        other.rank > victim.rank || (other.rank === victim.rank && other.startTicket > victim.startTicket);
      this.#expect(!goesFirst, victim, now, () => `lost its memory before ${other.request} did`);
    }
  }

  /** Called before the books move it. */
  ending(attempt: Attempt, reason: number, now: number): void {
    const { name } = REASONS[reason]!;
    if (REFUSALS.has(name) && attempt.stage !== "queued") this.#refused(attempt, now);
    if (name === "overloaded_delay" && attempt.stage === "queued") this.#shedAtHead(attempt, now);
    if (name === "displaced" && attempt.stage === "queued") this.#displaced(attempt, now);
    if (name === "evicted" || (name === "displaced" && attempt.stage === "running"))
      this.#evicted(attempt, now);
    if (name === "queue_timeout") this.#timedOut(attempt, now);
  }

  /** An attempt is over that was let in, having generated so much. Called before the books move it. */
  over(attempt: Attempt, generated: number, now: number): void {
    if (attempt.stage !== "queued" && attempt.stage !== "running") return;
    if (attempt.stage === "queued") this.#leaves(attempt);
    const { waiting } = this.#books.pools[attempt.pool]!;
    this.#rules[attempt.pool]!.order.over?.(attempt, generated, waiting, now);
  }

  #leaves(attempt: Attempt): void {
    this.#rules[attempt.pool]!.order.leaving?.(attempt, this.#books.pools[attempt.pool]!.waiting);
  }

  #refused(attempt: Attempt, now: number): void {
    const { isLive, displaceLower, order } = this.#rules[attempt.pool]!;
    if (!isLive || displaceLower !== true) return;
    const { waiting } = this.#books.pools[attempt.pool]!;
    if (order.hasPlace?.(attempt, waiting) === false) return;
    const below = waiting.flat().find((other) => other.rank > attempt.rank);
    this.#expect(
      below === undefined,
      attempt,
      now,
      () => `was shed while ${below?.request} of a lower rank waited`,
    );
  }

  /** At the end of the longest wait, or at the head, where it was late. */
  #timedOut(attempt: Attempt, now: number): void {
    const { order, queueTimeout } = this.#rules[attempt.pool]!;
    if (now - attempt.queuedAt === queueTimeout) return;
    const isNext = this.#nextInQueue(attempt.pool, this.#kvShown[attempt.pool]!) === attempt;
    const isLate = order.isLate?.(attempt, now) === true;
    this.#expect(isNext && isLate, attempt, now, "was shed as late, and was not, or not at the head");
  }

  /** By a policy: the one whose turn it is, or where that may displace others the last of a lower rank. */
  #shedAtHead(victim: Attempt, now: number): void {
    const { displaceLower, order } = this.#rules[victim.pool]!;
    const next = this.#nextInQueue(victim.pool, this.#kvShown[victim.pool]!);
    const all = this.#books.pools[victim.pool]!.waiting.flat();
    const below =
      displaceLower === true ? all.filter(({ rank }) => next !== undefined && rank > next.rank) : [];
    const lowest = Math.max(...below.map(({ rank }) => rank));
    const isRight =
      below.length === 0
        ? next === victim
        : victim.rank === lowest &&
          order.isAfterAll(
            victim,
            all.filter(({ rank }) => rank === lowest),
          );
    const turn = next?.request ?? "none";
    this.#expect(
      isRight,
      victim,
      now,
      () => `was shed at the turn of ${turn}, ${below.length} of lower ranks waiting`,
    );
  }

  #displaced(victim: Attempt, now: number): void {
    const { displaceLower, order } = this.#rules[victim.pool]!;
    const all = this.#books.pools[victim.pool]!.waiting.flat();
    const peers = all.filter(({ rank }) => rank === victim.rank);
    const isLast = all.every(({ rank }) => rank <= victim.rank) && order.isAfterAll(victim, peers);
    const rank = this.#rankAsked[victim.pool]!;
    this.#expect(displaceLower === true, victim, now, "was displaced against the rules");
    this.#expect(isLast, victim, now, "was displaced, and was not the last of all");
    this.#expect(rank < victim.rank, victim, now, "was displaced by a request of no higher rank");
  }

  /**
   * Of all that run in the pool, in instances that take others, it is of the lowest rank, below the newcomer's, and of
   * those the last that started.
   */
  #evicted(victim: Attempt, now: number): void {
    const { evictLower } = this.#rules[victim.pool]!;
    const { running } = this.#books.pools[victim.pool]!;
    const isLast = [...running].every(
      (other) =>
        this.#books.drains(other) ||
        other.rank < victim.rank ||
        (other.rank === victim.rank && other.startTicket <= victim.startTicket),
    );
    const rank = this.#rankAsked[victim.pool]!;
    this.#expect(evictLower, victim, now, "was evicted against the rules");
    this.#expect(!this.#books.drains(victim), victim, now, "was evicted from an instance that drains");
    this.#expect(isLast, victim, now, "was evicted, and was not the last of all");
    this.#expect(rank < victim.rank, victim, now, "was evicted by a request of no higher rank");
  }

  /** Called after the capacities have been counted. */
  settled(now: number): void {
    this.#books.pools.forEach((pool, index) => {
      const waiting = countWaiting(pool);
      if (waiting === 0) return;
      const { maxQueue } = this.#rules[index]!;
      const isBounded = waiting <= maxQueue;
      this.#found.expect(
        isBounded,
        "LAW-9",
        now,
        () => `${waiting} wait in ${pool.name}, which has ${maxQueue} places`,
      );
      // Not asked of the policy, which may be the one to blame: alone in a pool, every request may start.
      const isDeserted =
        pool.running.size === 0 &&
        this.#books.readyIn(index).length > 0 &&
        !this.#engine.service.parts.gateway.isOut(index);
      this.#found.expect(
        !isDeserted,
        "LAW-8",
        now,
        () => `${waiting} wait in ${pool.name}, where nothing runs`,
      );
      // Where memory decides, what may start changes between events too, and the policy is not asked then.
      if (this.#rules[index]!.watchesKv && !this.#asked.has(index)) return;
      const next = this.#nextInQueue(index, this.#books.kvUsedIn(index, now));
      const isBelowLimit = pool.running.size < this.#rules[index]!.most();
      const isIdle =
        next !== undefined &&
        isBelowLimit &&
        this.#mayEnter(index, next, now as Instant) &&
        this.#hasRoom(index, next, now);
      this.#found.expect(
        !isIdle,
        "LAW-8",
        now,
        () => `request ${next?.request} waits in ${pool.name} beside room`,
      );
      // The pool's own view knows of cached contexts, which need no room.
      const { pools, gateway } = this.#engine.service.parts;
      const isUndone =
        !gateway.isOut(index) &&
        pools[index]!.leavesWorkUndone(this.#engine.service.waitingFacts, now as Instant);
      this.#found.expect(
        !isUndone,
        "LAW-8",
        now,
        () => `${pool.name} leaves work undone, by its own account`,
      );
    });
    this.#asked.clear();
  }

  /** A limit that weighs is asked, like the policy. */
  #mayEnter(index: number, attempt: Attempt, now: Instant): boolean {
    const { waitingFacts, parts } = this.#engine.service;
    const { limit } = parts.gateway.admissionOf(index);
    const { size } = this.#books.pools[index]!.running;
    return !limit.weighs || size === 0 || limit.mayEnter(waitingFacts.factsOf(attempt.inside), size, now);
  }

  #hasRoom(index: number, attempt: Attempt, now: number): boolean {
    const { fleet } = this.#engine.service.parts;
    const ready = [...fleet.instances.ofPool(index)].filter(
      (slot) => fleet.instances.isUp(slot) && !fleet.drains(slot),
    );
    return ready.some((slot) => this.#capacity.hasRoom(slot, attempt, now));
  }

  /**
   * Of the heads of the queue, as far as the policy lets them start, the one that the rule has go first. `kvUsed` is what
   * replicas counted when it was asked.
   */
  #nextInQueue(index: number, kvUsed: number): Attempt | undefined {
    const { order, mayStart, most } = this.#rules[index]!;
    const { waiting } = this.#books.pools[index]!;
    const occupancy = this.#books.occupancyOf(index, most(), kvUsed);
    let next: Attempt | undefined;
    for (const head of order.heads(waiting)) {
      if (!mayStart(head.served, head.inputTokens, occupancy)) continue;
      if (next === undefined || order.isBefore(head, next)) next = head;
    }
    return next;
  }

  #expect(condition: boolean, attempt: Attempt, now: number, what: string | (() => string)): void {
    this.#found.expect(
      condition,
      "LAW-9",
      now,
      () => `request ${attempt.request} ${typeof what === "string" ? what : what()}`,
    );
  }
}
