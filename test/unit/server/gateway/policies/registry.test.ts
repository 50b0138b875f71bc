import { describe, expect, it } from "vitest";
import { createPolicy, POLICIES, policy } from "../../../../../src/core/server/gateway/policies/registry.js";
import { policyContext } from "../../../../support/gateway-views.js";

const paths = [
  { name: "standard", isServed: true, rank: 1 },
  { name: "priority", isServed: true, rank: 0 },
];

describe("policy registry", () => {
  it.each(POLICIES.map(({ name }) => name))("makes %s of its defaults and of a bound", (name) => {
    const maxQueueOf = (given: object) => {
      const written =
        name === "any-of"
          ? { policy: name, of: [{ policy: "codel", ...given }] }
          : { policy: name, ...given };
      return createPolicy(policy.parse(written), policyContext(paths)).maxQueue;
    };
    expect(maxQueueOf({ maxQueue: 7 })).toBe(7);
    expect(maxQueueOf({})).toBeGreaterThan(7);
  });

  it("has each name once", () => {
    expect(new Set(POLICIES.map(({ name }) => name)).size).toBe(POLICIES.length);
  });
});
