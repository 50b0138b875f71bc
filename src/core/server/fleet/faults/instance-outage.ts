// An outage of some instances of a pool, by schedule: they are lost with all they hold, and when it is over fresh ones
// stand in their slots. Those that go are the first of the pool that take requests, then those that drain. So many are
// out all the time, as the scenario says: a pool that shrinks meanwhile lets go of others before them.
import { InstanceState } from "../../../base/instance-state.js";
import { after, type Duration, type Instant } from "../../../base/units.js";
import { type Portion, portionOf } from "../../../document/portion.js";
import type { Fleet } from "../fleet.js";
import { Agenda } from "./agenda.js";
import type { Fault, Toll } from "./fault.js";
import { loseSlots, repairSlots, upIn } from "./victims.js";

export interface InstanceOutage {
  readonly pool: number;
  /** How many are lost, of those that are up. */
  readonly instances: Portion;
  readonly from: Instant;
  readonly lasts: Duration;
}

export function instanceOutage(fleet: Fleet, { pool, instances, from, lasts }: InstanceOutage): Fault {
  const agenda = new Agenda();
  const begin = (now: Instant, toll: Toll) => {
    const up = upIn(fleet, pool);
    const inTurn = [...up.filter((slot) => !fleet.drains(slot)), ...up.filter((slot) => fleet.drains(slot))];
    const lost = loseSlots(fleet, inTurn.slice(0, portionOf(instances, up.length)), now, toll);
    for (const { slot } of lost)
      if (fleet.instances.stateOf(slot) === InstanceState.lost) fleet.instances.keepOut(slot);
    toll.pools.add(pool);
    agenda.plan(after(now, lasts), (end, mended) => {
      repairSlots(fleet, lost, end, mended);
      mended.pools.add(pool);
    });
  };
  agenda.plan(from, begin);
  return agenda;
}
