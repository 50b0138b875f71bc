// Outages of some instances of a pool: they are lost with all they hold, and when the outage is over fresh ones stand
// in their slots. Those that go are the first of the pool that take requests, then those that drain. Knows no time.
import { InstanceState } from "../../../base/instance-state.js";
import type { Instant } from "../../../base/units.js";
import { type Portion, portionOf } from "../../../document/portion.js";
import type { HaltedSequence } from "../../replica/replica.js";
import type { Fleet } from "../fleet.js";

export interface InstanceOutage {
  readonly pool: number;
  /** How many are lost, of those that are up. */
  readonly instances: Portion;
}

export class InstanceOutages {
  readonly #fleet: Fleet;
  readonly #outages: readonly InstanceOutage[];
  /** By outage: the slots that it has taken. */
  readonly #lost: (readonly number[])[] = [];

  constructor(fleet: Fleet, outages: readonly InstanceOutage[]) {
    this.#fleet = fleet;
    this.#outages = outages;
  }

  poolOf(outage: number): number {
    return this.#outages[outage]!.pool;
  }

  /** Hands back what was in the instances that are lost, instance by instance. */
  begin(outage: number, now: Instant): HaltedSequence[] {
    const { instances } = this.#fleet;
    const { pool, instances: part } = this.#outages[outage]!;
    const inState = (state: InstanceState) =>
      [...instances.ofPool(pool)].filter((slot) => instances.stateOf(slot) === state);
    const up = [...inState(InstanceState.ready), ...inState(InstanceState.draining)];
    const lost = up.slice(0, portionOf(part, up.length));
    this.#lost[outage] = lost;
    return lost.flatMap((slot) => this.#fleet.lose(slot, now));
  }

  end(outage: number, now: Instant): void {
    for (const slot of this.#lost[outage]!) this.#fleet.repair(slot, now);
  }
}
