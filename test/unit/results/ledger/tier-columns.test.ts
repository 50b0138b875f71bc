import { describe, expect, it } from "vitest";
import { Outcome, reasonCode } from "../../../../src/core/base/outcome.js";
import { statusPlace } from "../../../../src/core/base/status.js";
import { TierColumns } from "../../../../src/core/results/ledger/tier-columns.js";

function counted(scale: number): TierColumns {
  const columns = new TierColumns();
  columns.attempts += 3 * scale;
  columns.hedges += scale;
  columns.requestEnded(reasonCode("none"));
  columns.requestEnded(reasonCode("overloaded_capacity"));
  columns.requestEnded(reasonCode("context_length"));
  columns.attemptFailed(reasonCode("overloaded_capacity"), 429, true);
  columns.attemptCompleted(2 * scale, 50 * scale);
  columns.attemptCompleted(scale, Number.NaN);
  columns.tokensCompleted(100 * scale, 10, 20);
  columns.ttft.add(scale);
  columns.queueWait.add(scale / 2);
  columns.retries[reasonCode("outage")]! += scale;
  return columns;
}

describe("columns of a tier", () => {
  it("say what failed requests failed for, and which of them were given up", () => {
    const { requestsCompleted, requestsFailed, requestsGivenUp, requestReasons, reasons } = counted(1);
    expect([requestsCompleted, requestsFailed, requestsGivenUp]).toEqual([1, 2, 1]);
    expect(requestReasons[reasonCode("overloaded_capacity")]).toBe(1);
    expect(requestReasons[reasonCode("context_length")]).toBe(1);
    expect(requestReasons[reasonCode("none")]).toBe(0);
    expect(reasons[reasonCode("context_length")]).toBe(0);
  });

  it("count what was seen of refusals, and what it was misread for; what was no refusal has no status", () => {
    const columns = counted(1);
    columns.attemptFailed(reasonCode("requests"), 429);
    columns.attemptFailed(reasonCode("outage"));
    columns.attemptFailed(reasonCode("unknown_model"), 404, true);
    expect(columns.statuses[statusPlace(429)]).toBe(2);
    expect(columns.statuses.reduce((sum, count) => sum + count, 0)).toBe(2);
    expect(columns.misread).toBe(1);
  });

  it("do not count a speed that there was not", () => {
    const { latency, tokensPerSecond, outcomes } = counted(1);
    expect([latency.count, tokensPerSecond.count, outcomes[Outcome.completed]]).toEqual([2, 1, 2]);
  });

  it("add up, column by column", () => {
    const [sum, other] = [counted(1), counted(3)];
    sum.merge(other);
    expect(other).toEqual(counted(3));
    for (const [name, value] of Object.entries(sum)) {
      const parts = [counted(1), counted(3)].map((one) => one[name as keyof TierColumns]);
      if (typeof value === "number")
        expect([name, value]).toEqual([name, Number(parts[0]) + Number(parts[1])]);
    }
    expect(sum.retries[reasonCode("outage")]).toBe(4);
    expect(sum.requestReasons[reasonCode("overloaded_capacity")]).toBe(2);
    expect(sum.outcomes[Outcome.overloaded]).toBe(2);
    expect(sum.statuses[statusPlace(429)]).toBe(2);
    for (const sketch of [sum.ttft, sum.tokensPerSecond, sum.queueWait]) expect(sketch.count).toBe(2);
    expect([sum.latency.count, sum.latency.maximum, sum.ttft.mean]).toEqual([4, 6, 2]);
    expect(sum.inputLengths.bins().counts.reduce((total, count) => total + count, 0)).toBe(2);
  });
});
