// Every law where fleets are elastic: instances start on nodes, wait for GPUs, sleep, drain, are lost and displaced,
// sized by autoscalers of every kind. It counts how often each of these happens.
import { test } from "vitest";
import { everyLawOf } from "../support/every-law.js";
import { fleetScenario } from "../support/fleet-worlds.js";
import { expectEnough } from "../support/laws.js";
import { gear } from "../support/mode.js";
import { seedsOf } from "../support/worlds.js";

const WORLDS = gear(60, 1500);
const seen = { grew: 0, shrank: 0, atZero: 0, started: 0, slept: 0, drained: 0, lost: 0, gone: 0 };

everyLawOf(
  { name: "fleet", seeds: seedsOf("fleet", WORLDS), world: fleetScenario },
  {
    look: ({ macro: { result } }) => {
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
