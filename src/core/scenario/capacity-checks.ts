// What pools, what is planned of them by the clock, outages of some of their instances and the inventory demand of each
// other. Skips whatever is malformed itself.

import { several } from "../base/several.js";
import type { Duration, Instant } from "../base/units.js";
import { checkNamed } from "../document/definition.js";
import { type Portion, portion, portionOf } from "../document/portion.js";
import { asMap, listOf, maps, type Raw, type Report, read } from "../document/raw.js";
import { count, duration, showDuration } from "../document/units.js";
import { choices, quote } from "../document/words.js";
import { AUTOSCALERS, autoscaler as autoscalerSchema } from "../server/fleet/control/autoscalers/registry.js";
import { machineOf } from "../server/profile/machine.js";
import { isEverUp, type PlannedPool, plannedGpus, plannedReplicas, planOf } from "./capacity-plan.js";
import { isAheadOfAll, isLater, isThereAt, type PoolLife, poolLives } from "./path-lives.js";

const anyCount = count(0, Number.MAX_SAFE_INTEGER);
const anyDuration = duration();
const anyPortion = portion(Number.MAX_SAFE_INTEGER);

/** What is planned of a pool as it is written; undefined where a part of it is malformed. */
interface StatedPool {
  readonly plan: PlannedPool | undefined;
  /** Whether load decides how many replicas it has. */
  readonly goesByLoad: boolean;
  /** The most that it may decide, where that is said. */
  readonly most?: number | undefined;
}

/** GPUs of one instance of a pool; undefined where they are malformed. */
export function gpusOf(pool: Raw): number | undefined {
  const stated = pool["gpusPerReplica"];
  return stated === undefined ? machineOf(pool["replica"]).gpus : read(anyCount, stated);
}

export function statedPool(pool: Raw): StatedPool {
  const [replicas, gpusPerReplica] = [read(anyCount, pool["replicas"]), gpusOf(pool)];
  const given = pool["autoscaler"];
  const autoscaler = given === undefined ? undefined : read(autoscalerSchema, given);
  const isMalformed = given !== undefined && autoscaler === undefined;
  if (replicas === undefined || gpusPerReplica === undefined || isMalformed)
    return { plan: undefined, goesByLoad: false };
  const plan = planOf({ replicas, gpusPerReplica, autoscaler });
  const goesByLoad = autoscaler !== undefined && plan.timetable === undefined;
  return { plan, goesByLoad, most: goesByLoad ? autoscaler.max : undefined };
}

/**
 * How many instances a pool is planned to have at a time: none where it is not there; at most, where load decides;
 * undefined where nothing is said of that, or a part of it is malformed.
 */
export function instancesAt(
  life: PoolLife | undefined,
  { plan, goesByLoad, most }: StatedPool,
  at: Instant,
): number | undefined {
  if (life !== undefined && !isThereAt(life, at)) return 0;
  if (plan === undefined) return undefined;
  return goesByLoad ? most : plannedReplicas(plan, at);
}

/** The length of the run, or for ever where it is malformed. */
function lengthOf(root: Raw): number {
  const length = read(anyDuration, root["duration"]);
  return length === undefined || length === 0 ? Number.POSITIVE_INFINITY : length;
}

/** What autoscalers have to be in a run of that length; and at some time a pool has to have a replica. */
function checkScaling(root: Raw, pools: ReadonlyMap<string, StatedPool>, report: Report): void {
  const length = lengthOf(root);
  for (const [name, pool] of maps(root["pools"])) {
    const around = { duration: Number.isFinite(length) ? (length as Duration) : undefined };
    const at = ["pools", name, "autoscaler"];
    checkNamed(AUTOSCALERS, "algorithm", asMap(pool["autoscaler"]), at, around, report);
    const { plan, goesByLoad } = pools.get(name)!;
    if (plan === undefined || goesByLoad || isEverUp(plan, length)) continue;
    const never = "the pool never has a replica";
    if (plan.timetable !== undefined) report(at, never);
    else report(["pools", name, "replicas"], `${never}: give it one, or an autoscaler`);
  }
}

function checkInventory(root: Raw, pools: ReadonlyMap<string, StatedPool>, report: Report): void {
  const gpus = read(anyCount, asMap(root["inventory"])["gpus"]);
  const lives = poolLives(root);
  const planned = [...pools].filter(([name]) => !isLater(lives.get(name)!)).map(([, pool]) => pool);
  const plans = planned.flatMap(({ plan }) => (plan === undefined ? [] : [plan]));
  if (gpus === undefined || plans.length < planned.length) return;
  const needed = plannedGpus(plans, lengthOf(root));
  if (needed.gpus <= gpus) return;
  const when = needed.at === 0 ? "" : ` at ${showDuration(needed.at as number as Duration)}`;
  const ahead = [...lives].filter(([, life]) => isAheadOfAll(life)).map(([name]) => quote(name));
  const hint =
    ahead.length === 0 ? undefined : `by its launchAhead ${choices(ahead)} is there from the start`;
  const message = `the pools need ${several(needed.gpus, "GPU")}${when}, the inventory has ${gpus}`;
  report(["inventory", "gpus"], message, { hint });
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

/**
 * No outage takes more instances than its pool is to have then, those that other outages have taken left out. Of those
 * by load no more is known before the run than the most.
 */
function checkOutages(root: Raw, pools: ReadonlyMap<string, StatedPool>, report: Report): void {
  const outages = outagesOf(root).sort((one, other) => one.from - other.from || one.index - other.index);
  const taken: { readonly pool: string; readonly until: number; readonly count: number }[] = [];
  const lives = poolLives(root);
  for (const { index, pool, from, until, instances } of outages) {
    const stated = pools.get(pool);
    if (stated?.plan === undefined) continue;
    const there = instancesAt(lives.get(pool), stated, from as Instant);
    if (there === undefined) continue;
    const others = taken.filter((other) => other.pool === pool && from < other.until);
    const gone = others.reduce((sum, { count }) => sum + count, 0);
    const left = Math.max(0, there - gone);
    const wanted = "count" in instances ? instances.count : portionOf(instances, left);
    taken.push({ pool, until, count: wanted });
    if (wanted <= left && left > 0) continue;
    const already = gone === 0 ? "" : `, of which other outages have taken ${gone}`;
    const has = stated.goesByLoad && there > 0 ? "has no more than" : "has";
    report(
      ["outages", index, "instances"],
      `pool "${pool}" ${has} ${several(there, "instance")} then${already}`,
    );
  }
}

export function checkCapacity(root: Raw, report: Report): void {
  const pools = new Map(maps(root["pools"]).map(([name, pool]) => [name, statedPool(pool)]));
  checkScaling(root, pools, report);
  checkInventory(root, pools, report);
  checkOutages(root, pools, report);
}
