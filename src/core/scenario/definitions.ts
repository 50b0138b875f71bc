// Everything that decides in a scenario and may be named there, and the settings around it: kind by kind, with the
// place that names it. Knows what each kind is called; what there is of it is in the registry of the kind.
import type * as z from "zod";
import { CLIENTS } from "../demand/clients/registry.js";
import type { Sourced } from "../document/definition.js";
import type { OptionFacts } from "../document/option-facts.js";
import { AUTOSCALERS } from "../server/fleet/control/autoscalers/registry.js";
import { PLACEMENTS } from "../server/fleet/placement/registry.js";
import { METERS } from "../server/gateway/accounts/registry.js";
import { CACHE_ESTIMATORS } from "../server/gateway/cached/registry.js";
import { LIMITS } from "../server/gateway/concurrency/registry.js";
import { POLICIES } from "../server/gateway/policies/registry.js";
import { type ExampleAnswer, exampleAnswers } from "../server/gateway/providers/examples.js";
import { PROVIDERS } from "../server/gateway/providers/registry.js";
import { QUEUE_RULES } from "../server/gateway/queue/registry.js";
import { adaptive, concurrency, quota, ramp } from "./limit-kinds.js";
import { LIMIT_PRESETS } from "./limit-presets.js";
import { presetFacts, providerFacts, providerSources } from "./set-facts.js";
import { SETTINGS } from "./settings.js";

export interface NamedDefinition extends Sourced {
  readonly name: string;
  readonly summary: string;
  /** How a scenario has it, where that is not as its kind says. */
  readonly written?: string;
  /** What may be set. */
  readonly options: z.ZodRawShape;
  /** What is set by the name alone. */
  readonly sets?: readonly OptionFacts[];
  readonly examples?: () => readonly ExampleAnswer[];
}

export interface DefinitionKind {
  /** In the singular. */
  readonly kind: string;
  /** How a scenario names one. */
  readonly written: string;
  readonly definitions: readonly NamedDefinition[];
}

const NO_OPTIONS: z.ZodRawShape = {};

export const DEFINITION_KINDS: readonly DefinitionKind[] = [
  { kind: "policy", written: "pools.POOL.admission: {policy: NAME}", definitions: POLICIES },
  { kind: "concurrency limit", written: "pools.POOL.concurrency: {limit: NAME}", definitions: LIMITS },
  { kind: "queue rule", written: "pools.POOL.discipline: {rule: NAME}", definitions: QUEUE_RULES },
  { kind: "autoscaler", written: "pools.POOL.autoscaler: {algorithm: NAME}", definitions: AUTOSCALERS },
  { kind: "placement", written: "pools.POOL.placement: {strategy: NAME}", definitions: PLACEMENTS },
  { kind: "client", written: "traffic.SOURCE.client: {preset: NAME}", definitions: CLIENTS },
  {
    kind: "account limit",
    written: "limits.NAME: {KEY: VALUE}",
    definitions: [concurrency, adaptive, ramp],
  },
  { kind: "quota", written: "limits.quotas: [{KEY: VALUE}]", definitions: [quota] },
  {
    kind: "window of account limits",
    written: "limits.window: NAME",
    definitions: METERS.map((meter) => ({ ...meter, options: NO_OPTIONS })),
  },
  {
    kind: "estimator of cached tokens",
    written: "cacheEstimator: NAME",
    definitions: CACHE_ESTIMATORS.map((estimator) => ({ ...estimator, options: NO_OPTIONS })),
  },
  {
    kind: "preset of account limits",
    written: "limits.preset: NAME",
    definitions: LIMIT_PRESETS.map(({ name, summary, source, origins, limits }) => ({
      name,
      summary: `${summary}.`,
      options: NO_OPTIONS,
      sets: presetFacts(limits, origins),
      sources: [{ text: source, date: "2026-11" }],
    })),
  },
  {
    kind: "provider",
    written: "provider: NAME",
    definitions: PROVIDERS.map((provider) => ({
      name: provider.name,
      summary: provider.summary,
      options: NO_OPTIONS,
      sets: providerFacts(provider),
      examples: () => exampleAnswers(provider),
      sources: providerSources(provider),
    })),
  },
  { kind: "setting", written: "NAME: {KEY: VALUE}", definitions: SETTINGS },
];
