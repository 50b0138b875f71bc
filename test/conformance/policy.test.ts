// The contract of admission policies over every policy there is, with its defaults and with more telling options.
import { createPolicy, POLICIES, policy } from "../../src/core/server/gateway/policies/registry.js";
import { policyContext } from "../support/gateway-views.js";
import { policyContract, RANKED_PATHS } from "./policy.js";

/** Options beside the queue's that make more of a policy than its defaults do. */
const MORE: Readonly<Record<string, readonly object[]>> = {
  "trunk-reservation": [{ reserve: { p1: 0.1, p2: 0.25 } }, { reserve: { p1: 0.1, p2: 0.25 }, signal: "kv" }],
  saturation: [{ sheddable: ["p1", "p2"], queueDepth: 1, kvShare: 0.3 }],
};

for (const { name, options } of POLICIES) {
  const displaces = "displaceLower" in options;
  for (const more of [{}, ...(MORE[name] ?? [])]) {
    policyContract(`${name} ${JSON.stringify(more)}`, {
      create: ({ maxQueue, displaceLower }) =>
        createPolicy(
          policy.parse({ policy: name, maxQueue, ...(displaces && { displaceLower }), ...more }),
          policyContext(RANKED_PATHS),
        ),
      displaces,
    });
  }
}
