import { beforeEach, describe, expect, it } from "vitest";
import { instant, START } from "../../../src/core/base/units.js";
import { type Discipline, Pool, type WaitingFacts } from "../../../src/core/fleet/pool.js";
import { TailDrop } from "../../../src/core/gateway/policies/tail-drop.js";
import { TrunkReservation } from "../../../src/core/gateway/policies/trunk-reservation.js";
import type { AdmissionPolicy } from "../../../src/core/gateway/policy.js";
import { type Occupancy, ReplicaOfCounts } from "./replicas.js";

const queue = { maxQueue: 100, queueTimeout: undefined, displaceLower: true };
const open = new TailDrop(queue);

interface Setup {
  readonly replicas?: readonly Occupancy[];
  readonly policy?: AdmissionPolicy;
  readonly discipline?: Discipline;
  readonly stale?: boolean;
}

// Request r waits on path r % 10 and needs the KV tokens of this table.
const kvNeeds = new Map<number, number>();
const facts: WaitingFacts = {
  pathOf: (request) => request % 10,
  kvNeededBy: (request) => kvNeeds.get(request) ?? 1,
};

function makePool({
  replicas = [{ slots: 2 }],
  policy = open,
  discipline = "priority",
  stale = false,
}: Setup = {}) {
  const inside = replicas.map((each) => new ReplicaOfCounts(each));
  return new Pool({ name: "shared", replicas: inside, policy, ranks: 2, discipline, stale });
}

/** Who starts where, in order. The path of a request is its rank here. */
function started(pool: Pool): [request: number, replica: number][] {
  const log: [number, number][] = [];
  pool.dispatch(START, facts, (request, replica) => {
    (pool.replicas[replica] as ReplicaOfCounts).admit();
    log.push([request, replica]);
  });
  return log;
}

const join = (pool: Pool, ...requests: number[]) => {
  for (const request of requests) pool.line.join(request, request % 10);
};

beforeEach(() => kvNeeds.clear());

describe("pool", () => {
  it("sums what its replicas have", () => {
    const pool = makePool({
      replicas: [
        { slots: 2, kvTokens: 100 },
        { slots: 3, kvTokens: 70 },
      ],
    });
    expect([pool.slots, pool.kvTokens, pool.kvMost, pool.slotsBusy, pool.kvUsed]).toEqual([
      5, 170, 100, 0, 0,
    ]);
  });

  it("refuses to be without replicas", () => {
    expect(() => makePool({ replicas: [] })).toThrow("has replicas");
  });

  it("starts rank by rank, and first come first served within a rank", () => {
    const pool = makePool({ replicas: [{ slots: 3 }] });
    join(pool, 11, 21, 20, 30);
    expect(started(pool).map(([request]) => request)).toEqual([20, 30, 11]);
    expect([pool.line.length, pool.slotsBusy, pool.kvUsed]).toEqual([1, 3, 3]);
  });

  it("starts in the order of arrival with fifo", () => {
    const pool = makePool({ replicas: [{ slots: 3 }], discipline: "fifo" });
    join(pool, 11, 20, 21, 30);
    expect(started(pool).map(([request]) => request)).toEqual([11, 20, 21]);
  });

  it("spreads over replicas by load", () => {
    const pool = makePool({ replicas: [{ slots: 2 }, { slots: 4 }] });
    join(pool, 10, 20, 30, 40);
    expect(started(pool)).toEqual([
      [10, 0],
      [20, 1],
      [30, 1],
      [40, 0],
    ]);
  });

  it.each(["priority", "fifo"] as const)(
    "lets nobody overtake a head that does not fit (%s)",
    (discipline) => {
      const pool = makePool({ replicas: [{ slots: 4, kvTokens: 100, kvUsed: 95 }], discipline });
      kvNeeds.set(10, 50);
      join(pool, 10, 20, 21);
      expect(started(pool)).toEqual([]);
      pool.line.leave(10);
      expect(started(pool).map(([request]) => request)).toEqual([20, 21]);
    },
  );

  it.each(["priority", "fifo"] as const)(
    "a reserve holds one path back and not the other (%s)",
    (discipline) => {
      const policy = new TrunkReservation({ ...queue, reserve: [0, 0.5], signal: "slots" });
      const pool = makePool({ replicas: [{ slots: 4 }], policy, discipline });
      join(pool, 11, 21, 31, 10, 20);
      const order = discipline === "priority" ? [10, 20] : [11, 21, 10, 20];
      expect(started(pool).map(([request]) => request)).toEqual(order);
      expect(pool.line.headOf(1)).toBe(discipline === "priority" ? 11 : 31);
    },
  );

  it("takes back what a request leaves, once", () => {
    const pool = makePool();
    kvNeeds.set(10, 7);
    join(pool, 10);
    started(pool);
    pool.left(7);
    expect([pool.slotsBusy, pool.kvUsed]).toEqual([0, 0]);
    expect(() => pool.left(7)).toThrow("LAW-10");
  });

  it("says whether it leaves work undone, without doing it", () => {
    const pool = makePool({ replicas: [{ slots: 1 }] });
    expect(pool.leavesWorkUndone(START, facts)).toBe(false);
    join(pool, 10, 20);
    expect(pool.leavesWorkUndone(START, facts)).toBe(true);
    started(pool);
    expect([pool.leavesWorkUndone(START, facts), pool.line.length]).toEqual([false, 1]);
  });
});

describe("signals of a pool", () => {
  it("are as of now where they are live", () => {
    const pool = makePool();
    join(pool, 10, 11, 21);
    const signals = pool.signalsAt(instant(5));
    expect(signals).toMatchObject({ asOf: 5, slots: 2, slotsBusy: 0, kvTokens: 1000, kvUsed: 0, queued: 3 });
    expect([...signals.queuedByRank]).toEqual([1, 2]);
    started(pool);
    expect(pool.signalsAt(instant(6))).toMatchObject({ asOf: 6, slotsBusy: 2, kvUsed: 2, queued: 1 });
  });

  it("stay as they were published where they are stale", () => {
    const pool = makePool({ stale: true });
    join(pool, 10);
    expect(pool.signalsAt(instant(5))).toMatchObject({ asOf: 0, queued: 0 });
    pool.publish(instant(6));
    started(pool);
    expect(pool.signalsAt(instant(7))).toMatchObject({ asOf: 6, queued: 1, slotsBusy: 0 });
  });

  it("hold the line back while a stale copy says that all is full, and room is real", () => {
    const pool = makePool({ replicas: [{ slots: 1 }], stale: true });
    join(pool, 10);
    started(pool);
    pool.publish(instant(1));
    pool.left(1);
    (pool.replicas[0] as ReplicaOfCounts).cancel();
    join(pool, 20);
    expect(started(pool)).toEqual([]);
    pool.publish(instant(2));
    expect(started(pool)).toEqual([[20, 0]]);
  });
});
