// Which instances a fault hits, and what is done to them: they are chosen among those that are up, and lost or mended.
// An instance may be gone by the time it is to be mended, as its node may have failed: its slot is another one's then,
// which a life of the slot tells apart.
import { InstanceState } from "../../../base/instance-state.js";
import type { Instant } from "../../../base/units.js";
import type { Fleet } from "../fleet.js";
import type { Toll } from "./fault.js";

/** An instance: a slot, and which of the lives that the slot has had. */
export interface Victim {
  readonly slot: number;
  readonly life: number;
}

/** Whether it is still there, in that state. */
function isStill({ instances }: Fleet, { slot, life }: Victim, state: InstanceState): boolean {
  return instances.lifeOf(slot) === life && instances.stateOf(slot) === state;
}

/** Slots of a pool's instances that are up and that faults may strike, in order. */
export function upIn({ instances, inventory }: Fleet, pool: number): number[] {
  return [...instances.ofPool(pool)].filter((slot) => instances.isUp(slot) && !inventory.isSpared(slot));
}

/** What is up in a slot, and whether it is still the same that is. */
export interface Up {
  readonly slot: number;
  isThere(): boolean;
}

/** What is up in these slots now. */
export function upAs({ instances }: Fleet, slots: readonly number[]): readonly Up[] {
  return slots.map((slot) => {
    const replica = instances.replicaOf(slot);
    return { slot, isThere: () => instances.isUp(slot) && instances.replicaOf(slot) === replica };
  });
}

/** These are lost with all that they hold. */
export function loseSlots(
  fleet: Fleet,
  slots: readonly number[],
  now: Instant,
  toll: Toll,
): readonly Victim[] {
  return slots.map((slot) => {
    // One that was to leave has gone with that: its slot's next life is none of this fault's.
    const victim = { slot, life: fleet.instances.lifeOf(slot) };
    toll.halted.push(...fleet.lose(slot, now));
    toll.pools.add(fleet.instances.poolOf(slot));
    return victim;
  });
}

/** For those that are still lost fresh ones stand there at once. */
export function repairSlots(fleet: Fleet, victims: readonly Victim[], now: Instant, toll: Toll): void {
  mend(fleet, victims, toll, (slot) => fleet.repair(slot, now));
}

function mend(fleet: Fleet, victims: readonly Victim[], toll: Toll, how: (slot: number) => void): void {
  for (const victim of victims) {
    if (!isStill(fleet, victim, InstanceState.lost)) continue;
    toll.pools.add(fleet.instances.poolOf(victim.slot));
    how(victim.slot);
  }
}

/** Those that are still lost start anew where they stand. */
export function restartSlots(fleet: Fleet, victims: readonly Victim[], now: Instant, toll: Toll): void {
  mend(fleet, victims, toll, (slot) => fleet.restart(slot, now));
}

/**
 * So many of a list, one after the other from a place that `where` in [0, 1) names, round its end: one draw chooses any
 * number of them, and each is as likely as any other.
 */
export function someOf<One>(list: readonly One[], count: number, where: number): One[] {
  const first = Math.floor(where * list.length);
  return Array.from({ length: Math.min(count, list.length) }, (_, at) => list[(first + at) % list.length]!);
}
