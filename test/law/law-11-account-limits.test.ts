// LAW-11: a 429 depends on what the account did and never on the fleet's load. The same demand meets a tiny fleet
// and a huge one, and the same requests are limited for the same reasons.
import { expect, test } from "vitest";
import { parseScenario } from "../../src/core/engine/experiment/simulate.js";
import { Simulation } from "../../src/core/engine/experiment/simulation.js";
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import {
  expectEnough,
  forWorlds,
  repeatCommand,
  withoutContexts,
  withPools,
  withSources,
} from "../support/laws.js";
import { STEP_BY_STEP } from "../support/mode.js";
import { randomScenario } from "../support/random-scenario.js";

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
    stepByStep: STEP_BY_STEP,
    onAttempt: ({ outcome, request, account, reason }) => {
      if (outcome === "rate_limited") limited.push(`${request} ${account} ${reason}`);
      if (outcome === "overloaded") overloaded++;
    },
  });
  simulation.run();
  return { limited, overloaded };
}

/**
 * Limits on what a request brings along. What it generates, whether it is tried again, here or on another path, and
 * what of it a replica finds cached do depend on the fleet.
 */
function limitedByArrivals(scenario: ScenarioInput): ScenarioInput {
  const { generatedTokens: _, outputAccounting: __, expectedOutput: ___, ...limits } = scenario.limits ?? {};
  return {
    ...withSources(withoutContexts(scenario), { client: "none", fallback: [] }),
    limits: { requests: "300/min", ...limits, chargeShed: true },
    outages: [],
  };
}

test("LAW-11: a tiny and a huge fleet limit the same requests", () => {
  const seen = { limited: 0, overloadedTiny: 0, overloadedHuge: 0 };
  forWorlds((seed) => {
    const scenario = limitedByArrivals(randomScenario(seed));
    const tiny = refusalsOf(
      withPools(scenario, () => ({ replicas: 1 })),
      seed,
    );
    const huge = refusalsOf(
      withPools(scenario, () => ({ replicas: 60 })),
      seed,
    );
    seen.limited += tiny.limited.length;
    seen.overloadedTiny += tiny.overloaded;
    seen.overloadedHuge += huge.overloaded;
    expect(huge.limited, `repeat with ${repeatCommand(seed)}`).toEqual(tiny.limited);
  });
  expectEnough(seen.limited, 100);
  expectEnough(seen.overloadedTiny, 2 * seen.overloadedHuge);
});

test("LAW-11: a charge that is given back to whoever was shed does depend on the fleet, and would be noticed", () => {
  let different = 0;
  forWorlds((seed) => {
    const scenario = limitedByArrivals(randomScenario(seed));
    const forgiving = { ...scenario, limits: { ...scenario.limits, chargeShed: false } };
    const tiny = refusalsOf(
      withPools(forgiving, () => ({ replicas: 1 })),
      seed,
    );
    const huge = refusalsOf(
      withPools(forgiving, () => ({ replicas: 60 })),
      seed,
    );
    if (tiny.limited.join() !== huge.limited.join()) different++;
  });
  expectEnough(different, 0);
});
