import { describe, expect, it } from "vitest";
import {
  judgedSessions,
  mergedSessions,
  sessionResult,
} from "../../../../src/core/results/metrics/sessions.js";
import type { SessionTotals } from "../../../../src/core/stats/session-lives.js";
import { sessionTotals } from "../shape/session-totals.js";

const row = (source: string, totals: SessionTotals, isPriced = true) =>
  sessionResult(judgedSessions(source, totals, isPriced));

describe("sessions of a source", () => {
  it("counts them, and charges what was abandoned to what was finished", () => {
    const found = row("agents", sessionTotals([10, 20, 30], 1, 2));
    expect(found).toMatchObject({ source: "agents", started: 6, finished: 3, abandoned: 1, open: 2 });
    expect([found.duration.p50, found.requests.mean, found.abandonRate]).toEqual([20, 2, 0.25]);
    expect(found.costPerFinished).toBeCloseTo((3 * 0.3 + 0.1) / 3, 12);
  });

  it("has no cost per finished session without prices, or without a finished one", () => {
    expect(row("agents", sessionTotals([10]), false).costPerFinished).toBeNull();
    const none = row("agents", sessionTotals([], 0, 3));
    expect([none.costPerFinished, none.abandonRate, none.duration.p50]).toEqual([null, null, null]);
  });

  it("adds sources up", () => {
    const all = mergedSessions([sessionTotals([10, 30], 1), sessionTotals([50], 0, 2)]);
    expect(row("all", all)).toMatchObject({ started: 6, finished: 3, abandoned: 1, open: 2 });
    expect(row("all", all).duration).toMatchObject({ count: 3, p50: 30, min: 10, max: 50 });
    expect(row("all", all).costPerFinished).toBeCloseTo((3 * 0.3 + 0.1) / 3, 12);
  });
});
