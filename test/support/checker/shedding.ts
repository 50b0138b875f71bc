// LAW-8 and LAW-9: no room stays empty beside someone who may take it, and the higher rank comes first - in line, and
// last when someone must go. Decided from the checker's own books; the policy is asked only whom it would let start.
// With stale signals both laws bend to what the policy believes, so there only the order in line is checked.
import { REASONS } from "../../../src/core/base/outcome.js";
import type { Instant } from "../../../src/core/base/units.js";
import type { Engine } from "../../../src/core/engine/engine.js";
import { PoolSignals } from "../../../src/core/gateway/signals.js";
import type { Scenario } from "../../../src/core/scenario/schema.js";
import { type Attempt, type Books, countWaiting, type PoolBooks } from "./books.js";
import type { Violations } from "./violations.js";

type MayStart = (path: number, signals: PoolSignals) => boolean;

interface Rules {
  readonly isLive: boolean;
  readonly discipline: "priority" | "fifo";
  /** Undefined for a policy that displaces nobody by design. */
  readonly displaceLower: boolean | undefined;
  readonly mayStart: MayStart;
  readonly signals: PoolSignals;
}

export class Shedding {
  readonly #engine: Engine;
  readonly #books: Books;
  readonly #found: Violations;
  readonly #rules: readonly Rules[];
  #newcomer: Attempt | undefined;

  /** Made before anything spies on the policies. */
  constructor(engine: Engine, scenario: Scenario, books: Books, found: Violations) {
    this.#engine = engine;
    this.#books = books;
    this.#found = found;
    this.#rules = Object.values(scenario.pools).map((spec, index) => {
      const policy = engine.world.gateway.policyOf(index);
      const { admission } = spec;
      return {
        isLive: spec.signals.staleness === 0,
        discipline: spec.discipline,
        displaceLower: admission.policy === "none" ? undefined : admission.displaceLower,
        mayStart: policy.mayStart.bind(policy),
        signals: new PoolSignals(engine.world.pools[index]!.line.ranks),
      };
    });
  }

  arrived(attempt: Attempt): void {
    this.#newcomer = attempt;
  }

  /** Called before the books move it. */
  starting(attempt: Attempt, now: number): void {
    const pool = this.#books.pools[attempt.pool]!;
    const { isLive, discipline, mayStart } = this.#rules[attempt.pool]!;
    const isFirst = pool.waiting[attempt.rank]![0] === attempt;
    this.#expect(isFirst, attempt, now, "overtook someone of its own rank");
    if (!isLive || discipline !== "priority") return;
    const signals = this.#signalsOf(attempt.pool, now);
    for (const line of pool.waiting.slice(0, attempt.rank)) {
      const head = line[0];
      if (head === undefined || !mayStart(head.tier, signals)) continue;
      this.#expect(false, attempt, now, `started while ${head.request} of a higher rank might`);
    }
  }

  /** Called before the books move it. */
  ending(attempt: Attempt, reason: number, now: number): void {
    const { name } = REASONS[reason]!;
    if (name === "overloaded_capacity") this.#refused(attempt, now);
    if (name === "displaced") this.#displaced(attempt, now);
  }

  #refused(attempt: Attempt, now: number): void {
    const { isLive, displaceLower } = this.#rules[attempt.pool]!;
    if (!isLive || displaceLower !== true) return;
    const below = this.#books.pools[attempt.pool]!.waiting.slice(attempt.rank + 1).flat();
    const first = below[0]?.request;
    this.#expect(below.length === 0, attempt, now, `was shed while ${first} of a lower rank waited`);
  }

  #displaced(victim: Attempt, now: number): void {
    const { displaceLower } = this.#rules[victim.pool]!;
    const lowest = this.#books.pools[victim.pool]!.waiting.filter((line) => line.length > 0).at(-1);
    const rank = this.#newcomer?.rank ?? Number.POSITIVE_INFINITY;
    this.#expect(displaceLower === true, victim, now, "was displaced against the rules");
    this.#expect(lowest?.at(-1) === victim, victim, now, "was displaced, and was not the last of all");
    this.#expect(rank < victim.rank, victim, now, "was displaced by someone of no higher rank");
  }

  settled(now: number): void {
    for (const [index, pool] of this.#books.pools.entries()) {
      if (!this.#rules[index]!.isLive || countWaiting(pool) === 0) continue;
      const next = this.#nextInLine(index, pool, now);
      const need = next === undefined ? 0 : next.inputTokens + next.outputTokens;
      const hasRoom = this.#engine.world.pools[index]!.replicas.some(
        (replica) => replica.slotsBusy < replica.slots && replica.kvUsed + need <= replica.kvTokens,
      );
      this.#found.expect(
        next === undefined || !hasRoom,
        "LAW-8",
        now,
        () => `request ${next!.request} waits in ${pool.name} beside room for it`,
      );
    }
  }

  #nextInLine(index: number, pool: PoolBooks, now: number): Attempt | undefined {
    const { discipline, mayStart } = this.#rules[index]!;
    const signals = this.#signalsOf(index, now);
    const heads = pool.waiting.flatMap((line) => line.slice(0, 1));
    const eligible = heads.filter((head) => mayStart(head.tier, signals));
    if (discipline === "priority" || eligible.length < 2) return eligible[0];
    // First come, first served: with equal times, the line knows who was first, and the books cannot.
    const earliest = Math.min(...eligible.map((head) => head.queuedAt));
    const first = eligible.filter((head) => head.queuedAt === earliest);
    return first.length === 1 ? first[0] : undefined;
  }

  /** What a live policy would see now, by the checker's own books. */
  #signalsOf(index: number, now: number): PoolSignals {
    const { slots, kvTokens } = this.#engine.world.pools[index]!;
    const pool = this.#books.pools[index]!;
    const { signals } = this.#rules[index]!;
    signals.asOf = now as Instant;
    signals.slots = slots;
    signals.kvTokens = kvTokens;
    signals.slotsBusy = pool.running.size;
    signals.kvUsed = pool.kvUsed;
    signals.queued = countWaiting(pool);
    pool.waiting.forEach((line, rank) => {
      signals.queuedByRank[rank] = line.length;
    });
    return signals;
  }

  #expect(condition: boolean, attempt: Attempt, now: number, what: string): void {
    this.#found.expect(condition, "LAW-9", now, () => `request ${attempt.request} ${what}`);
  }
}
