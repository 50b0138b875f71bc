// Every client by the name that scenarios use, and the ways to build one: a preset with what it is given on top, or a
// stack of presets.
import { SurgefleetError } from "../../base/errors.js";
import { AwsAdaptive } from "./aws-adaptive.js";
import { AwsStandard } from "./aws-standard.js";
import { exponential, fixed, fullJitter, NAIVE, NO_RETRIES } from "./baselines.js";
import { CircuitBreaker } from "./circuit-breaker.js";
import { CLAUDE_CODE } from "./claude-code.js";
import type { Client, ClientOptions } from "./client.js";
import { ClientThrottle } from "./client-throttle.js";
import { Decorrelated } from "./decorrelated.js";
import { LitellmRouter } from "./litellm-router.js";
import { Portkey } from "./portkey.js";
import { RetryBudget } from "./retry-budget.js";
import { RetryLoop, type RetryRule } from "./retry-loop.js";
import { SRE_BUDGET, SRE_LIMITS, SRE_THROTTLE } from "./sre-throttle.js";
import { Stack } from "./stack.js";
import { ANTHROPIC_SDK, OPENAI_NODE_6, OPENAI_NODE_7, STAINLESS_PYTHON } from "./stainless.js";
import { VERCEL_AI } from "./vercel-ai.js";

interface ClientPreset {
  create(name: string, options: ClientOptions): Client;
  /** Budget and throttle that it comes with. */
  readonly features?: Pick<ClientOptions, "budget" | "throttle">;
}

const loop = (rule: RetryRule): ClientPreset => ({
  create: (name, options) => new RetryLoop(name, rule, options),
});

const PRESETS: ReadonlyMap<string, ClientPreset> = new Map<string, ClientPreset>([
  ["none", loop(NO_RETRIES)],
  ["openai-node-6", loop(OPENAI_NODE_6)],
  ["openai-node-7", loop(OPENAI_NODE_7)],
  ["anthropic-sdk", loop(ANTHROPIC_SDK)],
  ["stainless-python", loop(STAINLESS_PYTHON)],
  ["vercel-ai", loop(VERCEL_AI)],
  ["litellm-router", { create: (name, options) => new LitellmRouter(name, options) }],
  ["claude-code", loop(CLAUDE_CODE)],
  ["portkey", { create: (name, options) => new Portkey(name, options) }],
  ["aws-standard", { create: (name, options) => new AwsStandard(name, options) }],
  ["aws-adaptive", { create: (name, options) => new AwsAdaptive(name, options) }],
  ["sre-throttle", { ...loop(SRE_THROTTLE), features: { budget: SRE_BUDGET, throttle: SRE_LIMITS } }],
  ["fixed", { create: (name, options) => new RetryLoop(name, fixed(options), options) }],
  ["naive", loop(NAIVE)],
  ["exponential", { create: (name, options) => new RetryLoop(name, exponential(options), options) }],
  ["full-jitter", { create: (name, options) => new RetryLoop(name, fullJitter(options), options) }],
  ["decorrelated", { create: (name, options) => new Decorrelated(name, options) }],
]);

export const CLIENT_NAMES: readonly string[] = [...PRESETS.keys()];

/** A preset by name, with the budget, throttle and breaker of the options around it. */
export function createClient(name: string, options: ClientOptions): Client {
  const preset = PRESETS.get(name);
  if (preset === undefined) {
    throw new SurgefleetError(
      "NOT_FOUND",
      `no client is named "${name}"; there are ${CLIENT_NAMES.join(", ")}`,
    );
  }
  const { budget, throttle } = options;
  return withFeatures(preset.create(name, options), {
    budget: joined(preset.features?.budget, budget),
    throttle: joined(preset.features?.throttle, throttle),
    breaker: options.breaker,
  });
}

/** What is set, over what the preset comes with; undefined where there is neither. */
function joined<Part extends object>(own: Part | undefined, set: Part | undefined): Part | undefined {
  if (own === undefined || set === undefined) return set ?? own;
  const given = Object.entries(set).filter(([, value]) => value !== undefined);
  return { ...own, ...Object.fromEntries(given) };
}

/**
 * Presets within presets, the outermost first. Retries and delays are set of each layer, timeout and hedging of the
 * innermost, whose tries are the calls; the features are around the whole, beside those that a preset comes with.
 */
export function createStack(names: readonly string[], options: ClientOptions): Client {
  const each = { ...options, budget: undefined, throttle: undefined, breaker: undefined };
  return withFeatures(new Stack(names.map((name) => createClient(name, each))), options);
}

/** The breaker innermost, next to the calls that it watches; the budget outermost, where retries are decided. */
function withFeatures(client: Client, { breaker, throttle, budget }: ClientOptions): Client {
  let featured = client;
  if (breaker !== undefined) featured = new CircuitBreaker(featured, breaker);
  if (throttle !== undefined) featured = new ClientThrottle(featured, throttle);
  if (budget !== undefined) featured = new RetryBudget(featured, budget);
  return featured;
}
