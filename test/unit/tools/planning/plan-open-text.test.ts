import { describe, expect, it } from "vitest";
import { openLines } from "../../../../src/core/tools/planning/plan-open-text.js";
import type { OpenThreshold } from "../../../../src/core/tools/planning/plan-result.js";

const ONE: OpenThreshold = {
  ...{ metric: "overloaded_rate{tier:batch,per:attempt}", expression: "rate<1%", method: "zero-events" },
  ...{ isSeen: false, isMoved: false, tellers: ["worst run", "replications"] },
};
const range = [{ path: "pools.a.replicas", from: "1", to: "8", step: "1" }];
const lineOf = (more: Partial<OpenThreshold>) => openLines({ open: [{ ...ONE, ...more }], range })[0];

describe("a threshold that was left undecided", () => {
  it("is named, with what is known of it and what may tell", () => {
    expect(lineOf({})).toBe(
      "undecided: overloaded_rate{tier:batch,per:attempt} rate<1%: pools.a.replicas does not change it; not one event " +
        "of it was seen at any value; what a bad run loses at most (check: { worstRun: 10% }) or more replications " +
        "(--most) may tell",
    );
  });

  it("is told to begin lower, or to end higher, only where that may tell", () => {
    expect(lineOf({ isMoved: true, tellers: ["lower range", "worst run", "replications"] })).toMatch(
      /rate<1%: not one event .* any value; a range that begins lower, what a bad run .* may tell$/,
    );
    expect(lineOf({ isMoved: true, tellers: ["higher range", "replications"] })).toContain(
      "ends higher or more",
    );
  });

  it("is told by more replications where its events were seen", () => {
    expect(lineOf({ isSeen: true, isMoved: true, method: "replications", tellers: ["replications"] })).toBe(
      "undecided: overloaded_rate{tier:batch,per:attempt} rate<1%: more replications (--most) would tell",
    );
  });

  it("is why it has no interval", () => {
    expect(lineOf({ isSeen: true, isMoved: true, method: "open", tellers: [] })).toMatch(
      /rate<1%: too much of it had not ended when the run did$/,
    );
  });
});
