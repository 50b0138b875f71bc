// The life of a pool whose models are launched and retired while a service runs: it has its replicas from a while
// before the first launch on, displacing others if it must, and none after the last retirement, once what still waits
// has started. Knows instants and numbers of replicas.
import { after, type Duration, type Instant, MICROS_PER_SECOND, NEVER } from "../../../base/units.js";
import type { Sizing } from "../sizing.js";
import type { Controller } from "./controller.js";

/** How often a pool that is to go is looked at while requests still wait there. */
const PATIENCE = MICROS_PER_SECOND as Duration;

export interface PoolLifeOptions {
  readonly sizing: Sizing;
  readonly pool: number;
  /** When it is to have its replicas, and from when on none; NEVER: it stays. */
  readonly from: Instant;
  readonly until: Instant;
  /** How many it has then; an autoscaler decides from there on. */
  readonly replicas: number;
}

export class PoolLife implements Controller {
  readonly #options: PoolLifeOptions;
  #hasBegun = false;

  constructor(options: PoolLifeOptions) {
    this.#options = options;
  }

  act(now: Instant): Instant {
    const { sizing, pool, from, until, replicas } = this.#options;
    if (now < from) return from;
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      sizing.launchPool(pool, replicas, now);
    }
    if (now < until) return until;
    if (sizing.fleet.pools[pool]!.queue.length > 0) return after(now, PATIENCE);
    sizing.retirePool(pool, now);
    return NEVER;
  }
}
