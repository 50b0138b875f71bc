// Random worlds in which things break: elastic ones on nodes, with cold starts, and with faults of every kind, at stated
// times and by chance, often enough that a short run sees some.
import { type Issue, SurgefleetError } from "../../src/core/base/errors.js";
import { parseScenario } from "../../src/core/index.js";
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import { FAULTS } from "../../src/core/server/fleet/faults/registry.js";
import type { Market } from "../../src/core/server/fleet/node-type.js";
import { Draw } from "./draw.js";
import { elasticScenario } from "./elastic-worlds.js";
import type { WorldSize } from "./random-scenario.js";

type Faults = NonNullable<ScenarioInput["faults"]>;
type FaultInput = Faults[string];
type Pools = ScenarioInput["pools"];

const written = (micros: number) => `${Math.max(1, Math.ceil(micros))}us`;

export function faultyScenario(seed: string, most?: WorldSize): ScenarioInput {
  const draw = new Draw(seed, "faulty");
  const scenario = elasticScenario(seed, most);
  const length = Number.parseInt(String(scenario.duration), 10);
  const pools = withColdStarts(scenario.pools, length, draw);
  const faults = Object.fromEntries(
    Array.from({ length: draw.whole(2, 5) }, (_, place) => [
      `fault-${place}`,
      randomFault(Object.keys(pools), length, draw),
    ]),
  );
  const market = Object.values(faults).some(({ fault }) => fault === "spot-reclaim") ? "spot" : "on-demand";
  const drain = scenario.drain === true && !breaksOften(faults, length);
  return asManyAsThereAre({ ...scenario, pools, inventory: nodesFor(pools, market, draw), faults, drain });
}

/** Times between faults are a twentieth of a run or more. */
const LONG_ENOUGH = 2e6;

/**
 * Whether a thing may break by chance more than ten times a second in a run of so many microseconds, each by itself.
 * Callers come back for minutes, however short it is, so that one that drains would spend them on faults alone.
 */
export function breaksOften(faults: Faults, length: number): boolean {
  const comesByChance = (fault: FaultInput) => "mtbf" in fault || "every" in fault || "up" in fault;
  return length < LONG_ENOUGH && Object.values(faults).some(comesByChance);
}

const AMOUNTS = ["nodes", "racks", "zones", "instances"] as const;

/** Faults that would hit more than there is hit all there is. */
export function asManyAsThereAre(scenario: ScenarioInput): ScenarioInput {
  const all = Object.entries(scenario.faults ?? {});
  // To look for issues takes as long as a small world's run.
  if (!all.some(([, fault]) => AMOUNTS.some((key) => key in fault))) return scenario;
  const issues = problemsOf(scenario);
  const faults = all.map(([name, fault]) => {
    const isTooMany = (key: string) => issues.some(({ path }) => path === `faults.${name}.${key}`);
    const amounts = AMOUNTS.filter(isTooMany).map((key) => [key, "100%"]);
    return [name, { ...fault, ...Object.fromEntries(amounts) }];
  });
  return { ...scenario, faults: Object.fromEntries(faults) };
}

function problemsOf(scenario: ScenarioInput): readonly Issue[] {
  try {
    parseScenario(scenario);
    return [];
  } catch (error) {
    if (error instanceof SurgefleetError) return error.issues;
    throw error;
  }
}

/** Nodes that hold what is planned, wherever instances stand. */
function nodesFor(pools: Pools, market: Market, draw: Draw): ScenarioInput["inventory"] {
  const all = Object.values(pools);
  const most = Math.max(...all.map(({ gpusPerReplica = 1 }) => Number(gpusPerReplica)));
  const planned = all.map(({ replicas = 0, autoscaler }) => {
    const steps = typeof autoscaler === "object" && "steps" in autoscaler ? (autoscaler.steps ?? []) : [];
    return Math.max(Number(replicas), ...steps.map((step) => Number(step.replicas)));
  });
  const needed = Math.max(
    1,
    planned.reduce((sum, count) => sum + count, 0),
  );
  const gpusPerNode = most * draw.pick([1, 2, 4]);
  const count = needed + draw.pick([0, 0, 1, 5]);
  const zones = market === "spot" ? Math.min(draw.whole(1, 3), count) : 1;
  return {
    nodes: { node: { gpusPerNode, count, market, zones } },
    retry: draw.pick(["0s", "1ms", "100ms", "1s"]),
  };
}

function withColdStarts(pools: Pools, length: number, draw: Draw): Pools {
  return Object.fromEntries(
    Object.entries(pools).map(([name, pool]) => {
      if (draw.chance(0.4)) return [name, pool];
      const stage = () => (draw.chance(0.4) ? "0s" : written(draw.magnitude(1, length / 10)));
      const coldStart = { preset: "warm", provision: stage(), image: stage(), init: stage() } as const;
      return [name, { ...pool, coldStart }];
    }),
  );
}

/** Of any kind or of a stated one. Means of what comes by chance are well within the run, so that some of it comes. */
export function randomFault(
  pools: readonly string[],
  length: number,
  draw: Draw,
  kind?: FaultInput["fault"],
): FaultInput {
  const { name: drawn } = draw.pick(FAULTS);
  const name = kind ?? drawn;
  const at = written(draw.pick([0, draw.magnitude(1, length), draw.magnitude(length / 10, length)]));
  const isTimed = draw.chance(0.5);
  const mean = written(draw.magnitude(length / 20, length));
  const lasts = () => draw.pick([written(draw.magnitude(1, length / 3)), { mean: written(length / 10) }]);
  const some = () => draw.pick([1, 2, "30%", "100%"]);
  const chosen = draw.chance(0.7) ? { pool: draw.pick(pools) } : {};
  const ofInstances = { ...chosen, ...(isTimed ? { at, instances: some() } : { mtbf: mean }) };
  const ofNodes = (timed: object, byChance = {}) =>
    isTimed ? { at, ...timed } : { mtbf: mean, ...byChance };
  switch (name) {
    case "node-loss":
      return {
        fault: name,
        ...ofNodes({ nodes: some() }, { lemons: draw.pick(["0%", "20%"]), spread: draw.pick([0, 1]) }),
        repairs: [
          { share: "70%", for: lasts() },
          { share: "30%", for: lasts() },
        ],
      };
    case "rack-loss":
      return { fault: name, ...ofNodes({ racks: some() }), least: 1, most: draw.whole(1, 4), for: lasts() };
    case "spot-reclaim":
      return {
        fault: name,
        ...(isTimed ? { at, zones: some(), for: lasts() } : { up: { mean }, down: lasts() }),
        warning: draw.pick(["0s", written(draw.magnitude(1, length / 5))]),
      };
    case "instance-crash":
      return { fault: name, ...ofInstances, for: draw.pick(["0s", lasts()]) };
    case "hang":
      return {
        fault: name,
        ...ofInstances,
        healthCheck: {
          period: written(draw.magnitude(1, length / 10)),
          timeout: written(draw.magnitude(1, 1e5)),
        },
        for: draw.pick(["0s", lasts()]),
      };
    case "slow-down":
      return { fault: name, ...ofInstances, speed: draw.pick(["0.1%", "10%", "50%", "99%"]), for: lasts() };
    case "control-plane":
      return { fault: name, ...(isTimed ? { at } : { every: { mean } }), for: lasts() };
    case "incident":
      return {
        fault: name,
        ...chosen,
        ...(isTimed ? { at } : { every: { mean } }),
        ...{ for: lasts(), least: draw.pick(["1%", "50%"]), most: draw.pick(["50%", "100%"]) },
      };
    default: {
      const unknown: never = name;
      return unknown;
    }
  }
}
