// The contract of queue rules, src/core/tools/contracts/queue-rule.ts, as tests.
import { describe, it } from "vitest";
import { brokenLaws as brokenOf, lawsFor } from "../../src/core/tools/contracts/law.js";
import { QUEUE_RULE_LAWS, type RuleUnderTest } from "../../src/core/tools/contracts/queue-rule.js";
import { gear } from "../support/mode.js";

export type { RuleUnderTest } from "../../src/core/tools/contracts/queue-rule.js";

const RUNS = gear(80, 500);

/** Which laws a rule breaks. None of them waits for anything. */
export const brokenLaws = (tested: RuleUnderTest, names?: readonly string[]): string[] =>
  brokenOf(
    QUEUE_RULE_LAWS.filter(({ text }) => names === undefined || names.includes(text)),
    tested,
    RUNS,
  );

export function ruleContract(name: string, tested: RuleUnderTest): void {
  describe(`queue rule ${name}`, () => {
    for (const { text, hold } of lawsFor(QUEUE_RULE_LAWS, tested)) it(text, () => hold(tested, RUNS));
  });
}
