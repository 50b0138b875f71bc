// LAW-13: the demand of open-loop sources does not depend on what becomes of it. Under the most generous and the
// harshest admission the same requests come up at the same instants.
import { expect, test } from "vitest";
import { Engine } from "../../src/core/engine/engine.js";
import { parseScenario } from "../../src/core/engine/simulate.js";
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import { expectEnough, forWorlds, repeatCommand, withPools } from "../support/laws.js";
import { STEP_BY_STEP } from "../support/mode.js";
import { randomScenario } from "../support/random-scenario.js";
import { readRandomTrace } from "../support/random-trace.js";

/** What every first attempt was, and when. */
function demandOf(scenario: ScenarioInput, seed: string): readonly number[][] {
  const demand: number[][] = [];
  const engine: Engine = new Engine(parseScenario(scenario), {
    seed,
    stepByStep: STEP_BY_STEP,
    readTrace: readRandomTrace,
    observer: {
      attempt: (event, slot, now) => {
        const { number, attempts, source, account, tier, inputTokens, outputTokens } = engine.requests;
        if (event !== "arrived" || attempts[slot] !== 1) return;
        const request = [number, source, account, tier, inputTokens, outputTokens].map(
          (column) => column[slot]!,
        );
        demand.push([now, ...request]);
      },
    },
  });
  while (engine.step());
  return demand;
}

test("LAW-13: open-loop demand is the same under every policy", () => {
  let requests = 0;
  forWorlds((seed) => {
    const scenario = randomScenario(seed);
    const generous = demandOf(
      withPools(scenario, () => ({ admission: { policy: "none" } })),
      seed,
    );
    const harsh = demandOf(
      withPools(scenario, () => ({ admission: { policy: "tail-drop", maxQueue: 0 }, discipline: "fifo" })),
      seed,
    );
    requests += generous.length;
    expect(harsh, `repeat with ${repeatCommand(seed)}`).toEqual(generous);
  });
  expectEnough(requests, 100);
});
