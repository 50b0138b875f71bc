// A GPU that has not computed hard for a moment runs faster when it does: the first compute-bound steps after a pause
// save a share of their time until heat and power catch up. Measured on the H100 (docs/validation.md); profiles without
// it save nothing. Knows instants and microseconds, no steps.
import type { Instant } from "../../../base/units.js";

/**
 * Share of the boost, from 0 to 1, that a step starting at `start` has, if `left` of it was left when the last hot step
 * ended. `memory` is the microseconds over which boost comes and goes.
 */
export function boostAt(start: number, left: number, endedAt: number, memory: number): number {
  return 1 - (1 - left) * decay((start - endedAt) / memory);
}

/** What is left of such a share after a hot step of so many microseconds. */
export function boostLeft(share: number, micros: number, memory: number): number {
  return share * decay(micros / memory);
}

/** The clock of one GPU, rested at first. */
export class BoostClock {
  readonly #memory: number;
  #left = 1;
  #endedAt = Number.NEGATIVE_INFINITY;

  constructor(memory: number) {
    this.#memory = memory;
  }

  shareAt(start: Instant): number {
    return boostAt(start, this.#left, this.#endedAt, this.#memory);
  }

  /** A hot step ran from `start` to `end`. */
  spend(start: Instant, end: Instant): void {
    this.#left = boostLeft(this.shareAt(start), end - start, this.#memory);
    this.#endedAt = end;
  }
}

/** Falls like an exponential, in arithmetic that is the same everywhere. */
function decay(x: number): number {
  return 1 / (1 + x + (x * x) / 2);
}
