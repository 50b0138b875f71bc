// LAW-12: memory, slots and places to prefill in use never exceed what there is, and every count of what is inside
// agrees - the replica's, the pool's and the checker's own. What sequences take of memory is reckoned here from their
// prompts and from what they have generated: between two bounds, since a step in progress has taken more already, and
// what sequences share is taken once.
import type { Instant } from "../../../src/core/base/units.js";
import type { Engine } from "../../../src/core/engine/engine.js";
import type { Scenario } from "../../../src/core/scenario/schema.js";
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
  /** By replica: the attempts inside, and how many of them prefill for certain, and at most. */
  readonly #inside: Attempt[][];
  readonly #prefilling: Int32Array;
  #events = 0;

  constructor(engine: Engine, scenario: Scenario, books: Books, found: Violations) {
    this.#engine = engine;
    this.#books = books;
    this.#found = found;
    this.#memory = new Memory(engine, scenario, books);
    this.#mostPrefilling = Object.values(scenario.pools).map(({ replica }) =>
      replica.engine === "batching" ? replica.maxPrefillSequences : Number.POSITIVE_INFINITY,
    );
    this.#inside = engine.service.parts.replicas.map(() => []);
    this.#prefilling = new Int32Array(engine.service.parts.replicas.length);
  }

  settled(now: number): void {
    this.#count();
    this.#engine.service.parts.replicas.forEach((_, replica) => {
      this.#checkReplica(replica, now);
    });
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
    const { slots, rankLimit } = this.#engine.service.parts.replicas[replica]!;
    const inside = this.#inside[replica]!;
    if (inside.length >= slots || attempt.rank > rankLimit) return false;
    const most = this.#mostPrefilling[this.#engine.service.parts.poolOfReplica[replica]!]!;
    const isAhead = (other: Attempt) =>
      other.firstTokenAt === Number.POSITIVE_INFINITY || this.#books.mayBeLost(other, now);
    if (inside.filter(isAhead).length >= most) return false;
    if (inside.some((other) => this.#books.mayBeLost(other, now))) return false;
    return this.#memory.hasRoom(replica, inside, attempt, now);
  }

  #count(): void {
    for (const inside of this.#inside) inside.length = 0;
    this.#prefilling.fill(0);
    for (const { running } of this.#books.pools) {
      for (const attempt of running) {
        this.#inside[attempt.replica]!.push(attempt);
        const isPrefilling = attempt.firstTokenAt === Number.POSITIVE_INFINITY && attempt.lostAfter < 0;
        if (isPrefilling && !attempt.isAbandoned && !attempt.isLost) this.#prefilling[attempt.replica]!++;
      }
    }
  }

  #checkReplica(index: number, now: number): void {
    const { slots, slotsBusy } = this.#engine.service.parts.replicas[index]!;
    const prefilling = this.#prefilling[index]!;
    const most = this.#mostPrefilling[this.#engine.service.parts.poolOfReplica[index]!]!;
    this.#found.expect(slotsBusy <= slots && prefilling <= most, "LAW-12", now, () => {
      return `replica ${index}: ${slotsBusy} of ${slots} slots, ${prefilling} of ${most} prefills`;
    });
    this.#agree(now, `sequences in replica ${index}`, [slotsBusy, this.#inside[index]!.length]);
    if (slotsBusy === this.#inside[index]!.length && this.#events++ % LOOKS === 0)
      this.#checkMemory(index, now);
  }

  #checkMemory(index: number, now: number): void {
    const problem = this.#memory.problem(index, this.#inside[index]!, now as Instant);
    this.#found.expect(problem === undefined, "LAW-12", now, () => `replica ${index}: ${problem}`);
  }

  #agree(now: number, what: string, counts: readonly number[]): void {
    const isEqual = counts.every((count) => count === counts[0]);
    this.#found.expect(isEqual, "LAW-12", now, () => `${what}: ${counts.join(" or ")}`);
  }
}
