// Every law where all that makes a fleet elastic is on: instances start on nodes, wait for GPUs, sleep, drain, are lost
// and displaced, sized by autoscalers of every kind, while models and traffic come and go; replicas share a model over
// several GPUs, and their hosts keep what preempted sequences had. No request vanishes or is served twice to its end
// (LAW-1), tokens and GPU-seconds balance to the last unit (LAW-1, LAW-15), and each feature bites in some of the worlds,
// of which it counts in how many.
import { expect, test } from "vitest";
import { EngineBites, OF_REPLICAS } from "../support/engine-bites.js";
import { withOffload, withParallel } from "../support/engine-worlds.js";
import { everyLawOf } from "../support/every-law.js";
import { FleetBites } from "../support/fleet-bites.js";
import { fleetScenario } from "../support/fleet-worlds.js";
import { expectEnough, ONE_WORLD } from "../support/laws.js";
import { gear } from "../support/mode.js";
import { seedsOf } from "../support/worlds.js";

const WORLDS = gear(40, 1500);
const bites = new FleetBites();
const replicaBites = new EngineBites();
const seen = { grew: 0, shrank: 0, atZero: 0, started: 0, slept: 0, drained: 0, lost: 0, gone: 0 };

everyLawOf(
  {
    name: "fleet",
    seeds: seedsOf("fleet", WORLDS),
    world: (seed) => withOffload(withParallel(fleetScenario(seed), seed), seed),
  },
  {
    watch: (engine, scenario) => {
      bites.watch(engine, scenario);
      replicaBites.watch(engine, scenario);
    },
    look: ({ macro: { result } }) => {
      bites.finish(result);
      replicaBites.finish(result);
      if (result === undefined) return;
      if (((result.fleet.gpuSeconds as Record<string, number>)["gone"] ?? 0) > 0) seen.gone++;
      for (const [index, { gpuSeconds }] of result.pools.entries()) {
        const { replicas } = result.series.pools[index]!;
        if (replicas.some((count, bin) => count > (replicas[bin - 1] ?? count))) seen.grew++;
        if (replicas.some((count, bin) => count < (replicas[bin - 1] ?? count))) seen.shrank++;
        if (replicas.some((count) => count === 0)) seen.atZero++;
        if ((gpuSeconds.warming ?? 0) + (gpuSeconds.loading ?? 0) > 0) seen.started++;
        if ((gpuSeconds.sleeping ?? 0) > 0) seen.slept++;
        if ((gpuSeconds.lost ?? 0) > 0) seen.lost++;
        if ((gpuSeconds.draining ?? 0) > 0) seen.drained++;
      }
    },
  },
);

test("pools grow, shrink, stand at zero, start cold, sleep and drain", () => {
  const { lost, gone, drained, ...often } = seen;
  for (const count of Object.values(often)) expectEnough(count, WORLDS / 4);
  for (const count of [lost, gone, drained]) expectEnough(count, WORLDS / 15);
});

/** By night of 1,500. */
const FEWEST = gear(1, 15);

test("each feature bites in some of the worlds", () => {
  if (ONE_WORLD !== undefined) return;
  const ofReplicas = OF_REPLICAS.map((feature) => [feature, replicaBites.worlds.get(feature)!] as const);
  const tooFew = [...bites.worlds, ...ofReplicas].filter(([, worlds]) => worlds < FEWEST);
  expect(Object.fromEntries(tooFew)).toEqual({});
});
