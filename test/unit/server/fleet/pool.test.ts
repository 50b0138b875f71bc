import { beforeEach, describe, expect, it, vi } from "vitest";
import { REASONS } from "../../../../src/core/base/outcome.js";
import { instant, START } from "../../../../src/core/base/units.js";
import { Pool, type WaitingFacts } from "../../../../src/core/server/fleet/pool.js";
import { FixedLimit } from "../../../../src/core/server/gateway/concurrency/fixed.js";
import type { ConcurrencyLimit } from "../../../../src/core/server/gateway/concurrency/limit.js";
import type { AdmissionPolicy, Occupancy } from "../../../../src/core/server/gateway/policies/policy.js";
import { TailDrop } from "../../../../src/core/server/gateway/policies/tail-drop.js";
import { TrunkReservation } from "../../../../src/core/server/gateway/policies/trunk-reservation.js";
import { NO_REQUEST } from "../../../../src/core/server/gateway/queue/queue.js";
import type { RequestFacts } from "../../../../src/core/server/gateway/request-facts.js";
import { aloneWork } from "../../../conformance/replica-run.js";
import { placementOf, signalsOf } from "../../../support/dated.js";
import { admissionOf, dispatching, type RuleName, waitingView } from "../../../support/gateway-views.js";
import { type Contents, ReplicaOfCounts } from "./replicas.js";

const queue = { maxQueue: 100, queueTimeout: undefined, displaceLower: true };
const everyone = new TailDrop(queue);

interface Setup {
  readonly replicas?: readonly Contents[];
  readonly policy?: AdmissionPolicy;
  readonly ranks?: readonly number[];
  readonly rule?: RuleName;
  readonly limit?: ConcurrencyLimit;
  readonly signals?: Parameters<typeof signalsOf>[0];
}

// Request r waits on path r % 10, which is its lane, and has a prompt of the KV tokens of this table.
const kvNeeds = new Map<number, number>();
const facts = {
  ...waitingView(),
  pathOf: (request: number) => request % 10,
  inputTokensOf: (request: number) => 1000 + request,
  promptOf: (request: number) => aloneWork({ inputTokens: kvNeeds.get(request) ?? 1, outputTokens: 1 }),
} satisfies WaitingFacts;

const ofLowest: RequestFacts = {
  account: 0,
  path: 1,
  model: 0,
  pool: 0,
  rank: 1,
  inputTokens: 1,
  cachedTokens: 0,
  maxTokens: 1,
};

function makePool({
  replicas = [{ slots: 2 }],
  policy = everyone,
  ranks = [0, 1],
  rule = "priority",
  limit,
  signals,
}: Setup = {}) {
  const options = { name: "shared", kvMost: 1000, admission: admissionOf({ policy, ranks, rule, limit }) };
  const pool = new Pool({ ...options, placement: placementOf(), signals: signalsOf(signals) });
  for (const [slot, each] of replicas.entries()) pool.add(slot, new ReplicaOfCounts(each), START);
  return pool;
}

const replicaOf = (pool: Pool, index = 0) => pool.replicas[index] as ReplicaOfCounts;

/** Which requests start where, in order. */
function started(pool: Pool, now = 0): [request: number, replica: number][] {
  const log: [number, number][] = [];
  pool.dispatch(
    instant(now),
    dispatching(facts, (request, replica) => {
      replicaOf(pool, replica).admit(request, facts.promptOf(request));
      log.push([request, replica]);
    }),
  );
  return log;
}

const whoStarts = (pool: Pool) => started(pool).map(([request]) => request);

const join = (pool: Pool, ...requests: number[]) => {
  for (const request of requests) pool.join(request, request % 10, 0, START);
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
    expect([pool.serving.slots, pool.serving.kvTokens, pool.slotsBusy, pool.kvUsed(START)]).toEqual([
      5, 170, 0, 0,
    ]);
  });

  it("has a longest context by what it is, not by what is up", () => {
    expect([
      makePool({ replicas: [{ slots: 2, kvTokens: 70 }] }).kvMost,
      makePool({ replicas: [] }).kvMost,
    ]).toEqual([1000, 1000]);
  });

  describe("without replicas", () => {
    it("lets requests wait and leave, and starts none", () => {
      const pool = makePool({ replicas: [] });
      join(pool, 10, 11, 20);
      expect([started(pool), pool.queue.length, pool.leavesWorkUndone(facts, START)]).toEqual([[], 3, false]);
      pool.leave(10, START);
      expect([started(pool), pool.queue.headOf(0), pool.slotsBusy]).toEqual([[], 20, 0]);
    });

    it("shows policies no room: they let wait what may wait, and shed the rest", () => {
      const pool = makePool({ replicas: [] });
      const policies: readonly AdmissionPolicy[] = [
        new TailDrop({ ...queue, maxQueue: 1 }),
        new TrunkReservation({ ...queue, maxQueue: 1, reserve: [0, 0.5], signal: "slots" }),
        new TrunkReservation({ ...queue, maxQueue: 1, reserve: [0, 0.5], signal: "kv" }),
      ];
      const decisions = () =>
        policies.map((policy) => policy.decide(ofLowest, pool.signalsAt(START), START).kind);
      expect(decisions()).toEqual(["wait", "wait", "wait"]);
      join(pool, 11);
      expect(decisions()).toEqual(["reject", "reject", "reject"]);
      expect(pool.signalsAt(START)).toMatchObject({
        slots: 0,
        slotsBusy: 0,
        openings: 0,
        kvTokens: 0,
        queued: 1,
      });
    });
  });

  it("looks into its replicas for memory in use only where the policy watches that", () => {
    const looks = [everyone, new TrunkReservation({ ...queue, reserve: [0, 0.5], signal: "kv" })].map(
      (policy) => {
        const pool = makePool({ policy, replicas: [{ slots: 2 }, { slots: 2 }], signals: { period: 10 } });
        const spies = pool.replicas.map((replica) => vi.spyOn(replica, "kvUsed"));
        join(pool, 10, 11);
        started(pool, 25);
        pool.signalsAt(instant(40));
        return spies.reduce((sum, { mock }) => sum + mock.calls.length, 0);
      },
    );
    expect([looks[0], looks[1]! > 0]).toEqual([0, true]);
  });

  it("renews what placement sees as of when it fell due, before anything changes", () => {
    const pool = new Pool({
      name: "shared",
      kvMost: 1000,
      admission: admissionOf({ policy: everyone, ranks: [0, 1], rule: "priority" }),
      placement: placementOf({ strategy: "kv-headroom", signals: { period: "10us" } }),
      signals: signalsOf(),
    });
    for (const slot of [0, 1]) pool.add(slot, new ReplicaOfCounts({ slots: 9 }), START);
    const joinAt = (request: number, now: number) => pool.join(request, 0, 0, instant(now));
    const spy = vi.spyOn(replicaOf(pool), "kvUsed");
    joinAt(10, 1);
    replicaOf(pool).grow(500);
    expect(started(pool, 9)).toEqual([[10, 0]]);
    joinAt(20, 27);
    replicaOf(pool, 1).grow(900);
    expect(started(pool, 29)).toEqual([[20, 1]]);
    expect([...new Set(spy.mock.calls.flat())]).toEqual([0, 20]);
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

  it("keeps requests that find no opening, though slots are free, and may be overtaken there", () => {
    const pool = makePool({ replicas: [{ slots: 8, openings: 2 }] });
    join(pool, 11, 21, 31);
    expect(whoStarts(pool)).toEqual([11, 21]);
    join(pool, 10);
    replicaOf(pool).open(2);
    pool.changed(0);
    expect(whoStarts(pool)).toEqual([10, 31]);
  });

  it("takes back what a request leaves, once", () => {
    const pool = makePool();
    kvNeeds.set(10, 7);
    join(pool, 10);
    started(pool);
    expect([pool.slotsBusy, pool.kvUsed(START)]).toEqual([1, 7]);
    replicaOf(pool).cancel(10);
    pool.left(10);
    expect([pool.slotsBusy, pool.kvUsed(START)]).toEqual([0, 0]);
    expect(() => pool.left(10)).toThrow("LAW-10");
  });

  it("lets go of a waiting request that gives up", () => {
    const pool = makePool();
    join(pool, 10, 20);
    pool.leave(10, START);
    expect([pool.queue.length, whoStarts(pool)]).toEqual([1, [20]]);
  });

  it("says whether it leaves work undone, without doing it", () => {
    const pool = makePool({ replicas: [{ slots: 1 }] });
    expect(pool.leavesWorkUndone(facts, START)).toBe(false);
    join(pool, 10, 20);
    expect(pool.leavesWorkUndone(facts, START)).toBe(true);
    started(pool);
    expect([pool.leavesWorkUndone(facts, START), pool.queue.length]).toEqual([false, 1]);
  });
});

describe("the order of starts", () => {
  it("with priority is rank by rank, and first come first served within a rank", () => {
    const pool = makePool({ replicas: [{ slots: 3 }] });
    join(pool, 11, 21, 20, 30);
    expect(whoStarts(pool)).toEqual([20, 30, 11]);
    expect([pool.queue.length, pool.slotsBusy, pool.kvUsed(START)]).toEqual([1, 3, 3]);
  });

  it("with fifo is the order of arrival", () => {
    const pool = makePool({ replicas: [{ slots: 3 }], rule: "fifo" });
    join(pool, 11, 20, 21, 30);
    expect(whoStarts(pool)).toEqual([11, 20, 21]);
  });

  it("is first come first served over all paths of one rank", () => {
    const pool = makePool({ replicas: [{ slots: 4 }], ranks: [1, 0, 1] });
    join(pool, 12, 20, 22, 31, 30);
    expect(whoStarts(pool)).toEqual([31, 12, 20, 22]);
  });

  it.each(["priority", "fifo"] as const)("lets no request overtake a head that does not fit (%s)", (rule) => {
    const pool = makePool({ replicas: [{ slots: 4, kvTokens: 100, kvUsed: 95 }], rule });
    kvNeeds.set(10, 50);
    join(pool, 10, 20, 21);
    expect(whoStarts(pool)).toEqual([]);
    pool.leave(10, START);
    expect(whoStarts(pool)).toEqual([20, 21]);
  });

  it.each(["priority", "fifo"] as const)(
    "holds one path back by its reserve and not the other (%s)",
    (rule) => {
      const policy = new TrunkReservation({ ...queue, reserve: [0, 0.5], signal: "slots" });
      const pool = makePool({ replicas: [{ slots: 4 }], policy, rule });
      join(pool, 11, 21, 31, 10, 20);
      expect(whoStarts(pool)).toEqual(rule === "priority" ? [10, 20] : [11, 21, 10, 20]);
      expect(pool.queue.headOf(1)).toBe(rule === "priority" ? 11 : 31);
    },
  );

  it("is not held up by a path of equal rank whose reserve is larger", () => {
    const policy = new TrunkReservation({ ...queue, reserve: [0.75, 0], signal: "slots" });
    const pool = makePool({ replicas: [{ slots: 4 }], ranks: [0, 0], policy });
    join(pool, 10, 20, 11, 21, 31);
    expect(whoStarts(pool)).toEqual([10, 11, 21, 31]);
    expect(pool.queue.headOf(0)).toBe(20);
  });

  it("asks the policy with what is really inside, and shows it no more than that", () => {
    const asked: [path: number, inputTokens: number, seen: Occupancy][] = [];
    class Asking extends TailDrop {
      override readonly startsByKv = true;

      override mayStart(path: number, inputTokens: number, seen: Occupancy): boolean {
        asked.push([path, inputTokens, { ...seen }]);
        return true;
      }
    }
    const pool = makePool({ policy: new Asking(queue), signals: { period: 1e6 } });
    kvNeeds.set(10, 70).set(21, 5);
    join(pool, 10, 21);
    started(pool);
    const capacity = { slots: 2, kvTokens: 1000 };
    expect(asked).toEqual([
      [0, 1010, { slotsBusy: 0, kvUsed: 0, ...capacity }],
      [1, 1021, { slotsBusy: 0, kvUsed: 0, ...capacity }],
      [1, 1021, { slotsBusy: 1, kvUsed: 70, ...capacity }],
    ]);
  });
});

describe("signals of a pool", () => {
  it("are as of now where they are live", () => {
    class Watching extends TailDrop {
      override readonly watchesKv = true;
    }
    const pool = makePool({
      policy: new Watching(queue),
      replicas: [
        { slots: 2, kvUsed: 30 },
        { slots: 3, openings: 1 },
      ],
    });
    join(pool, 10, 11, 21, 31);
    const signals = pool.signalsAt(instant(5));
    const capacity = { slots: 5, kvTokens: 2000 };
    expect(signals).toMatchObject({
      asOf: 5,
      replicas: 2,
      ...capacity,
      slotsBusy: 0,
      openings: 3,
      kvUsed: 30,
      queued: 4,
    });
    expect([...signals.queuedByRank]).toEqual([1, 3]);
    started(pool);
    expect(pool.signalsAt(instant(6))).toMatchObject({ asOf: 6, slotsBusy: 3, openings: 0, queued: 1 });
  });

  it("count the waiting by rank, whatever lanes they have", () => {
    const pool = makePool({ ranks: [2, 0, 2, 1] });
    join(pool, 10, 12, 22, 13);
    expect([...pool.signalsAt(START).queuedByRank]).toEqual([0, 1, 3]);
  });

  it("stay as they were at the last multiple of their period", () => {
    const pool = makePool({ signals: { period: 10 } });
    pool.join(10, 0, 0, instant(3));
    expect(pool.signalsAt(instant(9))).toMatchObject({ asOf: 0, queued: 0 });
    expect(pool.signalsAt(instant(10))).toMatchObject({ asOf: 10, queued: 1, slotsBusy: 0 });
    started(pool, 14);
    expect(pool.signalsAt(instant(19))).toMatchObject({ asOf: 10, queued: 1, slotsBusy: 0 });
    expect(pool.signalsAt(instant(47))).toMatchObject({ asOf: 40, queued: 0, slotsBusy: 1 });
    expect(pool.signalsAt(instant(49)).asOf).toBe(40);
  });

  it.each<[what: string, change: (pool: Pool) => void]>([
    ["joins", (pool) => pool.join(20, 0, 0, instant(25))],
    ["leaves", (pool) => pool.leave(10, instant(25))],
    ["starts", (pool) => started(pool, 25)],
  ])("show what was there before a request %s at or after that instant", (_, change) => {
    const pool = makePool({ replicas: [{ slots: 1 }], signals: { period: 10 } });
    join(pool, 10);
    change(pool);
    expect(pool.signalsAt(instant(26))).toMatchObject({ asOf: 20, queued: 1, slotsBusy: 0, openings: 1 });
  });

  it("show what was there before a replica changes, where they are renewed in time", () => {
    const pool = makePool({ replicas: [{ slots: 1 }], signals: { period: 10 } });
    join(pool, 10);
    started(pool);
    pool.renewCopy(instant(12));
    replicaOf(pool).cancel(10);
    pool.left(10);
    expect(pool.signalsAt(instant(13))).toMatchObject({ asOf: 10, slotsBusy: 1 });
    expect(pool.signalsAt(instant(20))).toMatchObject({ asOf: 20, slotsBusy: 0 });
  });

  it("leave no slot idle while they are stale: who starts is decided by what is there", () => {
    const pool = makePool({ replicas: [{ slots: 1 }], signals: { period: 1e6 } });
    join(pool, 10);
    started(pool);
    expect(pool.signalsAt(instant(1e6))).toMatchObject({ slotsBusy: 1, openings: 0 });
    replicaOf(pool).cancel(10);
    replicaOf(pool).open(1);
    pool.left(10);
    pool.changed(0);
    pool.join(20, 0, 0, instant(1e6 + 1));
    expect(pool.queue.headOf(0)).toBe(20);
    expect(started(pool, 1e6 + 2)).toEqual([[20, 0]]);
    expect([pool.queue.headOf(0), pool.signalsAt(instant(1e6 + 3)).openings]).toEqual([NO_REQUEST, 0]);
  });
});

describe("a pool with a concurrency limit", () => {
  it("starts as many as the limit lets inside, whatever room there is, and more when one has left", () => {
    const pool = makePool({ replicas: [{ slots: 4 }], limit: new FixedLimit(2) });
    join(pool, 10, 20, 30);
    expect([whoStarts(pool), pool.leavesWorkUndone(facts, START)]).toEqual([[10, 20], false]);
    replicaOf(pool).cancel(10);
    pool.left(10);
    pool.changed(0);
    expect([pool.leavesWorkUndone(facts, START), whoStarts(pool)]).toEqual([true, [30]]);
  });

  it("looks as full as it is by the limit", () => {
    const pool = makePool({ replicas: [{ slots: 4 }], limit: new FixedLimit(2) });
    expect(pool.signalsAt(START)).toMatchObject({ slots: 2, openings: 2, slotsBusy: 0 });
    join(pool, 10, 20, 30);
    started(pool);
    expect(pool.signalsAt(START)).toMatchObject({ slots: 2, openings: 0, slotsBusy: 2, queued: 1 });
  });

  it("keeps shares of what the limit lets in", () => {
    const policy = new TrunkReservation({ ...queue, reserve: [0, 0.5], signal: "slots" });
    const pool = makePool({ replicas: [{ slots: 8 }], policy, limit: new FixedLimit(2) });
    join(pool, 11, 21, 10);
    expect(whoStarts(pool)).toEqual([10]);
  });
});

describe("what is shed at the head of a pool", () => {
  it("leaves the queue in the place of what could start, and the next is asked about", () => {
    const shedding = Object.assign(new TailDrop(queue), {
      dropsAtHead: true,
      dropsHead: (path: number, _: number, __: number, others: number) => path === 0 && others > 1,
    });
    const pool = makePool({ policy: shedding, replicas: [{ slots: 2 }] });
    for (const request of [0, 10, 1, 11]) pool.join(request, request % 10, 0, START);
    const log: string[] = [];
    pool.dispatch(START, {
      ...dispatching(facts, (request, replica) => {
        replicaOf(pool, replica).admit(request, facts.promptOf(request));
        log.push(`start ${request}`);
      }),
      drop: (request, reason) => {
        pool.leave(request, START);
        log.push(`shed ${request} for ${REASONS[reason]!.name}`);
      },
    });
    // Standard goes before Priority, the last first, until Priority is all that waits beside one other.
    expect(log).toEqual([
      "shed 11 for overloaded_delay",
      "shed 1 for overloaded_delay",
      "start 0",
      "start 10",
    ]);
  });
});
