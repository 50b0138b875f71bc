// The admission policy of one pool as users write it: all of it may be left out but what it is there for. It sees
// copies of what a gateway knows and answers with words. What it does not say is as `tail-drop` has it.
import type { CustomOptions, ValuesOf } from "./options.js";

/** What is known of a request when it arrives. The length of its answer is not. */
export interface PolicyRequest {
  /** Number of the caller's account, from 0. */
  readonly account: number;
  /** Name of its path. */
  readonly path: string;
  /** Number of the model that the caller named, from 0. */
  readonly model: number;
  /** Rank in its pool: 0 is served first and shed last. */
  readonly rank: number;
  readonly inputTokens: number;
  /** Of these, as many as are known to be in the prefix cache. */
  readonly cachedTokens: number;
  /** The caller's `max_tokens`. */
  readonly maxTokens: number;
}

/** The pool as its own scheduler sees it, never stale: sequences inside and as many as fit, tokens of KV likewise. */
export interface PoolInside {
  readonly slotsBusy: number;
  readonly slots: number;
  /** Kept up for policies that say `watchesKv`; else it may be 0. */
  readonly kvUsed: number;
  /** Infinity where memory has no bound. */
  readonly kvTokens: number;
}

/** The pool as it was at `asOf`, in whole microseconds from the start of the run: as old as the scenario says. */
export interface PoolView extends PoolInside {
  readonly asOf: number;
  readonly replicas: number;
  /** Sequences that replicas could take at once, memory apart. */
  readonly openings: number;
  /** Waiting requests: all, and by rank. */
  readonly queued: number;
  readonly queuedByRank: readonly number[];
  /** Waiting requests that are shed before one of `rank`. */
  queuedBelow(rank: number): number;
  /** Waiting requests that a new one of `rank` may not overtake. */
  queuedAhead(rank: number): number;
}

/**
 * What becomes of a request: it starts, it waits, it takes the place of the youngest of a lower rank that waits, it is
 * served as another path or by another pool where its path says so `instead`, or it is refused with a 503: for want of
 * room (`refuse`), because waits have become too long, or because it would be too slow. `undefined`: as tail-drop says.
 */
export type PolicyVerdict =
  | "admit"
  | "wait"
  | "displace"
  | "demote"
  | "spill"
  | "refuse"
  | "overloaded_delay"
  | "overloaded_predicted"
  | undefined;

/** How a request that was let in left: it was answered, shed before it began, or ended on the way. */
export type PolicySettlement = "completed" | "shed" | "cut";

/** A path of the scenario. */
export interface PolicyPath {
  readonly name: string;
  /** Whether it is this pool that serves it. */
  readonly isServed: boolean;
  /** Its rank among the paths of the pool that serves it. */
  readonly rank: number;
}

export interface PolicyContext {
  /** All paths of the scenario, in their order. */
  readonly paths: readonly PolicyPath[];
  /** Uniform on [0, 1), the same in every run of one seed. Each method may draw from it. */
  readonly chance: () => number;
}

/** Times are whole microseconds from the start of the run. Nothing but arguments and what it remembers may count. */
export interface CustomPolicy {
  /** Whether it looks at `kvUsed`. */
  readonly watchesKv?: boolean;
  /** The verdict on a request that arrives. */
  decide?(request: PolicyRequest, pool: PoolView, now: number): PolicyVerdict;
  /** Whether a waiting request may take room that is there for it. In an empty pool every request has to. */
  mayStart?(request: { readonly path: string; readonly inputTokens: number }, inside: PoolInside): boolean;
  /** Whether one is shed as a request could start that has waited so long, beside so many others that wait. */
  dropsHead?(path: string, waited: number, now: number, others: number): boolean;
  /** A request starts that has waited so long. */
  started?(path: string, waited: number, now: number): void;
  /** Called once for each request that was let in, when it has left. */
  settle?(path: string, settlement: PolicySettlement, now: number): void;
}

/** What `definePolicy` is given. */
export interface PolicyGiven<Options extends CustomOptions> {
  /** What it does, in one sentence. */
  readonly summary: string;
  /** Beside these a scenario may write maxQueue, queueTimeout, displaceLower and evictLower, as for tail-drop. */
  readonly options?: Options;
  /** Whether a request that is let in would have been let in at a higher rank, too: `policy test` holds it to that. */
  readonly ordersByPriority?: boolean;
  /** Makes the policy of one pool, for one run. */
  create(options: ValuesOf<Options>, context: PolicyContext): CustomPolicy;
}

export interface PolicyModule<Options extends CustomOptions> extends PolicyGiven<Options> {
  readonly kind: "policy";
}

/** A policy of your own: the default export of its module, which a scenario names by its path. docs/own-policy.md */
export function definePolicy<const Options extends CustomOptions = Record<never, never>>(
  given: PolicyGiven<Options>,
): PolicyModule<Options> {
  return { ...given, kind: "policy" };
}
