import { describe, expect, it } from "vitest";
import { openShareOf, openShareOfRow } from "../../../../src/core/results/metrics/open-share.js";
import { parseThreshold } from "../../../../src/core/results/verdict/threshold.js";
import { runResult, summaryAround, tierRow } from "../../../support/run-result.js";

const requests = { offered: 100, attempts: 120, completed: 70, failed: 10, givenUp: 10, open: 20 };
const outcomes = { ...tierRow("standard").outcomes, completed: 90, in_flight: 10 };
const session = (source: string, started: number, openShare: number | null) => ({
  ...{ source, started, openShare, finished: 1, abandoned: 0, open: 0 },
  ...{ duration: summaryAround(1), requests: summaryAround(1), costPerFinished: 1, abandonRate: 0 },
});
/** What a source or an account has besides its name: all but `tier`. */
function sliceRow(inFlight: number, open: number) {
  const { tier: _, ...row } = tierRow("", {
    outcomes: { ...tierRow("").outcomes, completed: 100 - inFlight, in_flight: inFlight },
    requests: { ...requests, open },
  });
  return row;
}

const result = runResult({
  tiers: [tierRow("standard", { outcomes, requests }), tierRow("fast")],
  all: tierRow("all", { outcomes: { ...outcomes, completed: 190 }, requests: { ...requests, offered: 200 } }),
  sources: [
    { source: "agents", ...sliceRow(8, 16) },
    { source: "chat", ...sliceRow(0, 0) },
  ],
  trackedAccounts: [{ account: "agents-1", ...sliceRow(25, 50) }],
  sessions: [session("agents", 30, 0.4), session("chat", 10, null)],
});

function shareOf(metric: string, expression: string): number {
  const parsed = parseThreshold(metric, expression);
  if (!parsed.ok) throw new Error(parsed.problem);
  return openShareOf(result, parsed.value);
}

describe("the share that is open", () => {
  it.each([
    ["latency{tier:standard}", "p(99)<1s", 0.1],
    ["ttft{tier:standard}", "avg<1s", 0.1],
    ["overloaded_rate{tier:standard,per:attempt}", "rate<1%", 0.1],
    ["overloaded_rate{tier:standard,per:request}", "rate<1%", 0.2],
    ["failure_rate{tier:standard}", "rate<1%", 0.2],
    ["amplification{tier:standard}", "value<2", 0.2],
    ["completed{tier:standard}", "count>1", 0.1],
    ["failure_rate", "rate<1%", 0.1],
    ["latency{tier:fast}", "p(99)<1s", 0],
    ["latency{tier:unrouted}", "p(99)<1s", 0],
    ["latency{source:agents}", "p(99)<1s", 0.08],
    ["failure_rate{source:agents}", "rate<1%", 0.16],
    ["latency{source:chat}", "p(99)<1s", 0],
    ["latency{account:agents-1}", "p(99)<1s", 0.25],
    ["failure_rate{account:agents-1}", "rate<1%", 0.5],
    ["latency{account:nobody}", "p(99)<1s", 0],
    ["attempts{tier:standard}", "count>1", 0],
    ["throughput{tier:standard}", "value>1", 0],
    ["gpu_seconds", "count<1", 0],
    ["recovery_time", "value<1s", 0],
    ["session_cost{source:agents}", "value<1", 0.4],
    ["session_abandon_rate{source:chat}", "rate<1%", 0],
    ["session_abandon_rate", "rate<1%", 0.3],
    ["session_duration{source:agents}", "avg<1s", 0.4],
    ["session_duration{source:agents}", "p(50)<1s", 0],
    ["sessions{source:agents}", "count>1", 0],
  ])("of what %s: %s is about is %d", (metric, expression, share) => {
    expect(shareOf(metric, expression)).toBeCloseTo(share, 12);
  });

  it("of the only source is that of all: it has no row of its own", () => {
    const alone = { ...result, sources: [] };
    const subject = parseThreshold("latency{source:agents}", "p(99)<1s");
    expect(subject.ok && openShareOf(alone, subject.value)).toBeCloseTo(0.05, 12);
  });

  it("is nothing of nothing", () => {
    const none = { offered: 0, attempts: 0, completed: 0, failed: 0, givenUp: 0, open: 0 };
    const row = { attempts: 0, outcomes: { in_flight: 0 }, requests: none };
    expect([openShareOfRow(row, "attempts"), openShareOfRow(row, "requests")]).toEqual([0, 0]);
  });
});
