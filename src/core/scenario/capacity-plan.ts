// What a scenario plans of capacity: how many replicas each pool is meant to have at any time, as far as the clock
// alone decides that. What there really is at a time is the simulation's to say. Knows numbers and times.
import { type Instant, NEVER, START } from "../base/units.js";
import type { Timetable } from "../server/fleet/control/autoscalers/autoscaler.js";
import { withinBounds } from "../server/fleet/control/autoscalers/knobs.js";
import { type AutoscalerSpec, timetableOf } from "../server/fleet/control/autoscalers/registry.js";

export interface PlannedPool {
  /** While its timetable says nothing, or without one all the time. */
  readonly replicas: number;
  readonly timetable: Timetable | undefined;
  readonly gpusPerReplica: number;
}

/** Changes of a plan that are looked at: a year of hours. What comes after those, no check says anything about. */
const MOST_CHANGES = 10_000;

interface PoolSpec extends Omit<PlannedPool, "timetable"> {
  readonly autoscaler?: AutoscalerSpec | undefined;
}

export function planOf({ replicas, gpusPerReplica, autoscaler }: PoolSpec): PlannedPool {
  const timetable = autoscaler && timetableOf(autoscaler);
  // An autoscaler that goes by load has them within its bounds at its first decision, and not before.
  const planned = timetable === undefined ? replicas : withinBounds(autoscaler!, replicas);
  return { replicas: planned, gpusPerReplica, timetable };
}

export function plannedReplicas(
  { replicas, timetable }: Omit<PlannedPool, "gpusPerReplica">,
  at: Instant,
): number {
  return timetable?.replicasAt(at) ?? replicas;
}

/** The start, and every later time before the end of a run at which the plan of a pool changes. */
function* changes(
  pools: readonly Pick<PlannedPool, "timetable">[],
  end: number,
): Generator<Instant, undefined> {
  let at = START;
  for (let count = 0; count < MOST_CHANGES; count++) {
    yield at;
    at = Math.min(...pools.map(({ timetable }) => timetable?.changesAt(at) ?? NEVER)) as Instant;
    if (at >= end) return;
  }
}

/** The most GPUs that pools need together in a run of that length, and from when. */
export function plannedGpus(
  pools: readonly PlannedPool[],
  length: number,
): { readonly gpus: number; readonly at: Instant } {
  let most = { gpus: -1, at: START };
  for (const at of changes(pools, length)) {
    const gpus = pools.reduce((sum, pool) => sum + plannedReplicas(pool, at) * pool.gpusPerReplica, 0);
    if (gpus > most.gpus) most = { gpus, at };
  }
  return most;
}

/** Whether a pool is to have a replica at any time of a run of that length. */
export function isEverUp(pool: Omit<PlannedPool, "gpusPerReplica">, length: number): boolean {
  for (const at of changes([pool], length)) if (plannedReplicas(pool, at) > 0) return true;
  return false;
}
