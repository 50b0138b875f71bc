// The instants of the step boundaries while the batch stays the same (an epoch): step durations form an arithmetic
// progression. Its first term and its increment are rounded to 2^-20 microseconds, so that the sum of any number of
// steps is exact in a double and it makes no difference whether one adds step by step or jumps. Knows no batch.
import { assert } from "../../../base/assert.js";
import { type Instant, START } from "../../../base/units.js";
import type { StepProfile } from "../../profile/step-profile.js";
import { atSpeed } from "../speed.js";
import { lowOver } from "./boost-clock.js";
import { DRAG, ENDED_AT, FIRST, INCREMENT, LOW, ORIGIN, type ReplicaRows, SPEED } from "./replica-rows.js";

const GRAIN = 2 ** 20;
/** Beyond this many microseconds sums could lose bits: an epoch ends there and another begins. */
const MOST = 2 ** 33;
/** Beyond so many steps the root of their sum is the quicker way to find one. */
const TRIES = 32;

/** Microseconds as the arithmetic of steps takes them. */
export function grained(micros: number): number {
  return Math.round(micros * GRAIN) / GRAIN;
}

/** Of all replicas of a pool: `row` says of which. */
export class Progressions {
  readonly #rows: ReplicaRows;
  readonly #rest: number;
  readonly #drag: number;
  /** When the step ended that `endedBefore` has named last, if that was more than the least. */
  endedAt: Instant = START;

  constructor(rows: ReplicaRows, clock: StepProfile["clock"]) {
    this.#rows = rows;
    this.#rest = clock?.rest ?? 1;
    this.#drag = clock?.decodeDrag ?? 0;
  }

  /**
   * `first` is the duration of the first step at full speed in microseconds, `increment` what each adds to the one
   * before.
   */
  begin(row: number, origin: Instant, first: number, increment: number): void {
    const { numbers } = this.#rows;
    const speed = numbers[row + SPEED]!;
    const duration = grained(atSpeed(first, speed));
    numbers[row + ORIGIN] = origin;
    numbers[row + FIRST] = duration;
    numbers[row + INCREMENT] = grained(atSpeed(increment, speed));
    numbers[row + DRAG] = this.#drag * numbers[row + LOW]!;
    assert(duration >= 1, "LAW-2: a step takes time");
  }

  /** What is left at `now` of one step that ends at `end`, whatever the speed: an epoch of its own. */
  beginRest(row: number, now: Instant, end: Instant): void {
    const { numbers } = this.#rows;
    numbers[row + ORIGIN] = now;
    numbers[row + FIRST] = end - now;
    numbers[row + INCREMENT] = 0;
    numbers[row + DRAG] = 0;
    assert(end > now, "LAW-2: a step takes time");
  }

  /** The end of the step with this number, from 1; the origin for 0. */
  boundary(row: number, step: number): Instant {
    const sum = this.#sum(row, step);
    return (this.#rows.numbers[row + ORIGIN]! + Math.round(sum + this.#lost(row, sum))) as Instant;
  }

  /** The last step that an epoch may have, if that is not as late as `step`: at least the first. */
  lastUpTo(row: number, step: number): number {
    return this.#sum(row, step) <= MOST ? step : Math.max(1, this.#stepsIn(row, MOST));
  }

  /** Steps that have ended before `at`, exclusively, of which `least` are known to have. */
  endedBefore(row: number, at: Instant, least: number): number {
    const { numbers } = this.#rows;
    const origin = numbers[row + ORIGIN]!;
    const first = numbers[row + FIRST]!;
    const increment = numbers[row + INCREMENT]!;
    // No step is shorter than the first, and few are longer by much: nearly always it is the first that is tried here.
    const most = Math.floor((at - origin) / first);
    if (most - least > TRIES) return this.#farBefore(row, at, least);
    for (let steps = most; steps > least; steps--) {
      const sum = sumOf(first, increment, steps);
      const end = origin + Math.round(sum + this.#lost(row, sum));
      if (end >= at) continue;
      this.endedAt = end as Instant;
      return steps;
    }
    return least;
  }

  #farBefore(row: number, at: Instant, least: number): number {
    let steps = Math.max(least, this.#stepsIn(row, at - this.#rows.numbers[row + ORIGIN]!));
    while (this.boundary(row, steps) >= at) steps--;
    while (this.boundary(row, steps + 1) < at) steps++;
    this.endedAt = this.boundary(row, steps);
    return steps;
  }

  /**
   * Microseconds by which steps that sum up to `sum` come later, as the clock of the GPU is down after compute-bound
   * work: a function of the sum alone, so that here, too, one may add step by step or jump.
   */
  #lost(row: number, sum: number): number {
    const { numbers } = this.#rows;
    const drag = numbers[row + DRAG]!;
    if (drag === 0) return 0;
    const since = numbers[row + ORIGIN]! - numbers[row + ENDED_AT]!;
    return drag * lowOver(since, since + sum, this.#rest);
  }

  #sum(row: number, steps: number): number {
    const { numbers } = this.#rows;
    return sumOf(numbers[row + FIRST]!, numbers[row + INCREMENT]!, steps);
  }

  /** The most steps whose durations sum up to no more than that. */
  #stepsIn(row: number, micros: number): number {
    const { numbers } = this.#rows;
    const half = numbers[row + INCREMENT]! / 2;
    const linear = numbers[row + FIRST]! - half;
    // The root of half k^2 + linear k = micros, in the form that does not cancel; then corrected by comparison.
    const root = (2 * micros) / (linear + Math.sqrt(linear * linear + 4 * half * micros));
    let steps = Math.max(0, Math.floor(root));
    while (steps > 0 && this.#sum(row, steps) > micros) steps--;
    while (this.#sum(row, steps + 1) <= micros) steps++;
    return steps;
  }
}

function sumOf(first: number, increment: number, steps: number): number {
  return steps * first + (increment * steps * (steps - 1)) / 2;
}
