// What a verdict does not rest on firm ground for: outcomes that no threshold would notice, and thresholds on profiles
// that are estimates. Knows results and what thresholds are about; words are the caller's.
import { OUTCOMES, type OutcomeName } from "../../base/outcome.js";
import type { PoolResult } from "../metrics/pools.js";
import type { RunResult } from "../shape/result.js";
import { ALL_TIERS, type Subject } from "./threshold.js";

/** Above this share of a tier's attempts an outcome is worth a threshold. */
const LEAST_SHARE = 0.01;
/** Neither failures nor refusals: still to end, done, or called off by the caller, as a hedge that lost. */
const HARMLESS: readonly OutcomeName[] = ["in_flight", "completed", "cancelled"];
/** What says something of every way in which a call can go wrong. */
const OF_EVERYTHING = ["completed", "completed_rate", "failure_rate"];

export interface UncoveredOutcome {
  readonly tier: string;
  readonly outcome: OutcomeName;
  /** Of the tier's attempts. */
  readonly share: number;
}

/** Outcomes of more than 1 % of a tier's attempts that none of these thresholds would notice. */
export function uncoveredOutcomes(
  { tiers }: Pick<RunResult, "tiers">,
  thresholds: readonly Pick<Subject, "metric" | "tier">[],
): UncoveredOutcome[] {
  const isCovered = (outcome: OutcomeName, tier: string) =>
    thresholds.some(
      (one) =>
        (one.tier === tier || one.tier === ALL_TIERS) &&
        [outcome, `${outcome}_rate`, ...OF_EVERYTHING].includes(one.metric),
    );
  return tiers.flatMap(({ tier, attempts, outcomes }) =>
    OUTCOMES.filter((outcome) => !HARMLESS.includes(outcome))
      .map((outcome) => ({ tier, outcome, share: outcomes[outcome] / Math.max(1, attempts) }))
      .filter(({ outcome, share }) => share > LEAST_SHARE && !isCovered(outcome, tier)),
  );
}

/** Pools on estimated profiles on which thresholds rest, and how many do. */
export interface EstimatedGround {
  readonly thresholds: number;
  readonly profiles: readonly string[];
}

/** A threshold of one tier rests on the tier's pool, any other on all of them; null where none rests on an estimate. */
export function estimatedGround(
  pools: readonly Pick<PoolResult, "pool" | "profile" | "estimate">[],
  thresholds: readonly Pick<Subject, "tier">[],
  poolOf: (tier: string) => string | undefined,
): EstimatedGround | null {
  const groundOf = ({ tier }: Pick<Subject, "tier">) => {
    const own = tier === ALL_TIERS ? undefined : poolOf(tier);
    return pools.filter(({ pool, estimate }) => estimate && (own === undefined || own === pool));
  };
  const resting = thresholds.map(groundOf).filter((found) => found.length > 0);
  if (resting.length === 0) return null;
  const profiles = new Set(resting.flat().flatMap(({ profile }) => profile ?? []));
  return { thresholds: resting.length, profiles: [...profiles] };
}
