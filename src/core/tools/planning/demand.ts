// More or less demand on the same fleet, more or less of a fleet, and a part of it that is out: as overrides of a
// scenario file, so that everything a file may say stays checked. Knows the scenario's shape.
import { NEVER } from "../../base/units.js";
import { plannedGpus, planOf } from "../../scenario/capacity-plan.js";
import type { Scenario } from "../../scenario/schema.js";
import type { Timetable } from "../../server/fleet/control/autoscalers/autoscaler.js";

/** As `--set` takes them: path=value. */
export type PathValue = readonly [path: string, value: string];

/** Every source's arrivals times a factor. Traces are thinned or repeated by their own `rateScale`. */
function scaledDemand(scenario: Scenario, factor: number): PathValue[] {
  if (factor === 1) return [];
  return Object.entries(scenario.traffic).flatMap(([name, { arrivals }]) => {
    const path = `traffic.${name}.arrivals`;
    if ("trace" in arrivals) return [scaled(`${path}.rateScale`, arrivals.rateScale ?? 1, factor)];
    if ("workload" in arrivals) return [scaled(`${path}.rate`, arrivals.rate, factor)];
    if (arrivals.process === "closed") {
      return [[`${path}.callers`, callersTimes(arrivals.callers, factor)] as const];
    }
    if (arrivals.rate !== undefined) return [scaled(`${path}.rate`, arrivals.rate, factor)];
    return (arrivals.phases ?? []).flatMap((phase, index) => {
      const at = `${path}.phases.${index}`;
      // A pause has no rate to write, and nothing times anything is nothing.
      const ramp = "rampTo" in phase ? phase.rampTo : undefined;
      return [
        ...(phase.arrivalRate > 0 ? [scaled(`${at}.arrivalRate`, phase.arrivalRate, factor)] : []),
        ...(ramp !== undefined && ramp > 0 ? [scaled(`${at}.rampTo`, ramp, factor)] : []),
      ];
    });
  });
}

/** Rounded up: what is then found holds for at least the load that it is said to hold for. */
function callersTimes(callers: number, factor: number): string {
  return String(Math.max(1, Math.ceil(Number((callers * factor).toPrecision(12)))));
}

function scaled(path: string, value: number, factor: number): PathValue {
  return [path, String(Number((value * factor).toPrecision(12)))];
}

/** The pool whose replicas a path of a scenario is; undefined for any other path. */
export function poolOfReplicas(path: string): string | undefined {
  return /^pools\.([^.]+)\.replicas$/.exec(path)?.[1];
}

/** Replicas of a pool that are there beside those that are searched, and out for the whole run. */
export interface Spare {
  readonly pool: string;
  readonly replicas: number;
}

/** So that it is never over within a run: the longest time that a scenario may write. */
const ALWAYS = "36525d";

type Autoscaler = NonNullable<Scenario["pools"][string]["autoscaler"]>;

/** What a pool has by the clock, with so many more at each of its steps, and as many more at most. */
function scheduleWith(pool: string, spare: number, autoscaler: Autoscaler | undefined): PathValue[] {
  if (autoscaler?.algorithm !== "schedule") return [];
  const { steps, min, max } = autoscaler;
  const path = `pools.${pool}.autoscaler`;
  const bounded = steps.map(({ replicas }) => Math.max(min, Math.min(max ?? replicas, replicas)));
  return [
    ...bounded.map(
      (replicas, index) => [`${path}.steps.${index}.replicas`, String(replicas + spare)] as const,
    ),
    ...(max === undefined ? [] : [[`${path}.max`, String(max + spare)] as const]),
  ];
}

/** The pool with its spare replicas, at all steps of a schedule too, and the outage that takes as many all the time. */
function withSpare(
  { pools, outages }: Scenario,
  values: readonly PathValue[],
  spare: Spare | undefined,
): PathValue[] {
  if (spare === undefined) return [...values];
  const { pool, replicas } = spare;
  const { replicas: stated, gpusPerReplica, autoscaler } = pools[pool]!;
  const own = `pools.${pool}.replicas`;
  const wanted = Number(values.find(([path]) => path === own)?.[1] ?? stated);
  const planned = planOf({ replicas: wanted, gpusPerReplica, autoscaler }).replicas;
  const outage = `{pool: ${pool}, from: 0s, for: ${ALWAYS}, instances: ${replicas}}`;
  return [
    ...values.filter(([path]) => path !== own),
    [own, String(planned + replicas)],
    ...scheduleWith(pool, replicas, autoscaler),
    outages.length === 0 ? ["outages", `[${outage}]`] : [`outages.${outages.length}`, outage],
  ];
}

function withMore({ replicasAt, changesAt }: Timetable, more: number): Timetable {
  return {
    changesAt,
    replicasAt: (at) => {
      const replicas = replicasAt(at);
      return replicas === undefined ? undefined : replicas + more;
    },
  };
}

/**
 * The most GPUs that the pools need at a time with these values set, and what those of the start cost, each pool's
 * weighed by what one of its GPUs does; those of spare replicas included.
 */
export function fleetCost(
  scenario: Scenario,
  values: readonly PathValue[],
  gpuCost: Readonly<Record<string, number>> = {},
  spare?: Spare,
): { readonly gpus: number; readonly cost: number } {
  const replicas = new Map(Object.entries(scenario.pools).map(([name, pool]) => [name, pool.replicas]));
  for (const [path, value] of values) {
    const pool = poolOfReplicas(path);
    if (pool !== undefined && replicas.has(pool)) replicas.set(pool, Number(value));
  }
  let cost = 0;
  const planned = [...replicas].map(([name, count]) => {
    const { gpusPerReplica, autoscaler } = scenario.pools[name]!;
    const { replicas: own, timetable } = planOf({ replicas: count, gpusPerReplica, autoscaler });
    const more = spare?.pool === name ? spare.replicas : 0;
    cost += (own + more) * gpusPerReplica * (gpuCost[name] ?? 1);
    return { replicas: own + more, gpusPerReplica, timetable: timetable && withMore(timetable, more) };
  });
  return { gpus: plannedGpus(planned, scenario.duration ?? NEVER).gpus, cost };
}

/** A candidate as overrides; the inventory grows with the pools where it has to. */
export function candidateOverrides(
  scenario: Scenario,
  values: readonly PathValue[],
  demand: number,
  spare?: Spare,
): string[] {
  const { gpus } = fleetCost(scenario, values, {}, spare);
  const inventory: PathValue[] = gpus > scenario.inventory.gpus ? [["inventory.gpus", String(gpus)]] : [];
  const all = [...withSpare(scenario, values, spare), ...inventory, ...scaledDemand(scenario, demand)];
  return all.map(([path, value]) => `${path}=${value}`);
}
