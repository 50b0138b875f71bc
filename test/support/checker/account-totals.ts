// What the events say of every account of a run, tier by tier, and of how fair it was between them: worked out in
// another way than the result does it. Knows accounts by their numbers.
import type { TierResult } from "../../../src/core/results/metrics/tier.js";

/** With fewer, an account is none of the worst. */
const ENOUGH = 100;

interface AccountTotal {
  attempts: number;
  overloaded: number;
  requests: number;
  demanded: number;
  served: number;
}

type Same = (what: string, told: number | null, counted: number | null) => void;

export class AccountTotals {
  readonly #byTier: readonly Map<number, AccountTotal>[];

  constructor(tiers: number) {
    this.#byTier = Array.from({ length: tiers }, () => new Map());
  }

  in(tier: number, account: number): AccountTotal {
    const accounts = this.#byTier[tier]!;
    const known = accounts.get(account);
    if (known !== undefined) return known;
    const total = { attempts: 0, overloaded: 0, requests: 0, demanded: 0, served: 0 };
    accounts.set(account, total);
    return total;
  }

  /** Every number of a row's fairness must be that of the events: of one tier, or of all. */
  compare(fairness: TierResult["fairness"], tier: number | undefined, same: Same): void {
    const all = [...this.#summed(tier).values()];
    const asked = all.filter(({ demanded }) => demanded > 0);
    const shares = asked.map(({ demanded, served }) => served / demanded);
    const worst = (rates: readonly number[], most: (...values: number[]) => number) =>
      rates.length === 0 || asked.length === 0 ? null : most(...rates);
    const shed = all.filter(({ attempts }) => attempts >= ENOUGH).map((one) => one.overloaded / one.attempts);
    const served = asked
      .filter(({ requests }) => requests >= ENOUGH)
      .map(({ demanded, served: got }) => got / demanded);
    same("accounts", fairness?.accounts ?? 0, asked.length);
    same("service fairness", fairness?.service ?? null, byVariation(shares));
    same("max-min fairness", fairness?.maxMin ?? null, byVariation(ofMaxMin(asked)));
    same("worst overloaded rate", fairness?.worstOverloadedRate ?? null, worst(shed, Math.max));
    same("worst service", fairness?.worstService ?? null, worst(served, Math.min));
  }

  #summed(tier: number | undefined): Map<number, AccountTotal> {
    if (tier !== undefined) return this.#byTier[tier]!;
    const sums = new Map<number, AccountTotal>();
    for (const accounts of this.#byTier) {
      for (const [account, total] of accounts) {
        const sum = sums.get(account);
        if (sum === undefined) sums.set(account, { ...total });
        else for (const key of Object.keys(total) as (keyof AccountTotal)[]) sum[key] += total[key];
      }
    }
    return sums;
  }
}

/** Jain's index as 1 / (1 + the square of the coefficient of variation). */
function byVariation(shares: readonly number[]): number | null {
  const n = shares.length;
  const mean = shares.reduce((sum, share) => sum + share, 0) / n;
  if (!(mean > 0)) return null;
  const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / n;
  return 1 / (1 + variance / mean ** 2);
}

/** Served / max-min fair part: the level found by halving, since what is given out rises with it. */
function ofMaxMin(asked: readonly AccountTotal[]): number[] {
  const total = asked.reduce((sum, { served }) => sum + served, 0);
  const given = (level: number) => asked.reduce((sum, { demanded }) => sum + Math.min(demanded, level), 0);
  let [low, high] = [0, Math.max(0, ...asked.map(({ demanded }) => demanded))];
  for (let round = 0; round < 100; round++) {
    const middle = (low + high) / 2;
    if (given(middle) < total) low = middle;
    else high = middle;
  }
  return total > 0 ? asked.map(({ demanded, served }) => served / Math.min(demanded, high)) : [];
}
