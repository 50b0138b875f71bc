import { describe, expect, it } from "vitest";
import { START } from "../../../../src/core/base/units.js";
import { PoolSignals } from "../../../../src/core/server/gateway/signals.js";
import { signals } from "../../../support/gateway-views.js";

describe("pool signals", () => {
  const seen = signals({ queued: [2, 3, 5] });

  it("count who is shed before a request of a rank, and whom it may not overtake", () => {
    expect([0, 1, 2].map((rank) => seen.queuedBelow(rank))).toEqual([8, 5, 0]);
    expect([0, 1, 2].map((rank) => seen.queuedAhead(rank))).toEqual([2, 5, 10]);
  });

  it("know of nothing before the first copy", () => {
    expect(new PoolSignals(2)).toMatchObject({
      asOf: START,
      slotsBusy: 0,
      openings: 0,
      kvUsed: 0,
      queued: 0,
    });
  });
});
