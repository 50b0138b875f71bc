import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InstanceState } from "../../../../src/core/base/instance-state.js";
import { type Duration, type Instant, NO_TIME, START } from "../../../../src/core/base/units.js";
import { openStream } from "../../../../src/core/random/stream.js";
import { ColdStart } from "../../../../src/core/server/fleet/cold-start.js";
import { Toll } from "../../../../src/core/server/fleet/faults/fault.js";
import { loseSlots, repairSlots } from "../../../../src/core/server/fleet/faults/victims.js";
import type { Fleet } from "../../../../src/core/server/fleet/fleet.js";
import { NodeLife } from "../../../../src/core/server/fleet/node-life.js";
import { undivided } from "../../../../src/core/server/fleet/node-type.js";
import { PLACEMENTS } from "../../../../src/core/server/fleet/placement/registry.js";
import { Role } from "../../../../src/core/server/fleet/roles.js";
import { Sizing } from "../../../../src/core/server/fleet/sizing.js";
import { gear } from "../../../support/mode.js";
import { facts, GPUS, leave, makeFleet, makeFleetOn, never, SLOTS, started } from "./fleets.js";

const { free, ready, draining, hung, lost } = InstanceState;

describe("resizing a pool", () => {
  const inState = ({ instances }: Fleet, state: InstanceState) =>
    [...instances.ofPool(0)].filter((slot) => instances.stateOf(slot) === state);

  /** Five instances with a request each. */
  function busyFleet(): Sizing {
    const sizing = new Sizing({ fleet: makeFleet() });
    const { fleet } = sizing;
    sizing.resize(0, 5, START);
    for (let request = 0; request < 5; request++) fleet.pools[0]!.join(request, 0, 0, START);
    started(fleet, 0);
    return sizing;
  }

  it("may be displaced by those that say so", () => {
    const pools = [[], [0]].map((displaces) => ({ warmPool: 0, displaces }));
    const sizing = new Sizing({ fleet: makeFleet(), pools });
    expect([sizing.canBeDisplaced(0), sizing.canBeDisplaced(1)]).toEqual([true, false]);
    expect(busyFleet().canBeDisplaced(0)).toBe(false);
  });

  it("lets the last ones go, and takes back what drains before it launches more", () => {
    const sizing = busyFleet();
    const { fleet } = sizing;
    sizing.resize(0, 2, START);
    expect([inState(fleet, ready), inState(fleet, draining)]).toEqual([
      [0, 1],
      [2, 3, 4],
    ]);
    sizing.resize(0, 3, START);
    expect([inState(fleet, ready), inState(fleet, draining)]).toEqual([
      [0, 1, 2],
      [3, 4],
    ]);
    sizing.resize(0, 7, START);
    expect([inState(fleet, ready), inState(fleet, draining)]).toEqual([[0, 1, 2, 3, 4, 5, 6], []]);
  });

  it("counts what is lost and will be repaired, and has none repaired that is not wanted any more", () => {
    const sizing = busyFleet();
    const { fleet } = sizing;
    fleet.lose(4, START);
    sizing.resize(0, 5, START);
    expect(inState(fleet, ready)).toEqual([0, 1, 2, 3]);
    sizing.resize(0, 4, START);
    expect([inState(fleet, ready), inState(fleet, lost), fleet.inventory.taken]).toEqual([
      [0, 1, 2, 3],
      [],
      8,
    ]);
    fleet.lose(3, START);
    sizing.resize(0, 3, START);
    sizing.resize(0, 4, START);
    expect(inState(fleet, ready)).toEqual([0, 1, 2, 3]);
  });

  it("gives up what is lost before what serves, and gives its GPUs back at once", () => {
    const sizing = busyFleet();
    const { fleet } = sizing;
    fleet.lose(0, START);
    fleet.setSpeed(1, 0, START);
    sizing.resize(0, 4, START);
    expect([
      inState(fleet, ready),
      inState(fleet, hung),
      inState(fleet, lost),
      fleet.inventory.taken,
    ]).toEqual([[2, 3, 4], [1], [], 8]);
    sizing.resize(0, 3, START);
    expect([inState(fleet, ready), inState(fleet, hung), inState(fleet, draining)]).toEqual([
      [2, 3],
      [1],
      [4],
    ]);
  });

  it("has none serve that drains to fall asleep and cannot be taken back", () => {
    const fleet = makeFleet();
    const pools = [[], [0]].map((displaces) => ({ warmPool: 0, displaces }));
    const sizing = new Sizing({ fleet, pools });
    sizing.resize(0, 1, START);
    fleet.pools[0]!.join(1, 0, 0, START);
    started(fleet, 0);
    fleet.drain(0, START, Role.standsBy);
    fleet.pend(1, START);
    sizing.resize(0, 2, START);
    expect([fleet.drains(0), fleet.roles.of(0)]).toEqual([true, Role.standsBy]);
    expect(inState(fleet, InstanceState.pending)).toEqual([2, 3]);
  });

  it("has an instance that is lost while it drains not come back", () => {
    const sizing = busyFleet();
    const { fleet } = sizing;
    sizing.resize(0, 4, START);
    const victims = loseSlots(fleet, [4], START, new Toll());
    expect([inState(fleet, ready), fleet.instances.stateOf(4), fleet.inventory.taken]).toEqual([
      [0, 1, 2, 3],
      free,
      8,
    ]);
    sizing.resize(0, 5, START);
    fleet.lose(4, START);
    repairSlots(fleet, victims, START, new Toll());
    expect(inState(fleet, lost)).toEqual([4]);
  });

  it("says when GPUs are given back that were wanted", () => {
    const fleet = makeFleet(6);
    const sizing = new Sizing({ fleet });
    let freed = 0;
    sizing.whenDue(() => freed++);
    sizing.resize(0, 2, START);
    sizing.resize(0, 1, START);
    expect([fleet.inventory.taken, freed]).toEqual([2, 0]);
    sizing.resize(1, 3, START);
    expect([fleet.inventory.taken, freed]).toEqual([6, 0]);
    sizing.resize(0, 0, START);
    expect(freed).toBe(1);
    sizing.supply(START);
    expect(fleet.inventory.taken).toBe(6);
    sizing.resize(1, 0, START);
    expect([fleet.inventory.taken, freed]).toEqual([0, 1]);
  });
});

describe("an instance is wanted", () => {
  const at = (seconds: number) => (seconds * 1e6) as Instant;

  /** Two replicas and one asleep at the start, and since when those that came up later had been wanted. */
  function makeSizing() {
    const fixed = (value: number) => ({ dist: "constant", value }) as const;
    const spec = { provision: fixed(0), image: fixed(0), load: fixed(1), init: fixed(1), wake: fixed(1) };
    const coldStart = new ColdStart(spec, openStream("1", "start"));
    const fleet = makeFleetOn([undivided(8)], "least-loaded", [{ coldStart }]);
    const sizing = new Sizing({ fleet, pools: [{ warmPool: 1, displaces: [] }] });
    const since: Instant[] = [];
    sizing.begin(0, 2);
    fleet.watch({ started: (_, wantedAt) => since.push(wantedAt) });
    return { fleet, sizing, since };
  }

  it("since it was to serve, where it had been starting to fall asleep", () => {
    const { fleet, sizing, since } = makeSizing();
    fleet.abandon(2, at(1));
    sizing.supply(at(1));
    sizing.resize(0, 3, at(2));
    for (const now of [3, 4]) fleet.advance(2, at(now));
    expect(since).toEqual([at(2)]);
  });

  it("since it was lost, whether it is repaired or starts again", () => {
    const { fleet, since } = makeSizing();
    for (const slot of [0, 1]) fleet.lose(slot, at(5));
    fleet.repair(0, at(15));
    fleet.restart(1, at(15));
    for (const now of [16, 17]) fleet.advance(1, at(now));
    expect(since).toEqual([at(5), at(5)]);
  });

  it("since it was to serve, where it had been lost while it was asleep", () => {
    const { fleet, sizing, since } = makeSizing();
    fleet.lose(2, at(5));
    sizing.resize(0, 3, at(9));
    fleet.repair(2, at(15));
    expect(since).toEqual([at(9)]);
  });
});

describe("a pool that is displaced", () => {
  /** Two pools of one GPU an instance; the second displaces the first, which is left one at least. */
  function makeSizing(gpus: number, { least = 0, retry = NO_TIME, busy = false, warmPool = 0 } = {}) {
    const one = { gpusPerReplica: 1 };
    const fleet = makeFleetOn([undivided(gpus)], "least-loaded", [one, one]);
    const pools = [
      { warmPool, displaces: [], least },
      { warmPool: 0, displaces: [0] },
    ];
    const sizing = new Sizing({ fleet, pools, retry });
    const due: Instant[] = [];
    sizing.whenDue((at) => due.push(at));
    sizing.begin(0, gpus - warmPool);
    if (busy) for (let request = 0; request < gpus; request++) fleet.pools[0]!.join(request, 0, 0, START);
    const slots = started(fleet, 0);
    const empty = (request: number) => leave(fleet, 0, request, slots[request]!);
    /** What is due now. */
    const supply = () => {
      for (let round = 0; due.splice(0).length > 0; round++) {
        expect(round).toBeLessThan(5);
        sizing.supply(START);
      }
    };
    const look = () => {
      supply();
      const ready = fleet.pools.map(({ ready }) => ready.replicas);
      return { wanted: [0, 1].map((pool) => sizing.wantedOf(pool)), ready };
    };
    return { fleet, sizing, due, look, empty };
  }

  it("gets back what it gave up once there are GPUs, without waiting for them", () => {
    const { fleet, sizing, look } = makeSizing(3);
    sizing.resize(1, 2, START);
    expect(look()).toEqual({ wanted: [1, 2], ready: [1, 2] });
    expect(fleet.instances.times[0]!.count(InstanceState.pending)).toBe(0);
    sizing.resize(1, 1, START);
    expect(look()).toEqual({ wanted: [2, 1], ready: [2, 1] });
    sizing.resize(1, 0, START);
    expect(look()).toEqual({ wanted: [3, 0], ready: [3, 0] });
    sizing.resize(0, 2, START);
    expect(look()).toEqual({ wanted: [2, 0], ready: [2, 0] });
  });

  it("gets back what still drains, if nobody waits for it any more", () => {
    const { sizing, look } = makeSizing(2, { busy: true });
    sizing.resize(1, 2, START);
    expect(look()).toEqual({ wanted: [0, 2], ready: [0, 0] });
    sizing.resize(1, 0, START);
    expect(look()).toEqual({ wanted: [2, 0], ready: [2, 0] });
  });

  it("is told by its own controller how many it wants from then on", () => {
    const { sizing, look } = makeSizing(3);
    sizing.resize(1, 3, START);
    sizing.resize(0, 1, START);
    sizing.resize(1, 0, START);
    expect(look()).toEqual({ wanted: [1, 0], ready: [1, 0] });
  });

  it("gets it back so long after the GPUs as they are asked for again", () => {
    const { fleet, sizing, due } = makeSizing(2, { retry: 60_000_000 as Duration });
    sizing.resize(1, 2, START);
    sizing.supply(START);
    due.length = 0;
    sizing.resize(1, 0, START);
    expect(Math.min(...due)).toBe(60_000_000);
    expect(sizing.supply(60_000_000 as Instant)).toBe(Number.POSITIVE_INFINITY);
    expect(fleet.pools[0]!.ready.replicas).toBe(2);
  });

  it("makes room at once with what is lost, and a later repair of that is none of the slot's next instance", () => {
    const { fleet, sizing, look } = makeSizing(2, { busy: true });
    const [victim] = loseSlots(fleet, [0], START, new Toll());
    sizing.resize(1, 1, START);
    expect(look()).toEqual({ wanted: [1, 1], ready: [1, 1] });
    sizing.resize(1, 0, START);
    expect(look()).toEqual({ wanted: [2, 0], ready: [2, 0] });
    fleet.lose(0, START);
    const toll = new Toll();
    repairSlots(fleet, [victim!], START, toll);
    expect([fleet.instances.stateOf(0), [...toll.pools]]).toEqual([lost, []]);
  });

  it("is not told again what it has got of its own where its controller wants as many as there are", () => {
    const { sizing, look } = makeSizing(3);
    const told: number[] = [];
    sizing.watch({ resized: (_, __, after) => told.push(after) });
    sizing.resize(1, 1, START);
    sizing.resize(0, 2, START);
    expect([look(), told]).toEqual([{ wanted: [2, 1], ready: [2, 1] }, [1, 2]]);
    sizing.resize(1, 0, START);
    expect(look()).toEqual({ wanted: [2, 0], ready: [2, 0] });
  });

  it("gets it back before another pool fills its warm pool, which has what is left", () => {
    const one = { gpusPerReplica: 1 };
    const fleet = makeFleetOn([undivided(5)], "least-loaded", [one, one, one]);
    const pools = [[], [0], []].map((displaces, pool) => ({ warmPool: pool === 2 ? 2 : 0, displaces }));
    const sizing = new Sizing({ fleet, pools, retry: 60_000_000 as Duration });
    const due: Instant[] = [];
    sizing.whenDue((at) => due.push(at));
    sizing.begin(0, 3);
    sizing.resize(1, 2, START);
    sizing.supply(START);
    expect([0, 1].map((pool) => sizing.wantedOf(pool))).toEqual([3, 2]);
    sizing.resize(1, 3, START);
    sizing.supply(START);
    expect([0, 1].map((pool) => sizing.wantedOf(pool))).toEqual([2, 3]);
    sizing.resize(1, 1, START);
    due.length = 0;
    sizing.resize(2, 0, START);
    sizing.launchPool(2, 0, START);
    expect([sizing.standingBy(2), due]).toEqual([[], [60_000_000]]);
    sizing.supply(60_000_000 as Instant);
    expect([sizing.wantedOf(0), sizing.standingBy(2).length]).toEqual([3, 1]);
  });

  it("is left its least", () => {
    const { sizing, look } = makeSizing(3, { least: 2 });
    sizing.resize(1, 3, START);
    expect(look()).toEqual({ wanted: [2, 3], ready: [2, 1] });
  });

  it("gives up no more where what drains is enough for all that wait", () => {
    const { sizing, look, empty } = makeSizing(4, { busy: true });
    for (const wanted of [1, 0, 1, 0, 1]) {
      sizing.resize(1, wanted, START);
      sizing.supply(START);
      expect(sizing.wantedOf(0)).toBe(4 - wanted);
    }
    empty(3);
    expect(look()).toEqual({ wanted: [3, 1], ready: [3, 1] });
  });

  it("gives up another where what was to leave is lost with its node", () => {
    const one = { gpusPerReplica: 1 };
    const fleet = makeFleetOn([{ ...undivided(1), nodes: 3 }], "least-loaded", [one, one]);
    const pools = [[], [0]].map((displaces) => ({ warmPool: 0, displaces }));
    const sizing = new Sizing({ fleet, pools });
    sizing.begin(0, 3);
    for (const request of [0, 1, 2]) fleet.pools[0]!.join(request, 0, 0, START);
    started(fleet, 0);
    sizing.resize(1, 1, START);
    expect(sizing.wantedOf(0)).toBe(2);
    new NodeLife(sizing).lose(2, START);
    sizing.supply(START);
    expect([sizing.wantedOf(0), fleet.drains(1), fleet.drains(0)]).toEqual([1, true, false]);
  });

  it("has nothing asleep until those that displaced it are there, and then again", () => {
    const { fleet, sizing, look } = makeSizing(3, { warmPool: 1 });
    const asleep = () => fleet.instances.times[0]!.count(InstanceState.sleeping);
    expect([look(), asleep()]).toEqual([{ wanted: [2, 0], ready: [2, 0] }, 1]);
    sizing.resize(1, 1, START);
    expect([look(), asleep()]).toEqual([{ wanted: [2, 1], ready: [2, 1] }, 0]);
    sizing.resize(1, 0, START);
    expect([look(), asleep()]).toEqual([{ wanted: [2, 0], ready: [2, 0] }, 1]);
  });
});

describe("a fleet that changes", () => {
  const commands = fc.array(
    fc.record({
      kind: fc.constantFrom(
        "join",
        "join",
        "join",
        "go",
        "resize",
        "lose",
        "repair",
        "hang",
        "hang",
        "go on",
      ),
      pool: fc.nat({ max: 1 }),
      choice: fc.nat({ max: 1000 }),
    }),
    { minLength: 30, maxLength: 120 },
  );
  const SCARCE = 10;

  it.each(PLACEMENTS.map(({ name }) => name))(
    "starts what fits on what is ready, and nothing else: %s",
    (strategy) => {
      const seen = { drainedWithWork: 0, lostWithWork: 0, emptied: 0, short: 0, startedOnHung: 0, stuck: 0 };
      const law = fc.property(commands, (steps) => {
        const fleet = makeFleet(SCARCE, strategy);
        const sizing = new Sizing({ fleet });
        let isDue = false;
        sizing.whenDue(() => {
          isDue = true;
        });
        const { instances, inventory } = fleet;
        const running: { request: number; slot: number; pool: number }[] = [];
        let requests = 0;
        const slotsIn = (pool: number, state: InstanceState) =>
          [...instances.ofPool(pool)].filter((slot) => instances.stateOf(slot) === state);
        /** Those that drain or not, hung or not. */
        const upIn = (pool: number, drains: boolean) => {
          const slots = [...slotsIn(pool, drains ? draining : ready), ...slotsIn(pool, hung)];
          return slots.filter((slot) => fleet.drains(slot) === drains).sort((one, other) => one - other);
        };
        const insideOf = (slot: number) => running.filter((one) => one.slot === slot);
        const actions = {
          join: (pool: number) => fleet.pools[pool]!.join(requests++, 0, 0, START),
          go: (_: number, choice: number) => {
            const [gone] = running.splice(choice % Math.max(1, running.length), 1);
            if (gone !== undefined) leave(fleet, gone.pool, gone.request, gone.slot);
          },
          resize: (pool: number, choice: number) => {
            const replicas = choice % 6;
            sizing.resize(pool, replicas, START);
            const isShort = inventory.taken + GPUS > SCARCE;
            seen.short += isShort ? 1 : 0;
            seen.drainedWithWork += upIn(pool, true).length;
            const isThere = upIn(pool, false).length + slotsIn(pool, lost).length >= replicas;
            never(!isThere && !isShort, "as many are there as are wanted, where there are GPUs");
            never(upIn(pool, false).length > replicas, "no more than are wanted");
          },
          lose: (pool: number, choice: number) => {
            const up = [...upIn(pool, false), ...upIn(pool, true)];
            const slot = up[choice % Math.max(1, up.length)];
            if (slot === undefined) return;
            const inside = insideOf(slot);
            seen.lostWithWork += inside.length > 0 ? 1 : 0;
            const halted = fleet.lose(slot, START).map(({ sequence }) => sequence);
            expect(halted).toEqual(inside.map(({ request }) => request));
            for (const one of inside) running.splice(running.indexOf(one), 1);
          },
          repair: (pool: number, choice: number) => {
            const slots = slotsIn(pool, lost);
            const slot = slots[choice % Math.max(1, slots.length)];
            if (slot !== undefined) fleet.repair(slot, START);
          },
          hang: (pool: number, choice: number) => {
            const up = [...upIn(pool, true), ...upIn(pool, false)];
            const slot = up[choice % Math.max(1, up.length)];
            if (slot !== undefined) fleet.setSpeed(slot, 0, START);
          },
          "go on": (pool: number, choice: number) => {
            const slots = slotsIn(pool, hung);
            const slot = slots[choice % Math.max(1, slots.length)];
            if (slot === undefined) return;
            const drains = fleet.drains(slot);
            fleet.setSpeed(slot, 1, START);
            expect(instances.stateOf(slot)).toBe(drains ? draining : ready);
          },
        };
        for (const { kind, pool, choice } of steps) {
          actions[kind](pool, choice);
          if (isDue) sizing.supply(START);
          isDue = false;
          started(fleet, pool, (request, slot) => {
            never(!upIn(pool, false).includes(slot) || instances.poolOf(slot) !== pool, "starts on its pool");
            seen.startedOnHung += instances.stateOf(slot) === hung ? 1 : 0;
            never(insideOf(slot).length >= SLOTS, "starts on a free slot");
            running.push({ request, slot, pool });
          });
          seen.stuck += slotsIn(pool, hung).filter((slot) => fleet.drains(slot)).length;
          const serving = [...upIn(pool, false), ...upIn(pool, true)];
          const { serving: counted, slotsBusy, queue } = fleet.pools[pool]!;
          seen.emptied += serving.length === 0 && queue.length > 0 ? 1 : 0;
          const holding = [0, 1]
            .flatMap((each) => [...instances.ofPool(each)])
            .filter((slot) => instances.stateOf(slot) !== InstanceState.pending);
          never(counted.slots !== SLOTS * serving.length, "the slots of what serves are counted");
          never(slotsBusy !== running.filter((one) => one.pool === pool).length, "and what runs there");
          never(inventory.taken !== GPUS * holding.length, "the GPUs of what is there are taken");
          never(
            upIn(pool, true).some((slot) => insideOf(slot).length === 0),
            "what drains has work",
          );
          const isFull = upIn(pool, false).every((slot) => insideOf(slot).length === SLOTS);
          never(queue.length > 0 && !isFull, "waits only where all is full");
          never(fleet.pools[pool]!.leavesWorkUndone(facts, START), "leaves no work undone");
        }
      });
      fc.assert(law, { numRuns: gear(60, 300) });
      expect(Object.entries(seen).filter(([, count]) => count < 20)).toEqual([]);
    },
  );
});
