// The catalogue of paths: what callers can ask for - a model id, and a service tier of it - and what it costs. Paths
// are data; nothing knows one of them by name. Knows nothing of pools: who serves a path is the server's business.
//
// Only a tier that some path offers means anything: every other value is treated as the default, as some public APIs
// do ("all other values will be treated as 'default'"), or refused, as others do. But a tier that exists and that this
// model does not offer is a contradiction - Priority on the Fast model id - and is refused, never silently resolved.
import { type Reason, reasonCode } from "../base/outcome.js";
import type { Price } from "./prices.js";

export interface CataloguePath {
  readonly name: string;
  /** Model id as callers name it. */
  readonly model: string;
  /** Service tier that a request must ask for to take this path; undefined is the default. */
  readonly serviceTier: string | undefined;
  /** Undefined where nothing is charged. */
  readonly price: Price | undefined;
}

/** What service tiers mean that no path offers. */
export interface TierRule {
  /** Values that only ask for the default. */
  readonly ofDefault: readonly string[];
  /** Every other value is taken for the default, or refused. */
  readonly unknown: "default" | "reject";
}

const ALL_DEFAULT: TierRule = { ofDefault: [], unknown: "default" };

/** What a call has taken: the whole prompt, the cached part of it, and the answer. */
interface Tokens {
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
}

/** Routes that lead nowhere; every other route is the index of a path. */
const UNKNOWN_MODEL = -1;
const TIER_NOT_OFFERED = -2;

export class Catalogue {
  readonly paths: readonly CataloguePath[];
  /** Model id, then service tier, undefined for the default. Callers add nothing to it, whatever they ask for. */
  readonly #routes = new Map<string, Map<string | undefined, number>>();
  readonly #tiers: ReadonlySet<string | undefined>;
  readonly #rule: TierRule;
  /** What was asked for last: most often it is asked for again. */
  readonly #last: { model: string | undefined; serviceTier: string | undefined; route: number } = {
    model: undefined,
    serviceTier: undefined,
    route: UNKNOWN_MODEL,
  };

  constructor(paths: readonly CataloguePath[], rule: TierRule = ALL_DEFAULT) {
    this.paths = paths;
    this.#rule = rule;
    this.#tiers = new Set(paths.map((path) => path.serviceTier));
    paths.forEach(({ model, serviceTier }, path) => {
      const ofModel = this.#routes.get(model) ?? new Map<string | undefined, number>();
      if (!ofModel.has(serviceTier)) ofModel.set(serviceTier, path);
      this.#routes.set(model, ofModel);
    });
  }

  /** Index of the path that takes such a call; below 0 where none does, as `reasonOf` explains. */
  route(model: string, serviceTier: string | undefined): number {
    const last = this.#last;
    if (model === last.model && serviceTier === last.serviceTier) return last.route;
    last.model = model;
    last.serviceTier = serviceTier;
    last.route = this.#lookUp(model, serviceTier);
    return last.route;
  }

  #lookUp(model: string, serviceTier: string | undefined): number {
    const ofModel = this.#routes.get(model);
    if (ofModel === undefined) return UNKNOWN_MODEL;
    if (serviceTier === undefined || this.#tiers.has(serviceTier)) {
      return ofModel.get(serviceTier) ?? TIER_NOT_OFFERED;
    }
    const { ofDefault, unknown } = this.#rule;
    if (unknown === "reject" && !ofDefault.includes(serviceTier)) return TIER_NOT_OFFERED;
    return ofModel.get(undefined) ?? TIER_NOT_OFFERED;
  }

  /** US dollars for a call of those tokens on a path; 0 where nothing is charged. */
  costOf({ inputTokens, cachedTokens, outputTokens }: Tokens, path: number): number {
    const price = this.paths[path]?.price;
    if (price === undefined) return 0;
    const uncached = inputTokens - cachedTokens;
    return (uncached * price.input + cachedTokens * price.cached + outputTokens * price.output) / 1e6;
  }
}

export const REASON_UNKNOWN_MODEL: Reason = reasonCode("unknown_model");
export const REASON_TIER_NOT_OFFERED: Reason = reasonCode("tier_not_offered");

/** Why a route leads to no path. */
export function reasonOf(route: number): Reason {
  return route === UNKNOWN_MODEL ? REASON_UNKNOWN_MODEL : REASON_TIER_NOT_OFFERED;
}
