import { describe, expect, it } from "vitest";
import { createPolicy, POLICY_NAMES } from "../../src/core/server/gateway/registry.js";
import { type PolicyUnderTest, policyContract } from "./policy.js";

// Path p has rank p; the lower the rank, the more is kept from it.
const RESERVE = [0, 0.1, 0.25];
const queueTimeout = undefined;

const POLICIES: Readonly<Record<string, PolicyUnderTest>> = {
  none: {
    create: ({ maxQueue }) => createPolicy({ policy: "none", maxQueue, queueTimeout }),
    displaces: false,
  },
  "tail-drop": {
    create: (queue) => createPolicy({ policy: "tail-drop", ...queue, queueTimeout }),
    displaces: true,
  },
  "trunk-reservation": {
    create: (queue) =>
      createPolicy({
        policy: "trunk-reservation",
        ...queue,
        queueTimeout,
        reserve: RESERVE,
        signal: "slots",
      }),
    displaces: true,
  },
};

for (const [name, underTest] of Object.entries(POLICIES)) policyContract(name, underTest);

policyContract("trunk-reservation", {
  create: (queue) =>
    createPolicy({ policy: "trunk-reservation", ...queue, queueTimeout, reserve: RESERVE, signal: "kv" }),
  displaces: true,
});

describe("contract of policies", () => {
  it("covers every registered policy", () => {
    expect(Object.keys(POLICIES)).toEqual(POLICY_NAMES);
  });
});
