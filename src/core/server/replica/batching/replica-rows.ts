// Numbers of the replicas of a pool, a row of one cache line each: with a thousand replicas it is memory that takes the
// time, and small objects are spread all over it. Knows rows; what stands in one is its readers' business.
import { grown } from "../../../base/grown.js";

/** Doubles of a row: 64 bytes. */
const ROW = 8;
const FIRST_CAPACITY = 16;

export class ReplicaRows {
  /** Row by row. Another array once rows are added: read it anew each time. */
  numbers = new Float64Array(0);
  #used = 0;
  /** Rows of replicas that are gone. */
  readonly #free: number[] = [];

  /** A row for one replica more, by where it begins in `numbers`. Whatever stood there stands there still. */
  open(): number {
    const row = this.#free.pop() ?? this.#used;
    if (row < this.#used) return row;
    this.#used += ROW;
    if (this.#used > this.numbers.length) {
      this.numbers = grown(this.numbers, Math.max(FIRST_CAPACITY * ROW, 2 * this.numbers.length));
    }
    return row;
  }

  /** A replica is gone. */
  close(row: number): void {
    this.#free.push(row);
  }
}
