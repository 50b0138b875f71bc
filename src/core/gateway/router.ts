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
  readonly #routings = new Map<string, Routing>();
  readonly #models: ReadonlySet<string>;
  readonly #tiers: ReadonlySet<string>;
  readonly #routes: readonly Route[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes;
    this.#models = new Set(routes.map((route) => route.model));
    this.#tiers = new Set(routes.flatMap((route) => route.serviceTier ?? []));
  }

  /** The same object for the same question, so that asking per request allocates nothing but the key. */
  route(model: string, serviceTier: string | undefined): Routing {
    const key = `${model}\n${serviceTier ?? ""}`;
    let routing = this.#routings.get(key);
    if (routing === undefined) {
      routing = this.#resolve(model, serviceTier);
      this.#routings.set(key, routing);
    }
    return routing;
  }

  #resolve(model: string, serviceTier: string | undefined): Routing {
    if (!this.#models.has(model)) return UNKNOWN_MODEL as Routing;
    const tier = serviceTier !== undefined && this.#tiers.has(serviceTier) ? serviceTier : undefined;
    const path = this.#routes.findIndex((route) => route.model === model && route.serviceTier === tier);
    return path >= 0 ? { path } : (TIER_NOT_OFFERED as Routing);
  }
}
