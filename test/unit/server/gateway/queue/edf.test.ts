import { describe, expect, it } from "vitest";
import { createQueueRule, queueRule } from "../../../../../src/core/server/gateway/queue/registry.js";
import { at, QueueInUse } from "../../../../support/queue-in-use.js";

const use = (written: Parameters<typeof queueRule.parse>[0], ranks: readonly number[] = [0, 1, 2]) =>
  new QueueInUse((context) => createQueueRule(queueRule.parse(written), context), ranks);

describe("earliest deadline first", () => {
  it("gives the highest rank 1 s, and each below it five times as long, unless told", () => {
    const queue = use("edf");
    at(queue, 0).join({ path: 2 });
    at(queue, 21).join({ path: 1 });
    at(queue, 23.5).join({ path: 0 });
    at(queue, 24.5).join({ path: 0 });
    // Due at 25, 26, 24.5 and 25.5 s.
    expect([1, 2, 3, 4].map(() => queue.start()!.id)).toEqual([2, 0, 3, 1]);
  });

  it("goes by the deadlines of paths that it is told, whatever their ranks", () => {
    const queue = use({ rule: "edf", deadlines: { p0: "10s", p2: "500ms" } });
    for (const path of [0, 1, 2]) queue.join({ path });
    expect([1, 2, 3].map(() => queue.start()!.path)).toEqual([2, 1, 0]);
  });

  it("sheds what is late at the head only where it is told to", () => {
    const late = use({ rule: "edf", dropLate: true });
    const kept = use("edf");
    for (const queue of [late, kept]) {
      queue.join({ path: 0 });
      at(queue, 1.5);
    }
    expect([late.rule.dropsLate, late.isLate(0), kept.rule.dropsLate]).toEqual([true, true, false]);
  });

  it("has deadlines that no rank carries beyond a century", () => {
    const queue = use({ rule: "edf", dropLate: true }, [400, 400]);
    queue.join({ path: 1 });
    expect(at(queue, 3_000_000_000).isLate(0)).toBe(false);
  });
});
