// LAW-11: a 429 depends on what the account did and never on the fleet's load. The same demand meets a tiny fleet
// and a huge one, and the same requests are limited for the same reasons.
import { expect, test } from "vitest";
import { parseScenario } from "../../src/core/engine/experiment/simulate.js";
import { Simulation } from "../../src/core/engine/experiment/simulation.js";
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import { expectEnough, forWorlds } from "../support/laws.js";
import { gear } from "../support/mode.js";
import { OF_ACCOUNTS_ALONE, QUOTA_KINDS } from "../support/random-limits.js";
import { randomScenario } from "../support/random-scenario.js";
import { limitedByArrivals, withReplicas } from "../support/world-changes.js";
import { WORLDS_OF_A_LAW } from "../support/worlds.js";

interface Refusals {
  /** Request, account and reason of every 429. */
  readonly limited: readonly string[];
  readonly overloaded: number;
}

function refusalsOf(scenario: ScenarioInput, seed: string): Refusals {
  const limited: string[] = [];
  let overloaded = 0;
  const simulation = new Simulation(parseScenario(scenario), {
    seed,
    onAttempt: ({ outcome, request, account, reason }) => {
      if (outcome === "rate_limited") limited.push(`${request} ${account} ${reason}`);
      if (outcome === "overloaded") overloaded++;
    },
  });
  simulation.run();
  return { limited, overloaded };
}

test("LAW-11: a tiny and a huge fleet limit the same requests", () => {
  const seen = { limited: 0, overloadedTiny: 0, overloadedHuge: 0 };
  forWorlds((seed) => {
    const scenario = limitedByArrivals(true)(randomScenario(seed));
    const tiny = refusalsOf(withReplicas(1)(scenario), seed);
    const huge = refusalsOf(withReplicas(60)(scenario), seed);
    seen.limited += tiny.limited.length;
    seen.overloadedTiny += tiny.overloaded;
    seen.overloadedHuge += huge.overloaded;
    expect(huge.limited).toEqual(tiny.limited);
  });
  expectEnough(seen.limited, 100);
  expectEnough(seen.overloadedTiny, 2 * seen.overloadedHuge);
});

test.each([...OF_ACCOUNTS_ALONE, ...QUOTA_KINDS])("LAW-11: nor is it otherwise with %s", (name, limit) => {
  let refused = 0;
  for (let n = 0; n < gear(4, WORLDS_OF_A_LAW); n++) {
    const seed = `${name}-${n}`;
    const scenario = limitedByArrivals(true)(limit(seed));
    const [tiny, huge] = [1, 60].map((replicas) => refusalsOf(withReplicas(replicas)(scenario), seed));
    expect(huge!.limited).toEqual(tiny!.limited);
    refused += tiny!.limited.length;
  }
  expect(refused).toBeGreaterThan(0);
});

test("LAW-11: a charge that is given back for a shed request does depend on the fleet, and would be noticed", () => {
  let different = 0;
  forWorlds((seed) => {
    const forgiving = limitedByArrivals(false)(randomScenario(seed));
    const tiny = refusalsOf(withReplicas(1)(forgiving), seed);
    const huge = refusalsOf(withReplicas(60)(forgiving), seed);
    if (tiny.limited.join() !== huge.limited.join()) different++;
  });
  expectEnough(different, 0);
});
