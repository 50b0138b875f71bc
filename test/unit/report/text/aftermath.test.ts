import { describe, expect, it } from "vitest";
import { recoveryBlock, retryBlock, sessionBlock } from "../../../../src/core/report/text/aftermath.js";
import { PLAIN } from "../../../../src/core/report/text/style.js";
import type { Recovery } from "../../../../src/core/results/metrics/recovery.js";
import type { SessionResult } from "../../../../src/core/results/metrics/sessions.js";
import { NO_SAMPLES, runResult, summaryAround, tierRow } from "../../../support/run-result.js";

const retries = (changes: Parameters<typeof tierRow>[1]) =>
  retryBlock(runResult({ tiers: [tierRow("standard", changes), tierRow("fast")] }), PLAIN);

describe("the line of a tier's retries", () => {
  it("tells causes, what was given up and what was wasted", () => {
    const lines = retries({
      amplification: 1.5,
      retries: { overloaded_capacity: 40, client_timeout: 1200 },
      hedges: 3,
      clientRejected: 7,
      giveUpRate: 0.032,
      wastedPrefillTokens: 1_234_567,
      wastedDecodeTokens: 340,
    });
    expect(lines).toEqual([
      "RETRIES  attempts a request, and what they cost",
      "  standard  1.50 each; after 40 overloaded_capacity, 1,200 client_timeout; 3 hedges; 7 rejected locally; " +
        "3.2% given up; wasted 1.23M prompt + 340 output tokens",
    ]);
  });

  it("is left out where next to nothing was retried and wasted", () => {
    expect(retries({ amplification: 1.09, retries: { outage: 4 }, wastedPrefillTokens: 1000 })).toEqual([]);
    expect(retries({ amplification: null })).toEqual([]);
    expect(retries({ amplification: 1, wastedPrefillTokens: 2000 })).toHaveLength(2);
    expect(retries({ amplification: 1, hedges: 1 })).toHaveLength(2);
  });
});

describe("the lines of sessions", () => {
  const session: SessionResult = {
    source: "agents",
    started: 1234,
    finished: 1000,
    abandoned: 30,
    open: 204,
    openShare: 0.02,
    duration: summaryAround(600),
    requests: summaryAround(30),
    costPerFinished: 0.5,
    abandonRate: 30 / 1030,
  };

  it("tell how many, how long and what they cost", () => {
    const [, line] = sessionBlock(runResult({ sessions: [session] }), PLAIN);
    expect(line).toBe(
      "  agents  1,234 started, 1,000 finished, 30 abandoned (2.91%), 204 open, p50 10m, p95 30m, " +
        "33.0 requests each, $0.50 per finished one",
    );
  });

  it("leave out what there is not", () => {
    const none = { finished: 0, abandoned: 0, duration: NO_SAMPLES, requests: NO_SAMPLES };
    const bare = { ...session, ...none, costPerFinished: null, abandonRate: null };
    expect(sessionBlock(runResult({ sessions: [bare] }), PLAIN)[1]).toBe(
      "  agents  1,234 started, 0 finished, 204 open",
    );
    expect(sessionBlock(runResult(), PLAIN)).toEqual([]);
  });
});

describe("the line of a recovery", () => {
  const recovery: Recovery = {
    trigger: { from: 600, until: 720 },
    window: 60,
    share: 0.9,
    goodputBefore: 5,
    goodputDuring: 1,
    goodputAfter: null,
    recoveryTime: 90,
    verdict: "recovered",
  };

  it.each([
    [{}, "recovered after 1m30s"],
    [{ recoveryTime: 0 }, "recovered at once"],
    [{ recoveryTime: null, verdict: "stuck" as const }, "stuck, never back at 90% of before"],
    [{ recoveryTime: null, verdict: "unknown" as const }, "too short a run to tell"],
  ])("%j", (changes, words) => {
    const lines = recoveryBlock(runResult({ recovery: { ...recovery, ...changes } }), PLAIN);
    expect(lines).toEqual([
      "RECOVERY  trigger from 10m to 12m",
      `  goodput 5.000/s before, 1.000/s during, ? after: ${words}`,
    ]);
  });

  it("is not there without a trigger", () => {
    expect(recoveryBlock(runResult(), PLAIN)).toEqual([]);
  });
});
