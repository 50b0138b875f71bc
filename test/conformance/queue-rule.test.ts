// The contract of queue rules over every rule there is.
import { createQueueRule, QUEUE_RULES, queueRule } from "../../src/core/server/gateway/queue/registry.js";
import { ruleContract } from "./queue-rule.js";

for (const { name } of QUEUE_RULES) {
  ruleContract(name, { create: (context) => createQueueRule(queueRule.parse(name), context) });
}
