// What two results say of the same measures, seed by seed, ready to be compared: pairs of equal seeds where there are
// such, no measure twice, and copies of one run counted as one. Compares nothing.
import { isOnlyRun } from "../shape/interval-method.js";
import type { Estimate, Replication, RunResult, SeedStrata } from "../shape/result.js";
import { measureKey, repeatedKey } from "./measures.js";

/** What of a result is compared. */
export interface Comparable extends Pick<RunResult, "estimates" | "replications"> {
  /** Where seeds were chosen by strata: what each stands for. */
  readonly strata?: SeedStrata | null | undefined;
}

/** What a seed says of a measure. Without data it has no weight. */
export interface SeedSample {
  readonly value: number;
  /** What it counts for where seeds are taken together. */
  readonly weight: number;
  /** What the value is a share of: the denominator of a rate or a ratio, 1 for everything else. */
  readonly trials: number;
}

/** A measure of both, with its samples: pairs of equal seeds where these are paired. */
export interface MatchedMeasure {
  readonly estimate: Estimate;
  readonly other: Estimate;
  readonly a: readonly SeedSample[];
  readonly b: readonly SeedSample[];
}

export interface Matched {
  readonly pairs: readonly MatchedMeasure[];
  /** Measures that only one of the two has, or that have no data in one. */
  readonly missing: readonly string[];
  /** Measures left out because they say the same as another, with the key of that. */
  readonly repeats: ReadonlyMap<string, string>;
  readonly paired: boolean;
  /** That all seeds of a side gave one and the same run, since it draws nothing. */
  readonly isCopies: boolean;
}

export function matched(before: Comparable, after: Comparable, only: (one: Estimate) => boolean): Matched {
  const [first, second] = [withoutCopies(before), withoutCopies(after)];
  const isCopies = first !== before || second !== after || isOnlyRun(first) || isOnlyRun(second);
  const seeds = sharedSeeds(first, second);
  // One seed in common says nothing of chance; two sets of seeds might.
  const paired = seeds.length >= 2 || (seeds.length === 1 && first.replications.length === 1);
  const [left, right] = paired ? [ofSeeds(seeds, first), ofSeeds(seeds, second)] : [first, second];
  const places = new Map(after.estimates.map((one, index) => [measureKey(one), index]));
  const known = new Set(before.estimates.map(measureKey));
  const missing = after.estimates
    .filter(only)
    .map(measureKey)
    .filter((key) => !known.has(key));
  const pairs: MatchedMeasure[] = [];
  for (const [index, estimate] of before.estimates.entries()) {
    if (!only(estimate)) continue;
    const place = places.get(measureKey(estimate));
    const other = place === undefined ? undefined : after.estimates[place];
    if (place === undefined || other === undefined || (estimate.value === null) !== (other.value === null)) {
      missing.push(measureKey(estimate));
      continue;
    }
    if (estimate.value === null || other.value === null) continue;
    pairs.push({ estimate, other, a: seedSamples(left, index), b: seedSamples(right, place) });
  }
  return { ...withoutRepetition(pairs), missing, paired, isCopies };
}

/** `all` of a single tier, or source, says what that says: unless it does not, because some calls were of no path. */
function withoutRepetition(pairs: readonly MatchedMeasure[]): Pick<Matched, "pairs" | "repeats"> {
  const byKey = new Map(pairs.map((pair) => [measureKey(pair.estimate), pair]));
  const names = pairs.map(({ estimate }) => estimate.metric);
  const repeats = new Map<string, string>();
  for (const [key, pair] of byKey) {
    const repeated = repeatedKey(pair.estimate, names);
    const twin = repeated === undefined ? undefined : byKey.get(repeated);
    if (twin === undefined || repeated === undefined) continue;
    if (isEqual(pair.a, twin.a) && isEqual(pair.b, twin.b)) repeats.set(key, repeated);
  }
  return { pairs: pairs.filter(({ estimate }) => !repeats.has(measureKey(estimate))), repeats };
}

function isEqual(some: readonly SeedSample[], others: readonly SeedSample[]): boolean {
  return some.every(({ value, trials }, i) => value === others[i]!.value && trials === others[i]!.trials);
}

/** Several seeds that all gave the same, measure by measure, are one run: it draws nothing. */
function withoutCopies(side: Comparable): Comparable {
  const [first, ...rest] = side.replications;
  const isCopy = ({ values, weights }: Replication) =>
    values.every((value, index) => value === first!.values[index]) &&
    weights.every((weight, index) => weight === first!.weights[index]);
  return first === undefined || rest.length === 0 || !rest.every(isCopy)
    ? side
    : { ...side, replications: [first] };
}

/** What each seed says of the measure at this place. */
export function seedSamples({ replications, strata }: Comparable, index: number): SeedSample[] {
  const shares = seedShares(strata ?? null);
  return replications.map(({ seed, values, weights }) => {
    const value = values[index] ?? null;
    if (value === null || !Number.isFinite(value)) return { value: 0, weight: 0, trials: 0 };
    const trials = weights[index] ?? 0;
    return { value, weight: trials * (shares?.get(seed) ?? 1), trials };
  });
}

/** What share of all candidates a seed stands for, times a constant; undefined where each stands for as much. */
function seedShares(strata: SeedStrata | null): ReadonlyMap<string, number> | undefined {
  if (strata === null) return undefined;
  const all = strata.blocks.flatMap((block) => block.strata);
  return new Map(all.flatMap(({ share, seeds }) => seeds.map((seed) => [seed, share / seeds.length])));
}

function sharedSeeds(before: Comparable, after: Comparable): string[] {
  const others = new Set(after.replications.map(({ seed }) => seed));
  return before.replications.map(({ seed }) => seed).filter((seed) => others.has(seed));
}

function ofSeeds(seeds: readonly string[], side: Comparable): Comparable {
  const bySeed = new Map(side.replications.map((one) => [one.seed, one]));
  return { ...side, replications: seeds.map((seed) => bySeed.get(seed)!) };
}
