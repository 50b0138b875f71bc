import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { START } from "../../../../../src/core/base/units.js";
import { PathOrder } from "../../../../../src/core/server/gateway/queue/path-order.js";
import { NO_REQUEST } from "../../../../../src/core/server/gateway/queue/queue.js";
import { occupancy, startsAll, waitingView } from "../../../../support/gateway-views.js";

const waiting = waitingView({ pathOf: (request: number) => request % 10, inputTokensOf: () => 1 });

/** Request r waits in lane r % 10. */
function orderOf(
  ranks: readonly number[],
  places: readonly number[],
  requests: readonly number[],
): PathOrder {
  const order = new PathOrder(ranks, places);
  for (const request of requests) order.join(request, request % 10, 0, START);
  return order;
}

/** All that wait, in the order in which they start. */
function starts(order: PathOrder, policy = startsAll): number[] {
  const log: number[] = [];
  for (;;) {
    const next = order.next(policy, waiting, occupancy(), START);
    if (next === NO_REQUEST) return log;
    order.leave(next);
    log.push(next);
  }
}

describe("a fixed order of lanes", () => {
  it("asks the lowest place first, and within one the first to join", () => {
    expect(starts(orderOf([1, 0, 1], [1, 0, 1], [10, 12, 21, 20, 11]))).toEqual([21, 11, 10, 12, 20]);
  });

  it("passes over a lane that may not start, whatever its place", () => {
    const policy = { ...startsAll, mayStart: (path: number) => path !== 0 };
    const order = orderOf([0, 1], [0, 1], [10, 20, 11]);
    expect([starts(order, policy), order.queue.length]).toEqual([[11], 2]);
  });

  it("has the last of the lowest rank leave for an arrival", () => {
    const ranks = [1, 0, 2, 1];
    const rankOf = (request: number) => ranks[request % 10]!;
    const requests = fc.uniqueArray(
      fc.nat({ max: 99 }).map((n) => 10 * n + (n % 4)),
      { maxLength: 20 },
    );
    const law = fc.property(requests, fc.nat({ max: 3 }), (joined, rank) => {
      const lowest = Math.max(rank, ...joined.map(rankOf));
      const last = joined.filter((request) => lowest > rank && rankOf(request) === lowest).at(-1);
      return orderOf(ranks, ranks, joined).lastBelow(rank) === (last ?? NO_REQUEST);
    });
    fc.assert(law, { numRuns: 200 });
  });
});
