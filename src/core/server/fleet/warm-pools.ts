// Warm pools: what has drained goes to sleep instead of leaving where its pool has fewer asleep than it keeps, whatever
// was so when it began to drain. One that had been woken is the common case: the cold start that was to refill the
// warm pool in its place is given up then. Nothing goes to sleep on a node that is about to go, nor while GPUs are
// missing for those that serve, in its own pool or in one that may displace it.
import { InstanceState } from "../../base/instance-state.js";
import type { Instant } from "../../base/units.js";
import type { Sizing } from "./sizing.js";

const { sleeping, lost } = InstanceState;

export class WarmPools {
  readonly #sizing: Sizing;

  constructor(sizing: Sizing) {
    this.#sizing = sizing;
    sizing.fleet.whenDrained((slot, now) => this.#takesIn(slot, now));
  }

  #takesIn(slot: number, now: Instant): boolean {
    const { instances, inventory } = this.#sizing.fleet;
    const pool = instances.poolOf(slot);
    const size = this.#sizing.asleepOf(pool);
    if (instances.times[pool]!.count(sleeping) >= size) return false;
    if (inventory.nodes.isLeaving(slot)) return false;
    this.#keep(pool, size - 1, now);
    return true;
  }

  /** Of those that stand by so many: before all those that are asleep, then those that drain or are lost. */
  #keep(pool: number, count: number, now: Instant): void {
    const { instances } = this.#sizing.fleet;
    const isBound = (slot: number) => instances.isUp(slot) || instances.stateOf(slot) === lost;
    const rank = (slot: number) => {
      if (instances.stateOf(slot) === sleeping) return 0;
      return isBound(slot) ? 1 : 2;
    };
    const ordered = this.#sizing
      .standingBy(pool)
      .sort((one, other) => rank(one) - rank(other) || one - other);
    for (const slot of ordered.slice(count)) this.#sizing.retire(slot, now);
  }
}
