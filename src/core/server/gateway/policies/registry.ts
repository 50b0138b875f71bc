// Every admission policy that a scenario may name. A new one is one file beside this one and one line here.
import * as z from "zod";
import { CustomInstance, type CustomRun } from "../../../custom/instance.js";
import { type CustomSpec, customMap, optionsOf } from "../../../document/custom.js";
import { definitionOf, type Options, oneOf } from "../../../document/definition.js";
import { expected } from "../../../document/words.js";
import { CustomPolicy } from "./custom-policy.js";
import { none } from "./none.js";
import type { AdmissionPolicy, PolicyContext } from "./policy.js";
import { saturation } from "./saturation.js";
import { boundedQueue, tailDrop } from "./tail-drop.js";
import { trunkReservation } from "./trunk-reservation.js";

export const POLICIES = [none, tailDrop, trunkReservation, saturation] as const;

/** A policy with its options, as a scenario writes it: one of these, or a module of the user's own. */
export const policy = z.union([oneOf("policy", POLICIES), customMap("policy")], { error: expected("a map") });

/** Makes the policy of one pool; `pool` is its name. Throws CODE_FAILED where a module of the user's own fails. */
export function createPolicy(
  { policy: name, ...options }: z.output<typeof policy>,
  context: PolicyContext,
  custom?: CustomRun & { readonly pool: string },
): AdmissionPolicy {
  if (name === "custom") return createCustom(options as CustomSpec, context, custom!);
  return definitionOf(POLICIES, name, "policy").create(options as never, context);
}

function createCustom(
  spec: CustomSpec,
  { paths, chance }: PolicyContext,
  custom: CustomRun & { readonly pool: string },
): AdmissionPolicy {
  const options = optionsOf(spec, custom.modules, boundedQueue);
  const place = { module: spec.module, where: `pool ${custom.pool}` };
  const instance = new CustomInstance(custom, place, options, { paths }, chance());
  const { maxQueue, queueTimeout, displaceLower, evictLower } = options as Options<typeof boundedQueue>;
  return new CustomPolicy({ maxQueue, queueTimeout, displaceLower, evictLower, instance, chance });
}
