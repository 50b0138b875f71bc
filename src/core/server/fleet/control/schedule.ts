// Capacity by hand: a pool has so many replicas from then on. Growing adds instances at once, as far as there are GPUs;
// shrinking drains the last ones.
import { type Instant, NEVER } from "../../../base/units.js";
import type { Sizing } from "../sizing.js";
import type { Controller } from "./controller.js";

export interface CapacityStep {
  readonly at: Instant;
  readonly replicas: number;
}

export class CapacitySchedule implements Controller {
  readonly #sizing: Sizing;
  readonly #pool: number;
  /** In order of time. */
  readonly #steps: readonly CapacityStep[];

  constructor(sizing: Sizing, pool: number, steps: readonly CapacityStep[]) {
    this.#sizing = sizing;
    this.#pool = pool;
    this.#steps = steps;
  }

  act(now: Instant): Instant {
    const next = this.#steps.findIndex(({ at }) => at > now);
    const current = this.#steps.at(next < 0 ? -1 : next - 1);
    if (next !== 0 && current !== undefined) this.#sizing.resize(this.#pool, current.replicas, now);
    return this.#steps[next]?.at ?? NEVER;
  }
}
