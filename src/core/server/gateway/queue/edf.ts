// Earliest deadline first: a request is due so long after its arrival as the objective of its path says, and what is
// due first starts first, whatever its rank. It meets all deadlines that any order could meet as long as there is time
// for all, and none of them once there is not: then each request waits until it is late, and where `dropLate` is set
// that one is shed and not the one behind it. Source: Liu and Layland, "Scheduling algorithms for multiprogramming in a
// hard-real-time environment", JACM 20(1), 1973 (from memory); llm-d's inference scheduler has an order of this name.
// The deadlines of paths that have none of their own, and that a deadline is one for starting, are ours.
import * as z from "zod";
import { CENTURY, type Duration, MICROS_PER_SECOND } from "../../../base/units.js";
import { duration, name } from "../../../document/units.js";
import { checkPaths } from "../policies/policy.js";
import { DueOrder } from "./due-order.js";
import { defineQueueRule, type LaneOfPool, ranksOfLanes } from "./rule.js";

/** Of the highest rank; one below has as many times as long. */
const DEFAULT_DEADLINE = MICROS_PER_SECOND;
const TIMES_PER_RANK = 5;

export const edf = defineQueueRule({
  name: "edf",
  summary: "By deadline: arrival and the objective of the path.",
  keepsOrder: true,
  starves: "none",
  options: {
    deadlines: z
      .record(name, duration())
      .exactOptional()
      .describe(
        "Per path: a request is to start within this. Default: 1s for the highest rank, 5 times more per rank below.",
      ),
    dropLate: z
      .boolean()
      .prefault(false)
      .describe("Whether a request that could start, but after its deadline, is shed."),
  },
  sources: [
    {
      text: 'Liu and Layland, "Scheduling algorithms for multiprogramming", JACM 20(1), 1973',
      date: "2026-11",
    },
  ],
  defaults: { deadlines: "ours", dropLate: "ours" },
  check({ deadlines }, at, around, report) {
    checkPaths(deadlines, around, [...at, "deadlines"], report);
  },
  create: ({ deadlines, dropLate }, context) => {
    const terms = context.lanes.map((lane) => deadlines?.[lane.name] ?? defaultDeadline(lane));
    return new DueOrder(ranksOfLanes(context), terms, dropLate);
  },
});

function defaultDeadline({ rank }: LaneOfPool): Duration {
  let deadline = DEFAULT_DEADLINE;
  for (let above = 0; above < rank; above++) deadline = Math.min(deadline * TIMES_PER_RANK, CENTURY);
  return deadline as Duration;
}
