import { describe, expect, it } from "vitest";
import { START } from "../../../../../src/core/base/units.js";
import { none } from "../../../../../src/core/server/gateway/policies/none.js";
import { ADMIT, OVERLOADED_CAPACITY, WAIT } from "../../../../../src/core/server/gateway/verdict.js";
import { facts, occupancy, policyContext, signals } from "../../../../support/gateway-views.js";

describe("none", () => {
  const policy = none.create({ maxQueue: "unlimited" }, policyContext());

  it("admits while there is room, and lets all others wait, however many", () => {
    expect(policy.decide(facts(), signals({ busy: 9 }), START)).toBe(ADMIT);
    expect(policy.decide(facts(), signals({ busy: 10, queued: [1e6, 1e6] }), START)).toBe(WAIT);
  });

  it("lets no request pass those that wait already, except lower ranks", () => {
    expect(policy.decide(facts({ rank: 1 }), signals({ queued: [1, 0] }), START)).toBe(WAIT);
    expect(policy.decide(facts({ rank: 0 }), signals({ queued: [0, 1] }), START)).toBe(ADMIT);
  });

  it("refuses when the queue is as long as told, at every rank", () => {
    const bounded = none.create({ maxQueue: 3 }, policyContext());
    const full = signals({ busy: 10, queued: [0, 3] });
    expect([0, 1].map((rank) => bounded.decide(facts({ rank }), full, START))).toEqual([
      OVERLOADED_CAPACITY,
      OVERLOADED_CAPACITY,
    ]);
  });

  it("displaces no request, whatever waits", () => {
    const bounded = none.create({ maxQueue: 1 }, policyContext());
    expect(bounded.displaceLower).toBe(false);
    expect(bounded.decide(facts({ rank: 0 }), signals({ busy: 10, queued: [0, 1] }), START)).toBe(
      OVERLOADED_CAPACITY,
    );
  });

  it("may always start, and keeps the bound and the timeout it was given", () => {
    const { maxQueue, queueTimeout } = policy;
    expect(policy.mayStart(0, 1, occupancy())).toBe(true);
    expect([maxQueue, queueTimeout]).toEqual([Number.POSITIVE_INFINITY, undefined]);
  });
});
