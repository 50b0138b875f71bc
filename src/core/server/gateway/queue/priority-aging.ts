// By rank, and a rank rises with waiting: each `agingTime` that a request has waited is worth one rank. So of two
// requests the one of the lower rank goes first once it came more than so many times that earlier as it is lower, and
// nothing waits for ever behind those of higher ranks. With a time as long as any run this is `priority`, with none
// `fifo`. Aging is the textbooks' cure for starvation (as in Silberschatz, Galvin and Gagne, "Operating System
// Concepts", chapter on scheduling: from memory); that it is linear, and how fast, is ours.
import type { Duration } from "../../../base/units.js";
import { duration } from "../../../document/units.js";
import { DueOrder } from "./due-order.js";
import { defineQueueRule, ranksOfLanes } from "./rule.js";

export const priorityAging = defineQueueRule({
  name: "priority-aging",
  summary: "By rank, then by arrival, where a rank rises with waiting.",
  keepsOrder: true,
  starves: "none",
  options: {
    agingTime: duration()
      .prefault("2s")
      .describe("A request goes before one of the next higher rank that came this much later."),
  },
  sources: [
    {
      text: 'Silberschatz, Galvin and Gagne, "Operating System Concepts": scheduling by priorities',
      date: "2026-11",
    },
  ],
  defaults: { agingTime: "ours" },
  create: ({ agingTime }, context) => {
    const ranks = ranksOfLanes(context);
    return new DueOrder(
      ranks,
      ranks.map((rank) => (rank * agingTime) as Duration),
    );
  },
});
