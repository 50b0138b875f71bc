// Outages of some instances of a pool: they are lost with all they hold, and when the outage is over fresh ones stand
// in their slots. Those that go are the first of the pool that take requests, then those that drain. Knows no time.
import type { Instant } from "../../../base/units.js";
import type { HaltedSequence } from "../../replica/replica.js";
import type { Fleet } from "../fleet.js";

export interface InstanceOutage {
  readonly pool: number;
  /** How many are lost. */
  readonly replicas: number;
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
    const fleet = this.#fleet;
    const { pool, replicas } = this.#outages[outage]!;
    const up = [...fleet.instances.ofPool(pool)].filter((slot) => fleet.instances.isUp(slot));
    const inTurn = [...up.filter((slot) => !fleet.drains(slot)), ...up.filter((slot) => fleet.drains(slot))];
    const lost = inTurn.slice(0, replicas);
    this.#lost[outage] = lost;
    return lost.flatMap((slot) => fleet.lose(slot, now));
  }

  end(outage: number, now: Instant): void {
    for (const slot of this.#lost[outage]!) this.#fleet.repair(slot, now);
  }
}
