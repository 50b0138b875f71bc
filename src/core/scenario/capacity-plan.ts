// What a scenario plans of capacity: how many replicas each pool is meant to have at any time, by its number at the
// start and its schedule. What there really is at a time is the simulation's to say. Knows numbers and times.
import type { Duration } from "../base/units.js";

export interface CapacityStep {
  readonly at: Duration;
  readonly replicas: number;
}

export interface PlannedPool {
  /** At the start. */
  readonly replicas: number;
  /** In order of time. */
  readonly schedule: readonly CapacityStep[];
  readonly gpusPerReplica: number;
}

export function plannedReplicas(
  { replicas, schedule }: Omit<PlannedPool, "gpusPerReplica">,
  at: number,
): number {
  return schedule.reduce((now, step) => (step.at <= at ? step.replicas : now), replicas);
}

/** The most GPUs that pools need together, and from when. */
export function plannedGpus(pools: readonly PlannedPool[]): { readonly gpus: number; readonly at: number } {
  const times = [0, ...pools.flatMap(({ schedule }) => schedule.map(({ at }) => at))];
  let most = { gpus: -1, at: 0 };
  for (const at of times.sort((one, other) => one - other)) {
    const gpus = pools.reduce((sum, pool) => sum + plannedReplicas(pool, at) * pool.gpusPerReplica, 0);
    if (gpus > most.gpus) most = { gpus, at };
  }
  return most;
}
