// Every placement rule that a scenario may name. A new one is one file beside this one and one line here.
import type * as z from "zod";
import { definitionOf, nameOrMap } from "../../../document/definition.js";
import { affinity } from "./affinity.js";
import { kvHeadroom } from "./kv-headroom.js";
import { leastLoaded } from "./least-loaded.js";
import { powerOfTwo } from "./power-of-two.js";
import { prefixAware } from "./prefix-aware.js";
import { roundRobin } from "./round-robin.js";
import type { PlacementRule, RuleContext } from "./rule.js";

export const PLACEMENTS = [leastLoaded, powerOfTwo, affinity, roundRobin, prefixAware, kvHeadroom] as const;

/** A rule by its name, or with its options, as a scenario writes it. */
export const placement = nameOrMap("strategy", PLACEMENTS);

export type PlacementSpec = z.output<typeof placement>;

/** Makes the rule of one pool. */
export function createRule({ strategy, ...options }: PlacementSpec, context: RuleContext): PlacementRule {
  return definitionOf(PLACEMENTS, strategy, "placement").create(options as never, context);
}
