// Everything that decides in a scenario and may be named there: kind by kind, with the place that names it. Knows what
// each kind is called; what there is of it is in the registry of the kind.
import type * as z from "zod";
import { CLIENTS } from "../demand/clients/registry.js";
import type { Sourced } from "../document/definition.js";
import { AUTOSCALERS } from "../server/fleet/control/autoscalers/registry.js";
import { PLACEMENTS } from "../server/fleet/placement/registry.js";
import { LIMITS } from "../server/gateway/concurrency/registry.js";
import { POLICIES } from "../server/gateway/policies/registry.js";
import { QUEUE_RULES } from "../server/gateway/queue/registry.js";

export interface NamedDefinition extends Sourced {
  readonly name: string;
  readonly summary: string;
  readonly options: z.ZodRawShape;
}

export interface DefinitionKind {
  /** In the singular. */
  readonly kind: string;
  /** How a scenario names one. */
  readonly written: string;
  readonly definitions: readonly NamedDefinition[];
}

export const DEFINITION_KINDS: readonly DefinitionKind[] = [
  { kind: "policy", written: "pools.POOL.admission: {policy: NAME}", definitions: POLICIES },
  { kind: "concurrency limit", written: "pools.POOL.concurrency: {limit: NAME}", definitions: LIMITS },
  { kind: "queue rule", written: "pools.POOL.discipline: {rule: NAME}", definitions: QUEUE_RULES },
  { kind: "autoscaler", written: "pools.POOL.autoscaler: {algorithm: NAME}", definitions: AUTOSCALERS },
  { kind: "placement", written: "pools.POOL.placement: {strategy: NAME}", definitions: PLACEMENTS },
  { kind: "client", written: "traffic.SOURCE.client: {preset: NAME}", definitions: CLIENTS },
];
