import { describe, expect, it } from "vitest";
import { NO_REQUEST } from "../../../../../src/core/server/gateway/queue/queue.js";
import { createQueueRule, queueRule } from "../../../../../src/core/server/gateway/queue/registry.js";
import { startsAll } from "../../../../support/gateway-views.js";
import { at, QueueInUse } from "../../../../support/queue-in-use.js";

const TURNS = { rule: "adaptive-lifo", window: "2s", timeout: "100ms", dropLate: true } as const;

const use = (written: Parameters<typeof queueRule.parse>[0], ranks: readonly number[] = [0, 1]) =>
  new QueueInUse((context) => createQueueRule(queueRule.parse(written), context), ranks);

/** One that joins at each of these times. */
function joined(times: readonly number[], path = 0, queue = use({ ...TURNS, dropLate: false })): QueueInUse {
  for (const time of times) at(queue, time).join({ path });
  return queue;
}

const startsOf = (queue: QueueInUse, count: number) => Array.from({ length: count }, () => queue.start()?.id);

describe("adaptive LIFO", () => {
  it("starts the first first while the queue has been empty within the window", () => {
    expect(startsOf(joined([0, 1, 1.9]), 3)).toEqual([0, 1, 2]);
  });

  it("starts the last first once it has not, from the next that joins on", () => {
    const queue = joined([0, 1]);
    expect(at(queue, 2.5).next()).toBe(0);
    queue.join({});
    at(queue, 2.6).join({});
    expect(startsOf(queue, 4)).toEqual([3, 2, 1, 0]);
  });

  it("is turned at the window itself, and turned back by the first that finds the queue empty", () => {
    const queue = joined([0, 2]);
    expect(startsOf(queue, 2)).toEqual([1, 0]);
    expect(startsOf(joined([3, 3.5], 0, queue), 2)).toEqual([2, 3]);
  });

  it("looks at each rank by itself, and goes by rank first", () => {
    const queue = use({ ...TURNS, dropLate: false });
    joined([0, 1, 3], 1, queue);
    joined([3, 4], 0, queue);
    expect(startsOf(queue, 5)).toEqual([3, 4, 2, 1, 0]);
  });

  it("keeps all paths of a rank in one order", () => {
    const queue = use({ ...TURNS, dropLate: false }, [0, 0]);
    joined([0, 1], 0, queue);
    joined([2.5, 2.6], 1, queue);
    at(queue, 2.7).join({ path: 0 });
    expect(startsOf(queue, 5)).toEqual([4, 3, 2, 1, 0]);
  });

  it("passes over a path that may not start, turned or not", () => {
    const queue = use({ ...TURNS, dropLate: false }, [0, 0]);
    joined([0, 3], 1, queue);
    expect(queue.next({ ...startsAll, mayStart: (path) => path !== 1 })).toBe(NO_REQUEST);
  });

  it("has the one leave for an arrival that would be the last to start", () => {
    const queue = use({ ...TURNS, dropLate: false }, [0, 1, 1]);
    joined([0, 0.5], 1, queue);
    at(queue, 0.6).join({ path: 2 });
    expect(queue.rule.lastBelow(0)).toBe(2);
    at(queue, 2.5).join({ path: 2 });
    expect([0, 1].map((rank) => queue.rule.lastBelow(rank))).toEqual([0, NO_REQUEST]);
  });

  it("finds a wait too long after the window, and of what came when it was turned after the timeout", () => {
    const queue = joined([0, 2.5], 0, use(TURNS));
    expect([2.5, 2.6, 2.600001].map((time) => at(queue, time).isLate(1))).toEqual([false, false, true]);
    const calm = joined([0], 0, use(TURNS));
    expect([2, 2.000001].map((time) => at(calm, time).isLate(0))).toEqual([false, true]);
  });

  it("sheds none as late unless told, and has 5 s and 250 ms", () => {
    expect(use("adaptive-lifo").rule.dropsLate).toBe(false);
    const queue = joined([0, 4.9, 5], 0, use({ rule: "adaptive-lifo", dropLate: true }));
    expect(queue.next()).toBe(2);
    expect([5.25, 5.26].map((time) => at(queue, time).isLate(2))).toEqual([false, true]);
  });
});
