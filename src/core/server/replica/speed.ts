// The speed of a replica as a share of what its profile says: 1 on a sound machine, less on one that is slow, 0 on one
// that hangs. Steps as lengthened must stay within what a double counts in whole microseconds: hence a least speed.
import { assert } from "../../base/assert.js";

/** The least speed of a replica that does not hang; a bound of ours. */
export const SLOWEST = 0.001;

export function assertSpeed(speed: number): void {
  assert(speed === 0 || (speed >= SLOWEST && speed <= 1), "a speed is 0, or a share that is not too small");
}

/** What takes so long at full speed, at this one: without a division, which takes a dozen sums, where it is full. */
export function atSpeed(micros: number, speed: number): number {
  return speed === 1 ? micros : micros / speed;
}
