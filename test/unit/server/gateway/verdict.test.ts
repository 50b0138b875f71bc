import { describe, expect, it } from "vitest";
import { REASONS } from "../../../../src/core/base/outcome.js";
import * as verdicts from "../../../../src/core/server/gateway/verdict.js";

describe("verdicts", () => {
  const { OVERLOADED_CAPACITY, OUTAGE, ADMIT, WAIT, DISPLACE } = verdicts;
  const { RATE_LIMITED } = verdicts;
  const refusals = [OVERLOADED_CAPACITY, OUTAGE];
  const all = [...Object.values(RATE_LIMITED), ...refusals, ADMIT, WAIT, DISPLACE];

  it("are of three kinds, and a rejection carries the reason and its status", () => {
    const rejections = all.flatMap((verdict) => (verdict.kind === "reject" ? [verdict] : []));
    const named = rejections.map(({ reason, status }) => [REASONS[reason]!.name, status]);
    expect(named).toEqual([
      ["requests", 429],
      ["prompt_tokens", 429],
      ["uncached_prompt_tokens", 429],
      ["generated_tokens", 429],
      ["ramp", 429],
      ["concurrency", 429],
      ["overloaded_capacity", 503],
      ["outage", 503],
    ]);
  });

  it("let in at once, into the queue, or into another's place", () => {
    expect([ADMIT, WAIT, DISPLACE]).toEqual([
      { kind: "admit" },
      { kind: "wait", displaces: false },
      { kind: "wait", displaces: true },
    ]);
  });
});
