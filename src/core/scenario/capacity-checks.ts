// What pools, their schedules, outages of some of their instances and the inventory demand of each other. Skips
// whatever is malformed itself.
import type { Duration } from "../base/units.js";
import { type Portion, portion, portionOf } from "../document/portion.js";
import { asMap, maps, type Raw, type Report, read } from "../document/raw.js";
import { count, duration, showDuration } from "../document/units.js";
import { machineOf } from "../server/profile/machine.js";
import { type CapacityStep, type PlannedPool, plannedGpus, plannedReplicas } from "./capacity-plan.js";
import { laterPools } from "./path-lives.js";

const anyCount = count(0, Number.MAX_SAFE_INTEGER);
const anyDuration = duration();
const anyPortion = portion(Number.MAX_SAFE_INTEGER);

/** Undefined where a part of it is malformed. */
type MaybePool = { readonly [Key in keyof PlannedPool]: PlannedPool[Key] | undefined };

const listOf = (raw: unknown): readonly unknown[] => (Array.isArray(raw) ? raw : []);

/** GPUs of one instance of a pool; undefined where they are malformed. */
export function gpusOf(pool: Raw): number | undefined {
  const stated = pool["gpusPerReplica"];
  return stated === undefined ? machineOf(pool["replica"]).gpus : read(anyCount, stated);
}

function poolsOf(root: Raw): ReadonlyMap<string, MaybePool> {
  return new Map(
    maps(root["pools"]).map(([name, pool]) => {
      const replicas = read(anyCount, pool["replicas"]);
      return [name, { replicas, schedule: stepsOf(pool), gpusPerReplica: gpusOf(pool) }];
    }),
  );
}

function stepsOf(pool: Raw): readonly CapacityStep[] | undefined {
  const steps = listOf(pool["schedule"]).map((step) => {
    const { at, replicas } = asMap(step);
    return { at: read(anyDuration, at), replicas: read(anyCount, replicas) };
  });
  const isWhole = (step: (typeof steps)[number]): step is CapacityStep =>
    step.at !== undefined && step.replicas !== undefined;
  return steps.every(isWhole) ? steps : undefined;
}

const isKnown = (pool: MaybePool): pool is PlannedPool =>
  pool.replicas !== undefined && pool.schedule !== undefined && pool.gpusPerReplica !== undefined;

/** Times that only get later, none beyond the end of the run; and at some time there has to be a replica. */
function checkSchedules(root: Raw, pools: ReadonlyMap<string, MaybePool>, report: Report): void {
  const length = read(anyDuration, root["duration"]);
  for (const [name, { replicas, schedule }] of pools) {
    if (schedule === undefined) continue;
    for (const [index, { at }] of schedule.entries()) {
      const place = ["pools", name, "schedule", index, "at"];
      const before = schedule[index - 1]?.at;
      if (before !== undefined && at <= before) {
        report(
          place,
          `not later than the entry before it (${showDuration(before)}): write them in order of time`,
        );
      } else if (length !== undefined && length > 0 && at >= length) {
        report(place, `the run ends before that (duration is ${showDuration(length)})`);
      }
    }
    if (asMap(asMap(root["pools"])[name])["autoscaler"] !== undefined) continue;
    if (replicas === undefined || schedule.some((step) => step.replicas > 0)) continue;
    if (plannedReplicas({ replicas, schedule }, 0) === 0) {
      const never = "the pool never has a replica";
      report(
        ["pools", name, "replicas"],
        schedule.length === 0 ? `${never}: give it one, or a schedule` : never,
      );
    }
  }
}

function checkInventory(root: Raw, pools: ReadonlyMap<string, MaybePool>, report: Report): void {
  const gpus = read(anyCount, asMap(root["inventory"])["gpus"]);
  const later = laterPools(root);
  const planned = [...pools].filter(([name]) => !later.has(name)).map(([, pool]) => pool);
  const known = planned.filter(isKnown);
  if (gpus === undefined || known.length < planned.length) return;
  const needed = plannedGpus(known);
  if (needed.gpus <= gpus) return;
  const when = needed.at === 0 ? "" : ` at ${showDuration(needed.at as Duration)}`;
  report(["inventory", "gpus"], `the pools need ${needed.gpus} GPUs${when}, the inventory has ${gpus}`);
}

interface Outage {
  readonly index: number;
  readonly pool: string;
  readonly from: number;
  readonly until: number;
  readonly instances: Portion;
}

function outagesOf(root: Raw): Outage[] {
  return listOf(root["outages"]).flatMap((raw, index): Outage[] => {
    const { pool, from, for: length, instances } = asMap(raw);
    const [start, lasts, lost] = [
      read(anyDuration, from),
      read(anyDuration, length),
      read(anyPortion, instances),
    ];
    if (typeof pool !== "string" || start === undefined || lasts === undefined || lost === undefined)
      return [];
    return [{ index, pool, from: start, until: start + lasts, instances: lost }];
  });
}

/** No outage takes more instances than its pool has then, those that other outages have taken left out. */
function checkOutages(root: Raw, pools: ReadonlyMap<string, MaybePool>, report: Report): void {
  const outages = outagesOf(root).sort((one, other) => one.from - other.from || one.index - other.index);
  const taken: { readonly pool: string; readonly until: number; readonly count: number }[] = [];
  for (const { index, pool, from, until, instances } of outages) {
    const { replicas, schedule } = pools.get(pool) ?? {};
    if (replicas === undefined || schedule === undefined) continue;
    const there = plannedReplicas({ replicas, schedule }, from);
    const others = taken.filter((other) => other.pool === pool && from < other.until);
    const gone = others.reduce((sum, { count }) => sum + count, 0);
    const left = Math.max(0, there - gone);
    const wanted = "count" in instances ? instances.count : portionOf(instances, left);
    taken.push({ pool, until, count: wanted });
    if (wanted <= left && left > 0) continue;
    const already = gone === 0 ? "" : `, of which other outages have taken ${gone}`;
    report(["outages", index, "instances"], `pool "${pool}" has ${there} instances then${already}`);
  }
}

export function checkCapacity(root: Raw, report: Report): void {
  const pools = poolsOf(root);
  checkSchedules(root, pools, report);
  checkInventory(root, pools, report);
  checkOutages(root, pools, report);
}
