import { expect, it } from "vitest";
import { reasonCode } from "../../../../src/core/base/outcome.js";
import { seconds } from "../../../../src/core/base/units.js";
import { PoolCounts } from "../../../../src/core/server/fleet/pool-counts.js";

it("counts as arrived what account limits and outages let through, and as shed what was too much", () => {
  const counts = new PoolCounts();
  counts.arrives(10);
  counts.arrives(10);
  for (const reason of ["overloaded_capacity", "requests", "outage"] as const) {
    counts.turnsAway(reasonCode(reason), 10);
  }
  for (const reason of ["queue_timeout", "displaced", "outage"] as const) counts.ends(reasonCode(reason));
  expect([counts.arrived, counts.promptTokens, counts.shed]).toEqual([3, 30, 3]);
});

it("adds up what completed, and what waited for a replica", () => {
  const counts = new PoolCounts();
  counts.completes(100);
  counts.completes(50);
  counts.hasWaitedCold(seconds(3));
  expect(counts).toMatchObject({ completed: 2, outputTokens: 150, coldWaits: 1, coldWaited: 3_000_000 });
});

it("adds up outputs that memory cut, and the tokens that they lack", () => {
  const counts = new PoolCounts();
  counts.cuts(22);
  counts.cuts(3);
  expect(counts).toMatchObject({ cutOutputs: 2, cutTokens: 25 });
});
