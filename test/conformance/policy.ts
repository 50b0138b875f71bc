// The contract of admission policies, src/core/tools/contracts/policy.ts, as tests; with what only this process can tell,
// and the compiler.
import fc from "fast-check";
import { describe, expectTypeOf, it } from "vitest";
import type { AdmissionPolicy } from "../../src/core/server/gateway/policies/policy.js";
import type { RequestFacts } from "../../src/core/server/gateway/request-facts.js";
import { brokenLaws as brokenOf, type Law, law, lawsFor } from "../../src/core/tools/contracts/law.js";
import { MiniPool } from "../../src/core/tools/contracts/mini-pool.js";
import { POLICY_LAWS, type PolicyUnderTest } from "../../src/core/tools/contracts/policy.js";
import { log, play } from "../../src/core/tools/contracts/policy-logs.js";
import { gear } from "../support/mode.js";

export type { PolicyUnderTest, QueueOptions } from "../../src/core/tools/contracts/policy.js";

const RUNS = gear(50, 200);

/** With every clock and all chance of the process out of order: a policy is told the time, and given its chance. */
function withoutProcess<Result>(run: () => Result): Result {
  const { random } = Math;
  const { now } = Date;
  const refuse = (): never => {
    throw new Error("a policy has no clock and no chance but those that it is given");
  };
  Math.random = refuse;
  Date.now = refuse;
  try {
    return run();
  } finally {
    Math.random = random;
    Date.now = now;
  }
}

const LAWS: readonly Law<PolicyUnderTest>[] = [
  ...POLICY_LAWS,
  law("takes its chance from its own stream, and the time from what it is told", ({ create }) =>
    fc.property(
      fc.record({ maxQueue: fc.nat({ max: 12 }), displaceLower: fc.boolean() }),
      fc.integer({ min: 1, max: 6 }),
      log,
      (given, count, entries) => {
        withoutProcess(() => play(new MiniPool(create(given), count), entries));
      },
    ),
  ),
];

/** The laws that a policy breaks. */
export const brokenLaws = (policy: PolicyUnderTest): string[] => brokenOf(LAWS, policy, RUNS);

export function policyContract(name: string, policy: PolicyUnderTest): void {
  describe(`policy ${name}`, () => {
    for (const { text, hold } of lawsFor(LAWS, policy)) it(text, () => hold(policy, RUNS));
  });
}

/** LAW-6, for the compiler. */
expectTypeOf<Parameters<AdmissionPolicy["decide"]>[0]>().toEqualTypeOf<RequestFacts>();
expectTypeOf<keyof RequestFacts>().toEqualTypeOf<
  "account" | "path" | "model" | "pool" | "rank" | "inputTokens" | "cachedTokens" | "maxTokens"
>();
