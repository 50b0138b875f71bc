// Every law where things break under way: random worlds with faults of every kind, and how often each of them bit.
import { expect, test } from "vitest";
import { Engine } from "../../src/core/engine/engine.js";
import { parseScenario } from "../../src/core/engine/experiment/simulate.js";
import { FAULTS } from "../../src/core/server/fleet/faults/registry.js";
import { everyLawOf } from "../support/every-law.js";
import { faultyScenario } from "../support/faulty-worlds.js";
import { expectEnough, ONE_WORLD } from "../support/laws.js";
import { gear } from "../support/mode.js";
import { readRandomTrace } from "../support/random-trace.js";
import { seedsOf } from "../support/worlds.js";

const WORLDS = gear(80, 1000);
const seeds = seedsOf("law-03-faults", WORLDS);
const seen = { lostWithWork: 0, hungWithWork: 0, unavailable: 0, broken: 0 };

everyLawOf(
  { name: "law-03-faults", seeds, world: faultyScenario },
  {
    look: ({ macro: { result } }) => {
      if (result === undefined) return;
      const hasState = (state: "lost" | "hung") =>
        result.pools.some(({ gpuSeconds }) => (gpuSeconds[state] ?? 0) > 0);
      if ((result.all.reasons.outage ?? 0) > 0) seen.unavailable++;
      if (hasState("lost")) seen.lostWithWork++;
      if (hasState("hung")) seen.hungWithWork++;
      if (result.all.wastedDecodeTokens > 0) seen.broken++;
    },
  },
);

test("requests end unavailable, streams break, instances hang and are lost", () => {
  expectEnough(seen.unavailable, WORLDS / 3);
  expectEnough(seen.broken, WORLDS / 3);
  expectEnough(seen.lostWithWork, WORLDS / 5);
  expectEnough(seen.hungWithWork, WORLDS / 20);
});

/** In how many worlds a fault of each kind has acted, and in how many it has stopped requests. */
function bites(): Map<string, { acted: number; stopped: number }> {
  const counts = new Map(FAULTS.map(({ name }) => [name as string, { acted: 0, stopped: 0 }]));
  for (const seed of seeds.slice(0, 80)) {
    const scenario = parseScenario(faultyScenario(seed));
    const engine: Engine = new Engine(scenario, { seed, readTrace: readRandomTrace });
    const outages = scenario.outages.filter(({ instances }) => instances !== undefined).length;
    const kinds = Object.values(scenario.faults).map(({ fault }) => fault);
    const { faults } = engine.service.parts;
    const act = faults.act.bind(faults);
    const [acted, stopped] = [new Set<string>(), new Set<string>()];
    faults.act = (index, now) => {
      const toll = act(index, now);
      const kind = kinds[index - outages];
      if (kind !== undefined) acted.add(kind);
      if (kind !== undefined && toll.halted.length > 0) stopped.add(kind);
      return toll;
    };
    while (engine.step());
    for (const kind of acted) counts.get(kind)!.acted++;
    for (const kind of stopped) counts.get(kind)!.stopped++;
  }
  return counts;
}

test("faults of every kind act, and those that can stop requests do", () => {
  if (ONE_WORLD !== undefined) return;
  const counts = bites();
  for (const [kind, { acted, stopped }] of counts) {
    expect([kind, acted >= 8]).toEqual([kind, true]);
    const mayStop = ["node-loss", "rack-loss", "instance-crash", "hang"].includes(kind);
    expect([kind, stopped >= 3]).toEqual([kind, mayStop]);
  }
});
