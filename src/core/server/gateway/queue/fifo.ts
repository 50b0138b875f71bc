// By arrival alone; who is displaced still goes by rank.
import { PathOrder } from "./path-order.js";
import { defineQueueRule, ranksOfLanes } from "./rule.js";

export const fifo = defineQueueRule({
  name: "fifo",
  summary: "By arrival alone.",
  keepsOrder: true,
  starves: "none",
  options: {},
  create: (_, context) =>
    new PathOrder(
      ranksOfLanes(context),
      context.lanes.map(() => 0),
    ),
});
