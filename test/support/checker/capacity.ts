// LAW-12: memory, slots and places to prefill in use never exceed what there is, and every count of what is inside
// agrees - the replica's, the pool's and the checker's own. What sequences take of memory is reckoned here from their
// prompts and from what they have generated: between two bounds, since a step in progress has taken more already, and
// what sequences share is taken once.
import type { Instant } from "../../../src/core/base/units.js";
import type { Engine } from "../../../src/core/engine/engine.js";
import type { Scenario } from "../../../src/core/scenario/schema.js";
import type { Replica } from "../../../src/core/server/replica/replica.js";
import { type Attempt, type Books, countWaiting } from "./books.js";
import { Memory } from "./memory.js";
import type { Violations } from "./violations.js";

/** Memory is looked at sequence by sequence, which is dear: after one event in so many. */
const LOOKS = 4;

export class Capacity {
  readonly #engine: Engine;
  readonly #books: Books;
  readonly #found: Violations;
  readonly #memory: Memory;
  /** By pool: sequences of a replica that may prefill at a time. */
  readonly #mostPrefilling: readonly number[];
  /** By slot: the attempts inside, and how many of them prefill for certain. */
  readonly #inside = new Map<number, Attempt[]>();
  readonly #prefilling = new Map<number, number>();
  #events = 0;

  constructor(engine: Engine, scenario: Scenario, books: Books, found: Violations) {
    this.#engine = engine;
    this.#books = books;
    this.#found = found;
    this.#memory = new Memory(engine, scenario, books);
    this.#mostPrefilling = Object.values(scenario.pools).map(({ replica }) =>
      replica.engine === "batching" ? replica.maxPrefillSequences : Number.POSITIVE_INFINITY,
    );
  }

  settled(now: number): void {
    this.#count();
    for (const [slot, replica] of this.#engine.service.parts.fleet.instances.up()) {
      this.#checkReplica(slot, replica, now);
    }
    this.#engine.service.parts.pools.forEach((pool, index) => {
      const { running } = this.#books.pools[index]!;
      const waiting = countWaiting(this.#books.pools[index]!);
      const slotsBusy = pool.replicas.reduce((total, replica) => total + replica.slotsBusy, 0);
      this.#agree(now, `busy slots of ${pool.name}`, [pool.slotsBusy, slotsBusy, running.size]);
      this.#agree(now, `requests waiting in ${pool.name}`, [pool.queue.length, waiting]);
    });
  }

  /**
   * Whether a replica certainly has a slot, a place to prefill and the memory to start an attempt. One that has
   * preempted lets none of that rank in before it says so, at the boundary after all are back. By the counts of the
   * last `settled`.
   */
  hasRoom(replica: number, attempt: Attempt, now: number): boolean {
    const { instances } = this.#engine.service.parts.fleet;
    const { slots, rankLimit } = instances.replicaOf(replica);
    const inside = this.#insideOf(replica);
    if (inside.length >= slots || attempt.rank > rankLimit) return false;
    const most = this.#mostPrefilling[instances.poolOf(replica)]!;
    const isAhead = (other: Attempt) =>
      other.beganAt === Number.POSITIVE_INFINITY || this.#books.mayBeLost(other, now);
    if (inside.filter(isAhead).length >= most) return false;
    if (inside.some((other) => this.#books.mayBeLost(other, now))) return false;
    return this.#memory.hasRoom(replica, inside, attempt, now);
  }

  #count(): void {
    this.#inside.clear();
    this.#prefilling.clear();
    for (const { running } of this.#books.pools) {
      for (const attempt of running) {
        const inside = this.#inside.get(attempt.replica);
        if (inside === undefined) this.#inside.set(attempt.replica, [attempt]);
        else inside.push(attempt);
        const isPrefilling = attempt.beganAt === Number.POSITIVE_INFINITY && attempt.lostAfter < 0;
        if (!isPrefilling || attempt.isAbandoned || attempt.isLost) continue;
        this.#prefilling.set(attempt.replica, (this.#prefilling.get(attempt.replica) ?? 0) + 1);
      }
    }
  }

  #insideOf(slot: number): readonly Attempt[] {
    return this.#inside.get(slot) ?? [];
  }

  #checkReplica(index: number, { slots, slotsBusy }: Replica, now: number): void {
    const prefilling = this.#prefilling.get(index) ?? 0;
    const most = this.#mostPrefilling[this.#engine.service.parts.fleet.instances.poolOf(index)]!;
    this.#found.expect(slotsBusy <= slots && prefilling <= most, "LAW-12", now, () => {
      return `replica ${index}: ${slotsBusy} of ${slots} slots, ${prefilling} of ${most} prefills`;
    });
    this.#agree(now, `sequences in replica ${index}`, [slotsBusy, this.#insideOf(index).length]);
    if (slotsBusy === this.#insideOf(index).length && this.#events++ % LOOKS === 0)
      this.#checkMemory(index, now);
  }

  #checkMemory(index: number, now: number): void {
    const problem = this.#memory.problem(index, this.#insideOf(index), now as Instant);
    this.#found.expect(problem === undefined, "LAW-12", now, () => `replica ${index}: ${problem}`);
  }

  #agree(now: number, what: string, counts: readonly number[]): void {
    const isEqual = counts.every((count) => count === counts[0]);
    this.#found.expect(isEqual, "LAW-12", now, () => `${what}: ${counts.join(" or ")}`);
  }
}
