// What is asked of a tier's work beside what its results list. What they list is tested in tier.test.ts.
import { describe, expect, it } from "vitest";
import { TierColumns } from "../../../../src/core/results/ledger/tier-columns.js";
import { VALUE } from "../../../../src/core/results/metrics/asks.js";
import { metricNamed } from "../../../../src/core/results/metrics/metrics.js";
import { ALL_OF_IT } from "../../../../src/core/results/metrics/sliced.js";
import { judgedSlice } from "../../../../src/core/results/metrics/tier.js";

function asked(name: string, measured: number): number | null {
  const columns = new TierColumns();
  columns.tokensCompleted(30, 10, 400);
  // Of which one was slower than its tier's objective, of 100 tokens.
  columns.objectiveMissed(100);
  // Of attempts that did not complete.
  columns.generatedTokens = 1000;
  const slice = judgedSlice({ name: "fast", columns, cost: null, measured });
  const run = {
    slices: { tier: [slice], source: [], account: [] },
    sessions: [],
    recovery: null,
    fleet: null,
  };
  return metricNamed(name)!.sample(run, { ...ALL_OF_IT, tier: "fast", ...VALUE }).value;
}

describe("goodput", () => {
  it("is what attempts that met their objective generated a second, where throughput is all that was", () => {
    expect([asked("goodput", 10), asked("throughput", 10)]).toEqual([30, 100]);
  });

  it("is no data where no time was measured", () => {
    expect(asked("goodput", 0)).toBeNull();
  });
});
