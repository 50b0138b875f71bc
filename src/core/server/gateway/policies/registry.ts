// Every admission policy that a scenario may name. A new one is one file beside this one and one line here.
import type * as z from "zod";
import { definitionOf, oneOf } from "../../../document/definition.js";
import { none } from "./none.js";
import type { AdmissionPolicy, PolicyContext } from "./policy.js";
import { saturation } from "./saturation.js";
import { tailDrop } from "./tail-drop.js";
import { trunkReservation } from "./trunk-reservation.js";

export const POLICIES = [none, tailDrop, trunkReservation, saturation] as const;

/** A policy with its options, as a scenario writes it. */
export const policy = oneOf("policy", POLICIES);

/** Makes the policy of one pool. */
export function createPolicy(
  { policy: name, ...options }: z.output<typeof policy>,
  context: PolicyContext,
): AdmissionPolicy {
  return definitionOf(POLICIES, name, "policy").create(options as never, context);
}
