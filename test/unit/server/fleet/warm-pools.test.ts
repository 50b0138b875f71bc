// What has drained, in a server that is driven by hand: a start takes 100 s, to wake 5 s, and a token one second.
import { describe, expect, it } from "vitest";
import { INSTANCE_STATES } from "../../../../src/core/base/instance-state.js";
import type { ScenarioInput } from "../../../../src/core/index.js";
import { NodeLife } from "../../../../src/core/server/fleet/node-life.js";
import { ByHand } from "../../../support/by-hand.js";
import { tinyScenario, waiting } from "../../engine/tiny.js";

type PoolInput = ScenarioInput["pools"][string];

const COLD_START = { preset: "warm", init: "100s", wake: "5s" } as const;

/** So many replicas, each from so many seconds on. */
function sized(
  ...sizes: readonly (readonly [replicas: number, at: number])[]
): PoolInput["autoscaler"] & object {
  return { algorithm: "schedule", steps: sizes.map(([replicas, at]) => ({ at, replicas })) };
}

/** One replica, and one asleep; a second one is wanted from 10 s to 20 s. The other pool may displace them. */
function server(pool: Partial<PoolInput> = {}, more: Partial<ScenarioInput> = {}): ByHand {
  const autoscaler = sized([1, 0], [2, 10], [1, 20]);
  const scenario = tinyScenario({
    pool: { ...{ admission: waiting(9), coldStart: COLD_START, warmPool: 1, autoscaler }, ...pool },
    more,
  });
  const fast = { ...scenario.pools["fast"]!, displaces: ["shared"] };
  return new ByHand({ ...scenario, pools: { ...scenario.pools, fast } });
}

/** So many nodes of one GPU, on which the first pool's instances stand in the order of their slots. */
function oneEach(nodes: number): Partial<ScenarioInput> {
  return { inventory: { nodes: { own: { gpu: "H100", count: nodes, gpusPerNode: 1 } } } };
}

it("counts none as on the way to serve that is on the way to sleep", () => {
  const hand = server();
  const starting = () => hand.service.parts.sizing.startingOf(0);
  // The one asleep is woken at 10 s, and another starts in its place to be asleep.
  const counts = [9, 12, 16].map((time) => {
    hand.until(time);
    return starting();
  });
  expect([counts, states(hand)]).toEqual([
    [0, 1, 0],
    ["0 ready", "1 ready", "3 warming"],
  ]);
});

/** By slot, of the first pool. */
function states(hand: ByHand): string[] {
  const { instances } = hand.service.parts.fleet;
  return [...instances.ofPool(0)].map((slot) => `${slot} ${INSTANCE_STATES[instances.stateOf(slot)]!}`);
}

/** Two calls of so many seconds at 16 s, one for each that is up then. */
function busy(hand: ByHand, outputTokens = 20): ByHand {
  hand.until(16);
  for (const reference of [1, 2]) hand.call(reference, { outputTokens });
  return hand.until(16);
}

describe("an instance that was woken and has drained", () => {
  it("goes back to sleep, and the start of the one in its place is given up", () => {
    const hand = busy(server());
    // Slot 2 is the other pool's.
    expect(states(hand)).toEqual(["0 ready", "1 ready", "3 warming"]);
    expect(states(hand.until(25))).toEqual(["0 ready", "1 draining", "3 warming"]);
    expect(states(hand.until(40))).toEqual(["0 ready", "1 sleeping"]);
    expect(states(hand.until(300))).toEqual(["0 ready", "1 sleeping"]);
    expect(hand.service.parts.fleet.inventory.taken).toBe(3);
  });

  it("leaves where the warm pool is full again by then", () => {
    const hand = busy(server(), 200);
    expect(states(hand.until(105))).toEqual(["0 ready", "1 draining", "3 warming"]);
    expect(states(hand.until(115))).toEqual(["0 ready", "1 draining", "3 sleeping"]);
    expect(states(hand.until(300))).toEqual(["0 ready", "3 sleeping"]);
  });

  it("leaves where its node is about to go", () => {
    const hand = busy(server({}, oneEach(5)));
    const life = new NodeLife(hand.service.parts.sizing);
    hand.until(30);
    life.drain(life.nodes.nodesOf(1)[0]!, hand.now);
    expect(states(hand.until(40))).toEqual(["0 ready", "3 warming"]);
  });

  it("leaves where a pool that may displace its own waits for GPUs", () => {
    const hand = busy(server({}, { inventory: { gpus: 3 } }));
    hand.service.parts.sizing.resize(1, 2, hand.now);
    expect(states(hand.until(25))).toEqual(["0 ready", "1 draining"]);
    expect(states(hand.until(40))).toEqual(["0 ready"]);
    expect(hand.service.parts.pools[1]!.ready.replicas).toBe(2);
  });

  it("leaves where its pool is not there any more", () => {
    const hand = busy(server({ autoscaler: sized([1, 0], [2, 10]) })).until(19);
    hand.service.parts.sizing.retirePool(0, hand.now);
    expect(states(hand.until(25))).toEqual(["0 draining", "1 draining"]);
    expect(states(hand.until(40))).toEqual([]);
  });
});

describe("an instance that drains to fall asleep", () => {
  /** No GPUs for another one to be asleep in its place. */
  const full = (more: Partial<ScenarioInput>) => busy(server({}, more)).until(25);

  it("leaves where its node is about to go", () => {
    const hand = full(oneEach(3));
    const life = new NodeLife(hand.service.parts.sizing);
    expect(states(hand)).toEqual(["0 ready", "1 draining"]);
    life.drain(life.nodes.nodesOf(1)[0]!, hand.now);
    expect(states(hand.until(40))).toEqual(["0 ready"]);
  });

  it("falls asleep where it has crashed, and starts again in no time", () => {
    const faults = {
      crash: { fault: "instance-crash", at: 25, pool: "shared", instances: "100%", for: 5 },
    } as const;
    const hand = busy(server({ coldStart: "none" }, { inventory: { gpus: 3 }, faults }));
    expect(states(hand.until(26))).toEqual(["0 lost", "1 lost"]);
    expect(states(hand.until(40))).toEqual(["0 ready", "1 sleeping"]);
  });
});

describe("an instance that is lost while another sleeps", () => {
  it("has that one serve in its place, and sleeps once it is back", () => {
    const outages = [{ pool: "shared", instances: 1, from: 20, for: 60 }];
    const hand = server({ autoscaler: sized([1, 0]) }, { inventory: { gpus: 3 }, outages });
    expect(states(hand.until(22))).toEqual(["0 lost", "1 warming"]);
    expect(states(hand.until(30))).toEqual(["0 lost", "1 ready"]);
    expect(states(hand.until(90))).toEqual(["0 sleeping", "1 ready"]);
    expect(hand.service.parts.sizing.wantedOf(0)).toBe(1);
  });

  it("serves again itself where more are wanted by then", () => {
    const outages = [{ pool: "shared", instances: 1, from: 20, for: 60 }];
    const hand = server({ autoscaler: sized([1, 0], [2, 40]) }, { inventory: { gpus: 3 }, outages });
    expect(states(hand.until(90))).toEqual(["0 ready", "1 ready"]);
  });

  it("has one serve in its place that falls asleep while it is still lost, having started or drained", () => {
    const lostAt = (from: number) => [{ pool: "shared", instances: 1, from, for: 900 }];
    const room = { inventory: { gpus: 5 } };
    const started = server({ autoscaler: sized([1, 0], [2, 40]) }, { ...room, outages: lostAt(20) });
    expect(states(started.until(130))).toEqual(["0 lost", "1 ready", "3 warming"]);
    expect(states(started.until(150))).toEqual(["0 lost", "1 ready", "3 ready"]);
    expect(states(started.until(950))).toEqual(["0 sleeping", "1 ready", "3 ready"]);
    const drained = server(
      { autoscaler: sized([1, 0], [2, 10], [1, 20]) },
      { inventory: { gpus: 3 }, outages: lostAt(25) },
    );
    expect(states(busy(drained).until(26))).toEqual(["0 lost", "1 draining"]);
    expect(states(drained.until(45))).toEqual(["0 lost", "1 ready"]);
  });

  it("waits to be back where the control plane is down", () => {
    const outages = [{ pool: "shared", instances: 1, from: 20, for: 60 }];
    const faults = { plane: { fault: "control-plane", at: 10, for: 30 } } as const;
    const hand = server({ autoscaler: sized([1, 0]) }, { inventory: { gpus: 3 }, outages, faults });
    expect(states(hand.until(39))).toEqual(["0 lost", "1 sleeping"]);
    expect(states(hand.until(42))).toEqual(["0 lost", "1 warming"]);
  });
});

describe("a warm pool whose instances went with their node", () => {
  it("is full again as soon as the node is back", () => {
    const hand = server({ autoscaler: sized([1, 0]) }, oneEach(3)).until(10);
    const life = new NodeLife(hand.service.parts.sizing);
    const node = life.nodes.nodesOf(1)[0]!;
    life.lose(node, hand.now);
    expect(states(hand.until(20))).toEqual(["0 ready"]);
    life.restore(node, hand.now);
    expect(states(hand.until(119))).toEqual(["0 ready", "1 warming"]);
    expect(states(hand.until(200))).toEqual(["0 ready", "1 sleeping"]);
  });
});

describe("an instance that drains while another sleeps", () => {
  it("takes the place of that one if it has gone by then", () => {
    const hand = server({ replicas: 2, autoscaler: sized([2, 0], [1, 20]) }, oneEach(4));
    const life = new NodeLife(hand.service.parts.sizing);
    expect(states(busy(hand).until(25))).toEqual(["0 ready", "1 draining", "2 sleeping"]);
    life.lose(life.nodes.nodesOf(2)[0]!, hand.now);
    expect(states(hand.until(30))).toEqual(["0 ready", "1 draining"]);
    expect(states(hand.until(40))).toEqual(["0 ready", "1 sleeping"]);
  });
});
