// Every admission policy that a scenario may name. A new one is one file beside this one and one line here.
import type * as z from "zod";
import { definitionOf, oneOf } from "../../../document/definition.js";
import { anyOf, type QueueBounds, tightest } from "./any-of.js";
import { cinnamon } from "./cinnamon.js";
import { codel } from "./codel.js";
import { dagor } from "./dagor.js";
import { none } from "./none.js";
import { partition } from "./partition.js";
import type { AdmissionPolicy, PolicyContext } from "./policy.js";
import { probabilisticAdmitter } from "./probabilistic-admitter.js";
import { ramp } from "./ramp.js";
import { saturation } from "./saturation.js";
import { tailDrop } from "./tail-drop.js";
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

/** A policy with its options, as a scenario writes it. */
export const policy = oneOf("policy", POLICIES);

/** Makes the policy of one pool. */
export function createPolicy(
  { policy: name, ...options }: z.output<typeof policy>,
  context: PolicyContext,
): AdmissionPolicy {
  return definitionOf(POLICIES, name, "policy").create(options as never, context);
}

/** What a scenario says of the queue of a pool. */
export function queueBounds(given: z.output<typeof policy>): QueueBounds {
  if (given.policy === "any-of") return tightest(given.of.map(queueBounds));
  const { maxQueue, queueTimeout } = given;
  return { maxQueue: maxQueue === "unlimited" ? Number.POSITIVE_INFINITY : maxQueue, queueTimeout };
}
