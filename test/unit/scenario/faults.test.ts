// What a scenario may say of faults, and what it is told where that makes no sense.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { FAULTS } from "../../../src/core/server/fleet/faults/registry.js";
import { loaded, problems, SMALL } from "./scenarios.js";

const withFaults = (...faults: readonly string[]) =>
  `${SMALL}faults:\n${faults.map((one, place) => `  f${place}: ${one}\n`).join("")}`;
const NODES = SMALL.replace(/^inventory:.*$/m, "inventory: { nodes: { h: { gpusPerNode: 8, count: 2 } } }");
const onNodes = (fault: string) => `${NODES}faults: { f: ${fault} }\n`;
const told = (text: string) => expect(problems(text));

describe("faults", () => {
  it("have a default for all that is published, and for how long they last", () => {
    const { faults } = loaded(withFaults("{ fault: incident }", "{ fault: hang, pool: shared }"));
    expect(faults).toEqual({
      f0: {
        fault: "incident",
        ...{ for: { median: 3600e6, p90: 5 * 3600e6 }, least: 0.05, most: 0.5 },
      },
      f1: {
        fault: "hang",
        pool: "shared",
        ...{ instances: { count: 1 }, healthCheck: { period: 10e6, timeout: 1e6, failures: 3 }, for: 0 },
      },
    });
    expect(loaded(onNodes("{ fault: node-loss }")).faults["f"]).toMatchObject({
      ...{ lemons: 0.01, times: 20, spread: 0 },
      repairs: [
        { share: 0.85, for: 600e6 },
        { share: 0.12, for: 300e6 },
        { share: 0.03, for: 4 * 86_400e6 },
      ],
    });
  });

  it("have some time between what comes again and again: with none there would be no end of it", () => {
    for (const kind of ["incident", "control-plane"]) {
      told(withFaults(`{ fault: ${kind}, every: 0s }`)).toEqual([
        expect.stringContaining("faults.f0.every: must be more than 0s"),
      ]);
      told(withFaults(`{ fault: ${kind}, every: 1us }`)).toEqual([]);
    }
    const spot = (keys: string) =>
      onNodes(`{ fault: spot-reclaim, ${keys} }`).replace("count: 2", "count: 2, market: spot");
    told(spot("up: 0s, down: 0s")).toEqual([
      expect.stringContaining("faults.f.up: must be more than 0s"),
      expect.stringContaining("faults.f.down: must be more than 0s"),
    ]);
    told(spot("up: 1us, down: 1us")).toEqual([]);
    told(spot("at: 1m, for: 0s")).toEqual([]);
  });

  it("name a kind, a pool and a type of nodes that are there", () => {
    told(withFaults("{ fault: fire }")).toEqual([expect.stringContaining("faults.f0.fault")]);
    told(withFaults("{ fault: hang, pool: shard }")).toEqual([
      expect.stringContaining(`faults.f0.pool: there is no pool "shard" (did you mean "shared"?)`),
    ]);
    told(onNodes("{ fault: node-loss, type: h }")).toEqual([]);
    told(onNodes("{ fault: rack-loss, type: g }")).toEqual([
      expect.stringContaining('faults.f.type: there is no type of node "g"'),
    ]);
  });

  it("of nodes need nodes", () => {
    for (const fault of ["node-loss", "rack-loss"]) {
      told(withFaults(`{ fault: ${fault} }`)).toEqual([
        expect.stringContaining("faults.f0.fault: the inventory has no nodes that could fail"),
      ]);
    }
  });

  it("of a spot market need nodes of it", () => {
    told(withFaults("{ fault: spot-reclaim }")).toEqual([
      expect.stringContaining("faults.f0.fault: the inventory has no nodes that could fail"),
    ]);
    told(onNodes("{ fault: spot-reclaim }")).toEqual([
      expect.stringContaining("faults.f.fault: no nodes of the spot market could be taken back"),
    ]);
    told(onNodes("{ fault: spot-reclaim, type: h }")).toEqual([
      expect.stringContaining("faults.f.type: no nodes of the spot market could be taken back"),
    ]);
    const text = onNodes("{ fault: spot-reclaim, at: 1m }").replace("count: 2", "count: 2, market: spot");
    expect(loaded(text).faults["f"]).toMatchObject({
      ...{ zones: { count: 1 }, warning: 120e6 },
      ...{ for: { median: 2520e6, mean: 7200e6 }, down: { median: 2520e6, mean: 7200e6 } },
    });
  });

  it("are written as docs/faults.md has them", () => {
    const example = /```yaml\n(.*?)```/s.exec(readFileSync("docs/faults.md", "utf8"))![1]!;
    const text = SMALL.replace(/^inventory:.*\n/m, "").replace(/^duration:.*$/m, "duration: 5h");
    expect(Object.keys(loaded(`${text}${example}`).faults)).toHaveLength(7);
  });

  it("happen within the run, and at some time", () => {
    told(withFaults("{ fault: incident, at: 9d }")).toEqual([
      expect.stringMatching(/faults\.f0\.at: the run ends before that/),
    ]);
    told(withFaults("{ fault: control-plane }")).toEqual([
      expect.stringContaining("it never happens: say at, or every"),
    ]);
  });

  const atOnce = (fault: string) => onNodes(fault.replace("}", ", at: 1s }"));

  it.each([
    ["{ fault: node-loss, nodes: 3 }", "nodes: there are 2 such nodes"],
    ["{ fault: node-loss, type: h, nodes: 3 }", "nodes: there are 2 such nodes"],
    ["{ fault: rack-loss, racks: 2 }", "racks: such nodes fill 1 rack at most (least is 4)"],
    ["{ fault: rack-loss, racks: 3, least: 1 }", "racks: such nodes fill 2 racks at most (least is 1)"],
    ["{ fault: hang, instances: 100 }", 'instances: pool "shared" has no more than 4 instances then'],
    [
      "{ fault: instance-crash, pool: shared, instances: 5 }",
      'instances: pool "shared" has no more than 4 instances then',
    ],
    [
      "{ fault: slow-down, pool: shared, instances: 5 }",
      'instances: pool "shared" has no more than 4 instances then',
    ],
  ])("hit no more than there is: %s", (fault, problem) => {
    told(atOnce(fault)).toEqual([expect.stringContaining(`faults.f.${problem}`)]);
    told(atOnce(fault.replace(/(nodes|racks|instances): \d+/, "$1: 100%"))).toEqual([]);
  });

  it("hit as much as there is, and what goes by load is not known before", () => {
    for (const fault of [
      "{ fault: node-loss, nodes: 2 }",
      "{ fault: rack-loss, racks: 1 }",
      "{ fault: hang, instances: 4 }",
    ])
      told(atOnce(fault)).toEqual([]);
    const scaled = atOnce("{ fault: hang, pool: shared, instances: 9 }").replace(
      "    replicas: 4\n",
      "    replicas: 4\n    autoscaler: target-load\n",
    );
    told(scaled).toEqual([]);
    const bounded = (max: number) =>
      scaled.replace("autoscaler: target-load", `autoscaler: { algorithm: target-load, max: ${max} }`);
    told(bounded(9)).toEqual([]);
    told(bounded(8)).toEqual([
      expect.stringContaining('faults.f.instances: pool "shared" has no more than 8 instances then'),
    ]);
    const two = atOnce("{ fault: hang, instances: 5 }").replace(
      "paths:\n",
      "  other:\n    replicas: 2\n    replica: { engine: slots, slots: 8, tokensPerSecond: 50 }\npaths:\n",
    );
    told(two).toContainEqual(
      expect.stringContaining("faults.f.instances: no pool has more than 4 instances then"),
    );
    told(two.replace("instances: 5", "instances: 4")).not.toContainEqual(expect.stringContaining("faults"));
  });

  it("take no more zones than there are, and no type has more than nodes", () => {
    const spot = (nodes: string, zones: number) =>
      atOnce(`{ fault: spot-reclaim, zones: ${zones} }`).replace(
        "count: 2",
        `count: 2, market: spot, ${nodes}`,
      );
    told(spot("zones: 2", 2)).toEqual([]);
    told(spot("zones: 2", 3)).toEqual([
      expect.stringContaining("faults.f.zones: such spot nodes are in 2 zones"),
    ]);
    told(spot("zones: 1", 2)).toEqual([
      expect.stringContaining("faults.f.zones: such spot nodes are in 1 zone"),
    ]);
    told(spot("zones: 3", 1)).toEqual([
      expect.stringContaining("inventory.nodes.h.zones: more zones than nodes (count is 2)"),
    ]);
  });

  it("and outages begin within the run", () => {
    const outages = (from: string) => `${SMALL}outages: [{ pool: shared, from: ${from}, for: 1s }]\n`;
    told(outages("1s")).toEqual([]);
    told(outages("9d")).toEqual([expect.stringMatching(/outages\[?\.?0\]?\.from: the run ends before that/)]);
  });

  it("have bounds in order", () => {
    told(withFaults("{ fault: incident, least: 60%, most: 50% }")).toEqual([
      expect.stringContaining("faults.f0.least: 60% is more than most (50%)"),
    ]);
    told(onNodes("{ fault: rack-loss, least: 9, most: 4 }")).toEqual([
      expect.stringContaining("faults.f.least: 9 is more than most (4)"),
    ]);
    told(withFaults("{ fault: slow-down, speed: 0% }")).toEqual([expect.stringContaining("faults.f0.speed")]);
  });

  it("all say where their defaults come from", () => {
    for (const { name, source } of FAULTS)
      expect([name, /ours|excerpt|derived|read/.test(source)]).toEqual([name, true]);
  });
});
