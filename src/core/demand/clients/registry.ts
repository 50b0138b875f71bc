// Every client that a scenario may name, and the ways to build one: a client with what is set of it, or a stack of
// clients. A new one is a file of its own beside this one, and one line here.
import { type AnyShape, withDefaults } from "../../document/any-options.js";
import type { CustomSpec } from "../../document/custom.js";
import { CustomInstance, type CustomUse } from "../../document/custom-instance.js";
import { definitionOf, type Options } from "../../document/definition.js";
import { awsAdaptive } from "./aws-adaptive.js";
import { awsStandard } from "./aws-standard.js";
import { exponential, fixed, fullJitter, naive, none } from "./baselines.js";
import { claudeCode } from "./claude-code.js";
import type { Client } from "./client.js";
import { CustomClient } from "./custom-client.js";
import { decorrelated } from "./decorrelated.js";
import { FEATURES, type FeatureSettings, joined, withFeatures } from "./features.js";
import { googleGenai } from "./google-genai.js";
import { litellmRouter } from "./litellm-router.js";
import { portkey } from "./portkey.js";
import type { ClientSettings, Given } from "./settings.js";
import { sreThrottle } from "./sre-throttle.js";
import { Stack } from "./stack.js";
import { anthropicSdk, openaiNode6, openaiNode7, stainlessPython } from "./stainless.js";
import { vercelAi } from "./vercel-ai.js";

export const CLIENTS = [
  none,
  openaiNode6,
  openaiNode7,
  anthropicSdk,
  stainlessPython,
  vercelAi,
  litellmRouter,
  claudeCode,
  portkey,
  awsStandard,
  awsAdaptive,
  sreThrottle,
  fixed,
  naive,
  exponential,
  fullJitter,
  decorrelated,
  googleGenai,
] as const;

/** What may be set of one client or another; parts that a client does not have mean nothing to it. */
export type ClientOptions = ClientSettings & FeatureSettings & Given<Options<AnyShape<typeof CLIENTS>>>;

const clientNamed = (name: string) => definitionOf(CLIENTS, name, "client");

/** A client by name, with the features that it comes with and those that are set around it. */
export function createClient(name: string, given: ClientOptions): Client {
  const { create, options, features = {} } = clientNamed(name);
  return withFeatures(create(withDefaults(options, given) as never, given), joined(features, given));
}

/** A client of the user's own, with the features that are set around it. Throws CODE_FAILED where its module fails. */
export function createCustomClient(
  spec: CustomSpec & ClientSettings & FeatureSettings,
  use: CustomUse,
): Client {
  return withFeatures(new CustomClient(new CustomInstance(spec, use, {}, 0), spec), spec);
}

/**
 * Clients within clients, the outermost first. Retries and delays are set of each layer, timeout and hedging of the
 * innermost, whose tries are the calls; the features are around the whole, beside those that a client comes with.
 */
export function createStack(names: readonly string[], options: ClientOptions): Client {
  const bare = Object.fromEntries(FEATURES.map(({ name }) => [name, undefined]));
  const each = { ...options, ...bare };
  return withFeatures(new Stack(names.map((name) => createClient(name, each))), options);
}

/** Whether a request of this client, or of these one within the other, can become several attempts. */
export function mayRetry(names: readonly string[]): boolean {
  return names.some((name) => clientNamed(name).retries);
}
