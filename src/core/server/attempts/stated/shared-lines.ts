// One cache line per attempt, which the two halves of its row share: what is touched at every turn of its life. With
// thousands of attempts inside it is memory that takes the time, line by line. Knows no column; which half may read
// what is theirs to say.
import { grown } from "../../../base/grown.js";

/** Lines are 16 whole numbers, or 8 doubles, apart: 64 bytes. */
export const LINE_SHIFT = 4;
export const LINE_DOUBLE_SHIFT = 3;

export class SharedLines {
  numbers: Int32Array = new Int32Array(0);
  /** The same memory. */
  doubles: Float64Array = new Float64Array(0);

  grow(capacity: number): void {
    const numbers = grown(this.numbers, capacity << LINE_SHIFT);
    this.numbers = numbers;
    this.doubles = new Float64Array(numbers.buffer);
  }
}
