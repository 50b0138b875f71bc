// LAW-15, and every other law, where fleets change under way: random worlds that add, drain and lose instances and
// empty their pools.
import { test } from "vitest";
import { elasticScenario } from "../support/elastic-worlds.js";
import { everyLawOf } from "../support/every-law.js";
import { expectEnough } from "../support/laws.js";
import { gear } from "../support/mode.js";
import { SMALL, USUAL } from "../support/random-scenario.js";
import { seedsOf } from "../support/worlds.js";

const WORLDS = gear(48, 1000);
const SIZE = gear(SMALL, USUAL);
const world = (seed: string) => elasticScenario(seed, SIZE);
const seen = { added: 0, drainedWithWork: 0, lostWithWork: 0, atZero: 0, priced: 0, unused: 0 };

everyLawOf(
  { name: "law-15-fleet", seeds: seedsOf("law-15-fleet", WORLDS), world },
  {
    look: ({ macro: { result } }) => {
      if (result === undefined) return;
      const { gpuCost } = result.fleet;
      if (gpuCost !== null && gpuCost.total > 0) seen.priced++;
      if (gpuCost !== null && gpuCost.unused > 0) seen.unused++;
      for (const [index, { gpuSeconds }] of result.pools.entries()) {
        const replicas = result.series.pools[index]!.replicas;
        if (replicas.some((count, bin) => count > (replicas[bin - 1] ?? count))) seen.added++;
        if ((gpuSeconds.draining ?? 0) > 0) seen.drainedWithWork++;
        if ((gpuSeconds.lost ?? 0) > 0 && (result.all.reasons.outage ?? 0) > 0) seen.lostWithWork++;
        if (replicas.some((count) => count === 0)) seen.atZero++;
      }
    },
  },
);

test("GPUs have prices, and some are reserved and not used", () => {
  expectEnough(seen.priced, WORLDS / 10);
  expectEnough(seen.unused, WORLDS / 30);
});

test("instances are added, drained and lost with work inside, and pools stand at zero", () => {
  expectEnough(seen.added, WORLDS / 3);
  expectEnough(seen.drainedWithWork, WORLDS / 4);
  expectEnough(seen.lostWithWork, WORLDS / 6);
  expectEnough(seen.atZero, WORLDS / 4);
});
