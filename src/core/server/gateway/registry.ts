// Every admission policy by the name that scenarios use. A new policy is one file, one line here, its options in
// the scenario schema and in engine/world/world.ts, and one line in the contract suite.
import { None, type NoneOptions } from "./policies/none.js";
import { TailDrop, type TailDropOptions } from "./policies/tail-drop.js";
import { TrunkReservation, type TrunkReservationOptions } from "./policies/trunk-reservation.js";
import type { AdmissionPolicy } from "./policy.js";

export type PolicySpec =
  | ({ readonly policy: "none" } & NoneOptions)
  | ({ readonly policy: "tail-drop" } & TailDropOptions)
  | ({ readonly policy: "trunk-reservation" } & TrunkReservationOptions);
export type PolicyName = PolicySpec["policy"];

type SpecOf<Name extends PolicyName> = Extract<PolicySpec, { readonly policy: Name }>;

const POLICIES: { readonly [Name in PolicyName]: (spec: SpecOf<Name>) => AdmissionPolicy } = {
  none: (spec) => new None(spec),
  "tail-drop": (spec) => new TailDrop(spec),
  "trunk-reservation": (spec) => new TrunkReservation(spec),
};

export const POLICY_NAMES: readonly string[] = Object.keys(POLICIES);

/** Makes the policy of one pool. */
export function createPolicy<Name extends PolicyName>(spec: SpecOf<Name>): AdmissionPolicy {
  const create = POLICIES[spec.policy] as (spec: SpecOf<Name>) => AdmissionPolicy;
  return create(spec);
}
