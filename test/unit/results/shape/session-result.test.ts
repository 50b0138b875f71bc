import { describe, expect, it } from "vitest";
import { mergedSessions, sessionResult } from "../../../../src/core/results/shape/session-result.js";
import { sessionTotals } from "./session-totals.js";

describe("sessions of a source", () => {
  it("counts them, and charges what was abandoned to what was finished", () => {
    const row = sessionResult("agents", sessionTotals([10, 20, 30], 1, 2), true);
    expect(row).toMatchObject({ source: "agents", started: 6, finished: 3, abandoned: 1, open: 2 });
    expect([row.duration.p50, row.requests.mean, row.abandonRate]).toEqual([20, 2, 0.25]);
    expect(row.costPerFinished).toBeCloseTo((3 * 0.3 + 0.1) / 3, 12);
  });

  it("has no cost per finished session without prices, or without a finished one", () => {
    expect(sessionResult("agents", sessionTotals([10]), false).costPerFinished).toBeNull();
    const none = sessionResult("agents", sessionTotals([], 0, 3), true);
    expect([none.costPerFinished, none.abandonRate, none.duration.p50]).toEqual([null, null, null]);
  });

  it("adds sources up", () => {
    const all = mergedSessions([sessionTotals([10, 30], 1), sessionTotals([50], 0, 2)]);
    expect(sessionResult("all", all, true)).toMatchObject({ started: 6, finished: 3, abandoned: 1, open: 2 });
    expect([all.duration.count, all.duration.quantile(0.5), all.abandonedCost]).toEqual([3, 30, 0.1]);
  });
});
