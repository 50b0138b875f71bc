import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InstanceState } from "../../../../src/core/base/instance-state.js";
import { type Instant, NO_TIME, START } from "../../../../src/core/base/units.js";
import { EventQueue } from "../../../../src/core/kernel/event-queue.js";
import { openStream } from "../../../../src/core/random/stream.js";
import { Fleet, type FleetPool } from "../../../../src/core/server/fleet/fleet.js";
import { NOWHERE } from "../../../../src/core/server/fleet/load-index.js";
import {
  PLACEMENTS,
  type PlacementSpec,
  placement as placementSchema,
} from "../../../../src/core/server/fleet/placement/registry.js";
import { Pool, type WaitingFacts } from "../../../../src/core/server/fleet/pool.js";
import { none } from "../../../../src/core/server/gateway/policies/none.js";
import { aloneWork } from "../../../conformance/replica-run.js";
import { admissionOf } from "../../../support/gateway-views.js";
import { gear } from "../../../support/mode.js";
import { makerOf, ReplicaOfCounts } from "./replicas.js";

const { free, ready, draining, lost } = InstanceState;
const SLOTS = 3;
const GPUS = 2;

/** Request r belongs to session r % 7. */
const facts: WaitingFacts = {
  pathOf: () => 0,
  inputTokensOf: () => 1,
  workOf: (request) => aloneWork({ inputTokens: 1, outputTokens: 1, session: request % 7 }),
};

function makePool(name: string, strategy: PlacementSpec["strategy"]): FleetPool {
  const pool = new Pool({
    name,
    kvMost: 1000,
    admission: admissionOf({ policy: none.create({ maxQueue: 1000 }, []), ranks: [0], rule: "fifo" }),
    placement: { ...placementSchema.parse(strategy), chance: openStream("1", "placement") },
    staleness: NO_TIME,
  });
  const maker = makerOf(() => new ReplicaOfCounts({ slots: SLOTS }));
  return { pool, maker, gpusPerReplica: GPUS };
}

function makeFleet(gpus = 20, strategy: PlacementSpec["strategy"] = "least-loaded"): Fleet {
  const listener = { firstToken() {}, completed() {}, preempted() {} };
  const pools = [makePool("one", strategy), makePool("other", strategy)];
  return new Fleet({ pools, gpus, events: new EventQueue(), kind: 0, listener });
}

/** Starts what waits in a pool: the slots of those that started, in order. */
function started(
  fleet: Fleet,
  pool: number,
  onStart: (request: number, slot: number) => void = () => {},
): number[] {
  const slots: number[] = [];
  fleet.pools[pool]!.dispatch(START, facts, (request, slot) => {
    fleet.instances.replicaOf(slot).admit(request, facts.workOf(request), START);
    slots.push(slot);
    onStart(request, slot);
  });
  return slots;
}

function leave(fleet: Fleet, pool: number, request: number, slot: number, now = START): void {
  const replica = fleet.instances.replicaOf(slot) as ReplicaOfCounts;
  replica.cancel(request);
  replica.open(1);
  fleet.pools[pool]!.left();
  fleet.changed(slot, now);
}

describe("a fleet", () => {
  it("launches as long as there are GPUs, each instance in its pool", () => {
    const fleet = makeFleet(6);
    expect([0, 1, 0, 0].map((pool) => fleet.launch(pool, START))).toEqual([0, 1, 2, NOWHERE]);
    expect([fleet.pools.map(({ slots }) => slots), fleet.inventory.taken]).toEqual([[6, 3], 6]);
  });

  it("tells when the capacity of a pool has changed, and not when one only stops taking more", () => {
    const fleet = makeFleet();
    const told: (readonly [number, Instant, number])[] = [];
    fleet.watch((pool, now) => told.push([pool, now, fleet.pools[pool]!.replicaCount]));
    const slot = fleet.launch(0, 1 as Instant);
    fleet.pools[0]!.join(7, 0, 0, START);
    started(fleet, 0);
    fleet.drain(slot, 2 as Instant);
    expect(told).toEqual([[0, 1, 1]]);
    leave(fleet, 0, 7, slot, 3 as Instant);
    fleet.lose(fleet.launch(1, 4 as Instant), 5 as Instant);
    fleet.restore(slot, 6 as Instant);
    expect(told.slice(1)).toEqual([
      [0, 3, 0],
      [1, 4, 1],
      [1, 5, 0],
      [1, 6, 1],
    ]);
  });

  it("drains an instance: it takes nothing new, is taken back, and leaves when it is empty", () => {
    const fleet = makeFleet();
    const pool = fleet.pools[0]!;
    const slots = [fleet.launch(0, START), fleet.launch(0, START)];
    for (const request of [1, 2]) pool.join(request, 0, 0, START);
    expect(started(fleet, 0)).toEqual(slots);
    fleet.drain(0, START);
    for (const request of [3, 4, 5]) pool.join(request, 0, 0, START);
    // The other one has two places left.
    expect([started(fleet, 0), pool.queue.length]).toEqual([[1, 1], 1]);
    fleet.recall(0, START);
    expect(started(fleet, 0)).toEqual([0]);
    fleet.drain(0, START);
    leave(fleet, 0, 1, 0);
    expect([fleet.instances.stateOf(0), pool.replicaCount, fleet.inventory.taken]).toEqual([draining, 2, 4]);
    leave(fleet, 0, 5, 0);
    expect([fleet.instances.stateOf(0), pool.replicaCount, fleet.inventory.taken]).toEqual([free, 1, 2]);
  });

  it("shows policies of an instance that drains neither its room nor what is in it", () => {
    const fleet = makeFleet();
    const pool = fleet.pools[0]!;
    for (let count = 0; count < 2; count++) fleet.launch(0, START);
    for (const request of [1, 2, 3]) pool.join(request, 0, 0, START);
    started(fleet, 0);
    expect(pool.signalsAt(START)).toMatchObject({ slots: 6, slotsBusy: 3, openings: 3, kvTokens: 2000 });
    fleet.drain(0, START);
    expect(pool.signalsAt(START)).toMatchObject({ slots: 3, slotsBusy: 1, openings: 2, kvTokens: 1000 });
    expect([pool.slots, pool.kvTokens, pool.slotsBusy, pool.kvUsed(START)]).toEqual([6, 2000, 3, 3]);
  });

  it("loses an instance with what is inside, keeps its GPUs, and has a fresh one once it is repaired", () => {
    const fleet = makeFleet();
    const pool = fleet.pools[0]!;
    const slot = fleet.launch(0, START);
    const before = fleet.instances.replicaOf(slot);
    for (const request of [4, 6]) pool.join(request, 0, 0, START);
    started(fleet, 0);
    expect(fleet.lose(slot, START).map(({ sequence }) => sequence)).toEqual([4, 6]);
    expect([pool.slotsBusy, pool.slots, fleet.inventory.taken, fleet.instances.stateOf(slot)]).toEqual([
      0,
      0,
      2,
      lost,
    ]);
    pool.join(8, 0, 0, START);
    expect(started(fleet, 0)).toEqual([]);
    fleet.restore(slot, START);
    expect([started(fleet, 0), fleet.inventory.taken]).toEqual([[slot], 2]);
    expect(fleet.instances.replicaOf(slot)).not.toBe(before);
    fleet.lose(slot, START);
    fleet.dismiss(slot, START);
    expect([fleet.inventory.taken, fleet.instances.stateOf(slot)]).toEqual([0, free]);
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
        "launch",
        "drain",
        "recall",
        "lose",
        "restore",
        "dismiss",
      ),
      pool: fc.nat({ max: 1 }),
      choice: fc.nat({ max: 1000 }),
    }),
    { minLength: 30, maxLength: 120 },
  );

  it.each(PLACEMENTS.map(({ name }) => name))(
    "starts what fits on what is ready, and nothing else: %s",
    (strategy) => {
      const seen = { drainedWithWork: 0, lostWithWork: 0, emptied: 0, short: 0 };
      const law = fc.property(commands, (steps) => {
        const fleet = makeFleet(10, strategy);
        const { instances } = fleet;
        const running: { request: number; slot: number; pool: number }[] = [];
        let requests = 0;
        const slotsIn = (pool: number, state: InstanceState) =>
          [...instances.ofPool(pool)].filter((slot) => instances.stateOf(slot) === state);
        const insideOf = (slot: number) => running.filter((one) => one.slot === slot);
        return steps.every(({ kind, pool, choice }) => {
          const pick = (state: InstanceState) => {
            const slots = slotsIn(pool, state);
            return slots[choice % Math.max(1, slots.length)];
          };
          if (kind === "join") fleet.pools[pool]!.join(requests++, 0, 0, START);
          else if (kind === "go" && running.length > 0) {
            const [gone] = running.splice(choice % running.length, 1);
            leave(fleet, gone!.pool, gone!.request, gone!.slot);
          } else if (kind === "launch") seen.short += fleet.launch(pool, START) === NOWHERE ? 1 : 0;
          else if (kind === "drain") {
            const slot = pick(ready);
            if (slot !== undefined) {
              seen.drainedWithWork += insideOf(slot).length > 0 ? 1 : 0;
              fleet.drain(slot, START);
            }
          } else if (kind === "recall") {
            const slot = pick(draining);
            if (slot !== undefined) fleet.recall(slot, START);
          } else if (kind === "lose") {
            const slot = pick(ready) ?? pick(draining);
            if (slot !== undefined) {
              const inside = insideOf(slot);
              seen.lostWithWork += inside.length > 0 ? 1 : 0;
              const halted = fleet.lose(slot, START).map(({ sequence }) => sequence);
              if (halted.join() !== inside.map(({ request }) => request).join()) return false;
              for (const one of inside) running.splice(running.indexOf(one), 1);
            }
          } else {
            const slot = pick(lost);
            if (slot !== undefined) {
              if (kind === "restore") fleet.restore(slot, START);
              if (kind === "dismiss") fleet.dismiss(slot, START);
            }
          }
          let isRight = true;
          started(fleet, pool, (request, slot) => {
            isRight &&= instances.stateOf(slot) === ready && instances.poolOf(slot) === pool;
            isRight &&= insideOf(slot).length < SLOTS;
            running.push({ request, slot, pool });
          });
          const serving = [...slotsIn(pool, ready), ...slotsIn(pool, draining)];
          seen.emptied += serving.length === 0 && fleet.pools[pool]!.queue.length > 0 ? 1 : 0;
          const { slots, slotsBusy, queue } = fleet.pools[pool]!;
          const holding = [0, 1].flatMap((each) => [...instances.ofPool(each)]);
          return (
            isRight &&
            slots === SLOTS * serving.length &&
            slotsBusy === running.filter((one) => one.pool === pool).length &&
            fleet.inventory.taken === GPUS * holding.length &&
            slotsIn(pool, draining).every((slot) => insideOf(slot).length > 0) &&
            (queue.length === 0 || slotsIn(pool, ready).every((slot) => insideOf(slot).length === SLOTS)) &&
            !fleet.pools[pool]!.leavesWorkUndone(facts, START)
          );
        });
      });
      fc.assert(law, { numRuns: gear(100, 300) });
      expect(Object.entries(seen).filter(([, count]) => count < 20)).toEqual([]);
    },
  );
});
