// A GPU that has not computed hard for a moment runs faster when it does: the first compute-bound steps after a pause
// save a share of their time until heat and power catch up. Measured on the H100 (docs/validation.md); profiles without
// it save nothing. Knows instants and microseconds, no steps.
import type { Instant } from "../../../base/units.js";

export class BoostClock {
  readonly #memory: number;
  /** Share of the boost that was left when the last hot step ended. */
  #left = 1;
  #endedAt = Number.NEGATIVE_INFINITY;

  /** `memory` is the microseconds over which boost comes and goes. */
  constructor(memory: number) {
    this.#memory = memory;
  }

  /** Share of the boost, from 0 to 1, that a step starting now has. */
  shareAt(start: Instant): number {
    return 1 - (1 - this.#left) * decay((start - this.#endedAt) / this.#memory);
  }

  /** A hot step ran from `start` to `end`. */
  spend(start: Instant, end: Instant): void {
    this.#left = this.shareAt(start) * decay((end - start) / this.#memory);
    this.#endedAt = end;
  }
}

/** Falls like an exponential, in arithmetic that is the same everywhere. */
function decay(x: number): number {
  return 1 / (1 + x + (x * x) / 2);
}
