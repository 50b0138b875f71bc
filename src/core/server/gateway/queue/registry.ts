// Every queue rule that a scenario may name. A new one is one file beside this one and one line here.
import type * as z from "zod";
import { definitionOf, nameOrMap } from "../../../document/definition.js";
import { adaptiveLifo } from "./adaptive-lifo.js";
import { apf } from "./apf.js";
import { edf } from "./edf.js";
import { fifo } from "./fifo.js";
import { priority } from "./priority.js";
import { priorityAging } from "./priority-aging.js";
import type { QueueContext, QueueRule } from "./rule.js";
import { vtc } from "./vtc.js";

export const QUEUE_RULES = [priority, fifo, vtc, priorityAging, edf, adaptiveLifo, apf] as const;

/** A rule by its name, or with its options, as a scenario writes it. */
export const queueRule = nameOrMap("rule", QUEUE_RULES);

/** Makes the rule of one pool. */
export function createQueueRule(
  { rule, ...options }: z.output<typeof queueRule>,
  context: QueueContext,
): QueueRule {
  return definitionOf(QUEUE_RULES, rule, "queue rule").create(options as never, context);
}
