// What changes a fleet while it runs, out of a scenario's words: how many instances its pools want, who decides that,
// and how long they take to start.
import { type Instant, NEVER, START } from "../../base/units.js";
import type { CustomRun } from "../../document/custom-instance.js";
import type { EventQueue } from "../../kernel/event-queue.js";
import type { Stream } from "../../random/stream.js";
import { withinCentury } from "../../random/time-distribution.js";
import { plannedReplicas, planOf } from "../../scenario/capacity-plan.js";
import type { Scenario } from "../../scenario/schema.js";
import { ColdStart } from "../../server/fleet/cold-start.js";
import { coldStartSpec } from "../../server/fleet/cold-start-keys.js";
import type { Foresight } from "../../server/fleet/control/autoscalers/autoscaler.js";
import { createAutoscaler } from "../../server/fleet/control/autoscalers/registry.js";
import { Autoscaling } from "../../server/fleet/control/autoscaling.js";
import type { Controller } from "../../server/fleet/control/controller.js";
import { Controllers } from "../../server/fleet/control/controllers.js";
import { PoolLife } from "../../server/fleet/control/pool-life.js";
import type { Fleet } from "../../server/fleet/fleet.js";
import { roomOn } from "../../server/fleet/node-type.js";
import { Sizing } from "../../server/fleet/sizing.js";
import { WarmPools } from "../../server/fleet/warm-pools.js";
import type { StepProfile } from "../../server/profile/step-profile.js";
import { ServerEvent } from "../../server/service/event-kinds.js";
import type { OpenPaths } from "../../server/service/open-paths.js";

type PoolSpec = Scenario["pools"][string];

/** Undefined where instances are ready at once: nothing is drawn then. */
export function buildColdStart({ coldStart }: PoolSpec, openChance: () => Stream): ColdStart | undefined {
  const spec = coldStartSpec(coldStart);
  return spec && new ColdStart(spec, openChance());
}

/** The fleet as the run begins, with what each pool wants. */
export function buildSizing(scenario: Scenario, fleet: Fleet): Sizing {
  const { pools, inventory } = scenario;
  const names = Object.keys(pools);
  const specs = Object.values(pools);
  const sizing = new Sizing({
    fleet,
    retry: inventory.retry,
    pools: specs.map(({ warmPool, displaces, autoscaler }) => ({
      warmPool,
      displaces: displaces.map((name) => names.indexOf(name)),
      least: autoscaler?.min ?? 0,
    })),
  });
  if (specs.some(({ warmPool }) => warmPool > 0)) new WarmPools(sizing);
  for (const [pool, spec] of specs.entries()) {
    if (lifeOfPool(scenario, pool).from > START) sizing.beginAbsent(pool);
    else sizing.begin(pool, plannedReplicas(planOf(spec), START));
  }
  return sizing;
}

interface Life {
  readonly from: Instant;
  readonly until: Instant;
  /** Of its first model. */
  readonly launch: Instant;
}

/** From a while before its first model is launched until its last one is retired; by the clock it is always there. */
function lifeOfPool({ pools, paths }: Scenario, pool: number): Life {
  const [name, spec] = Object.entries(pools)[pool]!;
  const served = Object.values(paths).filter((path) => path.pool === name);
  if (planOf(spec).timetable !== undefined || served.length === 0)
    return { from: START, until: NEVER, launch: START };
  const launch = Math.min(...served.map((path) => path.launch ?? START)) as Instant;
  const from = Math.max(START, launch - spec.launchAhead) as Instant;
  return { from, until: Math.max(...served.map((path) => path.retire ?? NEVER)) as Instant, launch };
}

function buildLives(scenario: Scenario, sizing: Sizing): readonly PoolLife[] {
  return Object.values(scenario.pools).flatMap(({ replicas }, pool) => {
    const { from, until } = lifeOfPool(scenario, pool);
    if (from === START && until === NEVER) return [];
    return [new PoolLife({ sizing, pool, replicas, from, until })];
  });
}

interface ControlParts {
  readonly sizing: Sizing;
  readonly openPaths: OpenPaths;
  readonly profiles: readonly (StepProfile | undefined)[];
  readonly events: EventQueue;
  /** Of a pool, for an autoscaler that foresees. */
  readonly foresight: (pool: number) => Foresight | undefined;
  readonly custom: CustomRun | undefined;
}

export function buildControl(scenario: Scenario, parts: ControlParts): Controllers {
  const { sizing, openPaths, events } = parts;
  const { pools } = scenario;
  const scaling = Object.values(pools).flatMap((spec, pool): Controller[] =>
    spec.autoscaler === undefined ? [] : [buildScaling(spec, pool, lifeOfPool(scenario, pool), parts)],
  );
  const controllers = [...buildLives(scenario, sizing), ...scaling, ...(openPaths.change ? [openPaths] : [])];
  return new Controllers({ sizing, controllers, events, kind: ServerEvent.control });
}

function buildScaling(
  { autoscaler, nodes }: PoolSpec,
  pool: number,
  life: Life,
  { sizing, profiles, foresight: foresightOf, custom }: ControlParts,
): Autoscaling {
  const { fleet } = sizing;
  const knobs = autoscaler!;
  const replica = fleet.shapeOf(pool);
  const foresight = foresightOf(pool);
  const context = {
    slots: replica.slots,
    kvTokens: replica.kvTokens,
    profile: profiles[pool],
    coldStart: withinCentury(fleet.coldStartOf(pool)),
    foresight,
  };
  const own = custom && { ...custom, where: `pool ${fleet.pools[pool]!.name}` };
  const scaler = createAutoscaler(knobs, context, own);
  const available = roomOn(fleet.inventory.types, nodes, fleet.gpusPerReplica(pool));
  const launch = foresight === undefined ? life.launch : START;
  return new Autoscaling({ sizing, pool, scaler, knobs, available, launch });
}
