// The instants of the step boundaries while the batch stays the same (an epoch): step durations form an arithmetic
// progression. Its first term and its increment are rounded to 2^-20 microseconds, so that the sum of any number of
// steps is exact in a double and it makes no difference whether one adds step by step or jumps. Knows no batch.
import { assert } from "../../../base/assert.js";
import { type Instant, START } from "../../../base/units.js";

const GRAIN = 2 ** 20;
/** Beyond this many microseconds sums could lose bits: an epoch ends there and another begins. */
const MOST = 2 ** 33;
const TRIES = 4;

/** Microseconds as the arithmetic of steps takes them. */
export function grained(micros: number): number {
  return Math.round(micros * GRAIN) / GRAIN;
}

export class Progression {
  #origin: Instant = START;
  #first = 0;
  #increment = 0;

  /** `first` is the duration of the first step in microseconds, `increment` what each adds to the one before. */
  begin(origin: Instant, first: number, increment: number): void {
    this.#origin = origin;
    this.#first = grained(first);
    this.#increment = grained(increment);
    assert(this.#first >= 1, "LAW-2: a step takes time");
  }

  /** The end of the step with this number, from 1; the origin for 0. */
  boundary(step: number): Instant {
    return (this.#origin + Math.round(this.#sum(step))) as Instant;
  }

  /** The last step that an epoch may have, if that is not as late as `step`: at least the first. */
  lastUpTo(step: number): number {
    return this.#sum(step) <= MOST ? step : Math.max(1, this.#stepsIn(MOST));
  }

  /** Steps that have ended before `at`, exclusively, of which `least` are known to have. */
  endedBefore(at: Instant, least: number): number {
    // Nearly always it is one of the next few, which is quicker found by trying.
    let steps = least;
    for (const stop = least + TRIES; steps < stop; steps++) if (this.boundary(steps + 1) >= at) return steps;
    steps = Math.max(steps, this.#stepsIn(at - this.#origin));
    while (this.boundary(steps) >= at) steps--;
    while (this.boundary(steps + 1) < at) steps++;
    return steps;
  }

  #sum(steps: number): number {
    return steps * this.#first + (this.#increment * steps * (steps - 1)) / 2;
  }

  /** The most steps whose durations sum up to no more than that. */
  #stepsIn(micros: number): number {
    const half = this.#increment / 2;
    const linear = this.#first - half;
    // The root of half k^2 + linear k = micros, in the form that does not cancel; then corrected by comparison.
    const root = (2 * micros) / (linear + Math.sqrt(linear * linear + 4 * half * micros));
    let steps = Math.max(0, Math.floor(root));
    while (steps > 0 && this.#sum(steps) > micros) steps--;
    while (this.#sum(steps + 1) <= micros) steps++;
    return steps;
  }
}
