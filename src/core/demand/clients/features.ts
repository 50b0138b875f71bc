// What any client may have around it, by the key that scenarios use: a registry like that of the clients. Innermost
// first: the breaker next to the calls that it watches, the budget outermost, where retries are decided.
import * as z from "zod";
import { type Bare, withDefaults, withoutDefaults } from "../../document/any-options.js";
import type { Options } from "../../document/definition.js";
import { breaker } from "./circuit-breaker.js";
import type { Client } from "./client.js";
import { throttle } from "./client-throttle.js";
import { budget } from "./retry-budget.js";
import type { Given } from "./settings.js";

export const FEATURES = [breaker, throttle, budget] as const;

type Feature = (typeof FEATURES)[number];

type ShapeOf<Key> = Extract<Feature, { readonly name: Key }>["options"];

/** The options of the features that are wanted. */
export type FeatureSettings = Given<{ readonly [Key in Feature["name"]]: Given<Options<ShapeOf<Key>>> }>;

type FeatureOptions = {
  readonly [Key in Feature["name"]]: z.ZodExactOptional<z.ZodObject<Bare<ShapeOf<Key>>, z.core.$strict>>;
};

/** Each feature as a key of a client, a map of its options. */
export const FEATURE_OPTIONS = Object.fromEntries(
  FEATURES.map(({ name, summary, options }) => [
    name,
    z.strictObject(withoutDefaults(options)).exactOptional().describe(summary),
  ]),
) as FeatureOptions;

/** The client with the features of the settings around it. */
export function withFeatures(client: Client, settings: FeatureSettings): Client {
  let featured = client;
  for (const { name, options, create } of FEATURES) {
    const given = settings[name];
    if (given !== undefined) featured = create(withDefaults(options, given) as never, featured);
  }
  return featured;
}

/** What is set, over what a client comes with, key by key. */
export function joined(own: FeatureSettings, set: FeatureSettings): FeatureSettings {
  const entries = FEATURES.map(({ name }) => [name, joinedPart(own[name], set[name])]);
  return Object.fromEntries(entries) as FeatureSettings;
}

function joinedPart(own: object | undefined, set: object | undefined): object | undefined {
  if (own === undefined || set === undefined) return set ?? own;
  const given = Object.entries(set).filter(([, value]) => value !== undefined);
  return { ...own, ...Object.fromEntries(given) };
}
