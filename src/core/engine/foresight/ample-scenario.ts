// The scenario of an ample run: each pool whose autoscaler foresees has all the replicas that it may ever have, from
// the start and on GPUs of its own, so that nothing else has fewer for it; all else is as it was.
import type { Duration } from "../../base/units.js";
import type { Scenario } from "../../scenario/schema.js";
import { autoscaler as autoscalerSchema, foresees } from "../../server/fleet/control/autoscalers/registry.js";
import { undivided } from "../../server/fleet/node-type.js";

type PoolSpec = Scenario["pools"][string];

/** No type of node in a scenario has a name with a space. */
const AMPLE = "ample run";
const FINEST = 10_000;
const COARSEST = 1_000_000;

/** How finely the load of each pool is to be foreseen, in microseconds; undefined for those that nobody foresees. */
export function foreseenPools({ pools }: Scenario): readonly (Duration | undefined)[] {
  return Object.values(pools).map(({ autoscaler }) => {
    if (autoscaler === undefined || !foresees(autoscaler)) return undefined;
    return Math.min(COARSEST, Math.max(FINEST, Math.ceil(autoscaler.interval / 8))) as Duration;
  });
}

export function ampleScenario(scenario: Scenario): Scenario {
  const { inventory } = scenario;
  const widths = foreseenPools(scenario);
  const names = inventory.types.map(({ name }) => name);
  const entries = Object.entries(scenario.pools).map(([name, pool], index): [string, PoolSpec] => [
    name,
    widths[index] === undefined ? { ...pool, nodes: pool.nodes ?? names } : amplePool(pool, inventory.gpus),
  ]);
  const pools = Object.fromEntries(entries);
  const gpus = entries.reduce(
    (sum, [, pool], index) => (widths[index] === undefined ? sum : sum + pool.replicas * pool.gpusPerReplica),
    0,
  );
  const types = [...inventory.types, { ...undivided(gpus), name: AMPLE }];
  return {
    ...scenario,
    pools,
    inventory: { ...inventory, gpus: inventory.gpus + gpus, types },
  };
}

/** By the clock a pool is there from the start, whenever its models are launched. */
function amplePool(pool: PoolSpec, gpus: number): PoolSpec {
  const available = Math.floor(gpus / pool.gpusPerReplica);
  const { min, max = available } = pool.autoscaler!;
  const replicas = Math.max(1, min, Math.min(max, available));
  const autoscaler = autoscalerSchema.parse({ algorithm: "schedule", steps: [{ at: 0, replicas }] });
  return { ...pool, replicas, autoscaler, warmPool: 0, displaces: [], nodes: [AMPLE] };
}
