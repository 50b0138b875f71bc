// By rank, then by arrival.
import { PathOrder } from "./path-order.js";
import { defineQueueRule } from "./rule.js";

export const priority = defineQueueRule({
  name: "priority",
  summary: "By rank, then by arrival.",
  options: {},
  create: (_, ranks) => new PathOrder(ranks, ranks),
});
