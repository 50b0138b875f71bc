// Numbers of the replicas of a pool, a row of one cache line each: with a thousand replicas it is memory that takes the
// time, and small objects are spread all over it. Knows rows and what stands where in them.
import { assert } from "../../../base/assert.js";
import { grown } from "../../../base/grown.js";
import type { Duration } from "../../../base/units.js";

/** By place in a row: the epoch in progress (progression.ts). */
export const ORIGIN = 0;
export const FIRST = 1;
export const INCREMENT = 2;
/** Microseconds that its steps lose in all as the clock of the GPU comes back from where it was at `ENDED_AT`. */
export const DRAG = 3;
/** When the hot step planned last begins; minus infinity if the step planned last is not hot (mixed-step.ts). */
export const HOT_FROM = 4;
/** How far the clock was down when the last hot step ended, and when that was. */
export const LOW = 5;
export const ENDED_AT = 6;
/** The replica's speed, as a share of its profile's; one that hangs keeps that from before. */
export const SPEED = 7;
/** Doubles of a row: 64 bytes. */
const ROW = 8;
const FIRST_CAPACITY = 16;

export class ReplicaRows {
  /** Row by row. Another array once rows are added: read it anew each time. */
  numbers = new Float64Array(0);
  #used = 0;
  /** Rows of replicas that are gone. */
  readonly #free: number[] = [];

  /**
   * A row for one replica more, at full speed, by where it begins in `numbers`. Whatever else stood there stands there
   * still.
   */
  open(): number {
    const row = this.#free.pop() ?? this.#add();
    this.numbers[row + SPEED] = 1;
    return row;
  }

  #add(): number {
    const row = this.#used;
    this.#used += ROW;
    if (this.#used > this.numbers.length) {
      this.numbers = grown(this.numbers, Math.max(FIRST_CAPACITY * ROW, 2 * this.numbers.length));
    }
    return row;
  }

  /** All instants of a replica come later by that many microseconds. */
  delay(row: number, by: Duration): void {
    for (const place of [ORIGIN, HOT_FROM, ENDED_AT]) this.numbers[row + place]! += by;
  }

  /** A replica is gone. */
  close(row: number): void {
    assert(!this.#free.includes(row), "a row is given back once");
    this.#free.push(row);
  }
}
