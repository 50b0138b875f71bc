import { describe, expect, it } from "vitest";
import { TierColumns } from "../../../../src/core/results/ledger/tier-columns.js";
import { distributionResults, mergeDistributions } from "../../../../src/core/results/shape/distribution.js";

function columnsWith(ttft: readonly number[], lengths: readonly number[] = []): TierColumns {
  const columns = new TierColumns();
  for (const value of ttft) columns.ttft.add(value);
  for (const length of lengths) columns.inputLengths.add(length);
  return columns;
}

describe("distributions", () => {
  it("are of what was measured, in seconds and tokens", () => {
    const found = distributionResults("fast", columnsWith([0.000_009, 0.000_012], [5, 5, 6]));
    expect(found).toEqual([
      { tier: "fast", measure: "ttft", edges: [8e-6, 1e-5, 1.2e-5, 1.4e-5], counts: [1, 0, 1] },
      { tier: "fast", measure: "inputTokens", edges: [5, 6, 7], counts: [2, 1] },
    ]);
  });

  it("are the same whether the values are kept or counted in a histogram", () => {
    const values = Array.from({ length: 70_000 }, (_, index) => 0.001 * 1.0002 ** index);
    const spilled = distributionResults("a", columnsWith(values))[0]!;
    const parts = [values.slice(0, 35_000), values.slice(35_000)].map((part) =>
      distributionResults("a", columnsWith(part)),
    );
    expect(columnsWith(values).ttft.exact).toBe(false);
    expect(mergeDistributions(parts, [1, 1])).toEqual([spilled]);
    expect(spilled.counts.reduce((sum, count) => sum + count, 0)).toBe(70_000);
  });

  it("add up over runs where they meet, touch or lie apart", () => {
    const runs = [[0.001], [0.001, 0.1], [0.05]].map((values) =>
      distributionResults("a", columnsWith(values)),
    );
    const [merged] = mergeDistributions(runs, [1, 1, 1]);
    const whole = distributionResults("a", columnsWith([0.001, 0.001, 0.1, 0.05]))[0]!;
    expect(merged!.counts.filter((count) => count > 0)).toEqual([2, 1, 1]);
    expect(merged!.edges[0]).toBe(whole.edges[0]);
    expect(merged!.edges.at(-1)).toBe(whole.edges.at(-1));
  });

  it("count as often as their run stands for", () => {
    const runs = [[0.001, 0.05], [0.001]].map((values) => distributionResults("a", columnsWith(values)));
    const [merged] = mergeDistributions(runs, [0.5, 1.5]);
    expect(merged!.counts.filter((count) => count > 0)).toEqual([2, 0.5]);
  });

  it("of different tiers and measures stay apart", () => {
    const runs = ["a", "b"].map((tier) => distributionResults(tier, columnsWith([0.001], [9])));
    expect(mergeDistributions(runs, [1, 1]).map(({ tier, measure }) => [tier, measure])).toEqual([
      ["a", "ttft"],
      ["a", "inputTokens"],
      ["b", "ttft"],
      ["b", "inputTokens"],
    ]);
  });
});
