import { describe, expect, it } from "vitest";
import { seconds } from "../../../../../src/core/base/units.js";
import { DueOrder } from "../../../../../src/core/server/gateway/queue/due-order.js";
import { NO_REQUEST } from "../../../../../src/core/server/gateway/queue/queue.js";
import { ranksOfLanes } from "../../../../../src/core/server/gateway/queue/rule.js";
import { startsAll } from "../../../../support/gateway-views.js";
import { at, QueueInUse } from "../../../../support/queue-in-use.js";

/** Requests of the first path are due 3 s after they came, of the second 1 s, of the third 2 s. */
const TERMS = [3, 1, 2].map(seconds);

const use = (ranks: readonly number[], dropsLate = false) =>
  new QueueInUse((context) => new DueOrder(ranksOfLanes(context), TERMS, dropsLate), ranks);

describe("an order by dates", () => {
  it("starts first what is due first, and of equals what came first", () => {
    const queue = use([0, 1, 1]);
    for (const [time, path] of [
      [0, 0],
      [1.5, 1],
      [2, 1],
      [2, 2],
    ] as const) {
      at(queue, time).join({ path });
    }
    // Due at 3, 2.5, 3 and 4 s.
    expect([1, 2, 3, 4].map(() => queue.start()!.id)).toEqual([1, 0, 2, 3]);
    expect(queue.next()).toBe(NO_REQUEST);
  });

  it("passes over a lane that may not start", () => {
    const queue = use([0, 0, 0]);
    for (const path of [0, 1, 2]) queue.join({ path });
    expect(queue.next({ ...startsAll, mayStart: (path) => path !== 1 })).toBe(2);
  });

  it("has the one of the lowest rank leave for another that is due last", () => {
    const queue = use([1, 2, 2]);
    for (const path of [1, 0, 2, 1]) queue.join({ path });
    // Of the lowest rank the third is due last, though the fourth came after it.
    expect([0, 1, 2].map((rank) => queue.rule.lastBelow(rank))).toEqual([2, 2, NO_REQUEST]);
    queue.leave(queue.of(2));
    expect(queue.rule.lastBelow(1)).toBe(3);
  });

  it("calls a request late once its date has passed, and not at it", () => {
    const queue = use([0, 0, 0], true);
    queue.join({ path: 1 });
    expect([0, 1, 1.000001].map((time) => at(queue, time).isLate(0))).toEqual([false, false, true]);
  });

  it("forgets the date of one that has gone when another takes its slot", () => {
    const queue = use([0, 0, 0], true);
    queue.join({ path: 0 });
    queue.leave(queue.of(0));
    at(queue, 2.5).join({ path: 1 });
    expect([3.5, 3.6].map((time) => at(queue, time).isLate(0))).toEqual([false, true]);
  });
});
