// When the paths of a scenario are launched and retired: what the file says, what a service tier takes over from its
// model's plain path, and what does not fit together.
import type { Duration } from "../base/units.js";
import { asMap, maps, type Raw, type Report, read } from "../document/raw.js";
import { duration, showDuration } from "../document/units.js";
import { autoscaler as autoscalerSchema, timetableOf } from "../server/fleet/control/autoscalers/registry.js";
import { checkInRun } from "./run-length.js";

/** What is left out is from the start, or for good. */
export interface PathLife {
  readonly launch?: Duration;
  readonly retire?: Duration;
}

export interface LivingPath extends PathLife {
  readonly model: string;
  readonly serviceTier?: string;
}

/** A service tier lives as long as its model's plain path, where it does not say otherwise. */
export function lifeOf(path: LivingPath, all: readonly LivingPath[]): PathLife {
  const isTier = path.serviceTier !== undefined;
  const plain = isTier ? all.find((other) => other.model === path.model && !other.serviceTier) : undefined;
  const launch = path.launch ?? plain?.launch;
  const retire = path.retire ?? plain?.retire;
  return { ...(launch !== undefined && { launch }), ...(retire !== undefined && { retire }) };
}

const anyDuration = duration();

/** The paths of a raw document by name, each with its own life; what is malformed counts as left out. */
export function livingPaths(root: Raw): ReadonlyMap<string, LivingPath> {
  const paths = maps(root["paths"]).map(([name, { model, serviceTier, launch, retire }]) => {
    const from = read(anyDuration, launch);
    const until = read(anyDuration, retire);
    const path: LivingPath = {
      model: String(model),
      ...(typeof serviceTier === "string" && { serviceTier }),
      ...(from !== undefined && { launch: from }),
      ...(until !== undefined && { retire: until }),
    };
    return [name, path] as const;
  });
  const all = paths.map(([, path]) => path);
  return new Map(paths.map(([name, path]) => [name, { ...path, ...lifeOf(path, all) }]));
}

/** Of what a mix asks for by a path or two like "a+b"; it lives for ever where no path takes that. */
export function lifeOfKey(key: string, paths: ReadonlyMap<string, LivingPath>): PathLife {
  const [first = "", second = first] = key.split("+");
  const { model } = paths.get(first) ?? {};
  const tier = paths.get(second)?.serviceTier;
  return [...paths.values()].find((path) => path.model === model && path.serviceTier === tier) ?? {};
}

/** Whether the clock alone decides how many replicas a pool has, so that it is there all the time. */
function goesByClock(pool: Raw): boolean {
  const spec = read(autoscalerSchema, pool["autoscaler"]);
  return spec !== undefined && timetableOf(spec) !== undefined;
}

export interface PoolLife {
  /** When the first of the models that it serves is there, in microseconds from the start: 0 for one that always is. */
  readonly launch: number;
  /** When the last of them is not there any more; infinite: never. */
  readonly retire: number;
  /** How long before that its instances are started. */
  readonly ahead: number;
  /** Whether the clock says how many it has at any time: then it is there all the time. */
  readonly isByClock: boolean;
}

/** The lives of the pools of a raw document, by name. */
export function poolLives(root: Raw): ReadonlyMap<string, PoolLife> {
  const lives = livingPaths(root);
  const pools = maps(root["pools"]).map(([name, pool]) => {
    const served = maps(root["paths"]).filter(([, path]) => path["pool"] === name);
    const own = served.length === 0 ? [{}] : served.map(([path]): PathLife => lives.get(path) ?? {});
    const life: PoolLife = {
      launch: Math.min(...own.map(({ launch = 0 }) => launch)),
      retire: Math.max(...own.map(({ retire = Number.POSITIVE_INFINITY }) => retire)),
      ahead: read(anyDuration, pool["launchAhead"] ?? 0) ?? 0,
      isByClock: goesByClock(pool),
    };
    return [name, life] as const;
  });
  return new Map(pools);
}

/** Whether a pool is not there as a run begins: all that it serves is launched later. */
export const isLater = ({ launch, ahead, isByClock }: PoolLife): boolean => launch > ahead && !isByClock;

/** Whether a pool has instances at a time, as far as its life says. */
export const isThereAt = ({ launch, ahead, retire, isByClock }: PoolLife, at: number): boolean =>
  isByClock || (at >= launch - ahead && at < retire);

/** Whether it is there from the start only because its instances are to be started so long before their launch. */
export const isAheadOfAll = ({ launch, ahead, isByClock }: PoolLife): boolean =>
  launch > 0 && launch <= ahead && !isByClock;

/** Reports instances that are to be started ahead of a launch that there is not, or before the run begins. */
function checkAhead(root: Raw, report: Report): void {
  const isMalformed = ([, { launch, pool }]: readonly [string, Raw]) =>
    (launch !== undefined && read(anyDuration, launch) === undefined) ||
    !Object.hasOwn(asMap(root["pools"]), String(pool));
  if (maps(root["paths"]).some(isMalformed)) return;
  for (const [name, { launch, ahead, isByClock }] of poolLives(root)) {
    if (ahead === 0) continue;
    const at = ["pools", name, "launchAhead"];
    if (launch > 0 && !isByClock) {
      const until = showDuration(launch);
      const hint = `with ${until} its instances are there from the start`;
      if (ahead > launch) report(at, `longer than the time to the launch (${until})`, { hint });
      continue;
    }
    const why = isByClock
      ? "its autoscaler goes by the clock, and by no launch"
      : "a path of the pool is there from the start, or it has none";
    report(at, `nothing is launched that it could be ahead of: ${why}`, {
      at: "key",
    });
  }
}

/** Reports paths that are retired before they are there, and times that the run does not reach. */
export function checkLives(root: Raw, report: Report): void {
  checkAhead(root, report);
  const all = asMap(root["paths"]);
  for (const [name, { launch, retire }] of livingPaths(root)) {
    const own = asMap(all[name]);
    for (const key of ["launch", "retire"]) checkInRun(root, own[key], ["paths", name, key], report);
    if (launch === undefined || retire === undefined || launch < retire) continue;
    // A tier that says neither is as wrong as its plain path, which is reported.
    const key = ["retire", "launch"].find((one) => Object.hasOwn(own, one));
    if (key === undefined) continue;
    report(["paths", name, key], `launched at ${showDuration(launch)}, retired at ${showDuration(retire)}`, {
      hint: "a path is retired after it is launched",
    });
  }
}
