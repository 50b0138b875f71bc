// Which limits a request meets, in which order, and on which meters: those of its account and model, then those of its
// path, quotas after the others of each, then the ramp, then how many attempts of the account are under way. Limits of
// one kind whose rows are the same share a meter, so that a request looks at one row for all of them. Charges nothing
// itself.
import type { Duration } from "../../../base/units.js";
import { namesOf } from "../../../document/definition.js";
import { RATE_LIMITED, type Verdict } from "../verdict.js";
import { AdaptiveMeter, type AdaptiveOptions } from "./adaptive.js";
import { calendarWindows, type Period } from "./calendar.js";
import { FixedWindows } from "./fixed-window.js";
import type { Meter, MeterSpec } from "./meter.js";
import { RampMeter, type RampOptions } from "./ramp.js";
import { createMeter, METERS, type MeterName } from "./registry.js";
import { UnderWay } from "./under-way.js";

export const DIMENSIONS = ["requests", "promptTokens", "uncachedPromptTokens", "generatedTokens"] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** What of an account shares one limit: everything, or what goes to one model id. */
export type Scope = "account" | "model";

export interface DimensionLimit extends MeterSpec {
  /** By model where nothing is said. Of a path by account, whatever is said. */
  readonly scope?: Scope | undefined;
  /** How it is kept; a bucket where nothing is said. */
  readonly window?: MeterName | undefined;
  /** The multiple of it that an adaptive limit grows to; endless where nothing is said. */
  readonly ceiling?: number | undefined;
}

/** So much in each hour, day or month of a time zone. */
export interface Quota {
  readonly of: Dimension;
  readonly most: number;
  readonly per: Period;
  /** How far its clocks are ahead of UTC. */
  readonly zone: Duration;
  readonly scope: Scope;
}

type Limits = { readonly [Each in Dimension]?: DimensionLimit | undefined } & {
  readonly quotas?: readonly Quota[] | undefined;
};

export interface PathLimits extends Limits {
  /** Index of the path that they are of, by account. */
  readonly path: number;
}

export interface LimitOptions extends Limits {
  /** When the run begins, in seconds since 1970 in UTC: quotas go by the calendar. */
  readonly startsAt?: number | undefined;
  /** Beside the others, which hold for all paths. */
  readonly paths?: readonly PathLimits[] | undefined;
  /** Attempts of an account, or of an account and model id, that may be under way at once. */
  readonly concurrency?: { readonly most: number; readonly scope: Scope } | undefined;
  readonly ramp?: RampOptions | undefined;
  /** Whether the limits of accounts and models grow and shrink. Those of paths stay as they are stated. */
  readonly adaptive?: AdaptiveOptions | undefined;
}

export interface Limit {
  /** What is limited. A quota is of a dimension like any other limit, and is told apart by its refusal. */
  readonly name: Exclude<keyof typeof RATE_LIMITED, "quota">;
  readonly meter: Meter;
  readonly column: number;
  readonly scope: Scope;
  readonly refusal: Verdict;
}

/** All limits of the requests of one path. */
export interface LimitSet {
  readonly limits: readonly Limit[];
  /** Each meter once. */
  readonly meters: readonly { readonly meter: Meter; readonly scope: Scope }[];
  /** Those that the end of a request settles. */
  readonly settled: readonly Limit[];
  /** Those that cached prompt tokens do not count for. */
  readonly uncached: readonly Limit[];
  /** Those beyond whose soft share a request is let in, but softened. */
  readonly soft: readonly Limit[];
}

export interface LimitSets {
  /** Of paths without limits of their own. */
  readonly common: LimitSet;
  /** By path index, of those that have some. */
  readonly ofPath: readonly (LimitSet | undefined)[];
}

interface Placed {
  readonly limit: Limit;
  readonly isSoft: boolean;
}

/** Makes all meters, and the limits of each path out of them. Throws where a limit allows nothing. */
export function limitSets(options: LimitOptions): LimitSets {
  const all = [
    ...placed(options, ({ scope = "model" }) => scope, options.adaptive),
    ...quotasOf(options.quotas, options),
  ];
  const rest = [...rampOf(options), ...underWayOf(options)];
  const ofPath: (LimitSet | undefined)[] = [];
  for (const { path, ...own } of options.paths ?? []) {
    while (ofPath.length < path) ofPath.push(undefined);
    ofPath[path] = setOf([
      ...all,
      ...placed(own, () => "account"),
      ...quotasOf(own.quotas, options),
      ...rest,
    ]);
  }
  return { common: setOf([...all, ...rest]), ofPath };
}

interface Stated {
  readonly name: Dimension;
  readonly limit: DimensionLimit;
}

/** Limits of the same scope and kind side by side, those of whole accounts first. */
function placed(
  limits: Limits,
  scopeOf: (limit: DimensionLimit) => Scope,
  adaptive?: AdaptiveOptions,
): Placed[] {
  const stated = DIMENSIONS.flatMap((name): Stated[] => {
    const limit = limits[name];
    return limit === undefined ? [] : [{ name, limit }];
  });
  return (["account", "model"] as const).flatMap((scope) =>
    namesOf(METERS).flatMap((window) => {
      const group = stated.filter(
        ({ limit }) => scopeOf(limit) === scope && (limit.window ?? "bucket") === window,
      );
      if (group.length === 0) return [];
      const specs = group.map(({ limit }) => limit);
      const meter = meterOf(window, specs, adaptive);
      return group.map(({ name, limit }, column) => ({
        limit: { name, meter, column, scope, refusal: RATE_LIMITED[name] },
        isSoft: adaptive === undefined ? limit.soft !== undefined : adaptive.softFactor < adaptive.hardFactor,
      }));
    }),
  );
}

function meterOf(window: MeterName, specs: readonly DimensionLimit[], adaptive?: AdaptiveOptions): Meter {
  if (adaptive === undefined) return createMeter(window, specs);
  const growing = specs.map(({ ceiling = Number.POSITIVE_INFINITY, ...spec }) => ({ ...spec, ceiling }));
  return new AdaptiveMeter(growing, adaptive, (hard) => createMeter(window, hard));
}

/** Without a share that is soft: a quota is used up or not. */
function quotasOf(quotas: readonly Quota[] = [], { startsAt = 0 }: LimitOptions): Placed[] {
  return quotas.map(({ of: name, most, per, zone, scope }) => {
    const meter = new FixedWindows([{ perMinute: most, burst: most }], calendarWindows(per, startsAt, zone));
    return { limit: { name, meter, column: 0, scope, refusal: RATE_LIMITED.quota }, isSoft: false };
  });
}

function rampOf({ ramp }: LimitOptions): Placed[] {
  if (ramp === undefined) return [];
  const meter = new RampMeter(ramp);
  const limit: Limit = { name: "ramp", meter, column: 0, scope: "model", refusal: RATE_LIMITED.ramp };
  return [{ limit, isSoft: false }];
}

function underWayOf({ concurrency }: LimitOptions): Placed[] {
  if (concurrency === undefined) return [];
  const { most, scope } = concurrency;
  const meter = new UnderWay(most);
  const limit: Limit = { name: "concurrency", meter, column: 0, scope, refusal: RATE_LIMITED.concurrency };
  return [{ limit, isSoft: false }];
}

function setOf(all: readonly Placed[]): LimitSet {
  const limits = all.map(({ limit }) => limit);
  const named = (...names: Limit["name"][]) => limits.filter(({ name }) => names.includes(name));
  return {
    limits,
    meters: limits
      .filter(({ meter }, index) => limits.findIndex((other) => other.meter === meter) === index)
      .map(({ meter, scope }) => ({ meter, scope })),
    settled: named("generatedTokens", "concurrency"),
    uncached: named("uncachedPromptTokens"),
    soft: all.filter(({ isSoft }) => isSoft).map(({ limit }) => limit),
  };
}
