// Seeds chosen by strata, for populations whose accounts swing: what a seed's largest accounts will do is known before
// its run, and few seeds hold most refusals. Of many candidates, sorted by the load that they bring, more are run of
// the heavy ones than chance would run, and weighted back. Within a stratum chance alone chooses.
import { assert } from "../../base/assert.js";
import { toSeconds } from "../../base/units.js";
import { KnownLoad } from "../../demand/traffic/population/known-load.js";
import { openStream, type Stream } from "../../random/stream.js";
import type { Scenario } from "../../scenario/schema.js";
import { populationOptions } from "../world/build-sources.js";
import {
  type ChosenSeeds,
  mostOf,
  plainSeeds,
  type ReplicationPlan,
  type SeedPlan,
  wholeBlocks,
} from "./seeds.js";

/** Of the candidates, the lightest first, and of the seeds that are run of them: allocated after what was measured. */
const SHARES = [0.5, 0.25, 0.15, 0.1] as const;
const ALLOCATION = [0.15, 0.25, 0.3, 0.3] as const;
/** Fewer do not leave two for each stratum. */
const LEAST_SEEDS = 12;
/** Seeds where they are as good as each other. */
const PLAIN_SEEDS = 8;
/** Seeds that an open-ended study goes on by. */
const BLOCK = 20;
/** Candidates for a block; of more seeds in proportion, so that the heaviest stratum has enough of them. */
const CANDIDATES = 96;

/** The plan of a study: by strata where the scenario swings and there are seeds enough, else `seed/1`, `seed/2`, ... */
export function seedPlan(scenario: Scenario, seed: string, plan: ReplicationPlan): SeedPlan {
  const most = mostOf(plan);
  if (most < LEAST_SEEDS || !isSwinging(scenario)) return plainSeeds(seed, plan);
  const isOpen = plan.kind === "decided" && most >= BLOCK;
  const sizes = isOpen ? new Array<number>(Math.floor(most / BLOCK)).fill(BLOCK) : [most];
  return wholeBlocks(sizes, (block) => chosenSeeds(scenario, seed, sizes[block]!, block));
}

/** Seeds of a scenario where nothing is said: as many as its kind needs for intervals that are of use. */
export function defaultSeeds(scenario: Scenario): number {
  return isSwinging(scenario) ? BLOCK : PLAIN_SEEDS;
}

/** Whether seeds of a scenario differ in a way that is known before they run. */
export function isSwinging(scenario: Scenario): boolean {
  return scenario.duration !== undefined && swingingLoads(scenario).length > 0;
}

/**
 * `count` of the candidates `seed/1`, `seed/2`, ..., which for a later block go on where the one before has ended. All
 * are sorted by their load; within each stratum as many as are allocated to it are picked at random.
 */
export function chosenSeeds(scenario: Scenario, seed: string, count: number, block = 0): ChosenSeeds {
  const candidates = Math.max(CANDIDATES, Math.ceil((CANDIDATES * count) / BLOCK));
  const names = Array.from({ length: candidates }, (_, index) => `${seed}/${block * candidates + index + 1}`);
  const loads = candidateLoads(scenario, names);
  const sorted = names
    .map((_, index) => index)
    .sort((one, other) => loads[one]! - loads[other]! || one - other);
  const stream = openStream(seed, `strata/${block + 1}`);
  let from = 0;
  let share = 0;
  const strata = allocationOf(count).map((wanted, stratum) => {
    share += SHARES[stratum]!;
    const until = Math.round(share * candidates);
    const members = sorted.slice(from, until);
    from = until;
    const picked = pick(members, wanted, stream);
    return { share: members.length / candidates, seeds: picked.map((index) => names[index]!) };
  });
  return { seeds: inTurn(strata.map(({ seeds }) => seeds)), strata: { candidates, strata } };
}

/** How many of `count` seeds, from 12 up, each stratum gets: its share, the largest remainders being rounded up. */
export function allocationOf(count: number): number[] {
  assert(count >= LEAST_SEEDS, "there are seeds enough for strata");
  const wanted = ALLOCATION.map((share) => share * count);
  const counts = wanted.map((one) => Math.floor(one + 1e-9));
  const left = count - counts.reduce((sum, one) => sum + one, 0);
  wanted
    .map((one, stratum) => ({ stratum, remainder: one - counts[stratum]! }))
    .sort((one, other) => other.remainder - one.remainder || one.stratum - other.stratum)
    .slice(0, left)
    .forEach(({ stratum }) => {
      counts[stratum]!++;
    });
  return counts;
}

/** What each of these seeds will be asked for in the measured window, in tokens a second, as far as is known before. */
export function candidateLoads(scenario: Scenario, seeds: readonly string[]): number[] {
  const { warmup, duration } = scenario;
  assert(duration !== undefined, "a population ends with its scenario");
  const [from, until] = [toSeconds(warmup), toSeconds(duration)];
  const loads = swingingLoads(scenario);
  return seeds.map((seed) => loads.reduce((sum, load) => sum + load.of(seed, from, until), 0));
}

function swingingLoads(scenario: Scenario): KnownLoad[] {
  const computesPrompts = Object.values(scenario.pools).some(({ replica }) => replica.engine === "batching");
  return Object.entries(scenario.traffic)
    .flatMap(([name, spec]) =>
      spec.kind === "population"
        ? [new KnownLoad(populationOptions(name, spec, scenario), computesPrompts)]
        : [],
    )
    .filter((load) => load.swings);
}

/** So many of them, each set as likely. */
function pick(members: readonly number[], count: number, stream: Stream): number[] {
  assert(members.length >= count, "a stratum has seeds enough");
  const left = [...members];
  return Array.from({ length: count }, () => left.splice(stream.below(left.length), 1)[0]!);
}

/** The seeds of all strata, spread evenly, so that those that have run tell of all of them. */
function inTurn(strata: readonly (readonly string[])[]): string[] {
  return strata
    .flatMap((seeds, stratum) =>
      seeds.map((seed, index) => ({ seed, stratum, at: (index + 0.5) / seeds.length })),
    )
    .sort((one, other) => one.at - other.at || one.stratum - other.stratum)
    .map(({ seed }) => seed);
}
