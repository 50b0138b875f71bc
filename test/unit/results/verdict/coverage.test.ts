import { describe, expect, it } from "vitest";
import { estimatedGround, uncoveredOutcomes } from "../../../../src/core/results/verdict/coverage.js";
import { runResult, tierRow } from "../../../support/run-result.js";

describe("outcomes that no threshold covers", () => {
  /** Of 1,000 attempts each: 32 of standard are timed out and 10 invalid, 30 of fast are hedges that lost. */
  const counts = { in_flight: 0, completed: 0, rate_limited: 0, overloaded: 0, unavailable: 0, evicted: 0 };
  const result = runResult({
    tiers: [
      tierRow("standard", {
        outcomes: { ...counts, completed: 858, overloaded: 100, timed_out: 32, invalid: 10, cancelled: 0 },
      }),
      tierRow("fast", { outcomes: { ...counts, completed: 970, cancelled: 30, timed_out: 0, invalid: 0 } }),
    ],
  });
  const uncovered = (...thresholds: Parameters<typeof uncoveredOutcomes>[1][number][]) =>
    uncoveredOutcomes(result, thresholds).map(({ tier, outcome, share }) => `${outcome} ${share} of ${tier}`);
  const overloaded = { metric: "overloaded_rate", tier: "standard" } as const;

  it("are those above 1 % of a tier's attempts", () => {
    expect(uncovered(overloaded)).toEqual(["timed_out 0.032 of standard"]);
    expect(uncovered()).toEqual(["overloaded 0.1 of standard", "timed_out 0.032 of standard"]);
  });

  it.each([
    { metric: "timed_out_rate", tier: "standard" },
    { metric: "timed_out", tier: "all" },
    { metric: "failure_rate", tier: "all" },
    { metric: "completed_rate", tier: "standard" },
  ] as const)("are none beside %o", (threshold) => {
    expect(uncovered(overloaded, threshold)).toEqual([]);
  });

  it("are still so beside a threshold on another tier, or on times", () => {
    const other = { metric: "timed_out_rate", tier: "fast" } as const;
    expect(uncovered(overloaded, other, { metric: "ttft", tier: "standard" })).toHaveLength(1);
  });
});

describe("thresholds on estimates", () => {
  const pools = [
    { pool: "big", profile: "guessed", estimate: true },
    { pool: "small", profile: "measured", estimate: false },
  ];
  const poolOf = (tier: string) => ({ standard: "big", fast: "small" })[tier];
  const ground = (...tiers: string[]) =>
    estimatedGround(
      pools,
      tiers.map((tier) => ({ tier })),
      poolOf,
    );

  it("are those of tiers that an estimated pool serves, and of all tiers together", () => {
    expect(ground("standard", "fast", "all")).toEqual({ thresholds: 2, profiles: ["guessed"] });
  });

  it("are none where the tier's own pool is measured", () => {
    expect([ground("fast"), ground()]).toEqual([null, null]);
  });
});
