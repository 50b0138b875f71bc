// Arrivals of one account or of many together, up to a time, for the tests of this folder.
import { type Duration, type Instant, seconds } from "../../../../../src/core/base/units.js";
import { createAccountArrivals } from "../../../../../src/core/demand/traffic/rate/account-arrivals.js";
import type { RateSpec } from "../../../../../src/core/demand/traffic/rate/rate-spec.js";
import { openStream } from "../../../../../src/core/random/stream.js";
import { zipfWeights } from "../../../../../src/core/random/zipf.js";
import { CountingStatistics } from "../../../../../src/core/stats/counting.js";

/** Nothing varies: a Poisson process at its mean. */
export const STEADY: RateSpec = { shape: {}, swings: [], cv: 1 };

/** The instants before `until` at which one account sends. */
export function arrivalsOf(spec: RateSpec, rate: number, seed: string, until: Duration): Instant[] {
  const process = createAccountArrivals(spec, rate, (purpose) => openStream(seed, purpose));
  const instants: Instant[] = [];
  for (; process.nextAt < until; process.advance()) instants.push(process.nextAt);
  return instants;
}

export interface FleetSpec {
  readonly accounts: number;
  readonly skew: number;
  /** Of all accounts together, per second. */
  readonly rate: number;
}

/** Shares of the accounts by Zipf's law. */
function sharesOf({ accounts, skew }: FleetSpec): number[] {
  const weights = [...zipfWeights(accounts, skew)];
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** The sum of the squared shares: how much of a swing of one account is left in the whole. */
export function concentration(fleet: FleetSpec): number {
  return sharesOf(fleet).reduce((sum, share) => sum + share * share, 0);
}

/** The instants before `until` at which any account of the fleet sends, in order. */
export function fleetArrivals(spec: RateSpec, fleet: FleetSpec, seed: string, until: Duration): Float64Array {
  const all = sharesOf(fleet).flatMap((share, rank) =>
    arrivalsOf(spec, fleet.rate * share, `${seed}/${rank}`, until),
  );
  return Float64Array.from(all).sort();
}

/** Statistics of these instants in windows of so many seconds, up to the end. */
export function countingOf(
  instants: ArrayLike<number>,
  windows: readonly number[],
  until: Duration,
): CountingStatistics {
  const statistics = new CountingStatistics(windows.map(seconds));
  for (let index = 0; index < instants.length; index++) statistics.arrived(instants[index] as Instant);
  statistics.close(until as number as Instant);
  return statistics;
}

export function seeds(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${index + 1}`);
}
