// The account limits of a server, out of a scenario's words. Scenarios speak per second and name paths; meters count
// whole amounts per minute, and know paths by index.
import { undivided } from "../../scenario/resolve-limits.js";
import type { Scenario } from "../../scenario/schema.js";
import { AccountLimits } from "../../server/gateway/accounts/account-limits.js";
import type { Dimension, DimensionLimit } from "../../server/gateway/accounts/limit-sets.js";

type Limits = NonNullable<Scenario["limits"]>;

/** The limits of all accounts; undefined where a scenario has none. */
export function buildLimits({ limits, paths }: Scenario): AccountLimits | undefined {
  if (limits === undefined) return undefined;
  const { ramp, outputAccounting, expectedOutput = 0, chargeShed } = limits;
  const names = Object.keys(paths);
  const models = new Set(Object.values(paths).map((path) => path.model)).size;
  // Written out, as in build-service.ts: objects that are spread or put together key by key leave hidden classes
  // behind, which hold what a run has left in memory and slow the garbage collections of later runs down.
  return new AccountLimits(
    {
      requests: dimensionLimit(limits.requests),
      promptTokens: dimensionLimit(limits.promptTokens),
      uncachedPromptTokens: dimensionLimit(limits.uncachedPromptTokens),
      generatedTokens: dimensionLimit(limits.generatedTokens),
      quotas: limits.quotas,
      startsAt: limits.startsAt,
      concurrency: limits.concurrency,
      ramp: ramp && { from: perMinute(ramp.from), growth: ramp.growth, per: ramp.per },
      adaptive: limits.adaptive,
      paths: Object.entries(limits.paths ?? {}).map(([name, own]) => ({
        path: names.indexOf(name),
        requests: dimensionLimit(own.requests),
        promptTokens: dimensionLimit(own.promptTokens),
        uncachedPromptTokens: dimensionLimit(own.uncachedPromptTokens),
        generatedTokens: dimensionLimit(own.generatedTokens),
        quotas: own.quotas,
      })),
      outputAccounting,
      expectedOutput,
      chargeShed,
    },
    models,
  );
}

type Stated = Limits[Dimension] | NonNullable<Limits["paths"]>[string][Dimension];

function dimensionLimit(stated: Stated): DimensionLimit | undefined {
  if (stated === undefined) return undefined;
  const { rate, burst, soft, scope, window, ceiling } = stated;
  return { perMinute: perMinute(rate), burst, soft, scope, window, ceiling };
}

/** Undoes the rounding of the division by 60. */
const perMinute = (rate: number): number => undivided(rate * 60);
