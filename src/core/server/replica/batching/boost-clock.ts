// A GPU that has not computed hard for a moment runs faster when it does: heat and power pull its clock down after some
// tens of milliseconds of compute-bound steps, and it comes back as soon as these pause. How far it is down goes by the
// square of the heat, since the regulation answers to power that it has averaged: the first step after a pause hardly
// costs, the next ones do. Measured on the H100 (docs/model.md); profiles without it lose nothing. Knows instants and
// microseconds, no steps.
import type { Instant } from "../../../base/units.js";

/** How far the clock is down at `at`, from 0 to 1, if it was down by `low` when the last hot step ended. */
export function lowAt(at: number, low: number, endedAt: number, rest: number): number {
  return low * decay(at - endedAt, rest);
}

/** How far it is down after a hot step of so many microseconds, at whose start it was down by `low`. */
export function lowAfter(low: number, micros: number, memory: number): number {
  const heat = 1 - (1 - Math.sqrt(low)) * decay(micros, memory);
  return heat * heat;
}

/**
 * Of a clock that was all down: how far it is so, summed over the time from `from` to `to` after that. The difference
 * of two decays over one denominator, since this is asked for several times an epoch.
 */
export function lowOver(from: number, to: number, rest: number): number {
  const start = from + rest;
  const end = to + rest;
  const square = rest * rest;
  return (
    (2 * rest * square * (to - from) * (start + end)) / ((start * start + square) * (end * end + square))
  );
}

/** The clock of one GPU, rested at first. */
export class BoostClock {
  readonly #memory: number;
  readonly #rest: number;
  #low = 0;
  #endedAt = Number.NEGATIVE_INFINITY;

  /** Microseconds of hot steps over which it goes down, and of anything else over which it comes back. */
  constructor(memory: number, rest: number) {
    this.#memory = memory;
    this.#rest = rest;
  }

  lowAt(start: Instant): number {
    return lowAt(start, this.#low, this.#endedAt, this.#rest);
  }

  /** The mean over a step that is not hot. */
  meanLow(start: Instant, end: Instant): number {
    if (this.#low === 0 || end <= start) return this.lowAt(start);
    const since = start - this.#endedAt;
    return (this.#low * lowOver(since, since + (end - start), this.#rest)) / (end - start);
  }

  /** A hot step ran from `start` to `end`. */
  spend(start: Instant, end: Instant): void {
    this.#low = lowAfter(this.lowAt(start), end - start, this.#memory);
    this.#endedAt = end;
  }
}

/** Falls like an exponential over `over`, 1 / (1 + x + x^2 / 2), in arithmetic that is the same everywhere. */
function decay(time: number, over: number): number {
  const shifted = time + over;
  const square = over * over;
  return (2 * square) / (shifted * shifted + square);
}
