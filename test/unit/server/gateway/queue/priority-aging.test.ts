import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instant } from "../../../../../src/core/base/units.js";
import { createQueueRule, queueRule } from "../../../../../src/core/server/gateway/queue/registry.js";
import { at, QueueInUse } from "../../../../support/queue-in-use.js";

const use = (written: Parameters<typeof queueRule.parse>[0], ranks: readonly number[] = [0, 1, 2]) =>
  new QueueInUse((context) => createQueueRule(queueRule.parse(written), context), ranks);

describe("a rank that rises with waiting", () => {
  it("is made up for by a wait that is longer by the time of aging, unless told 2 s", () => {
    const queue = use("priority-aging");
    at(queue, 0).join({ path: 1 });
    at(queue, 1.9).join({ path: 0 });
    expect(queue.start()!.id).toBe(1);
    at(queue, 2.1).join({ path: 0 });
    expect(queue.start()!.id).toBe(0);
  });

  it("is worth as many such times as there are ranks between", () => {
    const queue = use({ rule: "priority-aging", agingTime: "1s" });
    at(queue, 0).join({ path: 2 });
    at(queue, 0.5).join({ path: 1 });
    at(queue, 1.6).join({ path: 0 });
    expect([1, 2, 3].map(() => queue.start()!.path)).toEqual([1, 0, 2]);
  });
});

const event = fc.record({
  kind: fc.constantFrom("join", "join", "start", "leave"),
  path: fc.nat({ max: 3 }),
  choice: fc.nat({ max: 100 }),
  gap: fc.oneof(fc.constant(0), fc.nat({ max: 10_000_000 })),
});
const RANKS = [1, 0, 2, 1];

/** All that a rule says in the course of a history. */
function said(
  written: Parameters<typeof queueRule.parse>[0],
  events: readonly (typeof event extends fc.Arbitrary<infer Value> ? Value : never)[],
): string {
  const queue = use(written, RANKS);
  const answers = events.map(({ kind, path, choice, gap }) => {
    queue.now = instant(queue.now + gap);
    const chosen = queue.waiting[choice % queue.waiting.length];
    if (kind === "join") queue.join({ path });
    else if (kind === "start") queue.start();
    else if (chosen !== undefined) queue.leave(chosen);
    return [queue.next(), ...[0, 1, 2].map((rank) => queue.rule.lastBelow(rank))];
  });
  return answers.join();
}

describe.each([
  ["without end", "priority", { rule: "priority-aging", agingTime: "36525d" }],
  ["of no time", "fifo", { rule: "priority-aging", agingTime: "0s" }],
  ["by equal deadlines", "fifo", { rule: "edf", deadlines: { p0: "3s", p1: "3s", p2: "3s", p3: "3s" } }],
] as const)("an order by dates, %s", (_, plain, dated) => {
  it(`is ${plain}, whatever comes and goes`, () => {
    const history = fc.array(event, { maxLength: 100 });
    fc.assert(
      fc.property(history, (events) => said(dated, events) === said(plain, events)),
      { numRuns: 200 },
    );
  });
});
