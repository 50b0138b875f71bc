// From the limits in the file to those of a scenario: presets, sizes of buckets, and how far each limit may grow. Runs
// only on a file that passed the cross-checks. Knows nothing about YAML or positions.
import { type Duration, toSeconds } from "../base/units.js";
import { DIMENSIONS, type Dimension, type Quota, type Scope } from "../server/gateway/accounts/limit-sets.js";
import type { MeterName } from "../server/gateway/accounts/registry.js";
import type { ScenarioFile } from "./file.js";
import { limitPreset } from "./limit-presets.js";

type LimitsFile = NonNullable<ScenarioFile["limits"]>;
type PathLimitsFile = NonNullable<LimitsFile["paths"]>[string];
type Adaptive = Omit<NonNullable<LimitsFile["adaptive"]>, "ceiling">;

export interface DimensionLimits {
  /** Per second. */
  readonly rate: number;
  /** Size of a bucket. */
  readonly burst: number;
  /** Left out: a bucket. */
  readonly window?: MeterName;
  readonly soft?: number;
  /** Left out: by model. */
  readonly scope?: Scope;
  /** The multiple that an adaptive limit grows to; left out: endless. */
  readonly ceiling?: number;
}

type ByDimension = { readonly [Each in Dimension]?: DimensionLimits } & {
  readonly quotas?: readonly Quota[];
};

/** Limits per account and model; what is absent is not limited. */
export interface Limits extends ByDimension {
  /** When the run begins, in seconds since 1970 in UTC; only with quotas. */
  readonly startsAt?: number;
  readonly concurrency?: { readonly most: number; readonly scope: Scope };
  readonly ramp?: NonNullable<LimitsFile["ramp"]>;
  readonly adaptive?: Adaptive;
  readonly paths?: Readonly<Record<string, ByDimension>>;
  readonly outputAccounting: LimitsFile["outputAccounting"];
  /** Only with reserve-expected. */
  readonly expectedOutput?: number;
  readonly chargeShed: boolean;
}

const DEFAULT_BURST = 60_000_000 as Duration;

/** A limit with all the keys that it may have. */
interface Stated {
  readonly rate: number;
  readonly burst?: number;
  readonly window?: MeterName;
  readonly soft?: number;
  readonly scope?: Scope;
}

function dimensionLimits(
  name: Dimension,
  limit: Stated,
  given: LimitsFile,
  isOfPath: boolean,
): DimensionLimits {
  const { rate, burst, soft, window = given.window, scope = "account" } = limit;
  const seconds = toSeconds(given.burst ?? DEFAULT_BURST);
  return {
    rate,
    burst: burst ?? Math.max(1, undivided(rate * seconds)),
    ...(name === "requests" && !isOfPath && { scope }),
    ...(window !== "bucket" && { window }),
    ...(soft !== undefined && { soft }),
    ...(given.adaptive && !isOfPath && ceilingOf(name, rate, given.adaptive)),
  };
}

/** The limits of all dimensions that are stated. */
function byDimension(limits: PathLimitsFile, given: LimitsFile, isOfPath: boolean): ByDimension {
  const stated = Object.fromEntries(
    DIMENSIONS.flatMap((name) => {
      const limit: Stated | undefined = limits[name];
      return limit === undefined ? [] : [[name, dimensionLimits(name, limit, given, isOfPath)]];
    }),
  );
  const { quotas } = limits;
  return { ...stated, ...(quotas && { quotas: quotas.map((one) => quotaOf(one, isOfPath)) }) };
}

function hasQuotas({ quotas, paths = {} }: LimitsFile): boolean {
  return quotas !== undefined || Object.values(paths).some((own) => own.quotas !== undefined);
}

type QuotaFile = Omit<Quota, "scope"> & { readonly scope?: Scope };

function quotaOf({ scope, ...quota }: QuotaFile, isOfPath: boolean): Quota {
  const usual = isOfPath || quota.of === "requests" ? "account" : "model";
  return { ...quota, scope: scope ?? usual };
}

/** By how much a limit of so many per second may grow. */
function ceilingOf(
  dimension: Dimension,
  rate: number,
  { ceiling }: NonNullable<LimitsFile["adaptive"]>,
): { readonly ceiling?: number } {
  if (typeof ceiling === "number") return { ceiling };
  const most = limitPreset(ceiling)[dimension];
  return most === undefined ? {} : { ceiling: most.rate / rate };
}

/** The limits of a file as a scenario has them. */
export function resolveLimits(file: LimitsFile): Limits {
  const given: LimitsFile = { ...(file.preset === undefined ? {} : limitPreset(file.preset)), ...file };
  const { startsAt, concurrency, ramp, paths, expectedOutput, outputAccounting, chargeShed } = given;
  return {
    ...byDimension(given, given, false),
    ...(hasQuotas(given) && { startsAt }),
    ...(concurrency && { concurrency }),
    ...(ramp && { ramp }),
    ...(given.adaptive && { adaptive: withoutCeiling(given.adaptive) }),
    ...(paths && {
      paths: Object.fromEntries(
        Object.entries(paths).map(([path, own]) => [path, byDimension(own, given, true)]),
      ),
    }),
    outputAccounting,
    ...(expectedOutput !== undefined && { expectedOutput }),
    chargeShed,
  };
}

function withoutCeiling({ ceiling: _, ...rest }: NonNullable<LimitsFile["adaptive"]>): Adaptive {
  return rest;
}

/** Rates are kept per second: a burst of 123/min comes out a hair below 123, and the last request would not fit. */
export function undivided(amount: number): number {
  const whole = Math.round(amount);
  return Math.abs(amount - whole) <= 1e-9 * whole ? whole : amount;
}
