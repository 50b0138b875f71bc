// What each account of a population is and how much it sends on average: by rank, so that seeds do not differ in it.
// Draws nothing.
import { assert } from "../../../base/assert.js";
import { zipfWeights } from "../../../random/zipf.js";

export type Archetype = "agent" | "api" | "chat";
const ARCHETYPES: readonly Archetype[] = ["agent", "api", "chat"];

export interface RankedAccounts {
  readonly name: string;
  /** Mean requests per second, all accounts together, if none is refused for good. */
  readonly rate: number;
  readonly accounts: { readonly count: number; readonly skew: number };
  /** Shares of the requests. */
  readonly archetypes: Readonly<Record<Archetype, number>>;
}

export interface AccountRate {
  /** Its name, and the beginning of the names of its streams. */
  readonly account: string;
  readonly id: string;
  readonly kind: Archetype;
  readonly requestsPerSecond: number;
}

/** The largest first. */
export function accountRates(population: RankedAccounts): AccountRate[] {
  const { name, accounts, archetypes } = population;
  const weights = zipfWeights(accounts.count, accounts.skew);
  const kinds = archetypesByRank(weights, archetypes);
  const perWeight = requestsPerWeight(population, weights, kinds);
  return kinds.map((kind, rank) => {
    const account = `${name}-${rank + 1}`;
    const requestsPerSecond = weights[rank]! * perWeight[kind];
    return { account, id: `traffic/${name}/${account}`, kind, requestsPerSecond };
  });
}

/**
 * What each account is, the largest first: whatever has least of its share so far, whatever the seed. What the weights
 * then leave between the shares is made up by the rates.
 */
export function archetypesByRank(
  weights: ArrayLike<number>,
  shares: Readonly<Record<Archetype, number>>,
): Archetype[] {
  const wanted = ARCHETYPES.filter((kind) => shares[kind] > 0).sort(
    (one, other) => shares[other] - shares[one],
  );
  assert(wanted.length > 0, "a population is made of something");
  const have: Record<Archetype, number> = { agent: 0, api: 0, chat: 0 };
  return Array.from({ length: weights.length }, (_, rank) => {
    let poorest = wanted[0]!;
    for (const kind of wanted)
      if (have[kind] / shares[kind] < have[poorest] / shares[poorest]) poorest = kind;
    have[poorest] += weights[rank]!;
    return poorest;
  });
}

/** Requests per second and unit of weight, of each kind. A kind that has no account leaves its share to the others. */
function requestsPerWeight(
  { archetypes, rate }: RankedAccounts,
  weights: ArrayLike<number>,
  kinds: readonly Archetype[],
): Record<Archetype, number> {
  const totals: Record<Archetype, number> = { agent: 0, api: 0, chat: 0 };
  kinds.forEach((kind, rank) => {
    totals[kind] += weights[rank]!;
  });
  let shares = 0;
  for (const kind of ARCHETYPES) if (totals[kind] > 0) shares += archetypes[kind];
  const of = (kind: Archetype) =>
    totals[kind] === 0 ? 0 : (rate * archetypes[kind]) / shares / totals[kind];
  return { agent: of("agent"), api: of("api"), chat: of("chat") };
}
