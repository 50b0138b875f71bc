// Every kind of fault in a server that is driven by hand: what callers are told, and what is mended when.
import { describe, expect, it } from "vitest";
import type { ScenarioInput } from "../../../../../src/core/index.js";
import { ByHand } from "../../../../support/by-hand.js";
import { gear } from "../../../../support/mode.js";
import { tinyScenario, waiting } from "../../../engine/tiny.js";

type Faults = NonNullable<ScenarioInput["faults"]>;
type PoolInput = ScenarioInput["pools"][string];

/** A prompt takes a second, a token takes one. */
const replica = { engine: "slots", slots: 1, tokensPerSecond: 1, prefillTokensPerSecond: 10 } as const;

interface Changes {
  readonly pool?: Partial<PoolInput>;
  readonly more?: Partial<ScenarioInput>;
  readonly seed?: string;
}

function server(fault: Faults[string], { pool = {}, more = {}, seed = "1" }: Changes = {}): ByHand {
  const scenario = tinyScenario({
    pool: { replicas: 2, replica, admission: waiting(9), ...pool },
    more: { faults: { one: fault }, ...more },
  });
  return new ByHand(scenario, seed);
}

/** What the fleet tells from now on, but for what pools want. */
function history(hand: ByHand): readonly string[] {
  const lines: string[] = [];
  hand.service.parts.fleet.watch({
    happened: (kind, _, now) => lines.push(`${now / 1e6}: ${kind}`),
  });
  return lines;
}

const told = (hand: ByHand) => hand.told.filter((line) => !/queued|started/.test(line));

describe("an instance crash", () => {
  it("breaks streams, refuses what has no token yet, and ends with a restart", () => {
    const hand = server({ fault: "instance-crash", pool: "shared", at: "3s", instances: "100%", for: "4s" });
    hand.call(1, { outputTokens: 9 });
    hand.until(2.5).call(2, { outputTokens: 9 });
    hand.until(5).call(3, { outputTokens: 2 });
    hand.until(20);
    expect(told(hand)).toEqual([
      "2: 1 first token",
      "3: 1 broken outage, 10 + 2",
      "3: 2 refused 503 outage",
      "9: 3 first token",
      "10: 3 completed, 10 + 2",
    ]);
  });

  it("is followed by a cold start where starts take time", () => {
    const coldStart = {
      preset: "cold",
      provision: "50s",
      image: "20s",
      init: "2s",
      weights: { bytes: 3.5e9, bandwidth: 1, spread: 1 },
    } as const;
    const hand = server(
      { fault: "instance-crash", pool: "shared", at: "3s", instances: "100%", for: "4s" },
      { pool: { replicas: 1, coldStart } },
    );
    const happened = history(hand);
    hand.until(4).call(1, { outputTokens: 1 });
    hand.until(30);
    // The node and its image are still there: what is loaded anew are the weights.
    expect(told(hand)).toEqual(["14.5: 1 first token", "14.5: 1 completed, 10 + 1"]);
    expect(happened).toEqual(["3: instance-lost", "12.5: instance-back"]);
  });

  it("has the instance back as soon as it is restarted where starts take no time", () => {
    const hand = server({ fault: "instance-crash", pool: "shared", at: "3s", instances: 2, for: "4s" });
    const happened = history(hand);
    hand.until(30);
    expect(happened).toEqual([
      ...["3: instance-lost", "3: instance-lost"],
      ...["7: instance-back", "7: instance-back"],
    ]);
  });

  it("has nothing back that is not wanted any more, or that goes with its node before it has started", () => {
    const crash = {
      fault: "instance-crash",
      pool: "shared",
      at: "3s",
      instances: "100%",
      for: "4s",
    } as const;
    const coldStart = { preset: "warm", init: "9s" } as const;
    const node = { gpu: "H100", count: 1, gpusPerNode: 1 } as const;
    const nodes = { own: node, other: node };
    const steps = [1, 0].map((replicas) => ({ at: replicas === 1 ? "0s" : "5s", replicas }));
    const shrinks = { replicas: 1, autoscaler: { algorithm: "schedule" as const, steps } };
    const goes: Faults[string] = {
      ...{ fault: "node-loss", type: "own", at: "10s" },
      repairs: [{ share: 1, for: "1h" }],
    };
    const unwanted = server(crash, { pool: shrinks });
    const lostAgain = server(crash, {
      pool: { replicas: 1, coldStart, nodes: ["own"], gpusPerReplica: 1 },
      more: { inventory: { nodes }, faults: { one: crash, goes } },
    });
    const stories = [unwanted, lostAgain].map((hand) => {
      const happened = history(hand);
      hand.until(60);
      return happened;
    });
    expect(stories).toEqual([
      ["3: instance-lost"],
      ["3: instance-lost", "10: node-lost", "10: instance-lost", "10: no-gpus"],
    ]);
  });

  it("hits each instance at its own rate, however many there could be", () => {
    const crashes = (replicas: number, gpus: number) => {
      const hand = server(
        { fault: "instance-crash", pool: "shared", mtbf: "100s", for: "0s" },
        { pool: { replicas }, more: { inventory: { gpus } } },
      );
      let count = 0;
      const { fleet } = hand.service.parts;
      const lose = fleet.lose.bind(fleet);
      fleet.lose = (slot, now) => {
        count++;
        return lose(slot, now);
      };
      hand.until(gear(20_000, 50_000));
      return count;
    };
    for (const [replicas, gpus] of [
      [2, 3],
      [2, 40],
      [6, 40],
    ] as const) {
      const expected = gear(200, 500) * replicas;
      expect(Math.abs(crashes(replicas, gpus) - expected)).toBeLessThan(3.29 * Math.sqrt(expected));
    }
  });
});

describe("a hang", () => {
  const checks = { period: "2s", timeout: "1s", failures: 3 } as const;

  it("holds what is inside, is found by health checks, and ends with the instance killed and started anew", () => {
    const times: number[] = [];
    for (let seed = 0; seed < 20; seed++) {
      const hand = server(
        { fault: "hang", pool: "shared", at: "3500ms", healthCheck: checks },
        { pool: { replicas: 1 }, seed: String(seed) },
      );
      const handle = hand.call(1, { outputTokens: 9 });
      hand.until(8);
      expect(hand.service.progress(handle, hand.now)).toBe(2);
      hand.until(30);
      const broken = /^([\d.]+): 1 broken outage, 10 \+ 2$/.exec(told(hand)[1]!)![1]!;
      times.push(Number(broken) - 3.5);
      hand.call(2, { outputTokens: 1 });
      hand.until(40);
      expect(told(hand).at(-1)).toBe("32: 2 completed, 10 + 1");
    }
    // The rest of a period, two more, and the timeout of the third check.
    for (const time of times) expect(time > 5 && time <= 7).toBe(true);
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(1);
  });

  it("is nothing new where the instance crashes before it is found", () => {
    const hand = server(
      { fault: "hang", pool: "shared", at: "3500ms", healthCheck: checks },
      {
        pool: { replicas: 1 },
        more: {
          faults: {
            hangs: { fault: "hang", pool: "shared", at: "3500ms", healthCheck: checks },
            crashes: { fault: "instance-crash", pool: "shared", at: "4s", for: "1s" },
          },
        },
      },
    );
    hand.call(1, { outputTokens: 9 });
    hand.until(4).call(2, { outputTokens: 9 });
    hand.until(30);
    expect(told(hand)).toEqual([
      "2: 1 first token",
      "4: 1 broken outage, 10 + 2",
      "7: 2 first token",
      "15: 2 completed, 10 + 9",
    ]);
  });
});

describe("a slow-down", () => {
  it("stretches what is inside for as long as it lasts", () => {
    const hand = server(
      { fault: "slow-down", pool: "shared", at: "3s", speed: "50%", for: "4s" },
      { pool: { replicas: 1 } },
    );
    hand.call(1, { outputTokens: 9 });
    hand.until(30);
    // Without it at 10 s: of four seconds it worked two.
    expect(told(hand)).toEqual(["2: 1 first token", "12: 1 completed, 10 + 9"]);
  });

  it("leaves alone what is slow already, so that the first one's end is that of its own", () => {
    const slow = { fault: "slow-down", pool: "shared", speed: "50%" } as const;
    const hand = server(
      { ...slow, at: "3s", for: "4s" },
      {
        pool: { replicas: 1 },
        more: {
          faults: {
            one: { ...slow, at: "3s", for: "4s" },
            other: { ...slow, at: "5s", for: "1s", speed: "10%" },
          },
        },
      },
    );
    hand.call(1, { outputTokens: 9 });
    hand.until(30);
    expect(told(hand).at(-1)).toBe("12: 1 completed, 10 + 9");
  });
});

describe("a control plane that is down", () => {
  it("scales nothing, and makes up for it when it is back", () => {
    const hand = server(
      { fault: "control-plane", at: "4s", for: "4s" },
      {
        pool: {
          replicas: 1,
          autoscaler: {
            algorithm: "schedule",
            steps: [
              { at: "3s", replicas: 2 },
              { at: "5s", replicas: 4 },
            ],
          },
        },
      },
    );
    const counts = [2, 3.5, 7, 8].map((at) => {
      hand.until(at);
      return hand.service.parts.pools[0]!.serving.replicas;
    });
    expect(counts).toEqual([1, 2, 2, 4]);
  });

  it("launches no instance of a model, but its paths come and go on time", () => {
    const { paths } = tinyScenario();
    const hand = server(
      { fault: "control-plane", at: "1s", for: "19s" },
      { more: { paths: { ...paths, fast: { ...paths["fast"]!, launch: "4s", retire: "12s" } } } },
    );
    const call = (at: number, id: number) => hand.until(at).call(id, { route: 2, outputTokens: 1 });
    for (const [index, at] of [3, 4.5, 11.5, 13].entries()) call(at, index + 1);
    hand.until(40);
    expect(told(hand).map((line) => line.replace(/,.*/, ""))).toEqual([
      "3: 1 refused 404 unknown_model",
      "4.5: 2 refused 503 overloaded_capacity",
      "11.5: 3 refused 503 overloaded_capacity",
      "13: 4 refused 404 unknown_model",
    ]);
  });
});

describe("an incident", () => {
  it("answers 503 unavailable on arrival, and lets streams under way go on", () => {
    const hand = server({ fault: "incident", at: "1s", for: "5s", least: "100%", most: "100%" });
    hand.call(1, { outputTokens: 3 });
    hand.until(2).call(2);
    hand.until(6).call(3, { outputTokens: 1 });
    hand.until(20);
    expect(told(hand)).toEqual([
      "2: 1 first token",
      "2: 2 refused 503 outage",
      "4: 1 completed, 10 + 3",
      "8: 3 first token",
      "8: 3 completed, 10 + 1",
    ]);
  });

  it("fails its share of requests, in its own pool", () => {
    const hand = server(
      { fault: "incident", pool: "fast", at: "0s", for: "1h", least: "30%", most: "30%" },
      { pool: { admission: { policy: "none", maxQueue: 10_000 } as never } },
    );
    const fast = Object.keys(tinyScenario().paths).indexOf("fast");
    hand.until(1);
    for (let reference = 0; reference < 4000; reference++) hand.call(reference, { route: fast });
    const failed = hand.told.filter((line) => line.includes("refused 503 outage")).length;
    expect(Math.abs(failed - 1200)).toBeLessThan(3.29 * Math.sqrt(4000 * 0.3 * 0.7));
    hand.call(9999, { route: 0 });
    expect(hand.told.at(-1)).toContain("started");
  });
});

const nodesOf = (count: number, retry = "0s"): Partial<ScenarioInput> => ({
  inventory: { nodes: { h: { gpusPerNode: 1, count } }, retry },
});

describe("the loss of a node", () => {
  const loss: Faults[string] = { fault: "node-loss", at: "3s", repairs: [{ share: 1, for: "10s" }] };

  it("takes along what is on it, and what is still wanted is launched elsewhere", () => {
    const hand = server(loss, { pool: { replicas: 1 }, more: nodesOf(3) });
    const { fleet } = hand.service.parts;
    for (const reference of [1, 2]) hand.call(reference, { outputTokens: 9, route: reference === 1 ? 0 : 2 });
    hand.until(3);
    // Which of the two nodes in use it is depends on the seed.
    expect(told(hand).filter((line) => line.includes("broken outage"))).toHaveLength(1);
    const gone = [0, 1, 2].filter((node) => fleet.inventory.nodes.isGone(node));
    expect(gone).toHaveLength(1);
    expect(fleet.pools.map(({ serving }) => serving.replicas)).toEqual([1, 1]);
    expect([0, 1, 2].filter((node) => fleet.inventory.nodes.instancesOn(node).length > 0)).toHaveLength(2);
    hand.until(13);
    expect([0, 1, 2].filter((node) => fleet.inventory.nodes.isGone(node))).toEqual([]);
  });

  it("of all nodes leaves nothing until they are back", () => {
    const hand = server({ ...loss, nodes: "100%" }, { more: nodesOf(3) });
    hand.call(1, { outputTokens: 9 });
    hand.until(4).call(2, { outputTokens: 1 });
    hand.until(30);
    expect(told(hand)).toEqual([
      "2: 1 first token",
      "3: 1 broken outage, 10 + 2",
      "15: 2 first token",
      "15: 2 completed, 10 + 1",
    ]);
  });

  it("counts once where a rack and a node of it fail at once: the node is back when both are mended", () => {
    const hand = server(loss, {
      more: {
        ...nodesOf(4),
        faults: {
          nodes: { ...loss, nodes: "100%" },
          racks: { fault: "rack-loss", at: "4s", least: 2, most: 2, racks: "100%", for: "20s" },
        },
      },
    });
    const { nodes } = hand.service.parts.fleet.inventory;
    const gone = [3, 4, 13, 23, 24].map((at) => {
      hand.until(at);
      return [0, 1, 2, 3].filter((node) => nodes.isGone(node)).length;
    });
    // Three nodes are in use; what ran there is launched on the fourth, whose rack goes next: that node and one that was
    // gone already. Two are back after ten seconds, that rack after its twenty.
    expect(gone).toEqual([3, 4, 2, 2, 0]);
  });
});

describe("a spot market", () => {
  /** Two nodes in two zones, one replica each, and two nodes on demand. */
  const inventory = {
    nodes: {
      cheap: { gpusPerNode: 1, count: 2, zones: 2, market: "spot" },
      dear: { gpusPerNode: 1, count: 2 },
    },
    retry: "0s",
  } as const;
  const reclaim: Faults[string] = {
    fault: "spot-reclaim",
    at: "10s",
    zones: "100%",
    for: "20s",
    warning: "4s",
  };
  const cold = { preset: "warm", init: "3s" } as const;
  const alone = { nodes: ["cheap"], replicas: 2, coldStart: cold };
  const standsOn = (hand: ByHand) => {
    const { nodes } = hand.service.parts.fleet.inventory;
    return [0, 1, 2, 3].filter((node) => nodes.instancesOn(node).length > 0);
  };

  it("warns, so that what is inside may end and others are launched before the capacity is gone", () => {
    const hand = server(reclaim, {
      pool: { ...alone, nodes: ["cheap", "dear"] },
      more: {
        inventory: {
          ...inventory,
          nodes: { ...inventory.nodes, dear: { ...inventory.nodes.dear, count: 3 } },
        },
      },
    });
    hand.until(4).call(1, { outputTokens: 3 });
    hand.call(2, { outputTokens: 20 });
    hand.until(7);
    // Both serve on; two of their like start where they cannot be taken.
    expect(standsOn(hand)).toEqual([0, 1, 2, 3]);
    hand.call(3, { outputTokens: 1 });
    hand.until(11);
    expect(standsOn(hand)).toEqual([2, 3]);
    hand.until(40);
    expect(told(hand)).toEqual([
      "6: 1 first token",
      "6: 2 first token",
      "8: 1 completed, 10 + 3",
      "10: 2 broken outage, 10 + 5",
      "11: 3 first token",
      "11: 3 completed, 10 + 1",
    ]);
  });

  it("takes nothing where it names another type, and without a warning all at once", () => {
    const at = (fault: Faults[string], pool: Partial<PoolInput>) => {
      const hand = server(fault, { pool, more: { inventory } });
      hand.until(9).call(1, { outputTokens: 9 });
      hand.until(60);
      return told(hand).at(-1);
    };
    expect(at({ ...reclaim, warning: "0s" }, alone)).toBe("10: 1 refused 503 outage");
    expect(at(reclaim, { ...alone, nodes: ["dear"] })).toMatch(/completed/);
  });

  it("gives its capacity back, and those that still wait for it start anew", () => {
    const hand = server(reclaim, { pool: alone, more: { inventory } });
    hand.until(12).call(1, { outputTokens: 1 });
    hand.until(60);
    // Back at 30, three seconds to start, two for the prompt and its token.
    expect(told(hand)).toEqual(["35: 1 first token", "35: 1 completed, 10 + 1"]);
  });

  it("has each zone go up and down by itself, at the times of its own stream", () => {
    const changes = (pool: Partial<PoolInput>) => {
      const hand = server(
        { fault: "spot-reclaim", up: { mean: "300s" }, down: { mean: "100s" }, warning: "0s" },
        { pool, more: { inventory } },
      );
      const { nodes } = hand.service.parts.fleet.inventory;
      const seen = Array.from({ length: 20_000 }, (_, second) => {
        hand.until(second);
        return [0, 1].map((node) => nodes.isGone(node));
      });
      return seen;
    };
    const seen = changes({ ...alone, replicas: 1 });
    const share = (gone: (pair: boolean[]) => boolean) => seen.filter(gone).length / seen.length;
    // A quarter of the time each, and both by chance; spells of 100 s give some 50 independent looks.
    const error = 3.29 * Math.sqrt((0.25 * 0.75) / 50);
    for (const zone of [0, 1]) expect(Math.abs(share((pair) => pair[zone]!) - 0.25)).toBeLessThan(error);
    expect(Math.abs(share(([one, other]) => one! && other!) - 1 / 16)).toBeLessThan(error);
    expect(changes({ ...alone, replicas: 2, nodes: ["dear"] })).toEqual(seen);
  });
});

describe("chance", () => {
  /** When which node goes, whatever the fleet does with it. */
  function losses(pool: Partial<PoolInput>, seed = "1"): string[] {
    const hand = server(
      { fault: "node-loss", mtbf: "500s", repairs: [{ share: 1, for: { mean: "100s" } }] },
      { pool, more: nodesOf(6), seed },
    );
    const seen: string[] = [];
    const { inventory } = hand.service.parts.fleet;
    const goes = inventory.nodeGoes.bind(inventory);
    inventory.nodeGoes = (node, now) => {
      seen.push(`${node} at ${now}`);
      goes(node, now);
    };
    for (let at = 0; at < 3000; at += 100) {
      hand.until(at);
      hand.call(at, { outputTokens: 40 });
    }
    return seen;
  }

  it("breaks the same at the same times, whatever pools there are: common random numbers", () => {
    const first = losses({ replicas: 1 });
    expect(first.length).toBeGreaterThan(15);
    expect(losses({ replicas: 4, admission: { policy: "none" } })).toEqual(first);
    expect(losses({ replicas: 1 }, "2")).not.toEqual(first);
  });
});
