// Every law where things break under way: random worlds with faults of every kind, and how often each of them bit.
import { expect, test } from "vitest";
import { Engine } from "../../src/core/engine/engine.js";
import { parseScenario } from "../../src/core/engine/experiment/simulate.js";
import { FAULTS } from "../../src/core/server/fleet/faults/registry.js";
import { everyLawOf } from "../support/every-law.js";
import { faultyScenario } from "../support/faulty-worlds.js";
import { expectEnough, ONE_WORLD } from "../support/laws.js";
import { gear } from "../support/mode.js";
import { SMALL, USUAL } from "../support/random-scenario.js";
import { readRandomTrace } from "../support/random-trace.js";
import { seedsOf } from "../support/worlds.js";

const WORLDS = gear(30, 1000);
const SIZE = gear(SMALL, USUAL);
const world = (seed: string) => faultyScenario(seed, SIZE);
const seeds = seedsOf("law-03-faults", WORLDS);
const seen = { lost: 0, hung: 0, unavailable: 0 };

everyLawOf(
  { name: "law-03-faults", seeds, world },
  {
    look: ({ macro: { result } }) => {
      if (result === undefined) return;
      const hasState = (state: "lost" | "hung") =>
        result.pools.some(({ gpuSeconds }) => (gpuSeconds[state] ?? 0) > 0);
      if ((result.all.reasons.outage ?? 0) > 0) seen.unavailable++;
      if (hasState("lost")) seen.lost++;
      if (hasState("hung")) seen.hung++;
    },
  },
);

test("requests end unavailable, instances hang and are lost", () => {
  expectEnough(seen.unavailable, WORLDS / 3);
  expectEnough(seen.lost, WORLDS / 5);
  expectEnough(seen.hung, WORLDS / 20);
});

/** In how many worlds a fault of each kind has acted, and how many requests and streams it has stopped in all. */
function bites(): Map<string, { acted: number; stopped: number; broken: number }> {
  const counts = new Map(FAULTS.map(({ name }) => [name as string, { acted: 0, stopped: 0, broken: 0 }]));
  for (const seed of seeds.slice(0, 30)) {
    const scenario = parseScenario(faultyScenario(seed));
    const engine: Engine = new Engine(scenario, { seed, readTrace: readRandomTrace });
    const outages = scenario.outages.filter(({ instances }) => instances !== undefined).length;
    const kinds = Object.values(scenario.faults).map(({ fault }) => fault);
    const { faults } = engine.service.parts;
    const act = faults.act.bind(faults);
    const acted = new Set<string>();
    faults.act = (index, now) => {
      const toll = act(index, now);
      const kind = kinds[index - outages];
      if (kind === undefined) return toll;
      acted.add(kind);
      const count = counts.get(kind)!;
      count.stopped += toll.halted.length;
      count.broken += toll.halted.filter(({ generated }) => generated > 0).length;
      return toll;
    };
    while (engine.step());
    for (const kind of acted) counts.get(kind)!.acted++;
  }
  return counts;
}

test("faults of every kind act, and those that can stop requests do", () => {
  if (ONE_WORLD !== undefined) return;
  const stopping = ["node-loss", "rack-loss", "spot-reclaim", "instance-crash", "hang"];
  for (const [kind, { acted, stopped, broken }] of bites()) {
    const isStopping = stopping.includes(kind);
    expect([kind, acted >= 4, stopped >= 10, broken >= 5]).toEqual([kind, true, isStopping, isStopping]);
  }
});
