// Families of worlds with elastic fleets, a kind each, so that the record has results of them: every autoscaler, every
// kind of fault, models that come and go, nodes that a spot market takes back, and all of it together. A few worlds of
// each; laws try many more in files of their own.
import { AUTOSCALERS } from "../../src/core/server/fleet/control/autoscalers/registry.js";
import { FAULTS } from "../../src/core/server/fleet/faults/registry.js";
import { fleetScenario } from "./fleet-worlds.js";
import { modelLifeScenario } from "./model-life-worlds.js";
import type { WorldFamily } from "./worlds.js";

const WORLDS_OF_A_KIND = 4;
const MORE = 12;

/** Seeds have the name of the kind: another kind has other worlds. */
function familyOf(
  kind: string,
  count: number,
  world: (seed: string) => ReturnType<WorldFamily["world"]>,
): WorldFamily {
  const seeds = Array.from({ length: count }, (_, index) => `${kind}-${index}`);
  return { name: `elastic/${kind}`, seeds, world };
}

export const ELASTIC_FAMILIES: readonly WorldFamily[] = [
  ...AUTOSCALERS.map(({ name: algorithm }) =>
    familyOf(algorithm, WORLDS_OF_A_KIND, (seed) => fleetScenario(seed, { algorithm })),
  ),
  ...FAULTS.map(({ name: fault }) =>
    familyOf(fault, WORLDS_OF_A_KIND, (seed) => fleetScenario(seed, { fault })),
  ),
  familyOf("model-life", MORE, modelLifeScenario),
  familyOf("partly-spot", MORE, (seed) => fleetScenario(seed, { fault: "spot-reclaim", isPartlySpot: true })),
  familyOf("all", MORE, (seed) => fleetScenario(seed)),
];
