// By arrival alone; who is displaced still goes by rank.
import { PathOrder } from "./path-order.js";
import { defineQueueRule } from "./rule.js";

export const fifo = defineQueueRule({
  name: "fifo",
  summary: "By arrival alone.",
  options: {},
  create: (_, ranks) =>
    new PathOrder(
      ranks,
      ranks.map(() => 0),
    ),
});
