import { describe, expect, it } from "vitest";
import { createPolicy, POLICY_NAMES, type PolicySpec } from "../../../../src/core/server/gateway/registry.js";

const queue = { maxQueue: 5, queueTimeout: undefined, displaceLower: true };
const specs: readonly PolicySpec[] = [
  { policy: "none", maxQueue: 5, queueTimeout: undefined },
  { policy: "tail-drop", ...queue },
  { policy: "trunk-reservation", ...queue, reserve: [], signal: "slots" },
];

describe("policy registry", () => {
  it("makes every policy it names, under that name", () => {
    expect(specs.map((spec) => createPolicy(spec as never).name)).toEqual(POLICY_NAMES);
  });
});
