import { describe, expect, it } from "vitest";
import type { Duration } from "../../../../src/core/base/units.js";
import { loadScenario, parseScenario, simulate } from "../../../../src/core/index.js";
import { autoscaler } from "../../../../src/core/server/fleet/control/autoscalers/registry.js";
import {
  candidateOverrides,
  fleetCost,
  refuseScaled,
  type Spare,
} from "../../../../src/core/tools/planning/demand.js";
import { PLANNED } from "../../../support/planned.js";

const byClock = (steps: object[], more = {}) => ({
  autoscaler: autoscaler.parse({ algorithm: "schedule", steps, ...more }),
});
const scenario = parseScenario(PLANNED[0]!.scenario);

it("scales arrivals and lets the inventory grow with the pools", () => {
  const set = candidateOverrides(scenario, [["pools.shared.replicas", "9"]], 1.5);
  expect(set).toEqual(["pools.shared.replicas=9", "inventory.gpus=9", "traffic.calls.arrivals.rate=60"]);
  expect(candidateOverrides(scenario, [], 1)).toEqual([]);
});

it("scales callers, at each end of each phase that has some", () => {
  const withArrivals = (arrivals: object) => {
    const [[name, source] = []] = Object.entries(scenario.traffic);
    return { ...scenario, traffic: { [name!]: { ...source!, arrivals } } } as unknown as typeof scenario;
  };
  const set = (arrivals: object) => candidateOverrides(withArrivals(arrivals), [], 1.5);
  expect(set({ process: "closed", callers: 5 })).toContain("traffic.calls.arrivals.callers=8");
  const phases = [
    { duration: 1e6, callers: 0, rampTo: 10 },
    { duration: 1e6, callers: 0 },
    { duration: 1e6, callers: 4 },
  ];
  expect(set({ process: "closed", phases }).filter((one) => one.startsWith("traffic"))).toEqual([
    "traffic.calls.arrivals.phases.0.rampTo=15",
    "traffic.calls.arrivals.phases.2.callers=6",
  ]);
});

it("lets the inventory grow as far as a schedule needs it beside the replicas of the start", () => {
  const other = {
    ...scenario.pools["shared"]!,
    replicas: 1,
    ...byClock([{ at: "1s", replicas: 5 }]),
  };
  const both = { ...scenario, pools: { ...scenario.pools, other } };
  expect(candidateOverrides(both, [["pools.shared.replicas", "9"]], 1)).toContain("inventory.gpus=14");
});

describe("spare replicas", () => {
  const spare = { pool: "shared", replicas: 2 };

  it("stand beside those that are searched, and are out from the start to long after the end", () => {
    expect(candidateOverrides(scenario, [["pools.shared.replicas", "9"]], 1, spare)).toEqual([
      "pools.shared.replicas=11",
      "outages=[{pool: shared, from: 0s, for: 36525d, instances: 2}]",
      "inventory.gpus=11",
    ]);
    expect(fleetCost(scenario, [["pools.shared.replicas", "9"]], { shared: 2 }, spare)).toEqual({
      ...{ gpus: 11, cost: 22 },
    });
  });

  it("are there at every step of a schedule, and beside other outages", () => {
    const shared = {
      ...scenario.pools["shared"]!,
      ...byClock([{ at: "10s", replicas: 5 }], { max: 6 }),
    };
    const outages = [{ pool: "shared", from: 0 as Duration, for: 1e6 as Duration, instances: { count: 1 } }];
    const other = { ...scenario, outages, pools: { shared } };
    expect(candidateOverrides(other, [["pools.shared.replicas", "3"]], 1, spare)).toEqual([
      "pools.shared.replicas=5",
      "pools.shared.autoscaler.steps.0.replicas=7",
      "pools.shared.autoscaler.max=8",
      "outages.1={pool: shared, from: 0s, for: 36525d, instances: 2}",
      "inventory.gpus=7",
    ]);
  });

  it("count from the bounds of a schedule, before its first step as well", () => {
    const bounded = byClock([{ at: "10s", replicas: 5 }], { min: 4, max: 6 });
    const other = { ...scenario, pools: { shared: { ...scenario.pools["shared"]!, ...bounded } } };
    const at = (replicas: number) => [["pools.shared.replicas", String(replicas)]] as const;
    expect(candidateOverrides(other, at(3), 1, spare)[0]).toBe("pools.shared.replicas=6");
    expect(fleetCost(other, at(9), {}, spare)).toEqual({ gpus: 8, cost: 8 });
  });

  it("stand beside those of a step of a schedule that are searched, which the inventory has room for", () => {
    const shared = { ...scenario.pools["shared"]!, ...byClock([{ at: "10s", replicas: 5 }]) };
    const values = [["pools.shared.autoscaler.steps.0.replicas", "9"]] as const;
    expect(candidateOverrides({ ...scenario, pools: { shared } }, values, 1, spare)).toEqual([
      "pools.shared.replicas=3",
      "pools.shared.autoscaler.steps.0.replicas=11",
      "outages=[{pool: shared, from: 0s, for: 36525d, instances: 2}]",
      "inventory.gpus=11",
    ]);
  });

  it("leave a fleet that is just the one without them, request for request", () => {
    const steps = [
      { at: "4s", replicas: 2 },
      { at: "8s", replicas: 7 },
    ];
    const base = PLANNED[5]!.scenario;
    const autoscaler = { algorithm: "schedule", steps };
    const pools = { shared: { ...base.pools["shared"]!, replicas: 1, autoscaler } };
    const rest = { duration: "12s", warmup: "1s", inventory: { gpus: 9 } };
    const text = JSON.stringify({ ...base, ...rest, pools });
    const told = (given?: Spare) => {
      const source = { file: "spare.yaml", text };
      const values = [["pools.shared.replicas", "6"]] as const;
      const overrides = candidateOverrides(parseScenario(JSON.parse(text)), values, 1, given).map((one) => {
        const at = one.indexOf("=");
        return { path: one.slice(0, at), value: one.slice(at + 1), origin: "plan" };
      });
      const loaded = loadScenario(source, { overrides });
      if (!loaded.ok) throw new Error(JSON.stringify(loaded.issues));
      const { tiers, all, fleet } = simulate(loaded.scenario, { seed: "spare" });
      return { calls: { tiers, all }, lost: fleet.gpuSeconds.lost ?? 0 };
    };
    const [without, beside] = [told(), told(spare)];
    expect(beside.calls).toEqual(without.calls);
    expect(without.calls.all.outcomes.overloaded).toBeGreaterThan(0);
    expect([without.lost, beside.lost]).toEqual([0, 2 * 11]);
  });
});

it("takes no replicas that an autoscaler decides, and says what to search instead", () => {
  const scaledBy = (algorithm: object) => ({
    ...scenario,
    pools: { shared: { ...scenario.pools["shared"]!, ...algorithm } },
  });
  const refuse = (algorithm: object, path = "pools.shared.replicas") =>
    refuseScaled("--find", path, scaledBy(algorithm));
  const hpa = { autoscaler: autoscaler.parse({ algorithm: "hpa" }) };
  expect(() => refuse(hpa)).toThrow("search pools.shared.autoscaler.min or pools.shared.autoscaler.max");
  expect(() => refuse(byClock([{ at: "10s", replicas: 5 }]))).toThrow("autoscaler.steps.0.replicas");
  refuse({});
  refuse(hpa, "pools.shared.autoscaler.min");
  refuse(byClock([{ at: "10s", replicas: 5 }]), "pools.shared.autoscaler.steps.0.replicas");
});

it("weighs a pool's GPUs by their cost", () => {
  expect(fleetCost(scenario, [["pools.shared.replicas", "9"]], { shared: 2 })).toEqual({ gpus: 9, cost: 18 });
});
