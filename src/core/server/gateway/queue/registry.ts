// Every queue rule that a scenario may name. A new one is one file beside this one and one line here.
import type * as z from "zod";
import { nameMapOrModule } from "../../../document/custom.js";
import { CustomInstance, type CustomPool } from "../../../document/custom-instance.js";
import { definitionOf } from "../../../document/definition.js";
import { adaptiveLifo } from "./adaptive-lifo.js";
import { apf } from "./apf.js";
import { CustomRule } from "./custom-rule.js";
import { edf } from "./edf.js";
import { fifo } from "./fifo.js";
import { priority } from "./priority.js";
import { priorityAging } from "./priority-aging.js";
import { type QueueContext, type QueueRule, ranksOfLanes } from "./rule.js";
import { vtc } from "./vtc.js";

export const QUEUE_RULES = [priority, fifo, vtc, priorityAging, edf, adaptiveLifo, apf] as const;

/** A rule by its name, or with its options, as a scenario writes it; or a module of the user's own. */
export const queueRule = nameMapOrModule("rule", QUEUE_RULES, {});

/** Makes the rule of one pool. Throws CODE_FAILED where a module of the user's own fails. */
export function createQueueRule(
  spec: z.output<typeof queueRule>,
  context: QueueContext,
  custom?: CustomPool,
): QueueRule {
  if (spec.rule === "custom") {
    const { paths } = custom!;
    return new CustomRule(ranksOfLanes(context), new CustomInstance(spec, custom!, { paths }, 0));
  }
  const { rule, ...options } = spec;
  return definitionOf(QUEUE_RULES, rule, "queue rule").create(options as never, context);
}
