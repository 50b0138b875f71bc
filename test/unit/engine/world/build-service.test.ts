import { describe, expect, it } from "vitest";
import { InstanceState } from "../../../../src/core/base/instance-state.js";
import { instant, START } from "../../../../src/core/base/units.js";
import { buildService, type SimulatedParts } from "../../../../src/core/engine/world/build-service.js";
import { parseScenario, type ScenarioInput } from "../../../../src/core/index.js";
import { EventQueue } from "../../../../src/core/kernel/event-queue.js";
import { profileByName } from "../../../../src/core/server/profile/registry.js";
import { MacroReplica } from "../../../../src/core/server/replica/batching/macro-replica.js";
import { StepReplica } from "../../../../src/core/server/replica/batching/step-replica.js";
import { SlotsReplica } from "../../../../src/core/server/replica/slots-replica.js";
import { facts } from "../../../support/gateway-views.js";
import { tinyScenario } from "../tiny.js";

const SCENARIO: ScenarioInput = {
  schemaVersion: 1,
  duration: "1m",
  inventory: { gpus: 32 },
  pools: {
    shared: {
      replicas: 2,
      gpusPerReplica: 4,
      replica: { engine: "batching", profile: "llama-3.1-8b-h100", maxSequences: 100, kvTokens: "10k" },
      signals: { period: "2s" },
    },
    fast: {
      replicas: 1,
      replica: { engine: "slots", slots: 7, tokensPerSecond: 100 },
      admission: { policy: "none" },
    },
  },
  paths: {
    standard: { model: "kimi", pool: "shared", rank: 5 },
    fast: { model: "kimi-fast", pool: "fast", rank: 3 },
    priority: { model: "kimi", serviceTier: "priority", pool: "shared", rank: 1 },
    background: { model: "kimi", serviceTier: "background", pool: "shared", rank: 9 },
  },
  traffic: {
    two: {
      arrivals: { process: "poisson", rate: 1 },
      input: 10,
      output: 10,
      maxOutput: 100,
      mix: { fast: 1 },
    },
  },
};

const FACTS = facts({ inputTokens: 10, maxTokens: 10 });

function build(changes: Partial<ScenarioInput> = {}): SimulatedParts {
  return built({ ...SCENARIO, ...changes });
}

function built(input: ScenarioInput, stepByStep = false): SimulatedParts {
  const options = { seed: "1", events: new EventQueue(), stepByStep };
  return buildService(parseScenario(input), options).parts;
}

/** With how many busy slots a path may still start. */
function lastStart(world: SimulatedParts, path: string): number {
  const index = world.paths.findIndex(({ name }) => name === path);
  const { pool } = world.paths[index]!;
  const { slots, kvTokens } = world.pools[pool]!.serving;
  const policy = world.gateway.admissionOf(pool).policy;
  let last = -1;
  for (let slotsBusy = 0; slotsBusy < slots; slotsBusy++) {
    if (policy.mayStart(index, 1, { slotsBusy, slots, kvTokens, kvUsed: 0 })) last = slotsBusy;
  }
  return last;
}

describe("the server of a run", () => {
  const world = build();

  it("has the instances of all pools in one table", () => {
    const { instances } = world.fleet;
    const up = [...instances.up()];
    expect(up.map(([, replica]) => replica instanceof MacroReplica)).toEqual([true, true, false]);
    expect(instances.replicaOf(2)).toBeInstanceOf(SlotsReplica);
    expect(up.map(([slot]) => instances.poolOf(slot))).toEqual([0, 0, 1]);
    expect(world.pools.map(({ name, serving, kvMost }) => [name, serving.slots, kvMost])).toEqual([
      ["shared", 200, 10_000],
      ["fast", 7, Number.POSITIVE_INFINITY],
    ]);
  });

  it("ranks the paths of a pool without gaps, whatever numbers the scenario uses", () => {
    const paths = world.paths.map(({ name, path, pool, rank, lane, model }) => [
      name,
      path,
      pool,
      rank,
      lane,
      model,
    ]);
    expect(paths).toEqual([
      ["standard", 0, 0, 1, 0, 0],
      ["fast", 1, 1, 0, 0, 1],
      ["priority", 2, 0, 0, 1, 0],
      ["background", 3, 0, 2, 2, 0],
    ]);
    expect(world.pools.map(({ queue }) => queue.ranks)).toEqual([[1, 0, 2], [0]]);
  });

  it("keeps 2 % of a pool's slots from its lowest rank, unless the scenario says what to keep", () => {
    expect(["standard", "priority", "background"].map((path) => lastStart(world, path))).toEqual([
      199, 199, 195,
    ]);
    const admission = { policy: "trunk-reservation", reserve: { standard: 0.1 } } as const;
    const { fast } = SCENARIO.pools;
    const stated = build({ pools: { shared: { ...SCENARIO.pools["shared"]!, admission }, fast: fast! } });
    expect(["standard", "priority", "background"].map((path) => lastStart(stated, path))).toEqual([
      179, 199, 199,
    ]);
  });

  it("keeps nothing where one rank has the pool to itself", () => {
    const { standard, fast } = SCENARIO.paths;
    const { two } = SCENARIO.traffic;
    const alone = build({ paths: { standard: standard!, fast: fast! }, traffic: { two: two! } });
    expect(lastStart(alone, "standard")).toBe(199);
  });

  it("gives paths of equal rank lanes of their own", () => {
    const { standard, fast, priority, background } = SCENARIO.paths;
    const paths = {
      standard: standard!,
      fast: fast!,
      priority: priority!,
      background: { ...background!, rank: 5 },
    };
    const equal = build({ paths });
    expect(equal.paths.map(({ lane, rank }) => [lane, rank])).toEqual([
      [0, 1],
      [0, 0],
      [1, 0],
      [2, 1],
    ]);
    expect(equal.pools[0]!.queue.ranks).toEqual([1, 0, 1]);
  });

  it("dates signals as each pool says", () => {
    const asOf = [1, 1_999_999, 5_000_000].map((now) =>
      world.pools.map((pool) => pool.signalsAt(instant(now)).asOf),
    );
    expect(asOf).toEqual([
      [0, 1],
      [0, 1_999_999],
      [4_000_000, 5_000_000],
    ]);
  });

  it("bounds each queue as its policy says", () => {
    const maxQueues = ["shared", "fast"].map((_, pool) => world.gateway.admissionOf(pool).policy.maxQueue);
    expect(maxQueues).toEqual([100, Number.POSITIVE_INFINITY]);
  });
});

describe("limits of a world", () => {
  /** Requests that pass at once. */
  function passing(limits: NonNullable<ScenarioInput["limits"]>, most = 200): number {
    const { gateway } = build({ limits });
    for (let count = 0; count < most; count++)
      if (gateway.decide(FACTS, START).kind === "reject") return count;
    return most;
  }

  it.each([
    [{ requests: "60/min" }, 60],
    [{ requests: { rate: "60/min", burst: 7 } }, 7],
    [{ requests: "123/min" }, 123],
    [{ requests: "1/h" }, 1],
    [{ requests: "1000/h", burst: "6m" }, 100],
    [{ promptTokens: "100/min" }, 10],
    [{ uncachedPromptTokens: { rate: "7/d", burst: 55 } }, 5],
    [{ generatedTokens: "100/min", outputAccounting: "reserve-max" }, 10],
    [{ generatedTokens: "100/min", outputAccounting: "reserve-expected", expectedOutput: 30 }, 3],
    [{}, 200],
  ] as const)("%j let %i requests of an account pass", (limits, count) => {
    expect(passing(limits)).toBe(count);
  });
});

describe("retry-after of a world", () => {
  it("comes from the scenario, and its jitter from a stream of its own", () => {
    const world = build({ retryAfter: { overloaded: "10s", rateLimited: "estimate", jitter: 0.5 } });
    const [first, second] = [5, 5].map((reason) => world.gateway.retryAfter(reason, FACTS, START)!);
    expect([first! >= 5e6 && first! < 15e6, first === second]).toEqual([true, false]);
  });
});

type ReplicaInput = ScenarioInput["pools"][string]["replica"];

function pools(replica: ReplicaInput, stepByStep = false): SimulatedParts {
  return built(tinyScenario({ pool: { replicas: 2, replica } }), stepByStep);
}

const replicasOf = ({ fleet }: SimulatedParts) => [...fleet.instances.up()].map(([, replica]) => replica);

const PROFILE = "llama-3.1-8b-h100";

describe("the pools of a run", () => {
  it("have of their profile what the scenario leaves out", () => {
    const { node } = profileByName(PROFILE);
    const [replica] = replicasOf(pools({ engine: "batching", profile: PROFILE }));
    const blocks = Math.floor(node!.kvTokens! / 16);
    expect([replica!.slots, replica!.kvTokens]).toEqual([node!.maxSequences, blocks * 16]);
    const own = { maxSequences: 5, kvTokens: 1000, kvBlockTokens: 10 };
    const [stated] = replicasOf(pools({ engine: "batching", profile: PROFILE, ...own }));
    expect([stated!.slots, stated!.kvTokens]).toEqual([5, 1000]);
  });

  it("work in macro-steps unless told to go step by step", () => {
    const replica = { engine: "batching", profile: PROFILE } as const;
    expect(
      replicasOf(pools(replica))
        .slice(0, 2)
        .every((each) => each instanceof MacroReplica),
    ).toBe(true);
    expect(
      replicasOf(pools(replica, true))
        .slice(0, 2)
        .every((each) => each instanceof StepReplica),
    ).toBe(true);
  });

  it("have no profile where replicas have no steps", () => {
    expect(pools({ engine: "slots", slots: 3, tokensPerSecond: 1 }).profiles).toEqual([undefined, undefined]);
  });

  it("have their instances in slots one after the other, all ready, each with its GPUs", () => {
    const { fleet } = pools({ engine: "slots", slots: 3, tokensPerSecond: 1 });
    const slots = [...fleet.instances.up()].map(([slot]) => slot);
    expect([slots, slots.map((slot) => fleet.instances.poolOf(slot))]).toEqual([
      [0, 1, 2],
      [0, 0, 1],
    ]);
    expect(slots.every((slot) => fleet.instances.stateOf(slot) === InstanceState.ready)).toBe(true);
    expect(fleet.inventory.taken).toBe(3);
  });

  it("are refused where the token budget of a step is below what its sequences take", () => {
    const replica = { engine: "batching", profile: PROFILE, maxBatchedTokens: 4 } as const;
    expect(() => pools(replica)).toThrow(/replica\.maxBatchedTokens: a step gives each of \d+ sequences/);
  });
});
