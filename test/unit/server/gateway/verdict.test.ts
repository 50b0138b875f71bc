import { describe, expect, it } from "vitest";
import { REASONS } from "../../../../src/core/base/outcome.js";
import * as verdicts from "../../../../src/core/server/gateway/verdict.js";

describe("verdicts", () => {
  const { OVERLOADED_CAPACITY, OUTAGE, ADMIT, WAIT, DISPLACE } = verdicts;
  const { RATE_LIMITED } = verdicts;
  const refusals = [OVERLOADED_CAPACITY, OUTAGE];
  const all = [...Object.values(RATE_LIMITED), ...refusals, ADMIT, WAIT, DISPLACE];

  it("are of three kinds, and a rejection carries the reason alone: the status is the provider's", () => {
    const rejections = all.flatMap((verdict) => (verdict.kind === "reject" ? [verdict] : []));
    const named = rejections.map(({ kind, reason, ...rest }) => ({ name: REASONS[reason]!.name, ...rest }));
    expect(named).toEqual([
      { name: "requests" },
      { name: "prompt_tokens" },
      { name: "uncached_prompt_tokens" },
      { name: "generated_tokens" },
      { name: "ramp" },
      { name: "concurrency" },
      { name: "quota" },
      { name: "overloaded_capacity" },
      { name: "outage" },
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
