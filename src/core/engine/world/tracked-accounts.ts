// Which accounts of a scenario are measured by themselves: those that its thresholds name, then those that send most by
// what the scenario says of rates. Settled before anything runs, and the same for every seed: an account that is picked
// for what happened to it says nothing of the others, and its interval would not cover.
import { workloadNamed } from "../../demand/traffic/population/workloads.js";
import { zipfWeights } from "../../random/zipf.js";
import { ALL_TIERS } from "../../results/verdict/threshold.js";
import type { Scenario } from "../../scenario/schema.js";
import { thresholdsOf } from "../../scenario/thresholds.js";

/** Of those that send most, over all sources. */
const LARGEST_ACCOUNTS = 5;

type SourceSpec = Scenario["traffic"][string];

/** Names of accounts, in an order that depends on the scenario alone. */
export function trackedAccounts(scenario: Scenario): string[] {
  const named = thresholdsOf(scenario).map(({ parsed }) => parsed.account);
  const largest = Object.entries(scenario.traffic)
    .flatMap(([name, source]) => largestOf(name, source))
    .sort((one, other) => other.rate - one.rate)
    .slice(0, LARGEST_ACCOUNTS);
  const all = new Set([...named, ...largest.map(({ account }) => account)]);
  return [...all].filter((account) => account !== ALL_TIERS);
}

/** Accounts of a source that may be among the largest, in its order; none where all send alike, or nothing is said. */
function largestOf(name: string, source: SourceSpec): { readonly account: string; readonly rate: number }[] {
  const rate = meanRate(source);
  const { count, skew } = accountsOf(source);
  if (rate === undefined || count < 2 || skew === 0) return [];
  const weights = zipfWeights(count, skew);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Array.from({ length: Math.min(count, LARGEST_ACCOUNTS) }, (_, rank) => ({
    account: `${name}-${rank + 1}`,
    rate: (rate * weights[rank]!) / total,
  }));
}

function accountsOf(source: SourceSpec): { readonly count: number; readonly skew: number } {
  if (source.kind !== "population") return source.accounts;
  return source.accounts ?? workloadNamed(source.arrivals.workload).accounts;
}

/** Requests per second, all accounts together; undefined where only a trace or the answers decide. */
function meanRate({ kind, arrivals }: SourceSpec): number | undefined {
  if (kind === "population") return arrivals.rate;
  if (kind === "trace" || arrivals.process === "closed") return undefined;
  return arrivals.rate ?? meanOfPhases(arrivals.phases ?? []);
}

interface Phase {
  readonly duration: number;
  readonly arrivalRate: number;
  readonly rampTo?: number;
}

function meanOfPhases(phases: readonly Phase[]): number {
  const length = phases.reduce((sum, { duration }) => sum + duration, 0);
  const arrivals = phases.reduce(
    (sum, { duration, arrivalRate, rampTo = arrivalRate }) => sum + (duration * (arrivalRate + rampTo)) / 2,
    0,
  );
  return arrivals / length;
}
