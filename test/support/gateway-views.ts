// Requests and pools as the gateway and its policies see them, for unit tests and the contract of policies.

import type { Dispatching, WaitingFacts } from "../../src/core/server/fleet/pool.js";
import { Admission } from "../../src/core/server/gateway/admission.js";
import type { ConcurrencyLimit } from "../../src/core/server/gateway/concurrency/limit.js";
import { createLimit } from "../../src/core/server/gateway/concurrency/registry.js";
import type {
  AdmissionPolicy,
  PathOfPool,
  PolicyContext,
} from "../../src/core/server/gateway/policies/policy.js";
import { createQueueRule, queueRule } from "../../src/core/server/gateway/queue/registry.js";
import { lanesOf } from "../../src/core/tools/contracts/views.js";

export {
  facts,
  lanesOf,
  occupancy,
  signals,
  startsAll,
  waitingView,
} from "../../src/core/tools/contracts/views.js";

/** What a policy is made with: no paths and no luck, unless told otherwise. */
export const policyContext = (
  paths: readonly PathOfPool[] = [],
  chance: () => number = () => 0.5,
): PolicyContext => ({ paths, chance });

/** What a pool is given to start what waits. It has nothing shed at the head. */
export const dispatching = (facts: WaitingFacts, start: Dispatching["start"]): Dispatching => ({
  facts,
  start,
  drop: (request) => {
    throw new Error(`request ${request} is shed at the head`);
  },
});

/** As a scenario writes it. */
export type RuleName = Parameters<typeof queueRule.parse>[0] & string;

interface AdmissionSetup {
  readonly policy: AdmissionPolicy;
  readonly ranks?: readonly number[];
  readonly rule?: RuleName;
  readonly limit?: ConcurrencyLimit | undefined;
}

export function admissionOf({
  policy,
  ranks = [0, 1],
  rule = "priority",
  limit = createLimit({ limit: "none" }, { chance: () => 0 }),
}: AdmissionSetup): Admission {
  return new Admission({ limit, policy, rule: createQueueRule(queueRule.parse(rule), lanesOf(ranks)) });
}
