// No admission control: a request waits until there is room, unless the queue is as long as the scenario allows.
import * as z from "zod";
import { count, duration } from "../../../document/units.js";
import { expected } from "../../../document/words.js";
import { definePolicy } from "./policy.js";
import { TailDrop } from "./tail-drop.js";

export const none = definePolicy({
  name: "none",
  summary: "Sheds no request, unless maxQueue or queueTimeout say so.",
  ordersByPriority: true,
  options: {
    maxQueue: z
      .union([count(0, 10_000_000), z.literal("unlimited")], {
        error: expected('a whole number or "unlimited"'),
      })
      .prefault("unlimited")
      .describe("Most requests that wait in the pool."),
    queueTimeout: duration({ above: 0 })
      .exactOptional()
      .describe("A request that waited this long is shed; left out: it waits for ever."),
  },
  defaults: { maxQueue: "ours", queueTimeout: "ours" },
  create: ({ maxQueue, queueTimeout }) =>
    new TailDrop({
      maxQueue: maxQueue === "unlimited" ? Number.POSITIVE_INFINITY : maxQueue,
      queueTimeout,
      displaceLower: false,
    }),
});
