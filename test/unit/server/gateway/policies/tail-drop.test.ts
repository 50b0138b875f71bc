import { describe, expect, it } from "vitest";
import { START, seconds } from "../../../../../src/core/base/units.js";
import { TailDrop } from "../../../../../src/core/server/gateway/policies/tail-drop.js";
import {
  ADMIT,
  DISPLACE,
  OVERLOADED_CAPACITY,
  WAIT,
} from "../../../../../src/core/server/gateway/verdict.js";
import { facts, occupancy, signals } from "../../../../support/gateway-views.js";

const options = { maxQueue: 3, queueTimeout: seconds(2), displaceLower: true };

describe("tail drop", () => {
  const policy = new TailDrop(options);
  const decide = (rank: number, queued: readonly number[], busy = 10) =>
    policy.decide(facts({ rank }), signals({ busy, queued }), START);

  it("admits into a free slot, unless a request of the same or a higher rank waits", () => {
    expect([decide(1, [0, 0], 9), decide(0, [0, 2], 9)]).toEqual([ADMIT, ADMIT]);
    expect([decide(1, [0, 1], 9), decide(1, [1, 0], 9)]).toEqual([WAIT, WAIT]);
  });

  it("lets wait where replicas have no opening, though slots are free", () => {
    expect([1, 0].map((openings) => policy.decide(facts(), signals({ busy: 2, openings }), START))).toEqual([
      ADMIT,
      WAIT,
    ]);
  });

  it("lets wait up to its bound, then sheds", () => {
    expect([decide(1, [0, 2]), decide(1, [0, 3])]).toEqual([WAIT, OVERLOADED_CAPACITY]);
  });

  it("gives a higher rank the place of a lower one", () => {
    expect([decide(0, [2, 1]), decide(0, [3, 0]), decide(1, [2, 1])]).toEqual([
      DISPLACE,
      OVERLOADED_CAPACITY,
      OVERLOADED_CAPACITY,
    ]);
  });

  it("displaces no request where it is told not to", () => {
    const strict = new TailDrop({ ...options, displaceLower: false });
    expect(strict.decide(facts(), signals({ busy: 10, queued: [0, 3] }), START)).toBe(OVERLOADED_CAPACITY);
  });

  it("without places in the queue is a loss system", () => {
    const loss = new TailDrop({ ...options, maxQueue: 0 });
    expect([9, 10].map((busy) => loss.decide(facts(), signals({ busy }), START))).toEqual([
      ADMIT,
      OVERLOADED_CAPACITY,
    ]);
  });

  it("keeps nothing free, and keeps its bound and its deadline", () => {
    const nearlyFull = occupancy({ slotsBusy: 9, kvUsed: 999 });
    expect([0, 1].map((path) => policy.mayStart(path, 1, nearlyFull))).toEqual([true, true]);
    expect([policy.maxQueue, policy.queueTimeout]).toEqual([3, 2_000_000]);
  });
});
