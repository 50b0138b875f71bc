// Random worlds whose fleets change: pools grow, shrink and stand at zero by the clock, and lose some of their instances
// now and then. The inventory has just what is planned, so that what drains keeps others waiting for its GPUs.
import { instant } from "../../src/core/base/units.js";
import {
  type PlannedPool,
  plannedGpus,
  plannedReplicas,
  planOf,
} from "../../src/core/scenario/capacity-plan.js";
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import { autoscaler as autoscalerSchema } from "../../src/core/server/fleet/control/autoscalers/registry.js";
import { MARKETS } from "../../src/core/server/fleet/node-type.js";
import { Draw } from "./draw.js";
import { randomScenario, type WorldSize } from "./random-scenario.js";

type PoolInput = ScenarioInput["pools"][string];
interface Step {
  readonly at: number;
  readonly replicas: number;
}
interface Plan {
  readonly replicas: number;
  readonly steps: readonly Step[];
}

const MOST_REPLICAS = 5;
const written = (micros: number) => `${micros}us`;

export function elasticScenario(seed: string, most?: WorldSize): ScenarioInput {
  const draw = new Draw(seed, "elastic");
  const scenario = randomScenario(seed, most);
  const length = Number.parseInt(String(scenario.duration), 10);
  const plans = new Map(Object.keys(scenario.pools).map((name) => [name, drawPlan(draw, length)]));
  const pools = Object.fromEntries(
    Object.entries(scenario.pools).map(([name, pool]) => [name, withPlan(pool, plans.get(name)!)]),
  );
  const planned = Object.entries(scenario.pools).map(([name, { gpusPerReplica = 1 }]) =>
    plannedOf(plans.get(name)!, Number(gpusPerReplica)),
  );
  const needed = plannedGpus(planned, length).gpus;
  const gpus = draw.chance(0.7) ? needed : 100_000;
  const whole = draw.chance(0.3) ? (scenario.outages ?? []) : [];
  const outages = [...whole, ...drawOutages(draw, plans, length)];
  // Nodes of one GPU each are as good as none: whatever fits on GPUs fits on them.
  const isPriced = gpus === needed && gpus > 0 && draw.chance(0.7);
  const market = draw.chance(0.5) ? "reserved" : draw.pick([...MARKETS]);
  const nodes = { nodes: { own: { gpu: "H100", count: gpus, gpusPerNode: 1, market } } };
  return { ...scenario, pools, inventory: isPriced ? nodes : { gpus }, outages };
}

function plannedOf({ replicas, steps }: Plan, gpusPerReplica: number): PlannedPool {
  const autoscaler = steps.length === 0 ? undefined : autoscalerSchema.parse(byClock(steps));
  return planOf({ replicas, gpusPerReplica, autoscaler });
}

const byClock = (steps: readonly Step[]) => ({
  algorithm: "schedule" as const,
  steps: steps.map(({ at, replicas }) => ({ at: written(at), replicas })),
});

function withPlan(pool: PoolInput, { replicas, steps }: Plan): PoolInput {
  return {
    ...pool,
    replicas,
    gpusPerReplica: pool.gpusPerReplica ?? 1,
    ...(steps.length > 0 && { autoscaler: byClock(steps) }),
  };
}

/** At some time there is a replica. */
function drawPlan(draw: Draw, length: number): Plan {
  const times = new Set(
    Array.from({ length: draw.pick([0, 1, 3, 8]) }, () => draw.pick([0, 1, draw.whole(0, length - 1)])),
  );
  const size = () => (draw.chance(0.25) ? 0 : draw.whole(1, MOST_REPLICAS));
  const steps = [...times]
    .filter((at) => at < length)
    .sort((one, other) => one - other)
    .map((at) => ({ at, replicas: size() }));
  const isEver = steps.some(({ replicas }) => replicas > 0);
  const plan = { replicas: isEver ? size() : draw.whole(1, MOST_REPLICAS), steps };
  return isEver || steps[0]?.at !== 0 ? plan : { ...plan, steps: [] };
}

/** Of each pool a few, one after the other, and never more than it is meant to have. */
function drawOutages(draw: Draw, plans: ReadonlyMap<string, Plan>, length: number) {
  return [...plans].flatMap(([pool, plan]) => {
    let from = 0;
    const outages: { pool: string; from: string; for: string; instances: number }[] = [];
    for (let count = draw.pick([0, 1, 3]); count > 0; count--) {
      from += Math.ceil(draw.magnitude(1, Math.max(2, length / 3)));
      const there = plannedReplicas(plannedOf(plan, 1), instant(from));
      const lasts = Math.ceil(draw.magnitude(1, Math.max(2, length / 4)));
      if (there > 0)
        outages.push({ pool, from: written(from), for: written(lasts), instances: draw.whole(1, there) });
      from += lasts;
    }
    return outages;
  });
}
