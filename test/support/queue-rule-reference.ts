// The queue rules for docs/gateway.md, written from their definitions and from what these promise.
import { QUEUE_RULES } from "../../src/core/server/gateway/queue/registry.js";
import type { QueueRulePromises } from "../../src/core/server/gateway/queue/rule.js";
import { markdownTable } from "./markdown.js";

const STARVES: Readonly<Record<NonNullable<QueueRulePromises["starves"]>, string>> = {
  none: "none",
  lower: "lower ranks",
};

export function queueRuleTable(): string {
  const rows = QUEUE_RULES.map((definition) => {
    const { name, summary, keepsOrder, starves }: QueueRulePromises & { name: string; summary: string } =
      definition;
    return [
      `\`${name}\``,
      summary,
      keepsOrder === true ? "yes" : "not always",
      starves === undefined ? "any" : STARVES[starves],
    ];
  });
  const heads = ["rule", "order", "one account's requests in turn", "may wait for ever under overload"];
  return markdownTable(heads, rows);
}
