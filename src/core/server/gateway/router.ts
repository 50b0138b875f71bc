// Which path a request takes: by the model id it names and the service tier it asks for. Paths are data; the router
// knows none of them by name.
//
// Only a tier that some path offers means anything: every other value is treated as the default, as the public API
// does ("all other values will be treated as 'default'"). But a tier that exists and that this model does not offer
// is a contradiction - Priority on the Fast model id - and is refused, never silently resolved.
import { TIER_NOT_OFFERED, UNKNOWN_MODEL, type Verdict } from "./verdict.js";

export interface Route {
  /** Model id as callers name it. */
  readonly model: string;
  /** Service tier that a request must ask for to take this path; undefined is the default. */
  readonly serviceTier: string | undefined;
}

/** A path index, or the refusal. */
export type Routing = { readonly path: number } | Extract<Verdict, { readonly kind: "reject" }>;

export class Router {
  /** Model id, then service tier, undefined for the default. Callers add nothing to it, whatever they ask for. */
  readonly #paths = new Map<string, Map<string | undefined, Routing>>();
  readonly #tiers: ReadonlySet<string | undefined>;

  constructor(routes: readonly Route[]) {
    this.#tiers = new Set(routes.map((route) => route.serviceTier));
    routes.forEach(({ model, serviceTier }, path) => {
      const ofModel = this.#paths.get(model) ?? new Map<string | undefined, Routing>();
      if (!ofModel.has(serviceTier)) ofModel.set(serviceTier, { path });
      this.#paths.set(model, ofModel);
    });
  }

  /** The same object for the same question, so that asking per request allocates nothing. */
  route(model: string, serviceTier: string | undefined): Routing {
    const ofModel = this.#paths.get(model);
    if (ofModel === undefined) return UNKNOWN_MODEL as Routing;
    const tier = this.#tiers.has(serviceTier) ? serviceTier : undefined;
    return ofModel.get(tier) ?? (TIER_NOT_OFFERED as Routing);
  }
}
