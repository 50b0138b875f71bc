import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { Simulation } from "../../../src/core/index.js";
import { gear } from "../../support/mode.js";
import { load, loaded, problems, SMALL, withLine } from "./scenarios.js";

const NODES =
  "inventory: { nodes: { h100: { gpu: H100, count: 2 }, spot: { gpu: H200, count: 1, market: spot } } }";
const onNodes = (text: string) =>
  withLine(3, NODES).replace("    replicas: 4\n", `    replicas: 4\n${text && `    ${text}\n`}`);
const plain = (text: string) => withLine(6, `    replicas: 1\n    ${text}`);
const told = (text: string) => expect(problems(text));

describe("an inventory of nodes", () => {
  it("has its GPUs counted, its prices by kind and market, and asks for more after a minute", () => {
    const { inventory } = loaded(onNodes("nodes: [spot, h100]"));
    expect(inventory).toMatchObject({ gpus: 24, retry: 60e6 });
    expect(inventory.types.map(({ name, price, isStanding }) => [name, price, isStanding])).toEqual([
      ["h100", 3.5, false],
      ["spot", 2.25, false],
    ]);
  });

  it("has spot nodes taken back by the default of that, unless a fault says how", () => {
    const ownOf = (text: string) => Object.keys(loaded(`${onNodes("")}${text}`).faults);
    expect(loaded(onNodes("")).faults).toMatchObject({
      "spot-market-spot": { fault: "spot-reclaim", type: "spot", warning: 120e6 },
    });
    expect(ownOf("faults: { mine: { fault: spot-reclaim, at: 1m } }\n")).toEqual(["mine"]);
    expect(loaded(SMALL).faults).toEqual({});
  });

  it("has the types that pools name", () => {
    told(onNodes("nodes: [h10]")).toEqual([
      expect.stringMatching(/pools.shared.nodes.0: there is no type of node "h10" \(did you mean "h100"\?\)/),
    ]);
    told(plain("nodes: [h100]")).toEqual([
      expect.stringContaining("pools.shared.nodes: the inventory has no types of nodes"),
    ]);
  });

  it("has nodes that instances fit on, and room for those at the start", () => {
    told(onNodes("gpusPerReplica: 12")).toEqual([
      expect.stringContaining("an instance of 12 GPUs is neither within one node nor on whole ones"),
    ]);
    told(onNodes("gpusPerReplica: 5")).toEqual([
      expect.stringMatching(/replicas: there is room for 3 of its 4 instances, 5 GPUs each$/),
    ]);
    const byClock = (replicas: number) =>
      `autoscaler: { algorithm: schedule, steps: [{ at: 0s, replicas: ${replicas} }] }`;
    told(onNodes(`warmPool: 20\n    ${byClock(4)}`)).toEqual([]);
    told(onNodes(`warmPool: 20\n    ${byClock(5)}`)).toEqual([
      expect.stringMatching(
        /autoscaler: there is room for 24 of its 25 instances, 20 of them asleep, 1 GPU each$/,
      ),
    ]);
    told(onNodes("warmPool: 20")).toEqual([]);
    told(onNodes("warmPool: 21")).toEqual([expect.stringContaining("for 24 of its 25 instances")]);
    told(plain("warmPool: 4")).toEqual([expect.stringContaining("for 4 of its 5 instances")]);
  });
});

describe("the types of nodes of a pool", () => {
  const two = (first: string, second: string) =>
    `${SMALL.replace(
      "{ gpus: 4 }",
      "{ nodes: { x: { count: 1, gpusPerNode: 1 }, y: { count: 1, gpusPerNode: 1 } } }",
    )
      .replace("replicas: 4", `replicas: 1\n    nodes: ${first}`)
      .replace(
        "paths:\n",
        `  b: { replicas: 1, nodes: ${second}, replica: { engine: slots, slots: 8, tokensPerSecond: 50 } }\npaths:\n`,
      )}`;

  it("are taken in its own order", () => {
    told(two("[y, x]", "[x]")).toEqual([]);
    told(two("[y, x]", "[y]")).toEqual([
      expect.stringMatching(
        /pools.b.replicas: there is room for 0 of its 1 instance, 1 GPU each \(pools before it have taken the rest\)$/,
      ),
    ]);
  });

  it("stand there once, and so do the pools that it displaces", () => {
    told(two("[x, y, x]", "[y]")).toEqual([
      expect.stringMatching(/pools.shared.nodes.2: "x" stands here twice$/),
    ]);
    told(two("[x]", "[y], displaces: [shared, shared]")).toContainEqual(
      expect.stringMatching(/pools.b.displaces.1: "shared" stands here twice$/),
    );
  });
});

describe("a kind of GPU", () => {
  const priced = (type: string) => withLine(3, `inventory: { nodes: { h: { ${type}, count: 2 } } }`);

  it("has a price that is known or stated", () => {
    told(priced("gpu: h100")).toEqual([
      expect.stringMatching(
        /:3:33 inventory.nodes.h.gpu: no price of "h100" is known \(did you mean "H100"\?; or give it a price, or leave gpu out\)$/,
      ),
    ]);
    told(priced("gpu: MI300X")).toEqual([
      expect.stringContaining("(known: H100, H200, B200; or give it a price"),
    ]);
    for (const type of ["gpu: H100", "gpu: MI300X, price: 3", "gpusPerNode: 8"])
      told(priced(type)).toEqual([]);
  });
});

describe("a pool whose models are launched later", () => {
  const launched = (inventory: string, pool: string) =>
    SMALL.replace("inventory: { gpus: 4 }", `inventory: ${inventory}`)
      .replace(
        "paths:\n",
        `  next: { replicas: 2, replica: { engine: slots, slots: 8, tokensPerSecond: 50 }, ${pool} }\npaths:\n`,
      )
      .replace("traffic:\n", "  next: { model: n, pool: next, rank: 0, launch: 5m }\ntraffic:\n");

  it("needs no room at the start: it finds its own, or makes it", () => {
    for (const inventory of ["{ gpus: 4 }", "{ nodes: { h: { gpusPerNode: 4, count: 1 } } }"]) {
      told(launched(inventory, "displaces: [shared], launchAhead: 4m")).toEqual([]);
      // Ahead of all of the run: then it is there from the start.
      told(launched(inventory, "displaces: [shared], launchAhead: 5m")).toEqual([
        expect.stringMatching(
          /the pools need 6 GPUs, the inventory has 4 \(by its launchAhead "next" is there from the start\)$|next.launchAhead: it is not shorter than the time to the launch: there is room for 0 of its 2 instances/,
        ),
      ]);
      // By the clock, too.
      const byClock = "autoscaler: { algorithm: schedule, steps: [{ at: 5m, replicas: 1 }] }";
      told(launched(inventory, byClock)).toEqual([
        expect.stringMatching(/the pools need 6 GPUs|there is room for 0 of its 2 instances/),
      ]);
    }
  });

  it("has its instances started ahead of a launch that there is", () => {
    told(plain("launchAhead: 1m")).toEqual([
      expect.stringMatching(
        /:7:5 pools.shared.launchAhead: nothing is launched that it could be ahead of: a path/,
      ),
    ]);
    const byClock = "autoscaler: { algorithm: schedule, steps: [{ at: 5m, replicas: 1 }] }";
    told(launched("{ gpus: 6 }", `launchAhead: 1m, ${byClock}`)).toEqual([
      expect.stringMatching(/pools.next.launchAhead: .*its autoscaler goes by the clock, and by no launch$/),
    ]);
    for (const [ahead, found] of [
      ["5m", []],
      [
        "301s",
        [
          expect.stringMatching(
            /pools.next.launchAhead: longer than the time to the launch \(5m\) \(with 5m its instances are there/,
          ),
        ],
      ],
    ] as const)
      told(launched("{ gpus: 6 }", `launchAhead: ${ahead}`)).toEqual(found);
    told(launched("{ gpus: 6 }", "launchAhead: 1m").replace("launch: 5m", "launch: soon")).toEqual([
      expect.stringContaining("paths.next.launch"),
    ]);
  });
});

describe("a pool that grows and shrinks", () => {
  it("does not displace itself, nor a pool that is not there", () => {
    told(plain("displaces: [shared]")).toEqual([expect.stringContaining("a pool does not displace itself")]);
    told(plain("displaces: [shard]")).toEqual([
      expect.stringContaining('there is no pool "shard" (did you mean "shared"?)'),
    ]);
  });

  it("displaces none twice, and none in a circle, of which it is told once", () => {
    const replica = "replica: { engine: slots, slots: 8, tokensPerSecond: 50 }";
    const displacing = (lists: Readonly<Record<string, string>>) =>
      Object.entries(lists).reduce(
        (text, [name, list]) =>
          text.replace("paths:\n", `  ${name}: { replicas: 1, displaces: [${list}], ${replica} }\npaths:\n`),
        plain(""),
      );
    told(displacing({ a: "shared, b, shared", b: "shared" })).toEqual([
      expect.stringMatching(/pools.a.displaces.2: "shared" stands here twice/),
    ]);
    told(displacing({ a: "b", b: "shared, a" })).toEqual([
      expect.stringMatching(
        /pools.a.displaces.0: pools would displace each other in a circle: "a" displaces "b" displaces "a"/,
      ),
    ]);
    told(displacing({ a: "c", b: "a", c: "shared, b" })).toEqual([
      expect.stringMatching(/pools.a.displaces.0: .*: "a" displaces "c" displaces "b" displaces "a"/),
    ]);
    told(displacing({ a: "b, shared, c", b: "c, shared", c: "shared" })).toEqual([]);
  });

  it("has its bounds in order, and may have no replica at the start", () => {
    told(plain("autoscaler: { algorithm: target-load, min: 3, max: 2 }")).toEqual([
      expect.stringContaining("autoscaler.min: more than max (2)"),
    ]);
    told(
      SMALL.replace("replicas: 4", "replicas: 0\n    autoscaler: { algorithm: target-load, min: 0 }"),
    ).toEqual([]);
    told(plain("autoscaler: { algorithm: target-load, max: 0 }")).toContainEqual(
      expect.stringContaining("the pool never has a replica"),
    );
    for (const at of ["0s", "1m"])
      told(plain(`autoscaler: { algorithm: schedule, max: 0, steps: [{ at: ${at}, replicas: 1 }] }`)).toEqual(
        [expect.stringMatching(/autoscaler: the pool never has a replica$/)],
      );
  });
});

describe("an autoscaler that would do nothing", () => {
  const scaled = (options: string) => plain(`autoscaler: { algorithm: hpa, ${options} }`);

  it("keeps no more replicas than there is ever room for", () => {
    told(scaled("min: 4")).toEqual([]);
    told(scaled("min: 50")).toEqual([
      expect.stringMatching(
        /:7:40 pools.shared.autoscaler.min: there is room for 4 of its instances, 1 GPU each/,
      ),
    ]);
    const least = (pool: string) => onNodes(`autoscaler: { algorithm: hpa, min: 9 }\n    ${pool}`);
    told(least("nodes: [spot, h100]")).toEqual([]);
    told(least("nodes: [spot]")).toEqual([expect.stringContaining("there is room for 8 of its instances")]);
    told(least("gpusPerReplica: 3")).toEqual([
      expect.stringContaining("room for 6 of its instances, 3 GPUs"),
    ]);
    const whole = onNodes("gpusPerReplica: 24\n    autoscaler: hpa").replace("replicas: 4", "replicas: 0");
    told(whole).toEqual([
      expect.stringMatching(/pools.shared.autoscaler: there is room for 0 of its instances/),
    ]);
  });

  it("aims at no KV cache that replicas have not", () => {
    for (const name of ["hpa", "keda", "target-load", "predictive"])
      told(plain(`autoscaler: { algorithm: ${name}, targets: { kv: 0.5, queue: 3 } }`)).toEqual([
        expect.stringMatching(
          /targets.kv: replicas of engine "slots" have no KV cache: it would always ask for none/,
        ),
      ]);
  });

  it("has metrics that are not always stale", () => {
    told(scaled("metricsDelay: 5m")).toEqual([]);
    for (const name of ["hpa", "keda"])
      told(plain(`autoscaler: { algorithm: ${name}, metricsDelay: 6m }`)).toEqual([
        expect.stringMatching(
          /autoscaler.metricsDelay: longer than staleAfter \(5m\): all metrics are missing/,
        ),
      ]);
  });

  it("has rate limits that allow something", () => {
    for (const rate of ["upRate", "downRate"])
      told(scaled(`${rate}: { per: 15s }`)).toEqual([
        expect.stringMatching(`autoscaler.${rate}: it allows nothing: say replicas, or times, above 0`),
      ]);
    told(scaled("upRate: { per: 15s, times: 0.1 }, downRate: { per: 15s, replicas: 1 }")).toEqual([]);
  });
});

const anyPool = fc.record(
  {
    replicas: fc.nat({ max: 3 }),
    gpusPerReplica: fc.integer({ min: 1, max: 4 }),
    warmPool: fc.nat({ max: 2 }),
    nodes: fc.shuffledSubarray(["x", "y", "z"], { minLength: 1 }),
    autoscaler: fc.constantFrom("hpa" as const, {
      algorithm: "schedule" as const,
      steps: [{ at: "0s", replicas: 2 }],
    }),
  },
  { requiredKeys: ["replicas"] },
);
const anyNodes = fc.record({
  count: fc.integer({ min: 1, max: 3 }),
  gpusPerNode: fc.integer({ min: 1, max: 4 }),
});
const anyInventory = fc.oneof(
  fc.record({ gpus: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ nodes: fc.record({ x: anyNodes, y: anyNodes, z: anyNodes }) }),
);
const anyLife = fc.constantFrom({}, { launch: "5m" });

test("whatever inventory and pools are accepted, a run begins", () => {
  let accepted = 0;
  fc.assert(
    fc.property(anyInventory, anyPool, anyPool, anyLife, (inventory, one, other, life) => {
      const [first, second] = [one, other].map(({ nodes, ...pool }) => ({
        ...pool,
        ...("nodes" in inventory && nodes && { nodes }),
        replica: { engine: "slots", slots: 4, tokensPerSecond: 50 },
      }));
      const scenario = {
        schemaVersion: 1,
        duration: "10m",
        inventory,
        pools: { first, second },
        paths: {
          a: { model: "a", pool: "first", rank: 0 },
          b: { model: "b", pool: "second", rank: 0, ...life },
        },
        traffic: {
          callers: { arrivals: { process: "poisson", rate: "1/min" }, input: 10, output: 10, mix: { a: 1 } },
        },
      };
      const result = load(JSON.stringify(scenario));
      if (!result.ok) return;
      accepted++;
      new Simulation(result.scenario, { seed: "1" });
    }),
    { numRuns: gear(120, 500) },
  );
  expect(accepted).toBeGreaterThan(gear(24, 100));
});

test("docs/elastic.md has a fleet that is right", () => {
  const example = /```yaml\n(.*?)```/s.exec(readFileSync("docs/elastic.md", "utf8"))![1]!;
  const rest = SMALL.replace(/^inventory:.*\n/m, "").replace(/^pools:\n(?: .*\n)*/m, "");
  expect(loaded(`${rest}${example}`).inventory.gpus).toBe(80);
});
