// LAW-13: the demand of open-loop sources does not depend on what becomes of it. Under the most generous and the
// harshest admission the same requests come up at the same instants.
import { expect, test } from "vitest";
import { NONE } from "../../src/core/base/none.js";
import type { Arrival } from "../../src/core/demand/traffic/source.js";
import { Engine } from "../../src/core/engine/engine.js";
import { parseScenario } from "../../src/core/engine/experiment/simulate.js";
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import { expectEnough, forWorlds } from "../support/laws.js";
import { modelLifeScenario } from "../support/model-life-worlds.js";
import { randomScenario } from "../support/random-scenario.js";
import { readRandomTrace } from "../support/random-trace.js";
import { admittingAll, admittingFew } from "../support/world-changes.js";

/**
 * What every source that waits for nothing asks for, and when; clients that hold attempts back come after it. How long
 * traffic goes on for the sake of what began in the window depends on how long that takes, and is left out.
 */
function demandOf(scenario: ScenarioInput, seed: string): readonly unknown[][] {
  const demand: unknown[][] = [];
  const engine = new Engine(parseScenario(scenario), {
    seed,
    followed: "nothing",
    readTrace: readRandomTrace,
  });
  for (const { source } of engine.demand.callers) {
    const take = source.take.bind(source);
    source.take = (arrival: Arrival) => {
      const at = source.nextAt;
      take(arrival);
      const { account, model, serviceTier, inputTokens, outputTokens } = arrival;
      if (arrival.ticket !== NONE) return;
      demand.push([at, source.name, account, model, serviceTier, inputTokens, outputTokens]);
    };
  }
  while (engine.step());
  return demand;
}

const MODEL = 3;
const SERVICE_TIER = 4;

function withoutMoves(scenario: ScenarioInput): ScenarioInput {
  const traffic = Object.entries(scenario.traffic).map(([name, { moves: _, ...source }]) => [name, source]);
  return { ...scenario, traffic: Object.fromEntries(traffic) as ScenarioInput["traffic"] };
}

test("LAW-13: open-loop demand is the same under every policy", () => {
  let requests = 0;
  forWorlds((seed) => {
    const scenario = randomScenario(seed);
    const generous = demandOf(admittingAll(scenario), seed);
    const harsh = demandOf(admittingFew(scenario), seed);
    requests += generous.length;
    expect(harsh).toEqual(generous);
  });
  expectEnough(requests, 100);
});

test("LAW-13: who moves to another model, and when, is the same under every policy", () => {
  let [requests, moving] = [0, 0];
  forWorlds((seed) => {
    const scenario = modelLifeScenario(seed);
    const generous = demandOf(admittingAll(scenario), seed);
    expect(demandOf(admittingFew(scenario), seed)).toEqual(generous);
    requests += generous.length;
    const stays = demandOf(withoutMoves(scenario), seed);
    // Whom they ask is all that moving changes.
    const rest = (demand: readonly unknown[][]) =>
      demand.map((one) => one.filter((_, place) => place !== MODEL && place !== SERVICE_TIER));
    expect(rest(generous)).toEqual(rest(stays));
    moving += generous.filter((one, index) => one[MODEL] !== stays[index]![MODEL]).length;
  });
  expectEnough(requests, 100);
  // Some nights draw few worlds in which models end.
  expectEnough(moving, 20);
});
