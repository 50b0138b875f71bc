// Every admission policy that a scenario may name. A new one is one file beside this one and one line here.
import * as z from "zod";
import { customMap } from "../../../document/custom.js";
import { CustomInstance, type CustomPool } from "../../../document/custom-instance.js";
import { definitionOf, oneOf } from "../../../document/definition.js";
import { expected } from "../../../document/words.js";
import { anyOf, type QueueBounds, tightest } from "./any-of.js";
import { cinnamon } from "./cinnamon.js";
import { codel } from "./codel.js";
import { CustomPolicy } from "./custom-policy.js";
import { dagor } from "./dagor.js";
import { none } from "./none.js";
import { partition } from "./partition.js";
import type { AdmissionPolicy, PolicyContext } from "./policy.js";
import { probabilisticAdmitter } from "./probabilistic-admitter.js";
import { ramp } from "./ramp.js";
import { saturation } from "./saturation.js";
import { boundedQueue, tailDrop } from "./tail-drop.js";
import { trunkReservation } from "./trunk-reservation.js";

/** Those that stand alone. */
const ALONE = [
  none,
  tailDrop,
  trunkReservation,
  saturation,
  probabilisticAdmitter,
  codel,
  dagor,
  ramp,
  partition,
  cinnamon,
] as const;

export const POLICIES = [...ALONE, anyOf(ALONE)] as const;

const builtIn = oneOf("policy", POLICIES);
const custom = customMap("policy", boundedQueue);

/** A policy with its options, as a scenario writes it: one of these, or a module of the user's own. */
export const policy: z.ZodType<
  z.output<typeof builtIn> | z.output<typeof custom>,
  z.input<typeof builtIn>
> = z.union([builtIn, custom], { error: expected("a map") }) as never;

/** Makes the policy of one pool. Throws CODE_FAILED where a module of the user's own fails. */
export function createPolicy(
  spec: z.output<typeof policy>,
  context: PolicyContext,
  custom?: CustomPool,
): AdmissionPolicy {
  if (spec.policy === "custom") {
    const { chance, paths } = context;
    return new CustomPolicy({
      ...spec,
      instance: new CustomInstance(spec, custom!, { paths }, chance()),
      chance,
    });
  }
  const { policy: name, ...options } = spec;
  return definitionOf(POLICIES, name, "policy").create(options as never, context);
}

/** What a scenario says of the queue of a pool. */
export function queueBounds(given: z.output<typeof policy>): QueueBounds {
  if (given.policy === "any-of") return tightest(given.of.map(queueBounds));
  const { maxQueue, queueTimeout } = given;
  return { maxQueue: maxQueue === "unlimited" ? Number.POSITIVE_INFINITY : maxQueue, queueTimeout };
}
