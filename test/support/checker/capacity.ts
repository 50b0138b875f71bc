// LAW-12: memory, slots and places to prefill in use never exceed what there is, and every count of who is inside
// agrees - the replica's, the pool's and the checker's own.
import type { Engine } from "../../../src/core/engine/engine.js";
import type { Scenario } from "../../../src/core/scenario/schema.js";
import { type Books, countWaiting } from "./books.js";
import type { Violations } from "./violations.js";

export class Capacity {
  readonly #engine: Engine;
  readonly #books: Books;
  readonly #found: Violations;
  /** By pool: sequences of a replica that may prefill at a time. */
  readonly #mostPrefilling: readonly number[];
  /** By replica. */
  readonly #inside: Int32Array;
  readonly #prefilling: Int32Array;

  constructor(engine: Engine, scenario: Scenario, books: Books, found: Violations) {
    this.#engine = engine;
    this.#books = books;
    this.#found = found;
    this.#mostPrefilling = Object.values(scenario.pools).map(({ replica }) =>
      replica.engine === "batching" ? replica.maxPrefillSequences : Number.POSITIVE_INFINITY,
    );
    this.#inside = new Int32Array(engine.world.replicas.length);
    this.#prefilling = new Int32Array(engine.world.replicas.length);
  }

  settled(now: number): void {
    this.#count();
    this.#checkReplicas(now);
    this.#engine.world.pools.forEach((pool, index) => {
      const { running, kvUsed } = this.#books.pools[index]!;
      const waiting = countWaiting(this.#books.pools[index]!);
      const slotsBusy = sum(pool.replicas.map((replica) => replica.slotsBusy));
      const reserved = sum(pool.replicas.map((replica) => replica.kvUsed));
      this.#agree(now, `busy slots of ${pool.name}`, [pool.slotsBusy, slotsBusy, running.size]);
      this.#agree(now, `KV tokens used in ${pool.name}`, [pool.kvUsed, reserved, kvUsed]);
      this.#agree(now, `requests waiting in ${pool.name}`, [pool.line.length, waiting]);
    });
  }

  /** Whether a replica has a slot, a place to prefill and the memory. By the counts of the last `settled`. */
  hasRoom(replica: number, kvTokens: number): boolean {
    const { slots, kvTokens: all, kvUsed } = this.#engine.world.replicas[replica]!;
    const most = this.#mostPrefilling[this.#engine.world.poolOfReplica[replica]!]!;
    return this.#inside[replica]! < slots && this.#prefilling[replica]! < most && kvUsed + kvTokens <= all;
  }

  #count(): void {
    this.#inside.fill(0);
    this.#prefilling.fill(0);
    for (const { running } of this.#books.pools) {
      for (const { replica, firstTokenAt } of running) {
        this.#inside[replica]!++;
        if (firstTokenAt === Number.POSITIVE_INFINITY) this.#prefilling[replica]!++;
      }
    }
  }

  #checkReplicas(now: number): void {
    this.#engine.world.replicas.forEach((replica, index) => {
      const { slots, slotsBusy, kvTokens, kvUsed, kvClaimed } = replica;
      const prefilling = this.#prefilling[index]!;
      const most = this.#mostPrefilling[this.#engine.world.poolOfReplica[index]!]!;
      const isWithin = slotsBusy <= slots && kvClaimed <= kvUsed && kvUsed <= kvTokens && prefilling <= most;
      this.#found.expect(isWithin, "LAW-12", now, () => {
        const tokens = `${kvClaimed} claimed and ${kvUsed} reserved of ${kvTokens} KV tokens`;
        return `replica ${index}: ${slotsBusy} of ${slots} slots, ${tokens}, ${prefilling} of ${most} prefills`;
      });
      this.#agree(now, `sequences in replica ${index}`, [slotsBusy, this.#inside[index]!]);
    });
  }

  #agree(now: number, what: string, counts: readonly number[]): void {
    const isEqual = counts.every((count) => count === counts[0]);
    this.#found.expect(isEqual, "LAW-12", now, () => `${what}: ${counts.join(" or ")}`);
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
