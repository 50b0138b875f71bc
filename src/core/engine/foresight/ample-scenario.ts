// The scenario of an ample run: each pool whose autoscaler foresees has all the replicas that it may ever have, from
// the start and on GPUs of its own, so that nothing else has fewer for it; all else is as it was. It is about what
// callers send, not about what there is to serve them: on those GPUs no fault takes a node or an instance, and no other
// pool displaces one. What the gateway answers whatever stands behind it - incidents, outages of a whole pool - stays:
// it is the same in both worlds, and so is what callers send because of it.
import type { Duration } from "../../base/units.js";
import type { Scenario } from "../../scenario/schema.js";
import { autoscaler as autoscalerSchema, foresees } from "../../server/fleet/control/autoscalers/registry.js";
import { type NodeType, roomOn, undivided } from "../../server/fleet/node-type.js";

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
  const foreseen = new Set(Object.keys(scenario.pools).filter((_, index) => widths[index] !== undefined));
  const entries = Object.entries(scenario.pools).map(([name, pool]): [string, PoolSpec] => [
    name,
    foreseen.has(name) ? amplePool(pool, inventory.types) : otherPool(pool, names, foreseen),
  ]);
  const pools = Object.fromEntries(entries);
  const gpus = entries.reduce(
    (sum, [name, pool]) => (foreseen.has(name) ? sum + pool.replicas * pool.gpusPerReplica : sum),
    0,
  );
  const types = [...inventory.types, { ...undivided(gpus), name: AMPLE, isSpared: true }];
  return {
    ...scenario,
    pools,
    inventory: { ...inventory, gpus: inventory.gpus + gpus, types },
  };
}

function otherPool(pool: PoolSpec, types: string[], foreseen: ReadonlySet<string>): PoolSpec {
  const displaces = pool.displaces.filter((name) => !foreseen.has(name));
  return { ...pool, nodes: pool.nodes ?? types, displaces };
}

/** By the clock a pool is there from the start, whenever its models are launched. */
function amplePool(pool: PoolSpec, types: readonly NodeType[]): PoolSpec {
  const available = roomOn(types, pool.nodes, pool.gpusPerReplica);
  const { min, max = available } = pool.autoscaler!;
  const replicas = Math.max(1, min, Math.min(max, available));
  const autoscaler = autoscalerSchema.parse({ algorithm: "schedule", steps: [{ at: 0, replicas }] });
  return { ...pool, replicas, autoscaler, warmPool: 0, displaces: [], nodes: [AMPLE] };
}
