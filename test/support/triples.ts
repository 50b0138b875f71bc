// Every combination of a concurrency limit, a policy and a queue rule that a pool can have, by name.
import { namesOf } from "../../src/core/document/definition.js";
import { LIMITS } from "../../src/core/server/gateway/concurrency/registry.js";
import { POLICIES } from "../../src/core/server/gateway/policies/registry.js";
import { QUEUE_RULES } from "../../src/core/server/gateway/queue/registry.js";

export interface Triple {
  readonly limit: string;
  readonly policy: string;
  readonly rule: string;
}

export const TRIPLES: readonly Triple[] = namesOf(LIMITS).flatMap((limit) =>
  namesOf(POLICIES).flatMap((policy) => namesOf(QUEUE_RULES).map((rule) => ({ limit, policy, rule }))),
);

/** The pairs in a triple. */
export const pairsOf = ({ limit, policy, rule }: Triple): string[] => [
  `limit ${limit}, policy ${policy}`,
  `policy ${policy}, rule ${rule}`,
  `limit ${limit}, rule ${rule}`,
];
