import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FlowOrder } from "../../../../../src/core/server/gateway/queue/flow-order.js";
import { NO_REQUEST } from "../../../../../src/core/server/gateway/queue/queue.js";
import { ranksOfLanes } from "../../../../../src/core/server/gateway/queue/rule.js";
import type { QueuedRequest } from "../../../../../src/core/tools/contracts/queue-in-use.js";
import { startsAll } from "../../../../support/gateway-views.js";
import { QueueInUse } from "../../../../support/queue-in-use.js";

/** Each account is a flow, and each start counts one. */
class Counted extends FlowOrder {
  override join(request: number, path: number, account: number): void {
    const lane = account * this.queue.ranks.length + path;
    const flow = this.flowOf(lane);
    this.makeRoom(flow);
    this.enter(request, lane, flow);
  }

  override passed(): void {
    throw new Error("no request passes here");
  }

  override started(request: number): void {
    const flow = this.flowOf(this.queue.laneOf(request));
    this.setNumber(flow, this.numbers[flow]! + 1);
  }

  override settled(): void {
    // Counts starts alone.
  }

  protected override lastNumberOf(flow: number): number {
    return this.numbers[flow]! + this.waiting[flow]!;
  }

  numberOf(request: number): number {
    return this.numbers[this.flowOf(this.queue.laneOf(request))]!;
  }

  renumber(request: number, number: number): void {
    this.setNumber(this.flowOf(this.queue.laneOf(request)), number);
  }

  least(rank: number): number {
    return this.leastOf(rank);
  }
}

function use(ranks: readonly number[]): { queue: QueueInUse; rule: Counted } {
  const queue = new QueueInUse((context) => new Counted(ranksOfLanes(context)), ranks);
  return { queue, rule: queue.rule as Counted };
}

describe("an order of flows", () => {
  it("goes by rank, then by the least number, then by who came first", () => {
    const { queue } = use([1, 0]);
    for (const [path, account] of [
      [0, 5],
      [0, 5],
      [0, 900],
      [1, 7],
    ] as const) {
      queue.join({ path, account });
    }
    expect([1, 2, 3, 4, 5].map(() => queue.start()?.id)).toEqual([3, 0, 2, 1, undefined]);
  });

  it("counts the paths of one rank as one flow, and ranks apart", () => {
    const { queue } = use([0, 0, 1]);
    for (const [path, account] of [
      [0, 0],
      [1, 0],
      [0, 1],
    ] as const) {
      queue.join({ path, account });
    }
    expect([1, 2, 3].map(() => queue.start()!.id)).toEqual([0, 2, 1]);
    queue.join({ path: 2, account: 1 });
    queue.join({ path: 2, account: 0 });
    expect(queue.start()!.id).toBe(3);
  });

  it("passes over what may not start, in whatever lane", () => {
    const { queue } = use([0, 0]);
    queue.join({ path: 0, account: 0 });
    queue.join({ path: 1, account: 0 });
    expect(queue.next({ ...startsAll, mayStart: (path) => path === 1 })).toBe(1);
    expect(queue.next({ ...startsAll, mayStart: () => false })).toBe(NO_REQUEST);
  });

  it("has the last of the flow leave that would be done last, of the lowest rank", () => {
    const { queue } = use([0, 1]);
    for (const account of [0, 0, 1, 1, 2]) queue.join({ path: 1, account });
    queue.join({ path: 0, account: 3 });
    expect([0, 1].map((rank) => queue.rule.lastBelow(rank))).toEqual([3, NO_REQUEST]);
    queue.leave(queue.of(3));
    expect(queue.rule.lastBelow(0)).toBe(1);
  });

  it("has of flows that are done at one time the one leave that came last", () => {
    const { queue } = use([0, 1]);
    for (const account of [0, 1, 1, 0]) queue.join({ path: 1, account });
    expect(queue.rule.lastBelow(0)).toBe(3);
  });

  it("knows the least number of those that have a request waiting", () => {
    const { queue, rule } = use([0]);
    expect(rule.least(0)).toBe(Number.POSITIVE_INFINITY);
    queue.join({ account: 0 });
    queue.start();
    expect(rule.least(0)).toBe(Number.POSITIVE_INFINITY);
    queue.join({ account: 0 });
    expect(rule.least(0)).toBe(1);
    queue.join({ account: 1 });
    expect(rule.least(0)).toBe(0);
  });

  /** As the order says it, of all that wait: looked for one by one. */
  const byScan = (
    { queue, rule }: ReturnType<typeof use>,
    ranks: readonly number[],
    closed: readonly number[],
  ) => {
    const order = ({ id, path }: QueuedRequest) => [
      ranks[path]!,
      rule.numberOf(id),
      queue.waiting.findIndex((one) => one.id === id),
    ];
    const heads = queue.waiting.filter(
      ({ path, account }, index) =>
        queue.waiting.findIndex((one) => one.path === path && one.account === account) === index,
    );
    const may = heads.filter(({ path }) => !closed.includes(path));
    return may.reduce<QueuedRequest | undefined>((first, one) => {
      if (first === undefined) return one;
      const [a, b] = [order(one), order(first)];
      const place = a.findIndex((part, index) => part !== b[index]);
      return a[place]! < b[place]! ? one : first;
    }, undefined);
  };

  it("starts whom a look at all that wait would start, whatever happened before", () => {
    const step = fc.record({
      does: fc.constantFrom("join", "join", "start", "leave", "number"),
      path: fc.nat({ max: 3 }),
      account: fc.nat({ max: 6 }),
      number: fc.integer({ min: 0, max: 3 }),
      closed: fc.subarray([0, 1, 2, 3]),
    });
    const ranks = [0, 1, 1, 2];
    const law = fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const used = use(ranks);
      const { queue, rule } = used;
      return steps.every(({ does, path, account, number, closed }) => {
        const some = queue.waiting[(7 * account) % Math.max(1, queue.waiting.length)];
        if (does === "join") queue.join({ path, account });
        else if (does === "start") queue.start();
        else if (some !== undefined && does === "leave") queue.leave(some);
        else if (some !== undefined) rule.renumber(some.id, number);
        const next = queue.next({ ...startsAll, mayStart: (of) => !closed.includes(of) });
        return next === (byScan(used, ranks, closed)?.id ?? NO_REQUEST);
      });
    });
    fc.assert(law, { numRuns: 300 });
  });
});
