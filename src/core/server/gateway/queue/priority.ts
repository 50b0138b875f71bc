// By rank, then by arrival.
import { PathOrder } from "./path-order.js";
import { defineQueueRule, ranksOfLanes } from "./rule.js";

export const priority = defineQueueRule({
  name: "priority",
  summary: "By rank, then by arrival.",
  keepsOrder: true,
  starves: "lower",
  options: {},
  create: (_, context) => new PathOrder(ranksOfLanes(context), ranksOfLanes(context)),
});
