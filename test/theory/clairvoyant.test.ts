// That the clairvoyant is a bound: in random worlds no autoscaler sheds less than it does at no more GPU-seconds. So it
// is where what is shed is what found no room: to serve most for so many GPU-seconds then is to hold each replica where
// it is used most, starts counted, which is what it does. It knows the load as it is where nothing is shed. Where
// callers try again, or wait for answers, shedding makes another load of it, and nothing is claimed.
import { expect, test } from "vitest";
import type { Foresight } from "../../src/core/server/fleet/control/autoscalers/autoscaler.js";
import { meanInterval } from "../../src/core/stats/interval.js";
import { expectEnough, forWorlds } from "../support/laws.js";
import { gear } from "../support/mode.js";
import {
  BURSTS,
  boundWithin,
  type ScalerWorld,
  type Spent,
  scalerWorld,
  spentBy,
  sumOf,
} from "../support/scaler-worlds.js";

const WORLDS = gear(3, 60);
const SEEDS = ["1", "2", "3", "4", "5", "6", "7", "8"];
/** Sixty worlds a night are red by chance at most once in eighty nights. */
const SURE = 0.9996;

/** Sees what will be there a while later. */
const LATER = 100_000_000;
const blind = (foresight: Foresight): Foresight => ({
  ...foresight,
  mostLoad: (from, until) =>
    foresight.mostLoad((from + LATER) as typeof from, (until + LATER) as typeof until),
});

/** Of all attempts, what one sheds more than another. */
function more(one: Spent, other: Spent) {
  const shares = one.sheds.map((shed, seed) => (shed - other.sheds[seed]!) / other.attempts);
  return meanInterval(
    shares.map((share) => share * SEEDS.length),
    SURE,
  );
}

/** What each sheds more than the rival at its GPU-seconds; undefined where it could not spend less. */
function against(world: ScalerWorld) {
  const rival = spentBy(world, world.rival, SEEDS);
  const budget = sumOf(rival.gpuSeconds);
  const bound = boundWithin(world, budget, SEEDS);
  if (bound === undefined) return undefined;
  return {
    bound: more(bound, rival),
    blind: () => more(boundWithin(world, budget, SEEDS, { foresight: blind })!, rival),
  };
}

test("no autoscaler sheds less than the clairvoyant at its GPU-seconds", () => {
  const means: number[] = [];
  forWorlds((seed) => {
    const world = scalerWorld(seed);
    const found = against(world);
    if (found === undefined) return;
    expect(found.bound.low, `${JSON.stringify(world.rival)} sheds less`).toBeLessThanOrEqual(0);
    means.push(found.bound.mean);
  }, WORLDS);
  expectEnough(means.length, WORLDS / 2);
  expectEnough(-sumOf(means), 0);
});

test("one that is blind is no bound: it sheds more than one that looks at the load there is", () => {
  const { bound, blind: seesLater } = against(BURSTS)!;
  expect(bound.high).toBeLessThan(0);
  expect(seesLater().low).toBeGreaterThan(0);
});
