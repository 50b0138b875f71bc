import { expect, it } from "vitest";
import type { Duration } from "../../../../src/core/base/units.js";
import { meetsObjective } from "../../../../src/core/results/ledger/objective.js";

it("is met by what is quick enough in all that it names, and by all that completes where it names nothing", () => {
  const both = { ttft: 2e6 as Duration, tokensPerSecond: 30 };
  expect([1, 2e6, 2e6 + 1].map((ttft) => meetsObjective(both, ttft, 30))).toEqual([true, true, false]);
  expect([29.9, 30, Number.NaN].map((speed) => meetsObjective(both, 1, speed))).toEqual([false, true, true]);
  expect(meetsObjective({ ttft: 1e6 as Duration }, 1e6, 0)).toBe(true);
  expect(meetsObjective({ tokensPerSecond: 30 }, Number.POSITIVE_INFINITY, 30)).toBe(true);
  expect([meetsObjective({}, 1e9, 0), meetsObjective(undefined, 1e9, 0)]).toEqual([true, true]);
});
