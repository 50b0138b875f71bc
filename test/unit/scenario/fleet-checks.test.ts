import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { loaded, problems, SMALL, withLine } from "./scenarios.js";

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
      expect.stringContaining("there is room for 3 of its 4 instances, 5 GPUs each"),
    ]);
    const byClock = (replicas: number) =>
      `autoscaler: { algorithm: schedule, steps: [{ at: 0s, replicas: ${replicas} }] }`;
    told(onNodes(`warmPool: 20\n    ${byClock(4)}`)).toEqual([]);
    told(onNodes(`warmPool: 20\n    ${byClock(5)}`)).toEqual([expect.stringContaining("for 24 of its 25")]);
    told(onNodes("warmPool: 20")).toEqual([]);
    told(onNodes("warmPool: 21")).toEqual([expect.stringContaining("for 24 of its 25 instances")]);
    told(plain("warmPool: 4")).toEqual([expect.stringContaining("for 4 of its 5 instances")]);
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
        expect.stringMatching(/the pools need 6 GPUs|there is room for 0 of its 2 instances/),
      ]);
      // By the clock, too.
      const byClock = "autoscaler: { algorithm: schedule, steps: [{ at: 5m, replicas: 1 }] }";
      told(launched(inventory, byClock)).toEqual([
        expect.stringMatching(/the pools need 6 GPUs|there is room for 0 of its 2 instances/),
      ]);
    }
  });
});

describe("a pool that grows and shrinks", () => {
  it("does not displace itself, nor a pool that is not there", () => {
    told(plain("displaces: [shared]")).toEqual([expect.stringContaining("a pool does not displace itself")]);
    told(plain("displaces: [shard]")).toEqual([
      expect.stringContaining('there is no pool "shard" (did you mean "shared"?)'),
    ]);
  });

  it("says how many bytes its cold start loads, where it loads any", () => {
    for (const coldStart of ["cached", "{ preset: cold }", "{ preset: cached, weights: { from: nvme } }"]) {
      told(plain(`coldStart: ${coldStart}`)).toEqual([
        expect.stringMatching(/loads weights: say how many bytes one instance loads/),
      ]);
    }
    for (const coldStart of ["none", "warm", "{ preset: cold, weights: { bytes: 16G } }"])
      told(plain(`coldStart: ${coldStart}`)).toEqual([]);
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
        /:7:40 pools.shared.autoscaler.min: there is room for 4 of its instances, 1 GPUs each/,
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

test("docs/elastic.md has a fleet that is right", () => {
  const example = /```yaml\n(.*?)```/s.exec(readFileSync("docs/elastic.md", "utf8"))![1]!;
  const rest = SMALL.replace(/^inventory:.*\n/m, "").replace(/^pools:\n(?: .*\n)*/m, "");
  expect(loaded(`${rest}${example}`).inventory.gpus).toBe(80);
});
