// The account limits of a server, out of a scenario's words. Scenarios speak per second and name paths; meters count
// whole amounts per minute, and know paths by index.
import { undivided } from "../../scenario/resolve-limits.js";
import type { Scenario } from "../../scenario/schema.js";
import { AccountLimits } from "../../server/gateway/accounts/account-limits.js";
import { DIMENSIONS, type Dimension, type DimensionLimit } from "../../server/gateway/accounts/limit-sets.js";

type Limits = NonNullable<Scenario["limits"]>;
type ByDimension = { readonly [Each in Dimension]?: DimensionLimit };

/** The limits of all accounts; undefined where a scenario has none. */
export function buildLimits({ limits, paths }: Scenario): AccountLimits | undefined {
  if (limits === undefined) return undefined;
  const { concurrency, ramp, adaptive } = limits;
  const names = Object.keys(paths);
  const models = new Set(Object.values(paths).map((path) => path.model)).size;
  return new AccountLimits(
    {
      ...byDimension(limits),
      concurrency,
      ramp: ramp && { ...ramp, from: perMinute(ramp.from) },
      adaptive,
      paths: Object.entries(limits.paths ?? {}).map(([name, own]) => ({
        path: names.indexOf(name),
        ...byDimension(own),
      })),
      outputAccounting: limits.outputAccounting,
      expectedOutput: limits.expectedOutput ?? 0,
      chargeShed: limits.chargeShed,
    },
    models,
  );
}

function byDimension(limits: Pick<Limits, Dimension>): ByDimension {
  return Object.fromEntries(
    DIMENSIONS.flatMap((dimension) => {
      const limit = limits[dimension];
      return limit === undefined ? [] : [[dimension, dimensionLimit(limit)]];
    }),
  );
}

function dimensionLimit({ rate, ...rest }: NonNullable<Limits[Dimension]>): DimensionLimit {
  return { perMinute: perMinute(rate), ...rest };
}

/** Undoes the rounding of the division by 60. */
const perMinute = (rate: number): number => undivided(rate * 60);
