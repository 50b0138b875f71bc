// LAW-12: memory and slots in use never exceed what there is, and every count of who is inside agrees - the
// replica's, the pool's and the checker's own.
import type { Engine } from "../../../src/core/engine/engine.js";
import { type Books, countWaiting } from "./books.js";
import type { Violations } from "./violations.js";

export class Capacity {
  readonly #engine: Engine;
  readonly #books: Books;
  readonly #found: Violations;
  readonly #inside: Int32Array;

  constructor(engine: Engine, books: Books, found: Violations) {
    this.#engine = engine;
    this.#books = books;
    this.#found = found;
    this.#inside = new Int32Array(engine.world.replicas.length);
  }

  settled(now: number): void {
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

  #checkReplicas(now: number): void {
    this.#inside.fill(0);
    for (const { running } of this.#books.pools) {
      for (const attempt of running) this.#inside[attempt.replica]!++;
    }
    this.#engine.world.replicas.forEach((replica, index) => {
      const { slots, slotsBusy, kvTokens, kvUsed } = replica;
      const isWithin = slotsBusy <= slots && kvUsed <= kvTokens && kvUsed >= 0;
      this.#found.expect(isWithin, "LAW-12", now, () => {
        return `replica ${index} has ${slotsBusy} of ${slots} slots and ${kvUsed} of ${kvTokens} KV tokens in use`;
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
