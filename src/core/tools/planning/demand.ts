// More or less demand on the same fleet, more or less of a fleet, and a part of it that is out: as overrides of a
// scenario file, so that everything a file may say stays checked. Knows the scenario's shape.
import { SurgefleetError } from "../../base/errors.js";
import { NEVER } from "../../base/units.js";
import { plannedGpus, planOf } from "../../scenario/capacity-plan.js";
import type { Scenario } from "../../scenario/schema.js";
import type { Timetable } from "../../server/fleet/control/autoscalers/autoscaler.js";
import { withinBounds } from "../../server/fleet/control/autoscalers/knobs.js";

/** As `--set` takes them: path=value. */
export type PathValue = readonly [path: string, value: string];

/** Every source's arrivals times a factor. Traces are thinned or repeated by their own `rateScale`. */
function scaledDemand(scenario: Scenario, factor: number): PathValue[] {
  if (factor === 1) return [];
  return Object.entries(scenario.traffic).flatMap(([name, { arrivals }]) => {
    const path = `traffic.${name}.arrivals`;
    if ("trace" in arrivals) return [scaled(`${path}.rateScale`, arrivals.rateScale ?? 1, factor)];
    if ("workload" in arrivals) return [scaled(`${path}.rate`, arrivals.rate, factor)];
    if (arrivals.process === "closed") return scaledCallers(path, arrivals, factor);
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

type ClosedArrivals = Extract<Scenario["traffic"][string]["arrivals"], { process: "closed" }>;

function scaledCallers(path: string, { callers, phases = [] }: ClosedArrivals, factor: number): PathValue[] {
  if (callers !== undefined) return [[`${path}.callers`, callersTimes(callers, factor)]];
  return phases.flatMap((phase, index) => {
    const ramp = "rampTo" in phase ? phase.rampTo : undefined;
    const ends = Object.entries({ callers: phase.callers, rampTo: ramp ?? 0 });
    // A pause has no callers to write.
    return ends.flatMap(([key, count]): PathValue[] =>
      count > 0 ? [[`${path}.phases.${index}.${key}`, callersTimes(count, factor)]] : [],
    );
  });
}

/** Rounded up: what is then found holds for at least the load that it is said to hold for. */
function callersTimes(callers: number, factor: number): string {
  return String(Math.max(1, Math.ceil(Number((callers * factor).toPrecision(12)))));
}

function scaled(path: string, value: number, factor: number): PathValue {
  return [path, String(Number((value * factor).toPrecision(12)))];
}

/** The pool whose replicas a path of a scenario is, of the start or of a step of its schedule; undefined for others. */
export function poolOfReplicas(path: string): string | undefined {
  return /^pools\.([^.]+)\.(?:autoscaler\.steps\.\d+\.)?replicas$/.exec(path)?.[1];
}

/** Throws USAGE for the replicas of a pool whose autoscaler says how many they are: those are the ones of the start. */
export function refuseScaled(flag: string, path: string, { pools }: Scenario): void {
  const pool = poolOfReplicas(path);
  const autoscaler = pool === undefined ? undefined : pools[pool]?.autoscaler;
  if (autoscaler === undefined || path !== `pools.${pool}.replicas`) return;
  const { algorithm } = autoscaler;
  const at = `pools.${pool}.autoscaler`;
  const keys = algorithm === "schedule" ? `${at}.steps.0.replicas, ...` : `${at}.min or ${at}.max`;
  throw new SurgefleetError(
    "USAGE",
    `${flag} ${path}: its autoscaler (${algorithm}) decides how many there are, and these are only those of the ` +
      `start; search ${keys}, or a fleet that stays as it is with --set ${at}=null`,
  );
}

/** Replicas of a pool that are there beside those that are searched, and out for the whole run. */
export interface Spare {
  readonly pool: string;
  readonly replicas: number;
}

/** So that it is never over within a run: the longest time that a scenario may write. */
const ALWAYS = "36525d";

type Pool = Scenario["pools"][string];

/** A pool with the replicas that values say, at steps of its schedule too. */
function poolWith(name: string, pool: Pool, values: readonly PathValue[]): Pool {
  const of = (path: string, stated: number) => {
    const value = values.find(([own]) => own === `pools.${name}.${path}`)?.[1];
    return value === undefined ? stated : Number(value);
  };
  const replicas = of("replicas", pool.replicas);
  const { autoscaler } = pool;
  if (autoscaler?.algorithm !== "schedule") return { ...pool, replicas };
  const steps = autoscaler.steps.map((step, index) => ({
    ...step,
    replicas: of(`autoscaler.steps.${index}.replicas`, step.replicas),
  }));
  return { ...pool, replicas, autoscaler: { ...autoscaler, steps } };
}

/** What a pool has by the clock, with so many more at each of its steps, and as many more at most. */
function scheduleWith(name: string, spare: number, { autoscaler }: Pool): PathValue[] {
  if (autoscaler?.algorithm !== "schedule") return [];
  const { steps, max } = autoscaler;
  const path = `pools.${name}.autoscaler`;
  const bounded = steps.map(({ replicas }) => withinBounds(autoscaler, replicas));
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
  const { pool: name, replicas } = spare;
  const pool = poolWith(name, pools[name]!, values);
  const planned = planOf(pool).replicas;
  const outage = `{pool: ${name}, from: 0s, for: ${ALWAYS}, instances: ${replicas}}`;
  return [
    ...values.filter(([path]) => poolOfReplicas(path) !== name),
    [`pools.${name}.replicas`, String(planned + replicas)],
    ...scheduleWith(name, replicas, pool),
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
 * The most GPUs that the pools are planned to need at a time with these values set, and what those of the start cost,
 * each pool's weighed by what one of its GPUs does; those of spare replicas included.
 */
export function fleetCost(
  scenario: Scenario,
  values: readonly PathValue[],
  gpuCost: Readonly<Record<string, number>> = {},
  spare?: Spare,
): { readonly gpus: number; readonly cost: number } {
  let cost = 0;
  const planned = Object.entries(scenario.pools).map(([name, stated]) => {
    const { replicas, gpusPerReplica, timetable } = planOf(poolWith(name, stated, values));
    const more = spare?.pool === name ? spare.replicas : 0;
    cost += (replicas + more) * gpusPerReplica * (gpuCost[name] ?? 1);
    return { replicas: replicas + more, gpusPerReplica, timetable: timetable && withMore(timetable, more) };
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
