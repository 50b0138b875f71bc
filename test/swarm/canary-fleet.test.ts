// The checker checked, as in canary.test.ts: faults of fleets that change under way.
import { expect, test } from "vitest";
import type { Seams } from "../../src/core/engine/world/seams.js";
import type { RunResult } from "../../src/core/results/shape/result.js";
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import { CANARY_WORLD } from "../support/canary-world.js";
import type { LawId } from "../support/checker/violations.js";
import { compareForms, runChecked } from "../support/checker.js";

/** Two pools that take over each other's GPUs, and one that loses instances. */
const WORLD: ScenarioInput = {
  ...CANARY_WORLD,
  inventory: { gpus: 4 },
  pools: {
    shared: {
      ...CANARY_WORLD.pools["shared"]!,
      autoscaler: {
        algorithm: "schedule",
        steps: [
          { at: "8s", replicas: 4 },
          { at: "14s", replicas: 1 },
          { at: "26s", replicas: 2 },
        ],
      },
    },
    second: {
      ...CANARY_WORLD.pools["shared"]!,
      replicas: 0,
      autoscaler: {
        algorithm: "schedule",
        steps: [
          { at: "14s", replicas: 3 },
          { at: "26s", replicas: 0 },
        ],
      },
    },
  },
  paths: {
    ...CANARY_WORLD.paths,
    other: { model: "other", pool: "second", rank: 0 },
  },
  outages: [{ pool: "shared", from: "10s", for: "3s", instances: 2 }],
  traffic: {
    agents: { ...CANARY_WORLD.traffic["agents"]!, mix: { standard: 0.4, priority: 0.2, other: 0.4 } },
  },
};

test("without a fault nothing is found", () => {
  const [macro, step] = [runChecked(WORLD, "canary"), runChecked(WORLD, "canary", { stepByStep: true })];
  expect([...macro.violations, ...step.violations, ...compareForms(macro, step)]).toEqual([]);
});

const FAULTS: readonly [string, LawId, Seams][] = [
  ["more GPUs given out than there are", "LAW-15", { fleet: overcommits() }],
  ["GPUs that are not given back", "LAW-15", { fleet: keepsGpus() }],
  ["an instance that drains and never leaves", "LAW-15", { fleet: staysForEver() }],
  ["a request on an instance that drains", "LAW-3", { pool: takesMore() }],
  ["policies that are shown what drains", "LAW-7", { pool: takesMore() }],
  ["a request that is forgotten when its instance is lost", "LAW-12", { replica: forgetsOne() }],
];

test.each(FAULTS)("%s: %s", (_, law, seams) => {
  const { violations } = runChecked(WORLD, "canary", { plant: () => seams, stopAt: law });
  expect(violations.map((violation) => violation.law)).toContain(law);
});

test.each<[string, (result: RunResult) => RunResult]>([
  ["a GPU-second too many in a pool", addSecond((result) => result.pools[0]!.gpuSeconds)],
  ["a GPU-second too many of none", addSecond((result) => result.fleet.gpuSeconds)],
])("%s: LAW-15", (_, tamper) => {
  const { violations } = runChecked(WORLD, "canary", { tamper });
  expect(violations.map((violation) => violation.law)).toContain("LAW-15");
});

/** The same on nodes with a price, reserved ones first. */
const PRICED: ScenarioInput = {
  ...WORLD,
  inventory: {
    nodes: {
      own: { gpu: "H100", count: 3, gpusPerNode: 1, market: "reserved" },
      rented: { gpu: "H200", count: 1, gpusPerNode: 2, market: "spot" },
    },
  },
};

test("on nodes with prices nothing is found without a fault", () => {
  const { result, violations } = runChecked(PRICED, "canary");
  expect(violations).toEqual([]);
  expect(result!.fleet.gpuCost!.unused).toBeGreaterThan(0);
});

test.each<[string, LawId, (result: RunResult) => object, string, number]>([
  ["a micro-dollar less of a pool", "LAW-1", ({ pools }) => pools[0]!, "gpuCost", -1e-6],
  ["a micro-dollar more of the fleet", "LAW-1", ({ fleet }) => fleet.gpuCost!, "total", 1e-6],
  ["a micro-dollar more of unused GPUs", "LAW-1", ({ fleet }) => fleet.gpuCost!, "unused", 1e-6],
  ["a microsecond more of free GPUs", "LAW-15", ({ fleet }) => fleet.gpuSeconds, "free", 1e-6],
])("%s: %s", (_, law, of, key, by) => {
  const tamper = (result: RunResult) => {
    const row = of(result) as Record<string, number>;
    row[key]! += by;
    return result;
  };
  const { violations } = runChecked(PRICED, "canary", { tamper });
  expect(violations.map((violation) => violation.law)).toContain(law);
});

test("a microsecond more of free GPUs of one type of node: LAW-15", () => {
  const plant = (): Seams => ({
    fleet: (fleet) => {
      const { inventory } = fleet;
      const free = inventory.freeSeconds.bind(inventory);
      inventory.freeSeconds = (until, type) => free(until, type) + (type === 0 ? 1e-6 : 0);
      return fleet;
    },
  });
  const { violations } = runChecked(PRICED, "canary", { plant });
  expect(violations.map((violation) => violation.law)).toContain("LAW-15");
});

function overcommits(): NonNullable<Seams["fleet"]> {
  return (fleet) => {
    fleet.inventory.take = () => true;
    return fleet;
  };
}

function keepsGpus(): NonNullable<Seams["fleet"]> {
  return (fleet) => {
    fleet.inventory.giveBack = () => false;
    return fleet;
  };
}

function staysForEver(): NonNullable<Seams["fleet"]> {
  return (fleet) => {
    const changed = fleet.changed.bind(fleet);
    fleet.changed = (slot, now) => {
      if (fleet.instances.replicaOf(slot).slotsBusy > 0) changed(slot, now);
    };
    return fleet;
  };
}

function takesMore(): NonNullable<Seams["pool"]> {
  return (pool) => {
    pool.drain = () => undefined;
    return pool;
  };
}

function forgetsOne(): NonNullable<Seams["replica"]> {
  return (replica) => {
    const halt = replica.halt.bind(replica);
    replica.halt = (now) => halt(now).slice(1);
    return replica;
  };
}

function addSecond(of: (result: RunResult) => object) {
  return (result: RunResult): RunResult => {
    (of(result) as { ready: number }).ready += 1;
    return result;
  };
}
