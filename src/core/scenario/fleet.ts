// The part of a scenario that describes the fleet: the GPU inventory, pools of replicas with their admission
// policies, and the paths on which requests reach them. Knows the shape of each part, not how parts refer to
// each other (cross-checks.ts) and not what a policy does.
import * as z from "zod";
import { PRICE_NAMES } from "../api/prices.js";
import { count, duration, name, notEmpty, real } from "../document/units.js";
import { expected } from "../document/words.js";
import { coldStart } from "../server/fleet/cold-start-keys.js";
import { autoscaler } from "../server/fleet/control/autoscalers/registry.js";
import { placement } from "../server/fleet/placement/registry.js";
import { concurrencyLimit } from "../server/gateway/concurrency/registry.js";
import { policy } from "../server/gateway/policies/registry.js";
import { queueRule } from "../server/gateway/queue/registry.js";
import { signalTiming } from "../server/gateway/signal-timing.js";
import { replica } from "../server/replica/engines.js";

const admission = policy.prefault({ policy: "trunk-reservation" });

const MOST_REPLICAS = 100_000;

const pool = z.strictObject({
  replicas: count(0, MOST_REPLICAS).describe(
    "Number of replicas, at the start where there is an autoscaler.",
  ),
  gpusPerReplica: count(1, 1024)
    .exactOptional()
    .describe("GPUs that one replica takes from the inventory; default: those of its profile, or 1."),
  nodes: z
    .array(name)
    .min(1)
    .exactOptional()
    .describe("Types of nodes that its instances may stand on, the first that has room first; default: all."),
  coldStart: coldStart
    .prefault("none")
    .describe(
      "What it takes until an instance that is launched takes requests; none: it is ready at once. cached and cold " +
        "load weights, so that they are maps with `weights.bytes`.",
    ),
  warmPool: count(0, MOST_REPLICAS)
    .prefault(0)
    .describe(
      "Instances beside the replicas that are kept asleep, with their GPUs, and woken before others start.",
    ),
  displaces: z
    .array(name)
    .prefault([])
    .describe("Pools that give up instances for its own where there are no GPUs, the first first."),
  launchAhead: duration()
    .prefault("0s")
    .describe("How long before the launch of its first model its instances are started."),
  autoscaler: autoscaler
    .exactOptional()
    .describe("What decides how many replicas there are; left out: as many as at the start."),
  replica: replica.describe("What one replica is."),
  discipline: queueRule.prefault("priority").describe("Who starts next."),
  placement: placement.prefault("least-loaded").describe("Which replica takes whom."),
  concurrency: concurrencyLimit.prefault("none").describe("How many may be inside at once."),
  admission: admission.describe("Who may enter the queue, and who is shed."),
  signals: signalTiming("the pool").describe("How old what the admission policy sees is."),
});

const dollars = () => real({ from: 0, to: 1e6 });

const price = z.union(
  [
    z.strictObject({
      input: dollars().describe("Dollars per million uncached input tokens."),
      cached: dollars().describe("Dollars per million cached input tokens."),
      output: dollars().describe("Dollars per million output tokens."),
    }),
    z.strictObject({ preset: z.enum(PRICE_NAMES).describe("A price list by name.") }),
  ],
  { error: expected("a price like {input: 0.20, cached: 0.10, output: 0.20}, or {preset: NAME}") },
);

const modelId = z
  .string({ error: expected("the id of a model, as text") })
  .regex(/^\S{1,256}$/, { error: "a model id is 1 to 256 characters without spaces" });

const CAUSES = ["limit", "soft-limit", "overload", "outage"] as const;

const causes = z
  .array(z.enum(CAUSES))
  .min(1)
  .prefault(["overload"])
  .describe(
    "For what: its account is over a limit, or over a soft one; the pool is overloaded; the path is out.",
  );

const detour = z.union(
  [
    z.strictObject({
      demote: name.describe("The path as which it is served, at its rank and its price."),
      on: causes,
    }),
    z.strictObject({ spill: name.describe("The pool that serves it, as the path that it is."), on: causes }),
  ],
  { error: expected("{demote: PATH} or {spill: POOL}, each with `on`") },
);

const path = z.strictObject({
  model: modelId.describe("The model id that callers write."),
  serviceTier: name
    .exactOptional()
    .describe("The service_tier that callers write to get this path; left out: the model's plain path."),
  pool: name.describe("The pool that serves this path."),
  rank: count(0, 1000).describe("Rank in the queue: 0 is served first and shed last."),
  objective: z
    .strictObject({
      ttft: duration({ above: 0 }).exactOptional().describe("Longest time to first token."),
      tokensPerSecond: real({ above: 0, to: 1e6 }).exactOptional().describe("Least speed after it."),
    })
    .exactOptional()
    .describe("What an attempt has to meet for its tokens to count as `goodput`; left out: to complete."),
  instead: z
    .array(detour)
    .prefault([])
    .describe(
      "What is done instead of a refusal, the first that takes the request; where none does, it is refused.",
    ),
  launch: duration()
    .exactOptional()
    .describe(
      "When the path comes to be, counted from the start of the run: before, its model is unknown (404). " +
        "Default: the start; with a service tier, when its model's plain path does.",
    ),
  retire: duration({ above: 0 })
    .exactOptional()
    .describe(
      "When it is retired: from then on its model is unknown (404), and what it has taken is finished. " +
        "Default: never; with a service tier, when its model's plain path is.",
    ),
  price: price
    .exactOptional()
    .describe(
      "Price per million tokens. A path with a service tier defaults to 1.5 times its model's plain path.",
    ),
});

export const pools = z.record(name, pool).refine(notEmpty, "at least one pool is needed");
export const paths = z.record(name, path).refine(notEmpty, "at least one path is needed");
