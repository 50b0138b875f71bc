import { describe, expect, it } from "vitest";
import { fairnessLines, indexText } from "../../../../src/core/report/text/fairness.js";
import type { FairnessResult } from "../../../../src/core/results/metrics/fairness.js";
import { runResult, tierRow } from "../../../support/run-result.js";

const fairness = (some: Partial<FairnessResult> = {}): FairnessResult => ({
  ...{
    accounts: 120,
    service: 0.9312,
    maxMin: 0.875,
    worstOverloadedRate: 0.125,
    worstOverloadedAccount: "agents-3",
  },
  ...{ worstService: 0.81, worstServiceAccount: "agents-7" },
  ...some,
});

const linesOf = (all: FairnessResult | null, tiers: Readonly<Record<string, FairnessResult | null>> = {}) => {
  const rows = Object.entries(tiers).map(([tier, one]) => tierRow(tier, { fairness: one }));
  return fairnessLines(runResult({ tiers: rows, all: tierRow("all", { fairness: all }) }), 118);
};

describe("fairness in the report", () => {
  it("is said where there are several accounts, with the worst of them", () => {
    expect(linesOf(fairness())).toEqual([
      "  fairness 0.931 (Jain), 0.88 (max-min) between 120 accounts",
      "  worst accounts: 12.5% of attempts shed (agents-3), 81% of tokens served (agents-7)",
    ]);
    expect(linesOf(fairness({ accounts: 1 }))).toEqual([]);
    expect(linesOf(null)).toEqual([]);
  });

  it("is of every tier where several have several accounts", () => {
    const [first] = linesOf(fairness(), {
      standard: fairness({ service: 0.9 }),
      priority: fairness({ service: null }),
      fast: fairness({ accounts: 1 }),
    });
    expect(first).toMatch(/ between 120 accounts; standard 0\.90, priority unknown$/);
  });

  it("names no worst account where none fared badly, or none had enough attempts", () => {
    const none = { worstOverloadedRate: 0, worstOverloadedAccount: null };
    expect(linesOf(fairness(none))[1]).toBe("  worst accounts: 81% of tokens served (agents-7)");
    expect(linesOf(fairness({ ...none, worstService: null, worstServiceAccount: null }))).toHaveLength(1);
  });

  it.each([
    [null, "unknown"],
    [1, "1"],
    [0.25, "0.25"],
    [0.5, "0.50"],
    [0.9312, "0.931"],
    [0.999_871, "0.99987"],
    [1 - 1e-9, "1.000000"],
  ])("has an index of %s as %s", (index, text) => {
    expect(indexText(index)).toBe(text);
  });

  it("says of several seeds who is the worst most often", () => {
    const replications = ["1", "2"].map((seed) => ({ seed, values: [], weights: [] }));
    const result = runResult({ tiers: [], all: tierRow("all", { fairness: fairness() }), replications });
    expect(fairnessLines(result, 118)[1]).toContain("shed (most often agents-3)");
  });
});
